/*
 * bgp/account - what a router's agent says in the log, and what it counts
 */
#include <dxsim/sim.h>
#include "bgp/node.h"

#define LINES_MAX 100 /* of one change each in the log, at one time and router; then how many more */

/* -- sessions ------------------------------------------------------------------------------------------ */

/* Times up to now, of what has not changed since the last time. */
static void count_times(DxNode *node, DxTime now_ps)
{
    BgpState *state = dx_node_state(node);

    for (unsigned i = 0; i < state->view->n_own; i++)
        if (!state->own[i].is_up)
            state->own[i].counts->down_ps += (uint64_t)(now_ps - state->counted_ps);
    state->counted_ps = now_ps;
}

/* A session that its line's failure has ended: how long that took. */
static void note_state(DxNode *node, uint32_t session, SpeakerEvent event)
{
    const DxTime now_ps = dx_node_now(node);
    BgpOwn *own = dx__bgp_node_own(dx_node_state(node), session);
    DxBgpSessionCounts *counts = own->counts;

    count_times(node, now_ps);
    own->is_up = event == SPEAKER_UP;
    if (event == SPEAKER_UP) {
        counts->establishings++;
        counts->established_ps = (uint64_t)now_ps;
        return;
    }
    counts->down_at_ps = (uint64_t)now_ps;
    if (own->failed_ps == DX_TIME_NEVER)
        return;
    counts->detections++;
    counts->detection_ps = MAX(counts->detection_ps, (uint64_t)(now_ps - own->failed_ps));
    own->failed_ps = DX_TIME_NEVER;
}

void dx__bgp_node_log(void *user, unsigned session, SpeakerEvent event, const char *text)
{
    static const struct {
        const char *event, *mnemonic;
    } lines[SPEAKER_N_EVENTS] = {
        [SPEAKER_UP] = { "bgp_up", "%BGP-5-ADJCHANGE: " },
        [SPEAKER_DOWN] = { "bgp_down", "%BGP-5-ADJCHANGE: " },
        [SPEAKER_STATE] = { "bgp_state", "" },
        [SPEAKER_SENT] = { "bgp_sent", "%BGP-3-NOTIFICATION: " },
        [SPEAKER_RECEIVED] = { "bgp_received", "%BGP-3-NOTIFICATION: " },
        [SPEAKER_REFUSED] = { "bgp_refused", "" },
        [SPEAKER_BFD_STATE] = { "bfd_state", "" },
        [SPEAKER_PREFIXES] = { "bgp_prefixes", "%BGP-4-MAXPFX: " },
        [SPEAKER_FLAP] = { "bgp_flap", "" },
        [SPEAKER_DAMPENED] = { "bgp_dampened", "" },
        [SPEAKER_REUSED] = { "bgp_reused", "" },
        [SPEAKER_STALE] = { "bgp_stale", "" },
        [SPEAKER_MD5] = { "bgp_md5", "%TCP-6-BADAUTH: " },
    };
    DxNode *node = user;
    const DxBgpConf *conf = dx_node_conf(node);
    const BgpState *state = dx_node_state(node);
    g_autofree char *detail = g_strconcat(lines[event].mnemonic, text, NULL);

    if (event == SPEAKER_UP || event == SPEAKER_DOWN)
        note_state(node, session, event);
    dx_sim_log(dx_node_sim(node), conf->place->names[session][dx__bgp_view_end(state->view, session)],
               lines[event].event, detail);
}

/* -- ways ---------------------------------------------------------------------------------------------- */

/* "10.1.0.0/16 via 169.254.100.2, 169.254.101.2" */
static void log_way(DxNode *node, const DxPrefix *prefix)
{
    const BgpState *state = dx_node_state(node);
    SpeakerHop hops[DX_BGP_PATHS_MAX];
    unsigned n = DX_BGP_PATHS_MAX;
    char text[DX_PREFIX_TEXT];
    GString *line = g_string_new(dx_prefix_text(prefix, text));

    if (!dx__bgp_speaker_route(state->speaker, prefix, hops, &n))
        g_string_append(line, ": no way");
    else if (hops[0].session == DX_BGP_NONE)
        g_string_append(line, " is its own");
    else
        for (unsigned i = 0; i < n; i++)
            g_string_append_printf(line, "%s %s", i ? "," : " via", dx_ip_text(&hops[i].next_hop, text));
    dx_sim_log(dx_node_sim(node), state->shared->network->routers[state->view->router].name, "bgp_route",
               line->str);
    g_string_free(line, TRUE);
}

/* Of many at one time the first ones, and how many there are. */
static void log_ways(DxNode *node)
{
    BgpState *state = dx_node_state(node);
    const DxTime now_ps = dx_node_now(node);
    guint n = 0;

    if (state->logged_ps != now_ps)
        state->n_logged = 0;
    state->logged_ps = now_ps;
    for (; n < state->changed->len && state->n_logged < LINES_MAX; n++, state->n_logged++)
        log_way(node, &g_array_index(state->changed, DxPrefix, n));
    if (n < state->changed->len) {
        g_autofree char *more = g_strdup_printf("%u prefixes more", state->changed->len - n);

        dx_sim_log(dx_node_sim(node), state->shared->network->routers[state->view->router].name, "bgp_route",
                   more);
    }
}

static void count_changes(DxNode *node)
{
    const DxBgpConf *conf = dx_node_conf(node);
    const BgpState *state = dx_node_state(node);
    DxBgpRouterCounts *counts = conf->place->router;
    const DxTime now_ps = dx_node_now(node);

    counts->changes += state->changed->len;
    counts->changed_ps = (uint64_t)now_ps;
    counts->convergence_ps = MAX(counts->convergence_ps, (uint64_t)(now_ps - *conf->place->happened_ps));
}

void dx__bgp_node_changed(DxNode *node)
{
    count_changes(node);
    log_ways(node);
}

/* -- counters ------------------------------------------------------------------------------------------ */

static_assert((int)SPEAKER_ESTABLISHED == DX_BGP_ESTABLISHED, "what is counted is a state of the speaker");

static void count_session(const BgpState *state, uint32_t session, DxBgpSessionCounts *counts)
{
    SpeakerReport report;

    dx__bgp_speaker_report(state->speaker, session, &report);
    counts->state = report.state;
    counts->flaps = report.flaps;
    counts->tx_messages = report.tx_messages;
    counts->rx_messages = report.rx_messages;
    counts->tx_updates = report.tx_updates;
    counts->rx_updates = report.rx_updates;
    counts->received = report.received;
    counts->accepted = report.accepted;
    counts->advertised = report.advertised;
    counts->error_code = report.last_code;
    counts->error_subcode = report.last_subcode;
    counts->retransmissions = report.tcp.retransmitted;
    counts->bfd_state = report.bfd;
}

void dx__bgp_node_observe(DxNode *node, DxTime now_ps)
{
    const DxBgpConf *conf = dx_node_conf(node);
    BgpState *state = dx_node_state(node);

    count_times(node, now_ps);
    for (unsigned i = 0; i < state->view->n_own; i++)
        count_session(state, state->view->own[i], state->own[i].counts);
    conf->place->router->routes = dx__bgp_speaker_n_routes(state->speaker);
}
