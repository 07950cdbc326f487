/*
 * catalog - dated presets and quotas: facts that age live in data, not in code
 *
 * The catalogs are in catalogs/, compiled in by tools/embed.sh; a scenario names one. What becomes of a
 * scenario that exceeds a quota is for the scenario to say: error, warn or off.
 */
#include "load-priv.h"

#include <string.h>

extern const char *const dx__embedded_aws_dx_2026_09;

static const char *const names[] = { "aws-dx-2026-09", NULL };

const char *const *dx__catalog_names(void)
{
    return names;
}

DxJsonDoc *dx__catalog_open(const char *name)
{
    unsigned line, column;

    if (strcmp(name, names[0]))
        return NULL;
    return dx__json_parse(dx__embedded_aws_dx_2026_09, strlen(dx__embedded_aws_dx_2026_09), &line, &column,
                          NULL);
}

/* -- quotas ------------------------------------------------------------------------------------------ */

typedef struct {
    DxLoader *loader;
    DxReader reader; /* of the catalog */
    const DxJson *quotas;
} Check;

static const DxJson *quota(Check *check, const char *name)
{
    return dx__reader_get(&check->reader, check->quotas, name, DX_JSON_OBJECT);
}

static void exceeded(Check *check, const DxJson *at, const DxJson *rule, const char *format, ...)
    G_GNUC_PRINTF(4, 5);

static void exceeded(Check *check, const DxJson *at, const DxJson *rule, const char *format, ...)
{
    const char *source = dx__reader_text(&check->reader, rule, "source");
    va_list args;
    char *text;

    va_start(args, format);
    text = g_strdup_vprintf(format, args);
    va_end(args);
    if (check->loader->scenario->quota == DX_QUOTA_ERROR)
        DX_PROBLEM(&check->loader->reader, at, DX_CODE_QUOTA, "%s (%s)", text, source);
    else
        dx__warning(check->loader->reader.problems, check->loader->reader.file, at, DX_CODE_QUOTA, "%s (%s)",
                    text, source);
    g_free(text);
}

static uint64_t rate_of(Check *check, const DxScLink *link)
{
    return (uint64_t)dx__conf_int(dx__load_model(check->loader, "port"), link->port, "rate");
}

static void check_port_rate(Check *check, const DxScLink *link)
{
    const DxJson *rule = quota(check, "port-rates");
    const DxJson *values = dx__reader_get(&check->reader, rule, "values", DX_JSON_ARRAY);
    int64_t rate;

    for (const DxJson *value = values ? values->child : NULL; value; value = value->next)
        if (dx_units_parse(DX_UNIT_RATE, value->text, &rate, NULL) && (uint64_t)rate == rate_of(check, link))
            return;
    if (values)
        exceeded(check, link->json, rule, "there is no port of this rate");
}

static void check_lag(Check *check, const DxScLag *lag)
{
    const DxJson *rule = quota(check, "lag-members"), *same = quota(check, "lag-same-rate");
    const DxScenario *scenario = check->loader->scenario;
    int64_t below = 0, most = 0;
    uint64_t first;

    if (!lag->n_members)
        return;
    first = rate_of(check, DX_SC(scenario, links, DxScLink, lag->member[0]));
    for (uint32_t i = 1; same && i < lag->n_members; i++)
        if (rate_of(check, DX_SC(scenario, links, DxScLink, lag->member[i])) != first) {
            exceeded(check, lag->json, same, "members of a LAG must have the same rate");
            break;
        }
    if (!rule || !dx__reader_quantity(&check->reader, rule, "below", DX_UNIT_RATE, &below))
        return;
    dx__json_int64(dx__json_member(check->reader.doc, rule, first < (uint64_t)below ? "most" : "most_from"),
                   &most);
    if (lag->n_members > most)
        exceeded(check, lag->json, rule, "%u members; at most %" G_GINT64_FORMAT " at this rate",
                 lag->n_members, most);
}

void dx__catalog_check(DxLoader *loader)
{
    DxScenario *scenario = loader->scenario;
    Check check = { .loader = loader, .reader = { .doc = scenario->catalog } };

    if (!scenario->catalog || scenario->quota == DX_QUOTA_OFF)
        return;
    check.quotas = dx__reader_get(&check.reader, dx__json_root(scenario->catalog), "quotas", DX_JSON_OBJECT);
    for (guint i = 0; i < scenario->links->len; i++)
        check_port_rate(&check, DX_SC(scenario, links, DxScLink, i));
    for (guint i = 0; i < scenario->lags->len; i++)
        check_lag(&check, DX_SC(scenario, lags, DxScLag, i));
}
