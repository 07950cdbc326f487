/*
 * catalog - dated presets and quotas: facts that age live in data, not in code
 *
 * The catalogs are in catalogs/, compiled in by tools/embed.sh; a scenario names one. What becomes of a
 * scenario that exceeds a quota is for the scenario to say: error, warn or off.
 */
#include "catalog-priv.h"

#include <string.h>

extern const char *const dx__embedded_aws_dx_2026_09, *const dx__embedded_briefing;

static const char *const names[] = { "aws-dx-2026-09", "briefing", NULL };
static const char *const *const texts[] = { &dx__embedded_aws_dx_2026_09, &dx__embedded_briefing };

const char *const *dx__catalog_names(void)
{
    return names;
}

DxJsonDoc *dx__catalog_open(const char *name)
{
    unsigned line, column;

    for (unsigned i = 0; names[i]; i++)
        if (!strcmp(name, names[i]))
            return dx__json_parse(*texts[i], strlen(*texts[i]), &line, &column, NULL);
    return NULL;
}

/* -- quotas ------------------------------------------------------------------------------------------ */

const DxJson *dx__catalog_quota(DxCatalogCheck *check, const char *name)
{
    return dx__reader_get(&check->reader, check->quotas, name, DX_JSON_OBJECT);
}

void dx__catalog_exceeded(DxCatalogCheck *check, const DxJson *at, const DxJson *rule, const char *format,
                          ...)
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

static uint64_t rate_of(DxCatalogCheck *check, const DxScLink *link)
{
    return (uint64_t)dx__conf_int(dx__load_model(check->loader, "port"), link->port, "rate");
}

static void check_port_rate(DxCatalogCheck *check, const DxScLink *link)
{
    const DxJson *rule = dx__catalog_quota(check, "port-rates");
    const DxJson *values = dx__reader_get(&check->reader, rule, "values", DX_JSON_ARRAY);
    int64_t rate;

    for (const DxJson *value = values ? values->child : NULL; value; value = value->next)
        if (dx_units_parse(DX_UNIT_RATE, value->text, &rate, NULL) && (uint64_t)rate == rate_of(check, link))
            return;
    if (values)
        dx__catalog_exceeded(check, link->json, rule, "there is no port of this rate");
}

/* Told at the first. */
static void check_dedicated(DxCatalogCheck *check, const DxScLag *lag)
{
    const DxJson *rule = dx__catalog_quota(check, "lag-dedicated");
    const DxScenario *scenario = check->loader->scenario;

    for (uint32_t i = 0; rule && i < lag->n_members; i++) {
        const DxScLink *link = DX_SC(scenario, links, DxScLink, lag->member[i]);

        if (!link->hosted_bps)
            continue;
        dx__catalog_exceeded(check, lag->json, rule,
                             "link \"%s\" is a hosted connection; a LAG takes dedicated ones", link->name);
        return;
    }
}

static void check_lag(DxCatalogCheck *check, const DxScLag *lag)
{
    const DxJson *rule = dx__catalog_quota(check, "lag-members"),
                 *same = dx__catalog_quota(check, "lag-same-rate");
    const DxScenario *scenario = check->loader->scenario;
    int64_t below = 0, most = 0;
    uint64_t first;

    if (!lag->n_members)
        return;
    first = rate_of(check, DX_SC(scenario, links, DxScLink, lag->member[0]));
    for (uint32_t i = 1; same && i < lag->n_members; i++)
        if (rate_of(check, DX_SC(scenario, links, DxScLink, lag->member[i])) != first) {
            dx__catalog_exceeded(check, lag->json, same, "members of a LAG must have the same rate");
            break;
        }
    if (!rule || !dx__reader_quantity(&check->reader, rule, "below", DX_UNIT_RATE, &below))
        return;
    dx__json_int64(dx__json_member(check->reader.doc, rule, first < (uint64_t)below ? "most" : "most_from"),
                   &most);
    if (lag->n_members > most)
        dx__catalog_exceeded(check, lag->json, rule, "%u members; at most %" G_GINT64_FORMAT " at this rate",
                             lag->n_members, most);
}

/* -- virtual interfaces ------------------------------------------------------------------------------ */

static const char *const vif_types[] = { "private", "public", "transit" };

/* False: the rule does not say. */
bool dx__catalog_number(DxCatalogCheck *check, const DxJson *rule, const char *key, int64_t *number)
{
    const DxJson *value = dx__reader_get(&check->reader, rule, key, DX_JSON_NUMBER);

    return value && dx__json_int64(value, number);
}

/* Is @value one of the rule's list of quantities? What has no list allows all. */
static bool is_listed(DxCatalogCheck *check, const DxJson *rule, const char *key, DxUnit unit, int64_t value)
{
    const DxJson *list = dx__reader_get(&check->reader, rule, key, DX_JSON_ARRAY);
    int64_t one;

    for (const DxJson *item = list ? list->child : NULL; item; item = item->next)
        if (dx_units_parse(unit, item->text, &one, NULL) && one == value)
            return true;
    return !list;
}

/* "1500 B", "9001 B" */
char *dx__catalog_listed(DxCatalogCheck *check, const DxJson *rule, const char *key)
{
    const DxJson *list = dx__reader_get(&check->reader, rule, key, DX_JSON_ARRAY);
    GString *text = g_string_new(NULL);

    for (const DxJson *item = list ? list->child : NULL; item; item = item->next)
        g_string_append_printf(text, "%s%s", item->index ? ", " : "", item->text);
    return g_string_free(text, FALSE);
}

bool dx__catalog_has_text(const DxJson *list, const char *text)
{
    for (const DxJson *item = list->child; item; item = item->next)
        if (!strcmp(item->text, text))
            return true;
    return false;
}

static int64_t vif_value(DxCatalogCheck *check, const DxScVif *vif, const char *key)
{
    return dx__conf_int(dx__load_model(check->loader, "vif"), vif->conf, key);
}

/* Where the file says @key of a VIF; else the VIF. */
static const DxJson *place_of(DxCatalogCheck *check, const DxScVif *vif, const char *key)
{
    const DxJson *member = dx__json_member(check->loader->reader.doc, vif->json, key);

    return member ? member : vif->json;
}

static bool is_hosted(const DxScenario *scenario, const DxScVif *vif)
{
    const DxScTrunk *trunk = DX_SC(scenario, trunks, DxScTrunk, vif->trunk);

    return !trunk->is_lag && DX_SC(scenario, links, DxScLink, trunk->index)->hosted_bps > 0;
}

static void check_vif_type(DxCatalogCheck *check, const DxScVif *vif)
{
    const DxJson *rules = dx__catalog_quota(check, "vif-types");
    const char *type = vif_types[vif->type];
    const DxJson *rule = dx__reader_get(&check->reader, rules, type, DX_JSON_OBJECT);
    const int64_t vid = vif_value(check, vif, "vlan");
    int64_t from = 0, to = 0;

    if (dx__catalog_number(check, rule, "vlan_from", &from) &&
        dx__catalog_number(check, rule, "vlan_to", &to) && (vid < from || vid > to))
        dx__catalog_exceeded(check, place_of(check, vif, "vlan"), rules,
                             "VLAN %" G_GINT64_FORMAT " on a %s VIF; it takes %" G_GINT64_FORMAT
                             " to %" G_GINT64_FORMAT,
                             vid, type, from, to);
    if (!is_listed(check, rule, "mtu", DX_UNIT_SIZE, vif_value(check, vif, "mtu"))) {
        g_autofree char *mtus = dx__catalog_listed(check, rule, "mtu");

        dx__catalog_exceeded(check, place_of(check, vif, "mtu"), rules,
                             "an MTU of %" G_GINT64_FORMAT " B on a %s VIF; it takes %s",
                             vif_value(check, vif, "mtu"), type, mtus);
    }
}

static void check_rate_limit(DxCatalogCheck *check, const DxScVif *vif)
{
    const DxJson *rule = dx__catalog_quota(check, "vif-rate-limits"),
                 *at = place_of(check, vif, "rate_limit");
    const int64_t rate = vif_value(check, vif, "rate_limit");
    int64_t from, to;

    if (!rate || !rule)
        return;
    if (is_hosted(check->loader->scenario, vif))
        dx__catalog_exceeded(check, at, rule, "only VIFs of dedicated connections have rate limits");
    if (dx__reader_quantity(&check->reader, rule, "from", DX_UNIT_RATE, &from) &&
        dx__reader_quantity(&check->reader, rule, "to", DX_UNIT_RATE, &to) && (rate < from || rate > to))
        dx__catalog_exceeded(check, at, rule, "a rate limit is %s to %s",
                             dx__reader_text(&check->reader, rule, "from"),
                             dx__reader_text(&check->reader, rule, "to"));
}

typedef enum { OF_TYPES, OF_TRANSIT, OF_ALL, OF_HOSTED, OF_LIMITED, N_COUNTS } Counted;

static bool counts_as(DxCatalogCheck *check, const DxScVif *vif, Counted what)
{
    switch (what) {
    case OF_TYPES:
        return vif->type != DX_VIF_TRANSIT;
    case OF_TRANSIT:
        return vif->type == DX_VIF_TRANSIT;
    case OF_HOSTED:
        return is_hosted(check->loader->scenario, vif);
    case OF_LIMITED:
        return vif_value(check, vif, "rate_limit") > 0;
    default:
        return true;
    }
}

/* Told at the first that is too many on its line. */
static void check_number(DxCatalogCheck *check, Counted what)
{
    static const struct {
        const char *quota, *key, *words;
    } rules[N_COUNTS] = { [OF_TYPES] = { "vifs", "private_public", "private and public VIFs" },
                          [OF_TRANSIT] = { "vifs", "transit", "transit VIFs" },
                          [OF_ALL] = { "vifs", "all", "VIFs" },
                          [OF_HOSTED] = { "vifs", "hosted", "VIFs on a hosted connection" },
                          [OF_LIMITED] = { "vif-rate-limits", "most", "VIFs with a rate limit" } };
    const DxScenario *scenario = check->loader->scenario;
    const DxJson *rule = dx__catalog_quota(check, rules[what].quota);
    g_autofree int64_t *all = g_new0(int64_t, scenario->trunks->len + 1);
    g_autofree int64_t *seen = g_new0(int64_t, scenario->trunks->len + 1);
    int64_t most = 0;

    if (!dx__catalog_number(check, rule, rules[what].key, &most))
        return;
    for (guint i = 0; i < scenario->vifs->len; i++)
        all[DX_SC(scenario, vifs, DxScVif, i)->trunk] +=
            counts_as(check, DX_SC(scenario, vifs, DxScVif, i), what);
    for (guint i = 0; i < scenario->vifs->len; i++) {
        const DxScVif *vif = DX_SC(scenario, vifs, DxScVif, i);

        if (counts_as(check, vif, what) && ++seen[vif->trunk] == most + 1)
            dx__catalog_exceeded(
                check, vif->json, rule, "%" G_GINT64_FORMAT " %s on \"%s\"; at most %" G_GINT64_FORMAT,
                all[vif->trunk], rules[what].words, dx__scenario_trunk_name(scenario, vif->trunk), most);
    }
}

static void check_vifs(DxCatalogCheck *check)
{
    const DxScenario *scenario = check->loader->scenario;

    for (guint i = 0; i < scenario->vifs->len; i++) {
        check_vif_type(check, DX_SC(scenario, vifs, DxScVif, i));
        check_rate_limit(check, DX_SC(scenario, vifs, DxScVif, i));
    }
    for (Counted what = 0; what < N_COUNTS; what++)
        check_number(check, what);
}

static void check_capacity(DxCatalogCheck *check, const DxScLink *link)
{
    const DxJson *rule = dx__catalog_quota(check, "hosted-capacities");
    g_autofree char *values = NULL;

    if (!link->hosted_bps || is_listed(check, rule, "values", DX_UNIT_RATE, (int64_t)link->hosted_bps))
        return;
    values = dx__catalog_listed(check, rule, "values");
    dx__catalog_exceeded(check, link->json, rule, "no hosted connection has this capacity; there are %s",
                         values);
}

/* The suite by its name, as the file or the model's default has it. */
static char *suite_of(DxCatalogCheck *check, const DxScLink *link)
{
    const DxModel *model = dx__load_model(check->loader, "macsec");

    return dx_param_get(dx_param_find(model->params, "suite"), link->macsec);
}

static void check_macsec(DxCatalogCheck *check, const DxScLink *link)
{
    const DxJson *rule = dx__catalog_quota(check, "macsec");
    const DxJson *at = dx__json_member(check->loader->reader.doc, link->json, "macsec");
    g_autofree char *rate = dx_units_format(DX_UNIT_RATE, (int64_t)rate_of(check, link)), *suite = NULL;
    const DxJson *list;

    if (!rule || !link->macsec)
        return;
    if (!at)
        at = link->json;
    list = dx__reader_get(&check->reader, rule, rate, DX_JSON_ARRAY);
    suite = suite_of(check, link);
    if (link->hosted_bps)
        dx__catalog_exceeded(check, at, rule,
                             "hosted connections have no MACsec, dedicated ones of 10 Gbps and more do");
    else if (!list)
        dx__catalog_exceeded(check, at, rule, "ports of %s have no MACsec, those of 10, 100 and 400 Gbps do",
                             rate);
    else if (!dx__catalog_has_text(list, suite)) {
        g_autofree char *suites = dx__catalog_listed(check, rule, rate);

        dx__catalog_exceeded(check, at, rule, "%s on a port of %s; it takes %s", suite, rate, suites);
    }
    if (!dx__conf_int(dx__load_model(check->loader, "macsec"), link->macsec, "sci"))
        dx__catalog_exceeded(check, at, rule, "the SCI must be in the SecTAG");
}

void dx__catalog_check(DxLoader *loader)
{
    DxScenario *scenario = loader->scenario;
    DxCatalogCheck check = { .loader = loader, .reader = { .doc = scenario->catalog } };

    if (!scenario->catalog || scenario->quota == DX_QUOTA_OFF)
        return;
    check.quotas = dx__reader_get(&check.reader, dx__json_root(scenario->catalog), "quotas", DX_JSON_OBJECT);
    for (guint i = 0; i < scenario->links->len; i++) {
        check_port_rate(&check, DX_SC(scenario, links, DxScLink, i));
        check_capacity(&check, DX_SC(scenario, links, DxScLink, i));
        check_macsec(&check, DX_SC(scenario, links, DxScLink, i));
    }
    for (guint i = 0; i < scenario->lags->len; i++) {
        check_lag(&check, DX_SC(scenario, lags, DxScLag, i));
        check_dedicated(&check, DX_SC(scenario, lags, DxScLag, i));
    }
    check_vifs(&check);
    dx__catalog_check_bgp(&check);
}
