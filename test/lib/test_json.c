/*
 * json: the strict reader
 *
 * The corpus is the JSON Parsing Test Suite (test/data/json-testsuite/README.md): n_* is not JSON, i_* is
 * left to the reader. Its y_* files are no scenarios and are not kept; the tables below stand for them.
 */
#include "../../lib/json-priv.h"
#include <suite.h>

#include <float.h>
#include <locale.h>
#include <math.h>
#include <string.h>

#ifndef DX_TEST_DATA
#define DX_TEST_DATA "test/data"
#endif

static DxJsonDoc *parse(const char *text)
{
    unsigned line, column;
    GError *error = NULL;
    DxJsonDoc *doc = dx__json_parse(text, strlen(text), &line, &column, &error);

    ck_assert_msg(doc, "%s: %u:%u: %s", text, line, column, error ? error->message : "no error");
    ck_assert_ptr_null(error);
    return doc;
}

static void assert_one_line(const char *message)
{
    ck_assert_uint_gt(strlen(message), 0);
    ck_assert_uint_lt(strlen(message), 300);
    ck_assert(g_utf8_validate(message, -1, NULL));
    for (const char *at = message; *at; at = g_utf8_next_char(at))
        ck_assert(g_unichar_isprint(g_utf8_get_char(at)));
}

/* Refused at line:column with this message; NULL for any message. */
static void refuse_bytes(const char *text, gsize length, int code, unsigned line, unsigned column,
                         const char *message)
{
    unsigned at_line = 0, at_column = 0;
    GError *error = NULL;
    DxJsonDoc *doc = dx__json_parse(text, length, &at_line, &at_column, &error);

    ck_assert_msg(!doc, "accepted: %.80s", text);
    ck_assert(error && error->domain == DX_ERROR);
    assert_one_line(error->message);
    if (message)
        ck_assert_str_eq(error->message, message);
    ck_assert_msg(at_line == line && at_column == column, "%u:%u: %s", at_line, at_column, error->message);
    ck_assert_int_eq(error->code, code);
    g_error_free(error);
}

static void refuse(const char *text, int code, unsigned line, unsigned column, const char *message)
{
    refuse_bytes(text, strlen(text), code, line, column, message);
}

/* --- The corpus --- */

/* Returns true if accepted; a refusal must say where, inside the text. */
static bool read_file_cleanly(const char *path)
{
    unsigned line = 0, column = 0, n_lines = 1;
    GError *error = NULL;
    DxJsonDoc *doc;
    char *text;
    gsize length;

    ck_assert(g_file_get_contents(path, &text, &length, NULL));
    for (gsize i = 0; i < length; i++)
        n_lines += text[i] == '\n';
    /* exactly as long as the file, so that a sanitizer sees what is read behind it */
    text = g_realloc(text, MAX(length, 1));
    doc = dx__json_parse(text, length, &line, &column, &error);
    if (!doc) {
        ck_assert_msg(error && error->domain == DX_ERROR, "%s", path);
        assert_one_line(error->message);
        ck_assert_msg(line >= 1 && line <= n_lines && column >= 1 && column <= length + 1, "%s: %u:%u", path,
                      line, column);
        g_error_free(error);
    }
    dx__json_free(doc);
    g_free(text);
    return doc != NULL;
}

START_TEST(test_json_corpus)
{
    unsigned n_refused = 0, n_either = 0;
    GDir *dir = g_dir_open(DX_TEST_DATA "/json-testsuite", 0, NULL);
    const char *name;

    ck_assert_msg(dir != NULL, "no corpus in " DX_TEST_DATA);
    while ((name = g_dir_read_name(dir))) {
        char *path = g_build_filename(DX_TEST_DATA "/json-testsuite", name, NULL);

        if (g_str_has_prefix(name, "n_")) {
            ck_assert_msg(!read_file_cleanly(path), "%s accepted", name);
            n_refused++;
        } else if (g_str_has_prefix(name, "i_")) {
            read_file_cleanly(path);
            n_either++;
        }
        g_free(path);
    }
    g_dir_close(dir);
    ck_assert_uint_eq(n_refused, 188);
    ck_assert_uint_eq(n_either, 35);
}
END_TEST

/* Valid by RFC 8259, and we take them: each corner of the grammar once. */
START_TEST(test_json_accepts)
{
    static const char *const valid[] = {
        "[[]   ]",
        "[\"\"]",
        "[]",
        "[\"a\"]",
        "[false]",
        "[null, 1, \"1\", {}]",
        "[null]",
        "[1\n]",
        " [1]",
        "[1,null,null,null,2]",
        "[2] ",
        "[123e65]",
        "[0e+1]",
        "[0e1]",
        "[ 4]",
        "[-0]",
        "[-123]",
        "[-1]",
        "[1E22]",
        "[1E-2]",
        "[1E+2]",
        "[123e45]",
        "[123.456e78]",
        "[1e-2]",
        "[1e+2]",
        "[123]",
        "[123.456789]",
        "[-0.000000000000000000000000000000000000000000000000000000000000000000000000000001]\n",
        "{\"asd\":\"sdf\", \"dfg\":\"fgh\"}",
        "{\"asd\":\"sdf\"}",
        "{}",
        "{\"\":0}",
        "{ \"min\": -1.0e+28, \"max\": 1.0e+28 }",
        "{\"a\":[]}",
        "{\n\"a\": \"b\"\n}",
        "{\"title\":\"\\u041f\\u043e\\u043b\\u0442\\u043e\\u0440\\u0430\"}",
        "[\"\\u0060\\u012a\\u12AB\"]",
        "[\"\\uD801\\udc37\"]",
        "[\"\\ud83d\\ude39\\ud83d\\udc8d\"]",
        "[\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"]",
        "[\"\\\\u0000\"]",
        "[\"\\\"\"]",
        "[\"a/*b*/c/*d//e\"]",
        "[\"\\\\a\"]",
        "[\"\\\\n\"]",
        "[\"\\u0012\"]",
        "[\"\\uFFFD\"]",
        "[\"asd\"]",
        "[ \"asd\"]",
        "[\"\\uDBFF\\uDFFD\"]",
        "[\"new\\u00A0line\"]",
        "[\"\\u002c\"]",
        "[\"\xcf\x80\"]",
        "[\"asd \"]",
        "\" \"",
        "[\"\\uD834\\uDd1e\"]",
        "[\"\\u0821\"]",
        "[\"\\u0123\"]",
        "[\"\xe2\x80\xa8\"]",
        "[\"\xe2\x80\xa9\"]",
        "[\"\\u0061\\u30af\\u30EA\\u30b9\"]",
        "[\"new\\u000Aline\"]",
        "[\"\x7f\"]",
        "[\"\\uA66D\"]",
        "[\"\xf0\x9b\xbf\xbf\"]",
        "[\"\xe2\x8d\x82\xe3\x88\xb4\xe2\x8d\x82\"]",
        "[\"\\u005C\"]",
        "[\"\\u0022\"]",
        "[\"\\u200B\"]",
        "[\"\\u2064\"]",
        "[\"\xe2\x82\xac\xf0\x9d\x84\x9e\"]",
        "[\"a\177a\"]",
        "false",
        "42",
        "-0.1",
        "null",
        "\"asd\"",
        "true",
        "[\"a\"]\n",
        "[true]",
        " [] ",
        "\t\r\n [\t\r\n ]\t\r\n",
        "{\"a\":null,\"$comment\":\"x\",\"A1\":{\"a\":1,\"b\":[{\"a\":1},{\"a\":2}]}}",
    };

    for (gsize i = 0; i < G_N_ELEMENTS(valid); i++)
        dx__json_free(parse(valid[i]));
}
END_TEST

/* Valid by RFC 8259, and refused by RFC 7493 or by ourselves: in the suite these are y_object_duplicated_key,
 * y_object_duplicated_key_and_value, y_object_escaped_null_in_key, y_string_null_escape,
 * y_string_last_surrogates_1_and_2, y_string_nonCharacterInUTF-8_U+10FFFF and _U+FFFF, and
 * y_string_unicode_U+10FFFE_nonchar, _U+1FFFE_nonchar, _U+FDD0_nonchar and _U+FFFE_nonchar. */
START_TEST(test_json_stricter)
{
    refuse("{\"a\":\"b\",\"a\":\"c\"}", DX_ERROR_SYNTAX, 1, 10, "duplicate key \"a\", first on line 1");
    refuse("{\"a\":\"b\",\"a\":\"b\"}", DX_ERROR_SYNTAX, 1, 10, "duplicate key \"a\", first on line 1");
    refuse("{\"foo\\u0000bar\": 42}", DX_ERROR_SYNTAX, 1, 6, "\\u0000 is not accepted in a string");
    refuse("[\"\\u0000\"]", DX_ERROR_SYNTAX, 1, 3, "\\u0000 is not accepted in a string");
    refuse("[\"\\uDBFF\\uDFFF\"]", DX_ERROR_SYNTAX, 1, 3, "U+10FFFF in a string is not a character");
    refuse("[\"\xf4\x8f\xbf\xbf\"]", DX_ERROR_SYNTAX, 1, 3, "U+10FFFF in a string is not a character");
    refuse("[\"\xef\xbf\xbf\"]", DX_ERROR_SYNTAX, 1, 3, "U+FFFF in a string is not a character");
    refuse("[\"\\uDBFF\\uDFFE\"]", DX_ERROR_SYNTAX, 1, 3, "U+10FFFE in a string is not a character");
    refuse("[\"\\uD83F\\uDFFE\"]", DX_ERROR_SYNTAX, 1, 3, "U+1FFFE in a string is not a character");
    refuse("[\"\\uFDD0\"]", DX_ERROR_SYNTAX, 1, 3, "U+FDD0 in a string is not a character");
    refuse("[\"\\uFFFE\"]", DX_ERROR_SYNTAX, 1, 3, "U+FFFE in a string is not a character");
}
END_TEST

/* --- Messages --- */

START_TEST(test_json_messages)
{
    static const struct {
        const char *text;
        unsigned line, column;
        const char *message;
    } cases[] = {
        { "", 1, 1, "the document is empty" },
        { " \n\n ", 3, 2, "the document is empty" },
        { "{\n  \"a\": 1,\n}", 3, 1, "trailing comma before \"}\"" },
        { "[1,\n2,]", 2, 3, "trailing comma before \"]\"" },
        { "[1,,2]", 1, 4, "expected a value, found \",\"" },
        { "{'a': 1}", 1, 2, "expected a key, found \"'\": strings take double quotes" },
        { "{\"a\": 'b'}", 1, 7, "expected a value, found \"'\": strings take double quotes" },
        { "{\"a\": \xe2\x80\x9c"
          "b\"}",
          1, 7, "expected a value, found U+201C: strings take plain double quotes, not typographic ones" },
        { "{rate: 1}", 1, 2, "expected a key, found \"rate\": keys take double quotes" },
        { "{\"rate\": fast}", 1, 10, "expected a value, found \"fast\": a string needs double quotes" },
        { "{\"rate\": 10Gbps}", 1, 12,
          "letters after a number: a value with a unit is a string, as \"10 Gbps\"" },
        { "{\"rate\": 10 Gbps}", 1, 13,
          "expected \",\" or \"}\", found \"Gbps\": a comma is missing, or quotes around the value" },
        { "{\"a\": 1 // one\n}", 1, 9,
          "expected \",\" or \"}\", found \"/\": JSON has no comments, use a \"$comment\" key" },
        { "# note\n{}", 1, 1, "expected a value, found \"#\": JSON has no comments, use a \"$comment\" key" },
        { "{} /* end */", 1, 4,
          "expected the end of the document, found \"/\": JSON has no comments, use a \"$comment\" key" },
        { "{}\n{}", 2, 1, "expected the end of the document, found \"{\"" },
        { "{\"a\": 1\n \"b\": 2}", 2, 2, "expected \",\" or \"}\", found a string: a comma is missing" },
        { "{\"a\" 1}", 1, 6, "expected \":\" after the key, found \"1\"" },
        { "{\"a\" = 1}", 1, 6, "expected \":\" after the key, found \"=\"" },
        { "{\"a\": }", 1, 7, "expected a value, found \"}\"" },
        { "\n{\"a\": [1, 2}", 2, 12, "the \"[\" of line 2 is closed by \"}\"" },
        { "{\n\"a\": [1,\n2", 3, 2, "the document ends before the \"[\" of line 2 is closed" },
        { "{\"a\":", 1, 6, "the document ends before the \"{\" of line 1 is closed" },
        { "[True]", 1, 2, "expected a value, found \"True\": true is written in lower case" },
        { "[None]", 1, 2, "expected a value, found \"None\": write null" },
        { "[NaN]", 1, 2, "expected a value, found \"NaN\": JSON has no NaN" },
        { "[Infinity]", 1, 2, "expected a value, found \"Infinity\": JSON has no infinity" },
        { "[-Infinity]", 1, 3, "expected a digit after the minus sign, found \"Infinity\"" },
        { "[+1]", 1, 2, "expected a value, found \"+\": a number takes no plus sign" },
        { "[.5]", 1, 2, "expected a value, found \".\": a number needs a digit before the point" },
        { "[5.]", 1, 4, "expected a digit after the decimal point, found \"]\"" },
        { "[1e]", 1, 4, "expected a digit in the exponent, found \"]\"" },
        { "[01]", 1, 2, "a number takes no leading zero" },
        { "[0x1F]", 1, 2, "numbers are decimal, not hexadecimal" },
        { "[1_000]", 1, 3, "digits are not grouped by \"_\"" },
        { "[1.2.3]", 1, 5, "a decimal point does not belong here" },
        { "[\"a\nb\"]", 1, 4,
          "the string does not end on its line: add a quote, or write \\n for a line break" },
        { "[\"a\tb\"]", 1, 4, "a tab in a string is written \\t" },
        { "[\"a\x1b[1m\"]", 1, 4, "control character U+001B in a string" },
        { "[\"C:\\dir\"]", 1, 5, "a backslash in a string is followed by one of \" \\ / b f n r t u" },
        { "[\"\\u12G4\"]", 1, 3, "\\u takes four hexadecimal digits" },
        { "[\"\\u0000\"]", 1, 3, "\\u0000 is not accepted in a string" },
        { "[\"\\ud800\"]", 1, 3, "\\ud800 is half of a surrogate pair" },
        { "[\"\\ud800\\u0041\"]", 1, 3, "\\ud800 is half of a surrogate pair" },
        { "[\"\\udc00\\ud800\"]", 1, 3, "\\udc00 is half of a surrogate pair" },
        { "[\"a\xff\"]", 1, 4, "the byte 0xff in a string is not UTF-8" },
        { "[\"\xc0\xaf\"]", 1, 3, "the byte 0xc0 in a string is not UTF-8" },
        { "[\"\xed\xa0\x80\"]", 1, 3, "the byte 0xed in a string is not UTF-8" },
        { "[\"abc", 1, 2, "string without a closing quote" },
        { "{\"abc", 1, 2, "key without a closing quote" },
        { "[1\xc2\xa0]", 1, 3,
          "expected \",\" or \"]\", found U+00A0: only plain spaces, tabs and line breaks may stand between "
          "values" },
        { "[\x01]", 1, 2, "expected a value, found U+0001" },
        { "[\xff]", 1, 2, "expected a value, found the byte 0xff, which is not UTF-8" },
        { "[\\n]", 1, 2, "expected a value, found \"\\\\\"" },
        { "\xef\xbb\xbf{}", 1, 1,
          "the document starts with a byte order mark (BOM): save it as UTF-8 without BOM" },
        { "\xff\xfe{", 1, 1, "the document is in UTF-16 or UTF-32: save it as UTF-8" },
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++)
        refuse(cases[i].text, DX_ERROR_SYNTAX, cases[i].line, cases[i].column, cases[i].message);
}
END_TEST

START_TEST(test_json_nul_and_utf16)
{
    const char *const utf16 = "the document is in UTF-16 or UTF-32: save it as UTF-8";

    refuse_bytes("{\0}\0", 4, DX_ERROR_SYNTAX, 1, 1, utf16);
    refuse_bytes("\0{\0}", 4, DX_ERROR_SYNTAX, 1, 1, utf16);
    refuse_bytes("[\0]", 3, DX_ERROR_SYNTAX, 1, 2, "expected a value, found U+0000");
    refuse_bytes("{}\0", 3, DX_ERROR_SYNTAX, 1, 3, "expected the end of the document, found U+0000");
    refuse_bytes("[\"a\0\"]", 6, DX_ERROR_SYNTAX, 1, 4, "control character U+0000 in a string");
    refuse_bytes(NULL, 0, DX_ERROR_SYNTAX, 1, 1, "the document is empty");
}
END_TEST

/* Whatever a prefix of a valid document ends in, it is refused at its last byte or before. */
START_TEST(test_json_prefixes)
{
    static const char text[] = "{\"a\": [1, -2.5e-3, true, \"\\u00e9\\ud83d\\ude39\xc3\xa9\"], \"b\": {}}";

    for (gsize n = 0; n < sizeof text - 1; n++) {
        char *prefix = g_malloc(MAX(n, 1));
        unsigned line, column;
        GError *error = NULL;

        memcpy(prefix, text, n);
        ck_assert_ptr_null(dx__json_parse(prefix, n, &line, &column, &error));
        ck_assert(error && line == 1 && column <= n + 1);
        g_error_free(error);
        g_free(prefix);
    }
}
END_TEST

/* --- The tree --- */

START_TEST(test_json_positions)
{
    DxJsonDoc *doc = parse("\n {\"a\" :\n\t[1, \"x\\ny\",\r\n  {\"b\": null}],\n\"\\u0063\":true}\n");
    DxJson *root = dx__json_root(doc), *a = root->child, *c = a->next, *b = a->child->next->next->child;

    ck_assert(root->line == 2 && root->column == 2 && !root->key && !root->parent && root->n_children == 2);
    ck_assert(a->type == DX_JSON_ARRAY && a->key_line == 2 && a->key_column == 3);
    ck_assert(a->line == 3 && a->column == 2 && a->n_children == 3 && a->index == 0 && a->parent == root);
    ck_assert(a->child->line == 3 && a->child->column == 3);
    ck_assert(a->child->next->line == 3 && a->child->next->column == 6 && a->child->next->index == 1);
    ck_assert_str_eq(a->child->text, "1");
    ck_assert_str_eq(a->child->next->text, "x\ny");
    ck_assert(b->type == DX_JSON_NULL && b->key_line == 4 && b->key_column == 4);
    ck_assert(b->line == 4 && b->column == 9 && !b->child && !b->next);
    ck_assert_str_eq(c->key, "c");
    ck_assert(c->type == DX_JSON_BOOL && c->boolean && c->index == 1 && !c->next);
    ck_assert(c->key_line == 5 && c->key_column == 1 && c->line == 5 && c->column == 10);
    dx__json_free(doc);
}
END_TEST

START_TEST(test_json_strings)
{
    DxJsonDoc *doc = parse("[\"\\\"\\\\\\/\\b\\f\\n\\r\\t\", \"\\u00e9\\u20ac\\ud83d\\ude39\", \"\"]");
    DxJson *item = dx__json_root(doc)->child;

    ck_assert_str_eq(item->text, "\"\\/\b\f\n\r\t");
    ck_assert_str_eq(item->next->text, "\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\xb9");
    ck_assert_str_eq(item->next->next->text, "");
    dx__json_free(doc);
}
END_TEST

START_TEST(test_json_pointer)
{
    DxJsonDoc *doc = parse("{\"links\": {\"dx1\": {\"rate\": 1}}, \"a/b~c\": [0, {\"\": 2}]}");
    DxJson *root = dx__json_root(doc);
    DxJson *list = dx__json_member(doc, root, "a/b~c");
    const struct {
        const DxJson *value;
        const char *pointer;
    } cases[] = {
        { root, "" },
        { root->child->child->child, "/links/dx1/rate" },
        { list, "/a~1b~0c" },
        { list->child, "/a~1b~0c/0" },
        { list->child->next->child, "/a~1b~0c/1/" },
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        char *pointer = dx__json_pointer(cases[i].value);

        ck_assert_str_eq(pointer, cases[i].pointer);
        g_free(pointer);
    }
    dx__json_free(doc);
}
END_TEST

START_TEST(test_json_escape)
{
    static const char *const cases[][2] = {
        { "rate", "rate" },
        { "caf\xc3\xa9", "caf\xc3\xa9" },
        { "a\"b\\c", "a\\\"b\\\\c" },
        { "\x1b[31m\n", "\\u001b[31m\\u000a" },
        { "\xe2\x80\xae\xe2\x80\xa8", "\\u202e\\u2028" }, /* right-to-left override, line separator */
        { "\xf3\xa0\x80\x81", "\\U000e0001" },
    };
    char *longer = g_strnfill(81, 'x'), *escaped = dx__json_escape(longer);

    ck_assert_uint_eq(strlen(escaped), 83);
    ck_assert(g_str_has_suffix(escaped, "x..."));
    g_free(longer);
    g_free(escaped);
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        escaped = dx__json_escape(cases[i][0]);
        ck_assert_str_eq(escaped, cases[i][1]);
        g_free(escaped);
    }
}
END_TEST

START_TEST(test_json_type_name)
{
    ck_assert_str_eq(dx__json_type_name(DX_JSON_NULL), "null");
    ck_assert_str_eq(dx__json_type_name(DX_JSON_OBJECT), "an object");
    ck_assert_str_eq(dx__json_type_name(DX_JSON_STRING), "a string");
}
END_TEST

START_TEST(test_json_member)
{
    DxJsonDoc *doc = parse("{\"a\": 1, \"b\": {\"a\": 2, \"Rate\": 3}, \"c\": [4]}");
    DxJson *root = dx__json_root(doc), *b = dx__json_member(doc, root, "b");
    char *longer = g_strnfill(DX_JSON_MAX_KEY + 1, 'a');

    ck_assert_str_eq(dx__json_member(doc, root, "a")->text, "1");
    ck_assert_str_eq(dx__json_member(doc, b, "a")->text, "2");
    ck_assert_str_eq(dx__json_member(doc, b, "Rate")->text, "3");
    ck_assert_ptr_null(dx__json_member(doc, b, "rate")); /* exact, although "rate" could not be added */
    ck_assert_ptr_null(dx__json_member(doc, b, "b"));
    ck_assert_ptr_null(dx__json_member(doc, root, ""));
    ck_assert_ptr_null(dx__json_member(doc, root, longer));
    ck_assert_ptr_null(dx__json_member(doc, root->child, "a"));
    ck_assert_ptr_null(dx__json_member(doc, root->child->next->next, "0"));
    g_free(longer);
    dx__json_free(doc);
}
END_TEST

START_TEST(test_json_duplicates)
{
    refuse("{\n\"x\": 0,\n\"rate\": 1,\n \"rate\": 2}", DX_ERROR_SYNTAX, 4, 2,
           "duplicate key \"rate\", first on line 3");
    refuse("{\"rate\": 1,\n\"r\\u0061te\": 2}", DX_ERROR_SYNTAX, 2, 1,
           "duplicate key \"rate\", first on line 1");
    refuse("{\"rate\": 1,\n\"Rate\": 2}", DX_ERROR_SYNTAX, 2, 1,
           "duplicate key \"Rate\", first on line 1 as \"rate\"");
    refuse("[{\"a\": {\"\\u001b\": 1, \"\\u001B\": 2}}]", DX_ERROR_SYNTAX, 1, 22,
           "duplicate key \"\\u001b\", first on line 1");
    refuse("{\"\":1,\"\":2}", DX_ERROR_SYNTAX, 1, 7, "duplicate key \"\", first on line 1");
    /* the first one in the document is reported */
    refuse("{\"a\":{\"b\":1,\"b\":2},\"a\":3}", DX_ERROR_SYNTAX, 1, 13,
           "duplicate key \"b\", first on line 1");
    /* only ASCII letters have a twin, and each object has its own names */
    dx__json_free(parse("{\"\xc3\xa9\": 1, \"\xc3\x89\": 2, \"a\": {\"a\": {\"a\": 1}}}"));
}
END_TEST

/* --- Limits --- */

/* before, then n times what, then after */
static void check_limit(const char *before, const char *what, gsize n, const char *after, const char *message,
                        unsigned column)
{
    GString *text = g_string_new(before);

    for (gsize i = 0; i < n; i++)
        g_string_append(text, what);
    g_string_append(text, after);
    if (message)
        refuse_bytes(text->str, text->len, DX_ERROR_LIMIT, 1, column, message);
    else
        dx__json_free(parse(text->str));
    g_string_free(text, TRUE);
}

START_TEST(test_json_limits)
{
    check_limit("", "[", 64, "]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]", NULL, 0);
    check_limit("", "[", 65, "", "nested deeper than 64 levels", 65);
    check_limit("", "{\"a\":", 100000, "", "nested deeper than 64 levels", 64 * 5 + 1);
    check_limit("[\"", "x", DX_JSON_MAX_STRING, "\"]", NULL, 0);
    check_limit("[\"", "x", DX_JSON_MAX_STRING + 1, "\"]", "string longer than 65536 bytes", 2);
    check_limit("[\"", "\\u00e9", DX_JSON_MAX_STRING / 2, "\"]", NULL, 0);
    check_limit("[\"", "\xc3\xa9", DX_JSON_MAX_STRING / 2, "x\"]", "string longer than 65536 bytes", 2);
    check_limit("{\"", "k", DX_JSON_MAX_KEY, "\":1}", NULL, 0);
    check_limit("{\"", "k", DX_JSON_MAX_KEY + 1, "\":1}", "key longer than 128 bytes", 2);
    check_limit("[", "9", DX_JSON_MAX_NUMBER, "]", NULL, 0);
    check_limit("[", "9", DX_JSON_MAX_NUMBER + 1, "]", "number longer than 4096 characters", 2);
    check_limit("[0", ",0", DX_JSON_MAX_VALUES - 2, "]", NULL, 0); /* the array is a value too */
    check_limit("[0", ",0", DX_JSON_MAX_VALUES, "]", "more than 4194304 values", 2 * DX_JSON_MAX_VALUES);
}
END_TEST

START_TEST(test_json_limit_bytes)
{
    const gsize length = DX_JSON_MAX_BYTES + 1;
    char *text = g_strnfill(length, ' ');

    text[0] = '0';
    refuse_bytes(text, length, DX_ERROR_LIMIT, 1, 1, "67108865 bytes are more than the limit of 67108864");
    text[length - 1] = '\0';
    dx__json_free(parse(text));
    g_free(text);
}
END_TEST

START_TEST(test_json_million_members)
{
    GString *text = g_string_new("{");
    DxJsonDoc *doc;

    for (int i = 0; i < 1000000; i++)
        g_string_append_printf(text, "%s\"flow%d\":%d", i ? ",\n" : "", i, i);
    g_string_append_c(text, '}');
    doc = parse(text->str);
    for (int i = 0; i < 1000000; i += 7) {
        char key[32];
        DxJson *member;
        int64_t number;

        g_snprintf(key, sizeof key, "flow%d", i);
        member = dx__json_member(doc, dx__json_root(doc), key);
        ck_assert(member && dx__json_int64(member, &number) && number == i);
        ck_assert_uint_eq(member->line, (unsigned)i + 1);
    }
    dx__json_free(doc);
    g_string_free(text, TRUE);
}
END_TEST

/* --- Numbers --- */

START_TEST(test_json_int64)
{
    static const struct {
        const char *text;
        bool is_int64, is_uint64;
        int64_t number;
        uint64_t unsigned_number;
    } cases[] = {
        { "0", true, true, 0, 0 },
        { "-0", true, true, 0, 0 },
        { "0e999999999999", true, true, 0, 0 },
        { "0.000", true, true, 0, 0 },
        { "12", true, true, 12, 12 },
        { "-3", true, false, -3, 0 },
        { "1e3", true, true, 1000, 1000 },
        { "1.50e1", true, true, 15, 15 },
        { "1.5E+1", true, true, 15, 15 },
        { "1500e-2", true, true, 15, 15 },
        { "100.0", true, true, 100, 100 },
        { "1e00000000000000000000000000000003", true, true, 1000, 1000 },
        { "0.000000000000000000000000000005e30", true, true, 5, 5 },
        { "50000000000000000000000000000000e-31", true, true, 5, 5 },
        { "1.5", false, false, 0, 0 },
        { "15e-1", false, false, 0, 0 },
        { "1e-1", false, false, 0, 0 },
        { "1e-99999999999999999999", false, false, 0, 0 },
        { "9007199254740993", true, true, 9007199254740993, 9007199254740993 }, /* 2^53 + 1 */
        { "9223372036854775807", true, true, INT64_MAX, INT64_MAX },
        { "9223372036854775807.0", true, true, INT64_MAX, INT64_MAX },
        { "9223372036854775808", false, true, 0, 9223372036854775808u },
        { "-9223372036854775808", true, false, INT64_MIN, 0 },
        { "-9223372036854775.808e3", true, false, INT64_MIN, 0 },
        { "-9223372036854775809", false, false, 0, 0 },
        { "18446744073709551615", false, true, 0, UINT64_MAX },
        { "18446744073709551616", false, false, 0, 0 },
        { "1e19", false, true, 0, 10000000000000000000u },
        { "1e20", false, false, 0, 0 },
        { "1e999999999999999999999", false, false, 0, 0 },
        { "\"12\"", false, false, 0, 0 },
        { "true", false, false, 0, 0 },
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        DxJsonDoc *doc = parse(cases[i].text);
        int64_t number = 0;
        uint64_t unsigned_number = 0;

        ck_assert_msg(dx__json_int64(dx__json_root(doc), &number) == cases[i].is_int64, "%s", cases[i].text);
        ck_assert_msg(dx__json_uint64(dx__json_root(doc), &unsigned_number) == cases[i].is_uint64, "%s",
                      cases[i].text);
        ck_assert_msg(number == cases[i].number, "%s", cases[i].text);
        ck_assert_msg(unsigned_number == cases[i].unsigned_number, "%s", cases[i].text);
        dx__json_free(doc);
    }
}
END_TEST

static bool get_double(const char *text, double *number)
{
    DxJsonDoc *doc = parse(text);
    bool good = dx__json_double(dx__json_root(doc), number);

    dx__json_free(doc);
    return good;
}

START_TEST(test_json_double)
{
    double x = 0;

    setlocale(LC_ALL, "de_DE.UTF-8"); /* where installed: "1,5" there, "1.5" here */
    ck_assert(get_double("1.5", &x) && x > 1.49 && x < 1.51);
    ck_assert(get_double("1.7976931348623157e308", &x) && x >= DBL_MAX && x <= DBL_MAX);
    ck_assert(get_double("4.9e-324", &x) && x > 0);
    ck_assert(get_double("1e-999", &x) && fpclassify(x) == FP_ZERO);
    ck_assert(get_double("-0.0", &x) && signbit(x));
    ck_assert(!get_double("1e999", &x));
    ck_assert(!get_double("-1e999", &x));
    ck_assert(!get_double("1.7976931348623159e308", &x));
    ck_assert(!get_double("\"1\"", &x));
    ck_assert(!get_double("null", &x));
}
END_TEST

/* Text is kept as written, also where cJSON only has an infinity. */
START_TEST(test_json_number_text)
{
    DxJsonDoc *doc = parse("{\"a\":-1.50E+01,\"b\":1e999,\"c\":0}");
    DxJson *a = dx__json_root(doc)->child;

    ck_assert_str_eq(a->text, "-1.50E+01");
    ck_assert_str_eq(a->next->text, "1e999");
    ck_assert_str_eq(a->next->next->text, "0");
    dx__json_free(doc);
}
END_TEST

START_TEST(test_json_free)
{
    dx__json_free(NULL);
}
END_TEST

SUITE_MAIN("json", 60, test_json_corpus, test_json_accepts, test_json_stricter, test_json_messages,
           test_json_nul_and_utf16, test_json_prefixes, test_json_positions, test_json_strings,
           test_json_pointer, test_json_escape, test_json_type_name, test_json_member, test_json_duplicates,
           test_json_limits, test_json_limit_bytes, test_json_million_members, test_json_int64,
           test_json_double, test_json_number_text, test_json_free)
