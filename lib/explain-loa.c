/*
 * explain-loa - the record that goes with a cross connect: letter of authorization, connecting facility
 * assignment
 *
 * Who may have what connected where, as the scenario says; length, loss and what the budget leaves are those
 * of the line. It is an illustration, and says so.
 */
#include "columns-priv.h"
#include "explain-priv.h"
#include "json-write-priv.h"
#include "reader-priv.h"

#include <math.h>
#include <string.h>

#define TITLE  "Letter of Authorization and Connecting Facility Assignment"
#define NOTICE "illustrative: made by a simulation, no authorisation"

/* Puts rows, a label and a value, into a table or an object. */
typedef struct {
    const DxScenario *scenario;
    const DxScLink *link;
    const DxJson *cross;
    DxColumns *columns;   /* text */
    DxJsonWriter *writer; /* or JSON */
} Letter;

/* -- rows ---------------------------------------------------------------------------------------------- */

/* In JSON, "valid until" is "valid_until". What is not given has no row there, and "-" in text. */
static void put(const Letter *letter, const char *label, const char *text)
{
    g_autofree char *key = g_strdelimit(g_strdup(label), " ", '_');

    if (letter->columns) {
        dx__columns_add(letter->columns, g_strdup(label));
        dx__columns_add(letter->columns, text ? dx__json_escape(text) : g_strdup("-"));
    } else if (text) {
        dx__json_write_text(letter->writer, key, text);
    }
}

/* In JSON with the unit in its key: "insertion_loss_db". */
static void put_number(const Letter *letter, const char *label, const char *unit, double value)
{
    g_autofree char *name = g_strconcat(label, " ", unit, NULL);
    g_autofree char *key = g_ascii_strdown(g_strdelimit(name, " ", '_'), -1);
    char number[G_ASCII_DTOSTR_BUF_SIZE];
    g_autofree char *text = NULL;

    if (isnan(value))
        return;
    if (letter->writer) {
        dx__json_write_real(letter->writer, key, value);
        return;
    }
    g_ascii_formatd(number, sizeof number, "%.2f", value);
    text = g_strconcat(number, " ", unit, NULL);
    put(letter, label, text);
}

/* -- what stands in the scenario ------------------------------------------------------------------------ */

static const DxJson *member_of(const Letter *letter, const DxJson *object, const char *key)
{
    return object ? dx__json_member(letter->scenario->doc, object, key) : NULL;
}

static const char *text_of(const Letter *letter, const DxJson *object, const char *key)
{
    const DxJson *member = member_of(letter, object, key);

    return member && member->type == DX_JSON_STRING ? member->text : NULL;
}

/* "Example Corp, noc@example.com"; NULL: neither is given. (transfer full) */
static char *joined(const char *a, const char *b)
{
    return a && b ? g_strconcat(a, ", ", b, NULL) : g_strdup(a ? a : b);
}

/* "cage 12, rack 3, panel PP1, ports 5/6" */
static char *place_text(const Letter *letter, const DxJson *end)
{
    static const char *const keys[] = { "cage", "rack", "panel", "ports" };
    GString *text = g_string_new(NULL);

    for (guint i = 0; i < G_N_ELEMENTS(keys); i++) {
        const char *value = text_of(letter, end, keys[i]);

        if (value)
            g_string_append_printf(text, "%s%s %s", text->len ? ", " : "", keys[i], value);
    }
    return g_string_free(text, !text->len);
}

static void put_parties(const Letter *letter)
{
    const DxJson *loa = member_of(letter, letter->cross, "loa"), *to = member_of(letter, loa, "to");
    const DxJson *provider = member_of(letter, letter->cross, "provider");
    g_autofree char *whom = joined(text_of(letter, to, "company"), text_of(letter, to, "contact"));

    put(letter, "number", text_of(letter, loa, "number"));
    put(letter, "issued", text_of(letter, loa, "issued"));
    put(letter, "valid until", text_of(letter, loa, "expires"));
    put(letter, "authorised by", text_of(letter, provider, "company"));
    put(letter, "authorised", whom);
    put(letter, "connection", text_of(letter, letter->cross, "connection"));
}

static void put_places(const Letter *letter)
{
    const DxJson *customer = member_of(letter, letter->cross, "customer");
    const DxJson *provider = member_of(letter, letter->cross, "provider");
    const char *media = text_of(letter, letter->cross, "media");
    const char *connector = text_of(letter, letter->cross, "connector");
    g_autofree char *here = place_text(letter, customer), *there = place_text(letter, provider);

    put(letter, "facility", text_of(letter, letter->cross, "facility"));
    put(letter, "customer", text_of(letter, customer, "company"));
    put(letter, "customer demarcation", here);
    put(letter, "provider demarcation", there);
    put(letter, "media", media ? media : "single-mode fiber");
    put(letter, "connector", connector ? connector : "LC duplex");
}

/* -- what follows -------------------------------------------------------------------------------------- */

/* What stands at node a, at node b. */
static void put_optics(const Letter *letter)
{
    const DxJson *optic = member_of(letter, letter->link->json, "optic");
    const DxModel *port = dx__scenario_model(letter->scenario, "port");
    g_autofree char *rate = dx_param_get(dx_param_find(port->params, "rate"), letter->link->port);

    for (unsigned end = 0; end < 2 && letter->link->has_optics; end++) {
        const DxScNode *node = DX_SC(letter->scenario, nodes, DxScNode, letter->link->end[end]);
        const DxJson *one = optic->type != DX_JSON_ARRAY ? optic : end ? optic->child->next : optic->child;
        g_autofree char *text = g_strdup_printf("%s at %s", one->text, node->name);

        put(letter, end ? "optic at the second end" : "optic at the first end", text);
    }
    put(letter, "port speed", rate);
}

static double wanted_margin(const Letter *letter, const DxModel *fiber)
{
    const DxParam *param = dx_param_find(fiber->params, "margin");

    return *(const double *)(const void *)((const char *)letter->link->fiber[0] + param->offset);
}

/* The worse of both directions. */
static void put_budget(const Letter *letter)
{
    const DxModel *fiber = dx__scenario_model(letter->scenario, "fiber");
    const DxLineCross there = fiber->line->crossed(letter->link->fiber[0]);
    const DxLineCross back = fiber->line->crossed(letter->link->fiber[1]);
    const double loss_db = MAX(there.loss_db, back.loss_db);
    const double margin_db = MIN(there.margin_db, back.margin_db);

    put_number(letter, "length", "m", there.length_km * 1e3);
    put_number(letter, "insertion loss", "dB", loss_db);
    if (!letter->link->has_optics)
        return;
    put_number(letter, "margin of the line", "dB", margin_db);
    put_number(letter, "loss that the budget allows", "dB",
               MAX(loss_db + margin_db - wanted_margin(letter, fiber), 0));
}

/* -- letters ------------------------------------------------------------------------------------------- */

static void put_all(const Letter *letter)
{
    put_parties(letter);
    put_places(letter);
    put_optics(letter);
    put_budget(letter);
}

static void append_letter(GString *out, const DxScenario *scenario, const DxScLink *link)
{
    const DxJson *cross = dx__json_member(scenario->doc, link->json, "cross_connect");
    DxColumns columns;

    if (!link->cross) {
        g_string_append_printf(out, "%s: no cross_connect, nothing to authorise\n", link->name);
        return;
    }
    g_string_append_printf(out, "%s\n%s\n\nlink %s\n", TITLE, NOTICE, link->name);
    dx__columns_init(&columns, 2, 2, 0, 1);
    put_all(&(Letter){ scenario, link, cross, &columns, NULL });
    dx__columns_finish(&columns, out);
}

static void write_letter(DxJsonWriter *writer, const DxScenario *scenario, const DxScLink *link)
{
    const DxJson *cross = dx__json_member(scenario->doc, link->json, "cross_connect");

    if (!link->cross)
        return;
    dx__json_write_object(writer, NULL);
    dx__json_write_text(writer, "link", link->name);
    put_all(&(Letter){ scenario, link, cross, NULL, writer });
    dx__json_write_end(writer);
}

static bool has_link(const DxScenario *scenario, const char *name, GError **error)
{
    g_autofree char *shown = dx_error_printable(name);
    g_autoptr(GPtrArray) words = g_ptr_array_new();
    const char *meant;

    for (guint i = 0; i < scenario->links->len; i++) {
        const char *known = DX_SC(scenario, links, DxScLink, i)->name;

        if (!strcmp(known, name))
            return true;
        g_ptr_array_add(words, (gpointer)known);
    }
    meant = dx__reader_nearest(name, words);
    g_set_error(error, DX_ERROR, DX_ERROR_UNKNOWN, "%s: there is no link \"%s\"%s%s%s", scenario->file, shown,
                meant ? "; did you mean \"" : "", meant ? meant : "", meant ? "\"?" : "");
    return false;
}

/* @link: NULL, all of them. */
static bool is_asked(const DxScLink *one, const char *link)
{
    return !link || !strcmp(one->name, link);
}

static char *letters_text(const DxScenario *scenario, const char *link)
{
    GString *out = g_string_new(NULL);

    for (guint i = 0; i < scenario->links->len; i++) {
        const DxScLink *one = DX_SC(scenario, links, DxScLink, i);

        if (!is_asked(one, link))
            continue;
        if (out->len && one->cross)
            g_string_append_c(out, '\n');
        append_letter(out, scenario, one);
    }
    return g_string_free(out, FALSE);
}

static char *letters_json(const DxScenario *scenario, const char *link)
{
    DxJsonWriter writer;

    dx__json_write_init(&writer);
    dx__json_write_text(&writer, "notice", NOTICE);
    dx__json_write_array(&writer, "letters");
    for (guint i = 0; i < scenario->links->len; i++)
        if (is_asked(DX_SC(scenario, links, DxScLink, i), link))
            write_letter(&writer, scenario, DX_SC(scenario, links, DxScLink, i));
    dx__json_write_end(&writer);
    return dx__json_write_finish(&writer);
}

char *dx_explain_loa(const DxScenario *scenario, const char *link, DxExplainForm form, GError **error)
{
    g_return_val_if_fail(scenario != NULL && form != DX_EXPLAIN_DOT, NULL);
    if (link && !has_link(scenario, link, error))
        return NULL;
    return form == DX_EXPLAIN_JSON ? letters_json(scenario, link) : letters_text(scenario, link);
}
