/*
 * load-sessions - BGP sessions: between whom, over what, with which addresses, and what each end is told
 */
#include "load-priv.h"

#include <string.h>

/* Of sessions without addresses: two of each four, 100.64.0.1 and 100.64.0.2 of the first (RFC 6598). */
#define SHARED_SPACE 0x64400000u
#define SESSIONS_MAX 65536
#define PASSWORD_MAX 80 /* as routers have it */

/* Trunks by the pair of nodes that they join, VIFs by trunk: the first, and the one behind each; DX_NONE:
 * none.
 */
typedef struct {
    GHashTable *first_trunk; /* pair -> trunk + 1 */
    uint32_t *next_trunk, *first_vif, *next_vif;
} Lines;

typedef struct {
    DxLoader *loader;
    DxReader *reader;
    DxScenario *scenario;
    DxScBgp *bgp;
    const DxJson *json;
    uint32_t node[2]; /* DX_NONE: not known */
    DxBgpSession *session;
    const Lines *lines;
    bool is_good; /* what both ends have in common goes together */
} Session;

static const DxBgpRouter *router_at(const Session *at, unsigned end)
{
    return DX_BGP_ROUTER(at->bgp, at->session->router[end]);
}

static const DxJson *place_of(const Session *at, const char *key)
{
    const DxJson *member = dx__json_member(at->reader->doc, at->json, key);

    return member ? member : at->json;
}

/* -- ends -------------------------------------------------------------------------------------------- */

/* False: not between two routers whose ASes are known, and that has been told. */
static bool load_ends(Session *at)
{
    const DxJson *ends = dx__reader_get(at->reader, at->json, "ends", DX_JSON_ARRAY);
    const DxJson *item = ends ? ends->child : NULL;
    bool is_good = true;

    if (!ends)
        return false;
    if (ends->n_children != 2) {
        DX_PROBLEM(at->reader, ends, DX_CODE_ENDS, "a session has two ends, this has %u", ends->n_children);
        return false;
    }
    for (unsigned end = 0; end < 2; end++, item = item->next) {
        at->node[end] = dx__load_resolve(at->loader, item, at->loader->nodes, "node");
        at->session->router[end] =
            at->node[end] == DX_NONE || !at->bgp ? DX_BGP_NOBODY : at->bgp->router_of_node[at->node[end]];
        if (at->node[end] != DX_NONE && at->session->router[end] == DX_BGP_NOBODY)
            DX_PROBLEM(at->reader, item, DX_CODE_ENDS, "node \"%s\" speaks no BGP: give it an \"asn\"",
                       DX_SC(at->scenario, nodes, DxScNode, at->node[end])->name);
        is_good &= at->session->router[end] != DX_BGP_NOBODY;
    }
    if (is_good && at->node[0] == at->node[1])
        DX_PROBLEM(at->reader, ends, DX_CODE_ENDS, "both ends are the same node");
    return is_good && at->node[0] != at->node[1] && router_at(at, 0)->asn && router_at(at, 1)->asn;
}

static bool is_peer(const DxBgpRouter *router, uint32_t asn)
{
    for (unsigned i = 0; i < router->n_confed_peers; i++)
        if (router->confed_peers[i] == asn)
            return true;
    return false;
}

/* Within an AS, within a confederation, or neither; and what it is meant to be. */
static void load_type(Session *at)
{
    const DxBgpRouter *a = router_at(at, 0), *b = router_at(at, 1);
    const DxJson *said = dx__reader_get(at->reader, at->json, "type", DX_JSON_STRING);
    const bool is_confed = a->confed_id && a->confed_id == b->confed_id;

    at->session->type = a->asn == b->asn ? DX_BGP_SESSION_IBGP
                        : is_confed      ? DX_BGP_SESSION_CONFED
                                         : DX_BGP_SESSION_EBGP;
    if (said && !strcmp(said->text, "ebgp") && a->asn == b->asn)
        DX_PROBLEM(at->reader, said, DX_CODE_CONFLICT,
                   "both ends are in AS %u: that is iBGP; eBGP is between two ASes", a->asn);
    else if (said && !strcmp(said->text, "ibgp") && a->asn != b->asn)
        DX_PROBLEM(at->reader, said, DX_CODE_CONFLICT,
                   "the ends are in AS %u and AS %u: that is eBGP; iBGP is within one AS", a->asn, b->asn);
    for (unsigned end = 0; is_confed && a->asn != b->asn && end < 2; end++)
        if (!is_peer(router_at(at, end), router_at(at, !end)->asn))
            DX_PROBLEM(
                at->reader, at->json, DX_CODE_CONFLICT,
                "both ends are of confederation %u, and AS %u is no member that \"%s\" knows: add it to "
                "\"peers\"",
                a->confed_id, router_at(at, !end)->asn, router_at(at, end)->name);
}

/* -- the line ---------------------------------------------------------------------------------------- */

static bool joins(const Session *at, uint32_t trunk)
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
static GArray *ways_between(const Session *at)
{
    const Lines *lines = at->lines;
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

static const char *way_name(const Session *at, const Way *way)
{
    return way->vif == DX_NONE ? dx__scenario_trunk_name(at->scenario, way->trunk)
                               : DX_SC(at->scenario, vifs, DxScVif, way->vif)->name;
}

static void take(Session *at, uint32_t trunk, uint32_t vif)
{
    DxBgpSession *session = at->session;

    session->trunk = trunk;
    session->vif = vif;
    for (unsigned end = 0; end < 2; end++)
        session->trunk_end[end] = DX_SC(at->scenario, trunks, DxScTrunk, trunk)->end[1] == at->node[end];
}

/* The only one there is. */
static bool find_line(Session *at)
{
    g_autoptr(GArray) ways = ways_between(at);
    const char *a = router_at(at, 0)->name, *b = router_at(at, 1)->name;

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

/* False: it is not known what it goes over. */
static bool load_line(Session *at)
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
                   router_at(at, 0)->name, router_at(at, 1)->name);
        return false;
    }
    take(at, trunk, dx__load_index(at->loader->vifs, on->text));
    return true;
}

/* -- addresses --------------------------------------------------------------------------------------- */

static void set_addresses(Session *at, const DxAddress address[2])
{
    for (unsigned end = 0; end < 2; end++)
        at->session->address[end] = address[end].ip;
    at->session->subnet = (uint8_t)address[0].prefix;
}

static void take_loopbacks(Session *at)
{
    const DxBgpRouter *a = router_at(at, 0), *b = router_at(at, 1);

    at->session->address[0] = a->loopback;
    at->session->address[1] = b->loopback;
    if (a->loopback.bits != b->loopback.bits)
        DX_PROBLEM(at->reader, at->json, DX_CODE_CONFLICT,
                   "one end's loopback is IPv4, the other's IPv6: a session has one family");
}

/* Two of its own, by its place among all sessions. */
static void make_addresses(Session *at, DxAddress address[2])
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

static void load_addresses(Session *at)
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
static void check_same(Session *at, GHashTable *taken)
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
    DX_PROBLEM(at->reader, place_of(at, "ends"), DX_CODE_CONFLICT,
               "session \"%s\", line %u, is between the same two addresses, %s and %s",
               at->bgp->session_jsons[other - 1]->key, at->bgp->session_jsons[other - 1]->line,
               dx_ip_text(&session->address[0], text[0]), dx_ip_text(&session->address[1], text[1]));
}

/* -- what an end is told ----------------------------------------------------------------------------- */

/* @own: what this end has of its own; NULL: nothing. */
static const DxJson *said_of(const Session *at, const DxJson *own, const char *key)
{
    const DxJson *member = own ? dx__json_member(at->reader->doc, own, key) : NULL;

    return member ? member : dx__json_member(at->reader->doc, at->json, key);
}

static const DxJson *timer_of(const Session *at, const DxJson *own, const char *key)
{
    const DxJson *inner = own ? dx__reader_get(at->reader, own, "timers", DX_JSON_OBJECT) : NULL;
    const DxJson *outer = dx__reader_get(at->reader, at->json, "timers", DX_JSON_OBJECT);
    const DxJson *member = inner ? dx__json_member(at->reader->doc, inner, key) : NULL;

    return member || !outer ? member : dx__json_member(at->reader->doc, outer, key);
}

/* RFC 4271 10: a third of the hold time. What is longer is cut to that, whatever it says. */
static void check_timers(Session *at, const DxJson *own, const DxBgpEnd *end)
{
    const DxJson *keepalive = timer_of(at, own, "keepalive"), *hold = timer_of(at, own, "hold");
    g_autofree char *is = dx_units_format(DX_UNIT_TIME, end->keepalive_ps);
    g_autofree char *of = dx_units_format(DX_UNIT_TIME, end->hold_ps);
    g_autofree char *third = dx_units_format(DX_UNIT_TIME, end->hold_ps / 3);

    if (end->hold_ps && end->keepalive_ps > end->hold_ps / 3)
        dx__warning(at->reader->problems, at->reader->file,
                    keepalive ? keepalive
                    : hold    ? hold
                              : at->json,
                    DX_CODE_RANGE, "keepalive %s is more than a third of hold %s: %s is what counts", is, of,
                    third);
}

static const DxRouteMap *load_map(Session *at, const DxJson *own, const char *key)
{
    const DxJson *name = dx__reader_get(at->reader, own, key, DX_JSON_STRING);
    uint32_t index;

    if (!name || at->loader->found_by_check)
        return NULL;
    index = dx__load_resolve(at->loader, name, at->bgp->map_names, "route map");
    return index == DX_NONE ? NULL : g_ptr_array_index(at->bgp->maps, index);
}

static const char *load_password(Session *at, const DxJson *own)
{
    const DxJson *password = said_of(at, own, "password");

    if (!password || password->type != DX_JSON_STRING)
        return NULL;
    if (!*password->text || strlen(password->text) > PASSWORD_MAX)
        dx__problem(at->reader->problems, at->reader->file, password, true, DX_CODE_RANGE,
                    "a password has 1 to %u characters; this has %zu", PASSWORD_MAX, strlen(password->text));
    return password->text;
}

static void load_end(Session *at, unsigned end)
{
    const DxModel *model = dx__load_model(at->loader, "bgp.session");
    const DxJson *each = dx__reader_get(at->reader, at->json, "at", DX_JSON_OBJECT);
    const DxJson *own =
        each ? dx__reader_get(at->reader, each, router_at(at, end)->name, DX_JSON_OBJECT) : NULL;
    DxBgpEnd *to = &at->session->end[end];
    const char *key;

    if (own) {
        dx__reader_conf(own, model, to);
        if (at->is_good)
            dx__load_check(at->loader, own, model, to);
        to->in = load_map(at, own, "in");
        to->out = load_map(at, own, "out");
    }
    to->has_bfd = said_of(at, own, "bfd");
    to->has_graceful_restart = said_of(at, own, "graceful_restart");
    to->password = load_password(at, own);
    if (at->is_good && model->check(to, &key, NULL))
        check_timers(at, own, to);
    if (to->route_reflector_client && at->session->type != DX_BGP_SESSION_IBGP)
        DX_PROBLEM(at->reader, said_of(at, own, "route_reflector_client"), DX_CODE_CONFLICT,
                   "clients of a route reflector are in its own AS (RFC 4456)");
}

/* `at` is by node: of one of the two. Of what comes from another session the rest is left. */
static void check_each(Session *at)
{
    const DxJson *each = dx__reader_get(at->reader, at->json, "at", DX_JSON_OBJECT);

    for (const DxJson *entry = each ? each->child : NULL; entry; entry = entry->next) {
        g_autofree char *shown = dx__json_escape(entry->key);

        if (!entry->origin && !dx__reader_is_for_people(entry->key) &&
            strcmp(entry->key, router_at(at, 0)->name) && strcmp(entry->key, router_at(at, 1)->name))
            dx__problem(at->reader->problems, at->reader->file, entry, true, DX_CODE_ENDS,
                        "\"%s\" is no end of this session; \"%s\" and \"%s\" are", shown,
                        router_at(at, 0)->name, router_at(at, 1)->name);
    }
}

/* What keeps them from ever speaking to each other. */
static void check_pair(Session *at)
{
    const DxBgpEnd *a = &at->session->end[0], *b = &at->session->end[1];

    if (a->passive && b->passive)
        DX_PROBLEM(at->reader, at->json, DX_CODE_CONFLICT,
                   "both ends are passive: each waits for the other to connect");
    if (g_strcmp0(a->password, b->password))
        dx__warning(at->reader->problems, at->reader->file, at->json, DX_CODE_CONFLICT,
                    "the ends have two passwords: the session never comes up");
    if (a->has_bfd != b->has_bfd)
        dx__warning(at->reader->problems, at->reader->file, at->json, DX_CODE_CONFLICT,
                    "only \"%s\" has BFD: nobody answers, and nothing comes of it",
                    router_at(at, a->has_bfd ? 0 : 1)->name);
}

/* What the provider's end takes on a VIF, unless the file says. */
static void limit_prefixes(Session *at)
{
    const DxJson *each = dx__reader_get(at->reader, at->json, "at", DX_JSON_OBJECT);

    for (unsigned end = 0; end < 2 && at->session->vif != DX_BGP_NOBODY; end++) {
        const DxBgpRouter *router = router_at(at, end);
        const DxJson *own = each ? dx__reader_get(at->reader, each, router->name, DX_JSON_OBJECT) : NULL;

        if (router->kind >= DX_KIND_CLOUD_DEVICE && router->kind <= DX_KIND_VPC &&
            !said_of(at, own, "prefix_limit"))
            at->session->end[end].prefix_limit = dx__catalog_prefix_limit(
                at->loader, DX_SC(at->scenario, vifs, DxScVif, at->session->vif)->type);
    }
}

/* -- sessions ---------------------------------------------------------------------------------------- */

static void load_session(DxLoader *loader, DxJson *json, const Lines *lines, GHashTable *taken)
{
    DxScBgp *bgp = loader->scenario->bgp;
    DxBgpSession session = { .name = json->key };
    const DxModel *model = dx__load_model(loader, "bgp.session");
    const char *key;
    Session at = { .loader = loader,
                   .reader = &loader->reader,
                   .scenario = loader->scenario,
                   .bgp = bgp,
                   .json = json,
                   .session = &session,
                   .lines = lines };
    g_autofree DxBgpEnd *end = NULL;

    if (!load_ends(&at))
        return;
    load_type(&at);
    end = dx__load_conf(loader, json, "bgp.session");
    session.end[0] = session.end[1] = *end;
    at.is_good = model->check(end, &key, NULL);
    check_each(&at);
    for (unsigned i = 0; i < 2; i++)
        load_end(&at, i);
    check_pair(&at);
    if (load_line(&at)) {
        load_addresses(&at);
        check_same(&at, taken);
        limit_prefixes(&at);
    }
    bgp->session_jsons[bgp->sessions->len] = json;
    dx__load_enter(loader->sessions, session.name, bgp->sessions->len);
    g_array_append_val(bgp->sessions, session);
}

/* Lists in order: the last is put in first. */
static void lines_init(Lines *lines, const DxScenario *scenario)
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

static void lines_clear(Lines *lines)
{
    g_hash_table_unref(lines->first_trunk);
    g_free(lines->next_trunk);
    g_free(lines->first_vif);
    g_free(lines->next_vif);
}

void dx__load_sessions(DxLoader *loader, DxJson *root)
{
    DxJson *sessions = dx__reader_get(&loader->reader, root, "sessions", DX_JSON_OBJECT);
    Lines lines;
    g_autoptr(GHashTable) taken = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

    if (!sessions)
        return;
    if (sessions->n_children > SESSIONS_MAX) {
        DX_PROBLEM(&loader->reader, sessions, DX_CODE_LIMIT, "%u sessions; at most %u are accepted",
                   sessions->n_children, SESSIONS_MAX);
        return;
    }
    lines_init(&lines, loader->scenario);
    if (loader->scenario->bgp)
        loader->scenario->bgp->session_jsons = g_new0(const DxJson *, sessions->n_children + 1);
    for (DxJson *json = dx__reader_entry(sessions->child); json; json = dx__reader_entry(json->next))
        load_session(loader, json, &lines, taken);
    lines_clear(&lines);
}
