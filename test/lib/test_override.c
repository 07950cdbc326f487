/*
 * override: settings change a document, and say what is wrong with themselves
 */
#include "suite.h"
#include "json-priv.h"

#include <string.h>

static const char document[] =
    "{ \"a\": { \"b\": 1, \"b.c\": { \"d\": \"old\" }, \"list\": [ 10, { \"x\": true } ] },\n"
    "  \"n\": null }";

/* The value as text: enough of JSON to compare. */
static void append(GString *out, const DxJson *value)
{
    if (value->key)
        g_string_append_printf(out, "%s:", value->key);
    switch (value->type) {
    case DX_JSON_NULL:
        g_string_append(out, "null");
        break;
    case DX_JSON_BOOL:
        g_string_append(out, value->boolean ? "true" : "false");
        break;
    case DX_JSON_NUMBER:
        g_string_append(out, value->text);
        break;
    case DX_JSON_STRING:
        g_string_append_printf(out, "'%s'", value->text);
        break;
    case DX_JSON_ARRAY:
    case DX_JSON_OBJECT:
        g_string_append_c(out, value->type == DX_JSON_ARRAY ? '[' : '{');
        dx_json_each (child, value) {
            append(out, child);
            g_string_append_c(out, child->next ? ' ' : '\0');
            if (!child->next)
                g_string_truncate(out, out->len - 1);
        }
        g_string_append_c(out, value->type == DX_JSON_ARRAY ? ']' : '}');
    }
}

static DxJsonDoc *parse(void)
{
    unsigned line, column;
    DxJsonDoc *doc = dx__json_parse(document, strlen(document), &line, &column, NULL);

    ck_assert_ptr_nonnull(doc);
    return doc;
}

START_TEST(a_setting_replaces_or_adds)
{
    static const struct {
        const char *path, *text, *whole;
    } cases[] = {
        { "a.b", "2", "{a:{b:2 b.c:{d:'old'} list:[10 {x:true}]} n:null}" },
        { "a.b", "10 Gbps", "{a:{b:'10 Gbps' b.c:{d:'old'} list:[10 {x:true}]} n:null}" },
        { "a.b", "\"2\"", "{a:{b:'2' b.c:{d:'old'} list:[10 {x:true}]} n:null}" },
        { "a.b", "true", "{a:{b:true b.c:{d:'old'} list:[10 {x:true}]} n:null}" },
        { "a.b", "", "{a:{b:'' b.c:{d:'old'} list:[10 {x:true}]} n:null}" },
        { "a.b.c.d", "new", "{a:{b:1 b.c:{d:'new'} list:[10 {x:true}]} n:null}" },
        { "a.list.1.x", "false", "{a:{b:1 b.c:{d:'old'} list:[10 {x:false}]} n:null}" },
        { "a.list.0", "[]", "{a:{b:1 b.c:{d:'old'} list:[[] {x:true}]} n:null}" },
        { "a", "{\"b\":[1,{\"y\":null}]}", "{a:{b:[1 {y:null}]} n:null}" },
        { "new", "x", "{a:{b:1 b.c:{d:'old'} list:[10 {x:true}]} n:null new:'x'}" },
        { "p.q.r", "1", "{a:{b:1 b.c:{d:'old'} list:[10 {x:true}]} n:null p:{q:{r:1}}}" },
        { "n", "{}", "{a:{b:1 b.c:{d:'old'} list:[10 {x:true}]} n:{}}" },
    };

    for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
        DxJsonDoc *doc = parse();
        GString *whole = g_string_new(NULL);
        g_autoptr(GError) error = NULL;

        ck_assert_msg(dx__json_set(doc, cases[i].path, cases[i].text, &error), "%s: %s", cases[i].path,
                      error ? error->message : "");
        append(whole, dx__json_root(doc));
        ck_assert_str_eq(whole->str, cases[i].whole);
        g_string_free(whole, TRUE);
        dx__json_free(doc);
    }
}
END_TEST

START_TEST(what_was_set_is_found_by_name_and_what_it_replaced_is_not)
{
    DxJsonDoc *doc = parse();
    DxJson *a, *b;

    ck_assert(dx__json_set(doc, "a", "{\"b\":7,\"z\":8}", NULL));
    a = dx__json_member(doc, dx__json_root(doc), "a");
    b = dx__json_member(doc, a, "b");
    ck_assert_str_eq(b->text, "7");
    ck_assert_str_eq(b->set_by, "a");
    ck_assert_uint_eq(b->line, 0);
    ck_assert_ptr_nonnull(dx__json_member(doc, a, "z"));
    ck_assert_ptr_null(dx__json_member(doc, a, "list"));
    ck_assert(dx__json_set(doc, "a.z", "9", NULL)); /* and again what has been set */
    ck_assert_str_eq(dx__json_member(doc, a, "z")->text, "9");
    ck_assert_str_eq(dx__json_member(doc, a, "z")->set_by, "a.z");
    dx__json_free(doc);
}
END_TEST

START_TEST(a_bad_setting_says_what_is_wrong_with_it)
{
    static const struct {
        const char *path, *text, *message;
    } cases[] = {
        { "", "1", "a key in the path is empty" },
        { "a.", "1", "a key in the path is empty" },
        { ".a", "1", "a key in the path is empty, too long or not UTF-8" },
        { "x..y", "1", "a key in the path is empty, too long or not UTF-8" },
        { "a.b.c.d.e", "1", "\"a.b.c.d\" is a string and has no members" },
        { "a.list.2", "1", "\"2\" is no position in a list of 2, which are counted from 0" },
        { "a.list.x", "1", "\"x\" is no position in a list of 2, which are counted from 0" },
        { "A.b", "1", "there is no \"A\", but \"a\"" },
        { "a.b", "{\"x\":", "the value is no JSON: the document ends before the \"{\" of line 1 is closed" },
        { "a.b", "\xff", "the value is no JSON: it is not UTF-8" },
    };

    for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
        DxJsonDoc *doc = parse();
        g_autoptr(GError) error = NULL;

        ck_assert(!dx__json_set(doc, cases[i].path, cases[i].text, &error));
        ck_assert_str_eq(error->message, cases[i].message);
        dx__json_free(doc);
    }
}
END_TEST

SUITE_MAIN("override", 10, a_setting_replaces_or_adds,
           what_was_set_is_found_by_name_and_what_it_replaced_is_not,
           a_bad_setting_says_what_is_wrong_with_it)
