/*
 * load-optics - what links are put together from, which optics stand at their ends, and whether light gets
 * from one to the other
 *
 * Optics come from the embedded catalog, whatever catalog the scenario names. Each direction of a link is a
 * line of its own, because its ends may differ. A line that does not close is a problem, or a link that is
 * dark, or nobody's business, as the link's "budget" says.
 */
#include "load-priv.h"

#include <string.h>

extern const char *const dx__embedded_optics_2026_09;

/* -- catalog ------------------------------------------------------------------------------------------- */

static void read_figures(const DxJson *entry, const DxParam *params, void *figures)
{
    dx_param_defaults(params, figures);
    dx_json_each (member, entry) {
        const DxParam *param = dx_param_find(params, member->key);

        if (param)
            dx_param_set(param, figures, member->text, NULL);
    }
}

/* All that a section has, with their names. */
static void read_section(const DxScenario *scenario, const char *section, const DxParam *params, size_t size,
                         GArray *ends)
{
    DxJsonDoc *doc = scenario->optics_doc;
    const DxJson *entries = dx__json_member(doc, dx__json_root(doc), section);

    dx_json_each (entry, entries) {
        DxLineEnd end = { entry->key, g_malloc0(size) };

        read_figures(entry, params, (void *)end.optic);
        g_array_append_val(ends, end);
    }
}

/* Once, for the first link that asks. */
static void open_optics(DxScenario *scenario, const DxLineModel *line)
{
    const char *text = dx__embedded_optics_2026_09;
    unsigned row, column;

    if (scenario->optics_doc)
        return;
    scenario->optics_doc = dx__json_parse(text, strlen(text), &row, &column, NULL);
    g_assert(scenario->optics_doc);
    read_section(scenario, "optics", line->optic_params, line->optic_size, scenario->optics);
    read_section(scenario, "amplifiers", line->amplifier_params, line->amplifier_size, scenario->amplifiers);
}

/* @words: all that there are; @what: "optic". */
static void unknown(DxLoader *loader, const DxJson *name, const char *what, GPtrArray *words)
{
    g_autofree char *shown = dx__json_escape(name->text), *list = NULL;
    const char *meant = dx__reader_nearest(name->text, words);

    for (guint i = 0; !meant && *name->text && i < words->len; i++) /* "medium" */
        if (g_str_has_prefix(g_ptr_array_index(words, i), name->text))
            meant = g_ptr_array_index(words, i);
    g_ptr_array_add(words, NULL);
    list = g_strjoinv(", ", (char **)words->pdata);
    if (meant)
        DX_PROBLEM(&loader->reader, name, DX_CODE_DANGLING,
                   "there is no %s \"%s\"; did you mean \"%s\"? There are %s", what, shown, meant, list);
    else
        DX_PROBLEM(&loader->reader, name, DX_CODE_DANGLING, "there is no %s \"%s\"; there are %s", what,
                   shown, list);
}

/* One of @ends, or @other, which has no figures. */
static const DxLineEnd *find_end(DxLoader *loader, const DxJson *name, const char *what, const GArray *ends,
                                 const DxLineEnd *other)
{
    g_autoptr(GPtrArray) words = g_ptr_array_new();

    if (name->type != DX_JSON_STRING)
        return NULL;
    for (guint i = 0; i < ends->len; i++) {
        const DxLineEnd *end = &g_array_index(ends, DxLineEnd, i);

        if (!strcmp(end->name, name->text))
            return end;
        g_ptr_array_add(words, (gpointer)end->name);
    }
    if (other && !strcmp(other->name, name->text))
        return other;
    if (other)
        g_ptr_array_add(words, (gpointer)other->name);
    unknown(loader, name, what, words);
    return NULL;
}

static const DxLineEnd *find_optic(DxLoader *loader, const DxJson *name)
{
    return find_end(loader, name, "optic", loader->scenario->optics, NULL);
}

/* -- what a fiber is put together from ------------------------------------------------------------------ */

#define SPANS_MAX 1000

static DxLinePiece load_span(DxLoader *loader, const DxJson *json)
{
    static const DxLineEnd any = { DX_LINE_ANY_AMPLIFIER, NULL };
    const DxJson *name = dx__reader_get(&loader->reader, json, "amplifier", DX_JSON_STRING);
    const DxLineEnd *amplifier =
        name ? find_end(loader, name, "amplifier", loader->scenario->amplifiers, &any) : NULL;

    return (DxLinePiece){ dx__load_conf(loader, json, "fiber.span"), amplifier ? amplifier->name : NULL,
                          amplifier ? amplifier->optic : NULL };
}

/* What would say the same, or of which span nobody knows. */
static void check_rivals(DxLoader *loader, const DxJson *fiber)
{
    static const char *const keys[] = { "length", "delay",      "connectors", "splices",
                                        "panels", "attenuator", "amplifiers", NULL };

    for (const char *const *key = keys; *key; key++) {
        const DxJson *member = dx__json_member(loader->reader.doc, fiber, *key);

        if (member)
            DX_PROBLEM(&loader->reader, member, DX_CODE_CONFLICT, "give either %s or spans%s", *key,
                       strcmp(*key, "length") && strcmp(*key, "delay") ? ", which have their own" : "");
    }
}

static void load_spans(DxLoader *loader, const DxJson *fiber, DxScLink *link, const DxLineModel *line)
{
    const DxJson *spans = dx__reader_get(&loader->reader, fiber, "spans", DX_JSON_ARRAY);

    if (!spans)
        return;
    check_rivals(loader, fiber);
    if (!spans->n_children)
        DX_PROBLEM(&loader->reader, spans, DX_CODE_RANGE, "a fiber has at least one span");
    if (spans->n_children > SPANS_MAX) {
        DX_PROBLEM(&loader->reader, spans, DX_CODE_LIMIT, "%u spans; at most %u are accepted",
                   spans->n_children, SPANS_MAX);
        return;
    }
    link->spans = g_new0(DxLinePiece, spans->n_children + 1);
    dx_json_each (span, spans)
        if (span->type == DX_JSON_OBJECT)
            link->spans[link->n_spans++] = load_span(loader, span);
    for (unsigned d = 0; d < 2; d++)
        line->lay(link->fiber[d], link->spans, link->n_spans);
}

/* A letter that ends before it begins. */
static void check_loa(DxLoader *loader, const DxJson *cross)
{
    const DxJson *loa = dx__reader_get(&loader->reader, cross, "loa", DX_JSON_OBJECT);
    const char *issued = dx__reader_text(&loader->reader, loa, "issued");
    const char *expires = dx__reader_text(&loader->reader, loa, "expires");
    int64_t from, until;

    if (issued && expires && dx__reader_days(issued, &from) && dx__reader_days(expires, &until) &&
        until < from)
        DX_PROBLEM(&loader->reader, dx__json_member(loader->reader.doc, loa, "expires"), DX_CODE_RANGE,
                   "this letter expires before it is issued, on %s", issued);
}

static void load_cross(DxLoader *loader, const DxJson *json, DxScLink *link, const DxLineModel *line)
{
    const DxJson *cross = dx__reader_get(&loader->reader, json, "cross_connect", DX_JSON_OBJECT);

    if (!cross)
        return;
    check_loa(loader, cross);
    link->cross = dx__load_conf(loader, cross, "fiber.cross_connect");
    for (unsigned d = 0; d < 2; d++)
        line->connect(link->fiber[d], link->cross);
}

static GArray *read_steps(DxJsonDoc *doc, const DxJson *table)
{
    const DxJson *steps = dx__json_member(doc, table, "steps");
    GArray *list = g_array_new(FALSE, FALSE, sizeof(DxLineStep));

    dx_json_each (step, steps) {
        DxLineStep one = { 0 };
        int64_t to_mm = 0, level = 0;

        dx_units_parse(DX_UNIT_LENGTH, dx__json_member(doc, step, "to")->text, &to_mm, NULL);
        dx_units_parse(DX_UNIT_POWER, dx__json_member(doc, step, "level")->text, &level, NULL);
        one.to_km = (double)to_mm / 1e6;
        one.level_dbm = (double)level / 1e3;
        g_array_append_val(list, one);
    }
    return list;
}

static void promise(DxLoader *loader, const DxJson *name, const DxJson *table, DxScLink *link,
                    const DxLineModel *line)
{
    g_autoptr(GArray) steps = read_steps(loader->scenario->optics_doc, table);
    const DxLineStep *step = (const DxLineStep *)(const void *)steps->data;
    bool is_promised = true;

    for (unsigned d = 0; d < 2; d++)
        is_promised = line->promise(link->fiber[d], table->key, step, steps->len);
    if (!is_promised)
        DX_PROBLEM(&loader->reader, name, DX_CODE_RANGE, "%s is for 0 to %.6g km, this fiber has %.6g",
                   table->key, step[steps->len - 1].to_km, line->length_km(link->fiber[0]));
}

static void load_levels(DxLoader *loader, const DxJson *fiber, DxScLink *link, const DxLineModel *line)
{
    const DxJson *name = dx__reader_get(&loader->reader, fiber, "levels", DX_JSON_STRING);
    DxJsonDoc *doc = loader->scenario->optics_doc;
    g_autoptr(GPtrArray) words = g_ptr_array_new();
    const DxJson *tables;

    if (!name)
        return;
    tables = dx__json_member(doc, dx__json_root(doc), "levels");
    dx_json_each (table, tables) {
        if (!strcmp(table->key, name->text)) {
            promise(loader, name, table, link, line);
            return;
        }
        g_ptr_array_add(words, (gpointer)table->key);
    }
    unknown(loader, name, "table of levels", words);
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

/* What stands at the ends, and whether light gets from one to the other. */
static void load_ends_of_light(DxLoader *loader, const DxJson *json, DxScLink *link, const DxModel *fiber)
{
    const DxModel *port = dx__load_model(loader, "port");
    const DxJson *optic = dx__json_member(loader->reader.doc, json, "optic");
    const char *budget = dx__reader_text(&loader->reader, json, "budget");
    const DxLineEnd *end[2];
    bool has_framing;

    if (!optic || !find_ends(loader, optic, end) || !has_length(loader, optic, link))
        return;
    has_framing = dx__conf_int(port, link->port, "framing") == 0;
    for (unsigned d = 0; d < 2; d++)
        fiber->line->equip(link->fiber[d], end[d], end[!d], has_framing);
    link->has_optics = true;
    link->optic[0] = end[0]->optic;
    link->optic[1] = end[1]->optic;
    link->has_same_optics = end[0] == end[1];
    if (g_strcmp0(budget, "off") && !loader->found_by_check)
        judge(loader, optic, link, fiber->line, budget);
}

/* Before anything of it is asked for. */
static void open_for(DxLoader *loader, const DxJson *json, const DxJson *fiber, const DxLineModel *line)
{
    DxJsonDoc *doc = loader->reader.doc;

    if (dx__json_member(doc, json, "optic") ||
        (fiber && (dx__json_member(doc, fiber, "spans") || dx__json_member(doc, fiber, "levels"))))
        open_optics(loader->scenario, line);
}

void dx__load_optics(DxLoader *loader, const DxJson *json, DxScLink *link)
{
    const DxModel *model = dx__load_model(loader, "fiber");
    const DxJson *fiber = dx__reader_get(&loader->reader, json, "fiber", DX_JSON_OBJECT);
    const guint n_problems = loader->reader.problems->list->len;

    if (!model || !model->line)
        return;
    open_for(loader, json, fiber, model->line);
    if (fiber)
        load_spans(loader, fiber, link, model->line);
    load_cross(loader, json, link, model->line);
    if (fiber)
        load_levels(loader, fiber, link, model->line);
    if (loader->reader.problems->list->len == n_problems)
        load_ends_of_light(loader, json, link, model);
}
