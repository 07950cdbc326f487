/*
 * bgp/conf - what a scenario says of a BGP router, as tables and as knobs
 *
 * A knob that a profile turns on stays on.
 */
#include "bgp/conf.h"

/* By index of dx__bgp_profiles, DxBgpMultipath, DxBgpStart. */
static const char *const profiles[] = { "default", "cisco", "briefing-literal", NULL };
static const char *const multipaths[] = { "same-as", "exact", "relax", NULL };
static const char *const starts[] = { "converged", "cold", NULL };

/* clang-format off */
const DxParam dx__bgp_params[] = {
    DX_PARAM_ENUM(DxBgpConf, start, "converged", starts, "As if its sessions had been up for long, where the other end says so too; or with none of them."),
    DX_PARAM_ENUM(DxBgpConf, profile, "default", profiles, "Whose order of steps, where implementations differ."),
    DX_PARAM_INT(DxBgpConf, maximum_paths, "4", "1", "256", "Paths to one prefix that share the traffic."),
    DX_PARAM_ENUM(DxBgpConf, multipath, "same-as", multipaths, "Which paths may: from one neighbouring AS; with one whole AS path; with AS paths of one length."),
    DX_PARAM_INT(DxBgpConf, default_local_pref, "100", "0", "4294967295", "Of routes that have none."),
    DX_PARAM_BOOL(DxBgpConf, always_compare_med, "false", "MEDs of different neighbouring ASes are compared too."),
    DX_PARAM_BOOL(DxBgpConf, deterministic_med, "true", "Paths are grouped by AS, in place of compared one after another."),
    DX_PARAM_BOOL(DxBgpConf, med_missing_as_worst, "false", "No MED is 2^32 - 1."),
    DX_PARAM_BOOL(DxBgpConf, med_confed, "false", "Profile cisco: MEDs of paths that never left the confederation are compared."),
    DX_PARAM_BOOL(DxBgpConf, compare_routerid, "false", "Who was there first does not count."),
    DX_PARAM_BOOL(DxBgpConf, as_path_ignore, "false", "The length of AS paths does not count."),
    DX_PARAM_BOOL(DxBgpConf, as_path_confed, "false", "Segments of confederations count in it."),
    DX_PARAM_BOOL(DxBgpConf, equal_cluster_length, "false", "Of internal paths the length of the cluster list comes early, and counts for multipath."),
    DX_PARAM_TIME(DxBgpConf, reaction_ps, "10 us", "1 us", "1 s", "From a message's arrival to what is done about it."),
    DX_PARAM_END,
};

static const DxParam dampening_params[] = {
    DX_PARAM_TIME(DxDampening, half_life_ps, "15 min", "1 s", "1 d", "In which a penalty halves."),
    DX_PARAM_TIME(DxDampening, max_suppress_ps, "60 min", "1 s", "30 d", "No route is out for longer."),
    DX_PARAM_F64(DxDampening, per_withdrawal, "1000", "0", "20000", "Penalty of a withdrawal."),
    DX_PARAM_F64(DxDampening, per_change, "500", "0", "20000", "Penalty of a change of attributes."),
    DX_PARAM_F64(DxDampening, suppress, "2000", "1", "1000000", "A route with this penalty is out."),
    DX_PARAM_F64(DxDampening, reuse, "750", "1", "1000000", "Below this it is back."),
    DX_PARAM_END,
};

/* A member whose name says more than its key. */
#define NAMED(type, member, name, fallback, min, max, help) { type, name, offsetof(DxBgpEnd, member), fallback, min, max, NULL, help }

static const DxParam session_params[] = {
    DX_PARAM_INT(DxBgpEnd, pcp, "6", "0", "7", "Priority of its frames (IEEE 802.1Q), BFD's too; routers mark them as network control, CS6."),
    DX_PARAM_INT(DxBgpEnd, weight, "0", "0", "65535", "Of routes received here."),
    DX_PARAM_INT(DxBgpEnd, prefix_limit, "0", "0", "10000000", "Of prefixes received here; who announces more loses the session. 0: none."),
    DX_PARAM_TIME(DxBgpEnd, prefix_restart_ps, "0 s", "0 s", "1 d", "prefix_limit: back after this long; 0 s: not by itself."),
    DX_PARAM_TIME(DxBgpEnd, mrai_ps, "0 s", "0 s", "600 s", "Least time between two advertisements."),
    DX_PARAM_BOOL(DxBgpEnd, next_hop_self, "false", "What is passed on goes by this end, within an AS too."),
    DX_PARAM_BOOL(DxBgpEnd, route_reflector_client, "false", "The other end is a client of this one (RFC 4456)."),
    DX_PARAM_BOOL(DxBgpEnd, soft_reconfiguration, "false", "What is received is kept as it came, before policy."),
    DX_PARAM_BOOL(DxBgpEnd, fast_fallover, "true", "The session ends when its line goes down, not when its timer does."),
    DX_PARAM_BOOL(DxBgpEnd, passive, "false", "Waits for the other end to connect."),
    DX_PARAM_GROUP("timers"),
    NAMED(DX_TYPE_TIME, keepalive_ps, "keepalive_ps", "30 s", "1 s", "21845 s", "Between two KEEPALIVEs, but at most a third of the hold time agreed on."),
    NAMED(DX_TYPE_TIME, hold_ps, "hold_ps", "90 s", "0 s", "65535 s", "Without a message for so long, the session ends; the lower of both ends counts. 0 s: never, and no KEEPALIVEs."),
    NAMED(DX_TYPE_TIME, connect_retry_ps, "connect_retry_ps", "120 s", "1 s", "65535 s", "From one attempt to connect to the next."),
    DX_PARAM_GROUP("bfd"),
    NAMED(DX_TYPE_BOOL, bfd_enabled, "enabled", "true", NULL, NULL, "false: no BFD, whatever a preset, defaults or `like` bring."),
    NAMED(DX_TYPE_TIME, bfd_interval_ps, "interval_ps", "300 ms", "1 ms", "60 s", "Between two packets (RFC 5880); the slower of both ends counts."),
    NAMED(DX_TYPE_INT, bfd_multiplier, "multiplier", "3", "1", "255", "Packets that may be missing before the other end says it is down."),
    DX_PARAM_GROUP("graceful_restart"),
    NAMED(DX_TYPE_TIME, restart_ps, "restart_ps", "120 s", "1 s", "4095 s", "To be back within (RFC 4724)."),
    NAMED(DX_TYPE_TIME, stale_ps, "stale_ps", "360 s", "1 s", "65535 s", "The other's routes are kept for so long meanwhile."),
    DX_PARAM_END,
};
/* clang-format on */

static bool wrong(GError **error, const char **key, const char *which, const char *why)
{
    *key = which;
    g_set_error_literal(error, DX_ERROR, DX_ERROR_RANGE, why);
    return false;
}

/* RFC 2439 4.2: else nothing is ever suppressed, or what was is back at once. */
static bool dampening_check(const void *conf, const char **key, GError **error)
{
    const DxDampening *dampening = conf;

    if (dampening->reuse >= dampening->suppress)
        return wrong(error, key, "reuse", "must be below \"suppress\": a route would be back at once");
    return true;
}

/* RFC 4271 4.2, RFC 5880 4.1: a message has room for whole seconds, a packet for whole microseconds. */
static bool session_check(const void *conf, const char **key, GError **error)
{
    const DxBgpEnd *end = conf;

    if (end->hold_ps == DX_S || end->hold_ps == 2 * DX_S)
        return wrong(error, key, "timers.hold",
                     "a hold time of 1 s or 2 s is refused (RFC 4271 4.2); at least 3 s, or 0 s for none");
    if (end->hold_ps % DX_S)
        return wrong(error, key, "timers.hold", "an OPEN has room for whole seconds");
    if (end->restart_ps % DX_S)
        return wrong(error, key, "graceful_restart.restart", "an OPEN has room for whole seconds");
    if (end->bfd_interval_ps % DX_US)
        return wrong(error, key, "bfd.interval", "a BFD packet has room for whole microseconds");
    return true;
}

static const DxModel session_part = {
    .name = "bgp.session",
    .summary = "One end of a BGP session",
    .conf_size = sizeof(DxBgpEnd),
    .params = session_params,
    .check = session_check,
};

static const DxModel dampening_part = {
    .name = "bgp.dampening",
    .summary = "Route flap dampening",
    .conf_size = sizeof(DxDampening),
    .params = dampening_params,
    .check = dampening_check,
};

const DxModel *const dx__bgp_parts[] = { &session_part, &dampening_part, NULL };

void dx__bgp_router_knobs(const DxBgpRouter *router, DxBgpKnobs *knobs)
{
    const DxBgpConf *conf = router->conf;

    dx__bgp_knobs_init(knobs);
    dx__bgp_profiles[conf->profile].apply(knobs);
    knobs->local_as = router->asn;
    knobs->confed_id = router->confed_id;
    knobs->router_id = router->router_id;
    knobs->cluster_id = router->cluster_id;
    knobs->default_local_pref = (uint32_t)conf->default_local_pref;
    knobs->maximum_paths = (uint32_t)conf->maximum_paths;
    if (conf->multipath != DX_BGP_MULTIPATH_SAME_AS)
        knobs->multipath = (DxBgpMultipath)conf->multipath;
    knobs->always_compare_med |= conf->always_compare_med;
    knobs->deterministic_med |= conf->deterministic_med;
    knobs->med_missing_as_worst |= conf->med_missing_as_worst;
    knobs->med_confed |= conf->med_confed;
    knobs->compare_routerid |= conf->compare_routerid;
    knobs->as_path_ignore |= conf->as_path_ignore;
    knobs->as_path_confed |= conf->as_path_confed;
    knobs->equal_cluster_length |= conf->equal_cluster_length;
}
