/*
 * load-sessions - BGP sessions: between whom, and what each end is told
 */
#include "load-sessions-priv.h"

#include <string.h>

#define SESSIONS_MAX 65536
#define PASSWORD_MAX 80 /* as routers have it */

/* -- ends -------------------------------------------------------------------------------------------- */

/* False: not between two routers whose ASes are known, and that has been told. */
static bool load_ends(DxLoadSession *at)
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
    return is_good && at->node[0] != at->node[1] && dx__session_router(at, 0)->asn &&
           dx__session_router(at, 1)->asn;
}

static bool is_peer(const DxBgpRouter *router, uint32_t asn)
{
    for (unsigned i = 0; i < router->n_confed_peers; i++)
        if (router->confed_peers[i] == asn)
            return true;
    return false;
}

/* Within an AS, within a confederation, or neither; and what it is meant to be. */
static void load_type(DxLoadSession *at)
{
    const DxBgpRouter *a = dx__session_router(at, 0), *b = dx__session_router(at, 1);
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
        if (!is_peer(dx__session_router(at, end), dx__session_router(at, !end)->asn))
            DX_PROBLEM(
                at->reader, at->json, DX_CODE_CONFLICT,
                "both ends are of confederation %u, and AS %u is no member that \"%s\" knows: add it to "
                "\"peers\"",
                a->confed_id, dx__session_router(at, !end)->asn, dx__session_router(at, end)->name);
}

/* -- what an end is told ----------------------------------------------------------------------------- */

/* @own: what this end has of its own; NULL: nothing. */
static const DxJson *said_of(const DxLoadSession *at, const DxJson *own, const char *key)
{
    const DxJson *member = own ? dx__json_member(at->reader->doc, own, key) : NULL;

    return member ? member : dx__json_member(at->reader->doc, at->json, key);
}

static const DxJson *timer_of(const DxLoadSession *at, const DxJson *own, const char *key)
{
    const DxJson *inner = own ? dx__reader_get(at->reader, own, "timers", DX_JSON_OBJECT) : NULL;
    const DxJson *outer = dx__reader_get(at->reader, at->json, "timers", DX_JSON_OBJECT);
    const DxJson *member = inner ? dx__json_member(at->reader->doc, inner, key) : NULL;

    return member || !outer ? member : dx__json_member(at->reader->doc, outer, key);
}

/* RFC 4271 10: a third of the hold time. What is longer is cut to that, whatever it says. */
static void check_timers(DxLoadSession *at, const DxJson *own, const DxBgpEnd *end)
{
    const DxJson *keepalive = timer_of(at, own, "keepalive"), *hold = timer_of(at, own, "hold");
    g_autofree char *is = dx_units_format(DX_UNIT_TIME, end->keepalive_ps);
    g_autofree char *of = dx_units_format(DX_UNIT_TIME, end->hold_ps);
    g_autofree char *third = dx_units_format(DX_UNIT_TIME, end->hold_ps / 3 / DX_MS * DX_MS);

    if (end->hold_ps && end->keepalive_ps > end->hold_ps / 3)
        dx__warning(at->reader->problems, at->reader->file,
                    keepalive ? keepalive
                    : hold    ? hold
                              : at->json,
                    DX_CODE_RANGE, "keepalive %s is more than a third of hold %s: %s is what counts", is, of,
                    third);
}

static const DxRouteMap *load_map(DxLoadSession *at, const DxJson *own, const char *key)
{
    const DxJson *name = dx__reader_get(at->reader, own, key, DX_JSON_STRING);
    uint32_t index;

    if (!name || at->loader->found_by_check)
        return NULL;
    index = dx__load_resolve(at->loader, name, at->bgp->map_names, "route map");
    return index == DX_NONE ? NULL : g_ptr_array_index(at->bgp->maps, index);
}

static const char *load_password(DxLoadSession *at, const DxJson *own)
{
    const DxJson *password = said_of(at, own, "password");

    if (!password || password->type != DX_JSON_STRING)
        return NULL;
    if (!*password->text || strlen(password->text) > PASSWORD_MAX)
        dx__problem(at->reader->problems, at->reader->file, password, true, DX_CODE_RANGE,
                    "a password has 1 to %u characters; this has %zu", PASSWORD_MAX, strlen(password->text));
    return password->text;
}

static void load_end(DxLoadSession *at, unsigned end)
{
    const DxModel *model = dx__load_model(at->loader, "bgp.session");
    const DxJson *each = dx__reader_get(at->reader, at->json, "at", DX_JSON_OBJECT);
    const DxJson *own =
        each ? dx__reader_get(at->reader, each, dx__session_router(at, end)->name, DX_JSON_OBJECT) : NULL;
    DxBgpEnd *to = &at->session->end[end];
    const char *key;

    if (own) {
        dx__reader_conf(own, model, to);
        if (at->is_good)
            dx__load_check(at->loader, own, model, to);
        to->in = load_map(at, own, "in");
        to->out = load_map(at, own, "out");
    }
    to->has_bfd = said_of(at, own, "bfd") && to->bfd_enabled;
    to->has_graceful_restart = said_of(at, own, "graceful_restart");
    to->password = load_password(at, own);
    if (at->is_good && model->check(to, &key, NULL))
        check_timers(at, own, to);
    if (to->route_reflector_client && at->session->type != DX_BGP_SESSION_IBGP)
        DX_PROBLEM(at->reader, said_of(at, own, "route_reflector_client"), DX_CODE_CONFLICT,
                   "clients of a route reflector are in its own AS (RFC 4456)");
}

/* `at` is by node: of one of the two. Of what comes from another session the rest is left. */
static void check_each(DxLoadSession *at)
{
    const DxJson *each = dx__reader_get(at->reader, at->json, "at", DX_JSON_OBJECT);

    for (const DxJson *entry = each ? each->child : NULL; entry; entry = entry->next) {
        g_autofree char *shown = dx__json_escape(entry->key);

        if (!entry->origin && !dx__reader_is_for_people(entry->key) &&
            strcmp(entry->key, dx__session_router(at, 0)->name) &&
            strcmp(entry->key, dx__session_router(at, 1)->name))
            dx__problem(at->reader->problems, at->reader->file, entry, true, DX_CODE_ENDS,
                        "\"%s\" is no end of this session; \"%s\" and \"%s\" are", shown,
                        dx__session_router(at, 0)->name, dx__session_router(at, 1)->name);
    }
}

/* What keeps them from ever speaking to each other. */
static void check_pair(DxLoadSession *at)
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
                    dx__session_router(at, a->has_bfd ? 0 : 1)->name);
}

/* What the provider's end takes on a VIF, unless the file says. */
static void limit_prefixes(DxLoadSession *at)
{
    const DxJson *each = dx__reader_get(at->reader, at->json, "at", DX_JSON_OBJECT);

    for (unsigned end = 0; end < 2 && at->session->vif != DX_BGP_NOBODY; end++) {
        const DxBgpRouter *router = dx__session_router(at, end);
        const DxJson *own = each ? dx__reader_get(at->reader, each, router->name, DX_JSON_OBJECT) : NULL;

        if (router->kind >= DX_KIND_CLOUD_DEVICE && router->kind <= DX_KIND_VPC &&
            !said_of(at, own, "prefix_limit"))
            at->session->end[end].prefix_limit = dx__catalog_prefix_limit(
                at->loader, DX_SC(at->scenario, vifs, DxScVif, at->session->vif)->type);
    }
}

/* -- sessions ---------------------------------------------------------------------------------------- */

static void load_session(DxLoader *loader, DxJson *json, const DxLoadLines *lines, GHashTable *taken)
{
    DxScBgp *bgp = loader->scenario->bgp;
    DxBgpSession session = { .name = json->key };
    const DxModel *model = dx__load_model(loader, "bgp.session");
    const char *key;
    DxLoadSession at = { .loader = loader,
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
    if (dx__session_line(&at)) {
        dx__session_addresses(&at, taken);
        limit_prefixes(&at);
    }
    bgp->session_jsons[bgp->sessions->len] = json;
    dx__load_enter(loader->sessions, session.name, bgp->sessions->len);
    g_array_append_val(bgp->sessions, session);
}

void dx__load_sessions(DxLoader *loader, DxJson *root)
{
    DxJson *sessions = dx__reader_get(&loader->reader, root, "sessions", DX_JSON_OBJECT);
    DxLoadLines lines;
    g_autoptr(GHashTable) taken = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

    if (!sessions)
        return;
    if (sessions->n_children > SESSIONS_MAX) {
        DX_PROBLEM(&loader->reader, sessions, DX_CODE_LIMIT, "%u sessions; at most %u are accepted",
                   sessions->n_children, SESSIONS_MAX);
        return;
    }
    dx__session_lines_init(&lines, loader->scenario);
    if (loader->scenario->bgp)
        loader->scenario->bgp->session_jsons = g_new0(const DxJson *, sessions->n_children + 1);
    for (DxJson *json = dx__reader_entry(sessions->child); json; json = dx__reader_entry(json->next))
        load_session(loader, json, &lines, taken);
    dx__session_lines_clear(&lines);
}
