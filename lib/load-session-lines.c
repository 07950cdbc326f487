/*
 * load-session-lines - what a BGP session goes over, and the addresses of its ends
 */
#include "load-sessions-priv.h"

/* Of sessions without addresses: two of each four, 100.64.0.1 and 100.64.0.2 of the first (RFC 6598). */
#define SHARED_SPACE 0x64400000u

/* -- the line ---------------------------------------------------------------------------------------- */

static bool joins(const DxLoadSession *at, uint32_t trunk)
{
    const DxScTrunk *of = DX_SC(at->scenario, trunks, DxScTrunk, trunk);

    return (of->end[0] == at->node[0] && of->end[1] == at->node[1]) ||
           (of->end[0] == at->node[1] && of->end[1] == at->node[0]);
}

/* Whichever stands first. */
static gint64 pair_of(const uint32_t node[2])
{
    return (gint64)MIN(node[0], node[1]) << 32 | MAX(node[0], node[1]);
}

/* Lists in order: the last is put in first. */
void dx__session_lines_init(DxLoadLines *lines, const DxScenario *scenario)
{
    lines->first_trunk = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
    lines->next_trunk = g_new(uint32_t, scenario->trunks->len + 1);
    lines->first_vif = g_new(uint32_t, scenario->trunks->len + 1);
    lines->next_vif = g_new(uint32_t, scenario->vifs->len + 1);
    for (guint i = scenario->trunks->len; i-- > 0;) {
        const gint64 pair = pair_of(DX_SC(scenario, trunks, DxScTrunk, i)->end);

        lines->first_vif[i] = DX_NONE;
        lines->next_trunk[i] = GPOINTER_TO_UINT(g_hash_table_lookup(lines->first_trunk, &pair)) - 1;
        g_hash_table_insert(lines->first_trunk, g_memdup2(&pair, sizeof pair), GUINT_TO_POINTER(i + 1));
    }
    for (guint i = scenario->vifs->len; i-- > 0;) {
        const uint32_t trunk = DX_SC(scenario, vifs, DxScVif, i)->trunk;

        if (trunk == DX_NONE)
            continue;
        lines->next_vif[i] = lines->first_vif[trunk];
        lines->first_vif[trunk] = i;
    }
}

void dx__session_lines_clear(DxLoadLines *lines)
{
    g_hash_table_unref(lines->first_trunk);
    g_free(lines->next_trunk);
    g_free(lines->first_vif);
    g_free(lines->next_vif);
}

/* A way between the two ends. */
typedef struct {
    uint32_t trunk, vif;
} Way;

/* Enough to say that there are more. */
#define WAYS_MAX 3

static void add_way(GArray *ways, uint32_t trunk, uint32_t vif)
{
    const Way way = { trunk, vif };

    if (ways->len < WAYS_MAX)
        g_array_append_val(ways, way);
}

/* VIFs where there are some, else links and LAGs. */
static GArray *ways_between(const DxLoadSession *at)
{
    const DxLoadLines *lines = at->lines;
    GArray *vifs = g_array_new(FALSE, FALSE, sizeof(Way)), *trunks = g_array_new(FALSE, FALSE, sizeof(Way));
    const gint64 pair = pair_of(at->node);
    guint first = GPOINTER_TO_UINT(g_hash_table_lookup(lines->first_trunk, &pair));

    for (uint32_t trunk = first - 1; trunk != DX_NONE; trunk = lines->next_trunk[trunk]) {
        add_way(trunks, trunk, DX_NONE);
        for (uint32_t vif = lines->first_vif[trunk]; vif != DX_NONE; vif = lines->next_vif[vif])
            add_way(vifs, trunk, vif);
        if (vifs->len == WAYS_MAX)
            break;
    }
    if (!vifs->len) {
        g_array_unref(vifs);
        return trunks;
    }
    g_array_unref(trunks);
    return vifs;
}

static const char *way_name(const DxLoadSession *at, const Way *way)
{
    return way->vif == DX_NONE ? dx__scenario_trunk_name(at->scenario, way->trunk)
                               : DX_SC(at->scenario, vifs, DxScVif, way->vif)->name;
}

static void take(DxLoadSession *at, uint32_t trunk, uint32_t vif)
{
    DxBgpSession *session = at->session;

    session->trunk = trunk;
    session->vif = vif;
    for (unsigned end = 0; end < 2; end++)
        session->trunk_end[end] = DX_SC(at->scenario, trunks, DxScTrunk, trunk)->end[1] == at->node[end];
}

/* The only one there is. */
static bool find_line(DxLoadSession *at)
{
    g_autoptr(GArray) ways = ways_between(at);
    const char *a = dx__session_router(at, 0)->name, *b = dx__session_router(at, 1)->name;

    if (ways->len == 1)
        take(at, g_array_index(ways, Way, 0).trunk, g_array_index(ways, Way, 0).vif);
    else if (!ways->len)
        DX_PROBLEM(at->reader, at->json, DX_CODE_ENDS,
                   "no link joins \"%s\" and \"%s\"; between two ASes a session goes over one", a, b);
    else
        DX_PROBLEM(at->reader, at->json, DX_CODE_MISSING_KEY,
                   "\"on\" is missing: \"%s\" and \"%s\" are joined by \"%s\", \"%s\"%s", a, b,
                   way_name(at, &g_array_index(ways, Way, 0)), way_name(at, &g_array_index(ways, Way, 1)),
                   ways->len > 2 ? " and more" : "");
    return ways->len == 1;
}

bool dx__session_line(DxLoadSession *at)
{
    const DxJson *on = dx__reader_get(at->reader, at->json, "on", DX_JSON_STRING);
    uint32_t trunk;

    at->session->trunk = at->session->vif = DX_BGP_NOBODY;
    if (!on)
        return at->session->type == DX_BGP_SESSION_IBGP || find_line(at);
    trunk = dx__load_resolve_way(at->loader, on, NULL);
    if (trunk == DX_NONE)
        return false;
    if (!joins(at, trunk)) {
        DX_PROBLEM(at->reader, on, DX_CODE_ENDS, "\"%s\" does not join \"%s\" and \"%s\"", on->text,
                   dx__session_router(at, 0)->name, dx__session_router(at, 1)->name);
        return false;
    }
    take(at, trunk, dx__load_index(at->loader->vifs, on->text));
    return true;
}

/* -- addresses --------------------------------------------------------------------------------------- */

static void set_addresses(DxLoadSession *at, const DxAddress address[2])
{
    for (unsigned end = 0; end < 2; end++)
        at->session->address[end] = address[end].ip;
    at->session->subnet = (uint8_t)address[0].prefix;
}

static void take_loopbacks(DxLoadSession *at)
{
    const DxBgpRouter *a = dx__session_router(at, 0), *b = dx__session_router(at, 1);

    at->session->address[0] = a->loopback;
    at->session->address[1] = b->loopback;
    if (a->loopback.bits != b->loopback.bits)
        DX_PROBLEM(at->reader, at->json, DX_CODE_CONFLICT,
                   "one end's loopback is IPv4, the other's IPv6: a session has one family");
}

/* Two of its own, by its place among all sessions. */
static void make_addresses(DxLoadSession *at, DxAddress address[2])
{
    const uint32_t base = SHARED_SPACE + 4 * at->bgp->sessions->len;

    for (unsigned end = 0; end < 2; end++) {
        const uint32_t number = base + 1 + end;

        address[end] = (DxAddress){ .ip = { .bits = 32,
                                            .bytes = { (uint8_t)(number >> 24), (uint8_t)(number >> 16),
                                                       (uint8_t)(number >> 8), (uint8_t)number } },
                                    .prefix = 30 };
    }
}

static void load_addresses(DxLoadSession *at)
{
    const DxJson *list = dx__reader_get(at->reader, at->json, "addresses", DX_JSON_ARRAY);
    const DxScVif *vif =
        at->session->vif == DX_BGP_NOBODY ? NULL : DX_SC(at->scenario, vifs, DxScVif, at->session->vif);
    DxAddress address[2];

    if (list && at->session->trunk == DX_BGP_NOBODY) {
        DX_PROBLEM(at->reader, list, DX_CODE_CONFLICT,
                   "within an AS a session goes between loopbacks, unless it is \"on\" a link");
        return;
    }
    if (at->session->trunk == DX_BGP_NOBODY) {
        take_loopbacks(at);
        return;
    }
    if (list && vif && vif->has_addresses) {
        DX_PROBLEM(at->reader, list, DX_CODE_CONFLICT,
                   "VIF \"%s\", line %u, has addresses, which are the session's", vif->name, vif->json->line);
        return;
    }
    if (vif && vif->has_addresses) {
        for (unsigned end = 0; end < 2; end++)
            address[end] = vif->address[at->session->trunk_end[end]];
        set_addresses(at, address);
        return;
    }
    if (!list)
        make_addresses(at, address);
    else if (!dx__load_subnet(at->loader, list, "a session", address))
        return;
    set_addresses(at, address);
    for (unsigned end = 0; end < 2; end++)
        dx__load_note_subnet(at->loader, at->json, "session", at->node[end], &address[end],
                             list ? list->child : at->json);
}

/* @taken: who has which addresses; all of it is freed with the network. */
static void check_same(DxLoadSession *at, GHashTable *taken)
{
    const unsigned first = at->node[0] < at->node[1] ? 0 : 1;
    const DxBgpSession *session = at->session;
    char text[2][DX_IP_TEXT];
    g_autofree char *key = NULL;
    guint other;

    if (!session->address[0].bits || !session->address[1].bits)
        return;
    key = g_strdup_printf("%u %s %u %s", at->node[first], dx_ip_text(&session->address[first], text[0]),
                          at->node[!first], dx_ip_text(&session->address[!first], text[1]));
    other = GPOINTER_TO_UINT(g_hash_table_lookup(taken, key));
    if (!other) {
        g_hash_table_insert(taken, g_steal_pointer(&key), GUINT_TO_POINTER(at->bgp->sessions->len + 1));
        return;
    }
    DX_PROBLEM(at->reader, dx__json_member(at->reader->doc, at->json, "ends"), DX_CODE_CONFLICT,
               "session \"%s\", line %u, is between the same two addresses, %s and %s",
               at->bgp->session_jsons[other - 1]->key, at->bgp->session_jsons[other - 1]->line,
               dx_ip_text(&session->address[0], text[0]), dx_ip_text(&session->address[1], text[1]));
}

void dx__session_addresses(DxLoadSession *at, GHashTable *taken)
{
    load_addresses(at);
    check_same(at, taken);
}
