/*
 * bgp/speaker - a BGP router: its life, its time, what happens to it
 *
 * Every call goes: what was due by then, in order of time -> what is said -> UPDATEs that are due. At one
 * instant sessions act in their order.
 */
#include "bgp/conf.h"
#include "bgp/speaker-priv.h"

void dx__bgp_tuning_init(SpeakerTuning *tuning)
{
    *tuning = (SpeakerTuning){ .idle_hold_ps = DX_S, .defer_ps = 360 * DX_S, .prefix_warning = 80 };
}

/* -- time -------------------------------------------------------------------------------------------- */

static void flush_due(Speaker *speaker)
{
    for (unsigned i = 0; i < speaker->n_sessions; i++)
        if (speaker->sessions[i].flush_ps <= speaker->now_ps)
            dx__bgp_rib_out_flush(&speaker->sessions[i]);
}

static void end_call(Speaker *speaker)
{
    flush_due(speaker);
    speaker->next_ps = MIN(speaker->reuse_due_ps, speaker->defer_due_ps);
    for (unsigned i = 0; i < speaker->n_sessions; i++)
        speaker->next_ps = MIN(speaker->next_ps, dx__bgp_session_next(&speaker->sessions[i]));
}

static void step(Speaker *speaker)
{
    for (unsigned i = 0; i < speaker->n_sessions; i++)
        dx__bgp_session_run(&speaker->sessions[i]);
    if (speaker->reuse_due_ps <= speaker->now_ps)
        dx__bgp_reuse(speaker);
    if (speaker->defer_due_ps <= speaker->now_ps)
        dx__bgp_restart_defer(speaker);
    end_call(speaker);
}

void dx__bgp_speaker_run(Speaker *speaker, DxTime now_ps)
{
    while (speaker->next_ps <= now_ps) {
        speaker->now_ps = MAX(speaker->now_ps, speaker->next_ps);
        step(speaker);
    }
    speaker->now_ps = now_ps;
}

DxTime dx__bgp_speaker_next(const Speaker *speaker)
{
    return speaker->next_ps;
}

static Session *begin_call(Speaker *speaker, DxTime now_ps, unsigned session)
{
    g_assert(session < speaker->network->n_sessions && speaker->index_of[session] >= 0);
    dx__bgp_speaker_run(speaker, now_ps);
    return &speaker->sessions[speaker->index_of[session]];
}

/* -- what happens ------------------------------------------------------------------------------------ */

void dx__bgp_speaker_heard(Speaker *speaker, DxTime now_ps, unsigned session, SpeakerCarrier carrier,
                           const uint8_t *octets, size_t n)
{
    dx__bgp_session_heard(begin_call(speaker, now_ps, session), carrier, octets, n);
    dx__bgp_restart_defer(speaker);
    end_call(speaker);
}

static void stop_with(Session *session, uint8_t subcode, BgpEvent event, const char *reason)
{
    for (unsigned k = 0; k < 2; k++)
        session->conn[k].fault = (DxBgpFault){ .code = subcode ? DX_BGP_CEASE : 0, .subcode = subcode };
    dx__bgp_session_stop(session, event, reason);
}

void dx__bgp_speaker_line(Speaker *speaker, DxTime now_ps, unsigned number, bool is_up)
{
    Session *session = begin_call(speaker, now_ps, number);

    if (!session->conf->fast_fallover || session->is_line_down == !is_up)
        return;
    session->is_line_down = !is_up;
    if (is_up)
        dx__bgp_session_begin(session);
    else {
        stop_with(session, 0, BGP_AUTOMATIC_STOP, "Interface down");
        if (session->has_bfd)
            dx__bfd_path_down(&session->bfd, now_ps);
    }
    end_call(speaker);
}

void dx__bgp_speaker_shutdown(Speaker *speaker, DxTime now_ps, unsigned number)
{
    Session *session = begin_call(speaker, now_ps, number);

    session->is_shut = true;
    session->begin_due_ps = DX_TIME_NEVER;
    stop_with(session, DX_BGP_ADMINISTRATIVE_SHUTDOWN, BGP_MANUAL_STOP, "Admin. shutdown");
    if (session->has_bfd)
        dx__bfd_enable(&session->bfd, now_ps, false);
    dx__bgp_restart_defer(speaker);
    end_call(speaker);
}

void dx__bgp_speaker_enable(Speaker *speaker, DxTime now_ps, unsigned number)
{
    Session *session = begin_call(speaker, now_ps, number);

    session->is_shut = session->is_over_limit = false;
    session->begin_due_ps = DX_TIME_NEVER;
    dx__bgp_session_begin(session);
    end_call(speaker);
}

static void clear_hard(Session *session)
{
    session->begin_due_ps = DX_TIME_NEVER;
    if (session->is_over_limit) {
        session->is_over_limit = false;
        dx__bgp_session_begin(session);
    } else
        stop_with(session, DX_BGP_ADMINISTRATIVE_RESET, BGP_MANUAL_STOP, "User reset");
}

void dx__bgp_speaker_clear(Speaker *speaker, DxTime now_ps, unsigned number, SpeakerClear how)
{
    Session *session = begin_call(speaker, now_ps, number);

    switch (how) {
    case SPEAKER_HARD:
        clear_hard(session);
        break;
    case SPEAKER_SOFT_IN:
        dx__bgp_rib_in_again(session);
        break;
    case SPEAKER_SOFT_OUT:
        dx__bgp_rib_out_all(session, false);
        break;
    }
    end_call(speaker);
}

void dx__bgp_speaker_set_policy(Speaker *speaker, unsigned session, const DxRouteMap *in,
                                const DxRouteMap *out)
{
    Session *s = &speaker->sessions[speaker->index_of[session]];

    s->in = in;
    s->out = out;
    s->is_cached = false;
    s->map_sees_prefix = dx__bgp_map_sees_prefix(out);
}

void dx__bgp_speaker_restart(Speaker *speaker, DxTime now_ps)
{
    dx__bgp_speaker_run(speaker, now_ps);
    speaker->is_restarting = true;
    speaker->defer_due_ps = now_ps + speaker->tuning.defer_ps;
    for (unsigned i = 0; i < speaker->n_sessions; i++)
        dx__bgp_session_vanish(&speaker->sessions[i]);
    for (unsigned i = 0; i < speaker->n_sessions; i++)
        dx__bgp_session_begin(&speaker->sessions[i]);
    end_call(speaker);
}

void dx__bgp_speaker_announce(Speaker *speaker, DxTime now_ps, const DxPrefix *prefix, const DxRouteMap *map)
{
    dx__bgp_speaker_run(speaker, now_ps);
    dx__bgp_own_announce(speaker, prefix, map);
    end_call(speaker);
}

void dx__bgp_speaker_withdraw(Speaker *speaker, DxTime now_ps, const DxPrefix *prefix)
{
    dx__bgp_speaker_run(speaker, now_ps);
    dx__bgp_own_withdraw(speaker, prefix);
    end_call(speaker);
}

static void touch_moved(void *user, Net *net)
{
    for (const Path *path = net->paths; path; path = path->next)
        if (path->attrs && path->attrs->way && path->attrs->way->has_moved)
            dx__bgp_touch(user, net);
}

void dx__bgp_speaker_igp_changed(Speaker *speaker, DxTime now_ps)
{
    dx__bgp_speaker_run(speaker, now_ps);
    if (dx__attrs_table_measure(&speaker->attrs))
        dx__bgp_each_net(speaker, touch_moved, speaker);
    dx__bgp_decide_dirty(speaker);
    end_call(speaker);
}

/* -- what there is ----------------------------------------------------------------------------------- */

static void add_tcp(TransportCounters *sum, const TransportCounters *one)
{
    sum->tx_segments += one->tx_segments;
    sum->rx_segments += one->rx_segments;
    sum->tx_bytes += one->tx_bytes;
    sum->rx_bytes += one->rx_bytes;
    sum->retransmitted += one->retransmitted;
    sum->fast_retransmits += one->fast_retransmits;
    sum->timeouts += one->timeouts;
    sum->duplicate_acks += one->duplicate_acks;
    sum->out_of_order += one->out_of_order;
    sum->dropped_malformed += one->dropped_malformed;
    sum->dropped_md5 += one->dropped_md5;
}

void dx__bgp_speaker_report(const Speaker *speaker, unsigned number, SpeakerReport *report)
{
    const Session *session = &speaker->sessions[speaker->index_of[number]];

    *report = session->report;
    report->state = MAX(session->conn[0].state, session->conn[1].state);
    report->bfd = session->has_bfd ? session->bfd.state : DX_BFD_ADMIN_DOWN;
    report->is_shut = session->is_shut;
    report->is_over_limit = session->is_over_limit;
    report->hold_ps = session->up ? session->up->hold_ps : 0;
    report->keepalive_ps = session->up ? session->up->keepalive_ps : 0;
    report->router_id = session->router_id;
    report->received = session->n_received;
    report->accepted = session->n_accepted;
    report->advertised = session->n_advertised;
    report->last_reason = *session->last_reason ? session->last_reason : NULL;
    report->bfd_tx = session->has_bfd ? session->bfd.tx_packets : 0;
    report->bfd_rx = session->has_bfd ? session->bfd.rx_packets : 0;
    for (unsigned k = 0; k < 2; k++)
        add_tcp(&report->tcp, &session->conn[k].tcp.counters);
}

unsigned dx__bgp_speaker_n_routes(const Speaker *speaker)
{
    return speaker->n_routes;
}

uint64_t dx__bgp_speaker_n_changes(const Speaker *speaker)
{
    return speaker->n_changes;
}

const DxBgpKnobs *dx__bgp_speaker_knobs(const Speaker *speaker)
{
    return &speaker->knobs;
}

/* -- life -------------------------------------------------------------------------------------------- */

static bool ask_metric(void *user, const DxIp *ip, uint32_t *metric)
{
    const Speaker *speaker = user;

    return !speaker->watch || !speaker->watch->metric || speaker->watch->metric(speaker->user, ip, metric);
}

static void set_up_room(Speaker *speaker)
{
    const gsize n_sessions = speaker->n_sessions, n_paths = n_sessions + 1;

    speaker->dirty = g_ptr_array_new();
    speaker->damped = g_array_new(FALSE, FALSE, sizeof(Damped));
    speaker->announcements = g_array_new(FALSE, FALSE, sizeof(Announcement));
    speaker->prefixes = g_array_new(FALSE, FALSE, sizeof(DxPrefix));
    speaker->groups = g_array_new(FALSE, FALSE, sizeof(Group));
    speaker->path = g_new(DxBgpPath, n_paths);
    speaker->path_of = g_new(Path *, n_paths);
    speaker->fate = g_new(DxBgpFate, n_paths);
    speaker->is_used = g_new(bool, n_paths);
    dx__bgp_update_init(&speaker->update);
    dx__draft_init(&speaker->draft);
    dx__draft_init(&speaker->export_draft);
    dx__trie_init(&speaker->nets, sizeof(Net) + n_sessions * (sizeof(DxAttrs *) + sizeof(uint8_t)));
    dx__attrs_table_init(&speaker->attrs);
    speaker->attrs.metric = ask_metric;
    speaker->attrs.user = speaker;
}

/* In order of the network. */
static void set_up_sessions(Speaker *speaker, uint32_t router)
{
    const DxBgpNetwork *network = speaker->network;
    unsigned n = 0;

    for (unsigned i = 0; i < network->n_sessions; i++)
        for (unsigned end = 0; end < 2; end++)
            n += network->sessions[i].router[end] == router;
    g_assert(n <= DX_BGP_SESSIONS_MAX);
    speaker->n_sessions = n;
    speaker->sessions = g_new0(Session, MAX(n, 1));
    speaker->index_of = g_new(int, MAX(network->n_sessions, 1));
    n = 0;
    for (unsigned i = 0; i < network->n_sessions; i++) {
        speaker->index_of[i] = -1;
        for (unsigned end = 0; end < 2; end++)
            if (network->sessions[i].router[end] == router) {
                speaker->index_of[i] = (int)n;
                dx__bgp_session_new(speaker, &speaker->sessions[n++], i, end);
            }
    }
}

Speaker *dx__bgp_speaker_new(const DxBgpNetwork *network, uint32_t router, const SpeakerTuning *tuning,
                             const SpeakerWatch *watch, void *user)
{
    Speaker *speaker = g_new0(Speaker, 1);

    speaker->network = network;
    speaker->router = &network->routers[router];
    speaker->tuning = *tuning;
    speaker->watch = watch;
    speaker->user = user;
    speaker->is_quiet = true;
    speaker->next_ps = speaker->reuse_due_ps = speaker->defer_due_ps = DX_TIME_NEVER;
    dx__bgp_router_knobs(speaker->router, &speaker->knobs);
    set_up_sessions(speaker, router);
    set_up_room(speaker);
    for (unsigned i = 0; i < speaker->router->n_networks; i++)
        dx__bgp_own_announce(speaker, &speaker->router->networks[i], NULL);
    return speaker;
}

void dx__bgp_speaker_free(Speaker *speaker)
{
    if (!speaker)
        return;
    for (unsigned i = 0; i < speaker->n_sessions; i++) {
        dx__bgp_rib_out_forget(&speaker->sessions[i]);
        dx__bgp_session_free(&speaker->sessions[i]);
    }
    dx__bgp_rib_clear(speaker);
    dx__attrs_table_clear(&speaker->attrs);
    dx__draft_clear(&speaker->draft);
    dx__draft_clear(&speaker->export_draft);
    dx__bgp_update_clear(&speaker->update);
    g_ptr_array_unref(speaker->dirty);
    g_array_unref(speaker->damped);
    g_array_unref(speaker->announcements);
    g_array_unref(speaker->prefixes);
    g_array_unref(speaker->groups);
    g_free(speaker->path);
    g_free(speaker->path_of);
    g_free(speaker->fate);
    g_free(speaker->is_used);
    g_free(speaker->index_of);
    g_free(speaker->sessions);
    g_free(speaker);
}

void dx__bgp_speaker_watch(Speaker *speaker, const SpeakerWatch *watch, void *user)
{
    speaker->watch = watch;
    speaker->user = user;
}

/* They have converged, and it is time 0. */
void dx__bgp_speaker_live(Speaker *speaker)
{
    speaker->is_quiet = false;
    speaker->n_changes = 0;
    end_call(speaker);
}

void dx__bgp_speaker_start(Speaker *speaker, DxTime now_ps)
{
    speaker->now_ps = now_ps;
    speaker->is_quiet = false;
    for (unsigned i = 0; i < speaker->n_sessions; i++) {
        speaker->sessions[i].is_started = true;
        dx__bgp_session_begin(&speaker->sessions[i]);
    }
    end_call(speaker);
}
