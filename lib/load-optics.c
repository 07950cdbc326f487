/*
 * load-optics - which optics stand at the ends of links, and whether light gets from one to the other
 *
 * Optics come from the embedded catalog, whatever catalog the scenario names. Each direction of a link is a
 * line of its own, because its ends may differ. A line that does not close is a problem, or a link that is
 * dark, or nobody's business, as the link's "budget" says.
 */
#include "load-priv.h"

#include <string.h>

extern const char *const dx__embedded_optics_2026_09;

/* -- catalog ------------------------------------------------------------------------------------------- */

static void read_optic(const DxJson *entry, const DxParam *params, void *optic)
{
    dx_param_defaults(params, optic);
    dx_json_each (member, entry) {
        const DxParam *param = dx_param_find(params, member->key);

        if (param)
            dx_param_set(param, optic, member->text, NULL);
    }
}

/* Once, for the first link that asks. */
static void open_optics(DxScenario *scenario, const DxLineModel *line)
{
    const char *text = dx__embedded_optics_2026_09;
    unsigned row, column;
    const DxJson *entries;

    if (scenario->optics_doc)
        return;
    scenario->optics_doc = dx__json_parse(text, strlen(text), &row, &column, NULL);
    g_assert(scenario->optics_doc);
    entries = dx__json_member(scenario->optics_doc, dx__json_root(scenario->optics_doc), "optics");
    dx_json_each (entry, entries) {
        DxLineEnd end = { entry->key, g_malloc0(line->optic_size) };

        read_optic(entry, line->optic_params, (void *)end.optic);
        g_array_append_val(scenario->optics, end);
    }
}

static void unknown_optic(DxLoader *loader, const DxJson *name)
{
    const GArray *optics = loader->scenario->optics;
    g_autoptr(GPtrArray) words = g_ptr_array_new();
    GString *list = g_string_new(NULL);
    g_autofree char *shown = dx__json_escape(name->text);
    const char *meant;

    for (guint i = 0; i < optics->len; i++) {
        const DxLineEnd *end = &g_array_index(optics, DxLineEnd, i);

        g_ptr_array_add(words, (gpointer)end->name);
        g_string_append_printf(list, "%s%s", i ? ", " : "", end->name);
    }
    meant = dx__reader_nearest(name->text, words);
    if (meant)
        DX_PROBLEM(&loader->reader, name, DX_CODE_DANGLING,
                   "there is no optic \"%s\"; did you mean \"%s\"? There are %s", shown, meant, list->str);
    else
        DX_PROBLEM(&loader->reader, name, DX_CODE_DANGLING, "there is no optic \"%s\"; there are %s", shown,
                   list->str);
    g_string_free(list, TRUE);
}

static const DxLineEnd *find_optic(DxLoader *loader, const DxJson *name)
{
    const GArray *optics = loader->scenario->optics;

    if (name->type != DX_JSON_STRING)
        return NULL;
    for (guint i = 0; i < optics->len; i++)
        if (!strcmp(g_array_index(optics, DxLineEnd, i).name, name->text))
            return &g_array_index(optics, DxLineEnd, i);
    unknown_optic(loader, name);
    return NULL;
}

/* -- a link -------------------------------------------------------------------------------------------- */

static bool find_ends(DxLoader *loader, const DxJson *optic, const DxLineEnd *end[2])
{
    const DxJson *second = optic;

    if (optic->type == DX_JSON_ARRAY && optic->n_children != 2) {
        DX_PROBLEM(&loader->reader, optic, DX_CODE_RANGE,
                   "one optic for both ends, or two: that of the first end and that of the second; this has "
                   "%u",
                   optic->n_children);
        return false;
    }
    if (optic->type == DX_JSON_ARRAY) {
        second = optic->child->next;
        optic = optic->child;
    }
    end[0] = find_optic(loader, optic);
    end[1] = second == optic ? end[0] : find_optic(loader, second);
    return end[0] && end[1];
}

/* Does the fiber say how long it is? A delay says nothing about light. */
static bool has_length(DxLoader *loader, const DxJson *optic, const DxScLink *link)
{
    if (dx__conf_int(dx__load_model(loader, "fiber"), link->fiber[0], "delay") <= 0)
        return true;
    DX_PROBLEM(&loader->reader, optic, DX_CODE_CONFLICT,
               "with an optic, give the fiber a length in place of a delay: what arrives depends on it");
    return false;
}

/* One message for both directions: that of the first which has one. */
static void judge(DxLoader *loader, const DxJson *optic, DxScLink *link, const DxLineModel *line,
                  const char *budget)
{
    const GArray *optics = loader->scenario->optics;
    const int64_t rate_bps = dx__conf_int(dx__load_model(loader, "port"), link->port, "rate");
    const bool is_error = g_strcmp0(budget, "warn") != 0;
    DxLineState state = DX_LINE_GOOD;
    g_autofree char *message = NULL;

    for (unsigned d = 0; d < 2 && state != DX_LINE_DARK; d++) {
        g_autofree char *why = NULL;
        const DxLineState other =
            line->judge(link->fiber[d], (uint64_t)rate_bps, (const DxLineEnd *)(const void *)optics->data,
                        optics->len, &why);

        if (other > state) {
            state = other;
            g_free(message);
            message = g_steal_pointer(&why);
        }
    }
    if (state == DX_LINE_DARK && is_error)
        DX_PROBLEM(&loader->reader, optic, DX_CODE_NOT_CLOSED, "%s", message);
    else if (state == DX_LINE_DARK)
        dx__warning(loader->reader.problems, loader->reader.file, optic, DX_CODE_NOT_CLOSED,
                    "%s; the link is dark", message);
    else if (state == DX_LINE_MARGINAL)
        dx__warning(loader->reader.problems, loader->reader.file, optic, DX_CODE_MARGINAL, "%s", message);
    link->is_dark = state == DX_LINE_DARK;
}

void dx__load_optics(DxLoader *loader, const DxJson *json, DxScLink *link)
{
    const DxModel *fiber = dx__load_model(loader, "fiber"), *port = dx__load_model(loader, "port");
    const DxJson *optic = dx__json_member(loader->reader.doc, json, "optic");
    const char *budget = dx__reader_text(&loader->reader, json, "budget");
    const DxLineEnd *end[2];
    bool has_framing;

    if (!optic || !fiber || !fiber->line)
        return;
    open_optics(loader->scenario, fiber->line);
    if (!find_ends(loader, optic, end) || !has_length(loader, optic, link))
        return;
    has_framing = dx__conf_int(port, link->port, "framing") == 0;
    for (unsigned d = 0; d < 2; d++)
        fiber->line->equip(link->fiber[d], end[d], end[!d], has_framing);
    link->has_optics = true;
    link->has_same_optics = end[0] == end[1];
    if (g_strcmp0(budget, "off") && !loader->found_by_check)
        judge(loader, optic, link, fiber->line, budget);
}
