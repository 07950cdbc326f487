/*
 * net.h - BGP routers joined by pipes: octets arrive after a delay, unless a test cuts the way
 *
 * Real TCP, BFD and messages. What arrives at one instant arrives in the order in which it was sent; what is
 * due then is done before. Everything that is logged is kept, and printed too with NET_TRACE in the
 * environment.
 */
#ifndef DX_TEST_BGP_NET_H
#define DX_TEST_BGP_NET_H

#include <glib.h>
#include <string.h>
#include <dxsim/rng.h>
#include "../../suite.h"
#include "bgp/speaker.h"

#define NET_ROUTERS_MAX  64
#define NET_SESSIONS_MAX 256

typedef struct {
    DxTime t_ps;
    uint64_t seq;
    unsigned session, to; /* end */
    SpeakerCarrier carrier;
    GByteArray *octets;
} Frame;

typedef struct {
    DxTime t_ps;
    unsigned router, session;
    SpeakerEvent event;
    char *text;
} Line;

typedef struct TestNet TestNet;

typedef struct {
    TestNet *net;
    unsigned router;
} Place;

struct TestNet {
    DxBgpNetwork network;
    DxBgpConf conf;
    DxBgpRouter routers[NET_ROUTERS_MAX];
    DxBgpSession sessions[NET_SESSIONS_MAX];
    SpeakerTuning tuning[NET_ROUTERS_MAX];
    Speaker *speaker[NET_ROUTERS_MAX];
    Place place[NET_ROUTERS_MAX];
    GPtrArray *strings;
    GArray *frames; /* Frame, in order of time */
    GArray *lines;  /* Line */
    uint64_t seq;
    DxTime now_ps;
    DxTime delay_ps[NET_SESSIONS_MAX];
    bool is_cut[NET_SESSIONS_MAX][2]; /* towards that end */
    double loss;                      /* of every frame */
    DxRng rng;
    bool (*metric)(TestNet *net, unsigned router, const DxIp *next_hop, uint32_t *metric);
    uint32_t metric_of[NET_ROUTERS_MAX]; /* for a test's own use */
    unsigned n_changed[NET_ROUTERS_MAX];
    /* BGP messages as they pass, by session and direction (the end they go to), as octets of segments. */
    void (*tap)(TestNet *net, const Frame *frame);
};

static inline DxIp net_ip(const char *text)
{
    DxIp ip;

    ck_assert(dx_ip_parse(text, &ip));
    return ip;
}

static inline DxPrefix net_prefix(const char *text)
{
    DxPrefix prefix;

    ck_assert_int_eq(dx_prefix_parse(text, &prefix), DX_PREFIX_OK);
    return prefix;
}

static inline const char *net_text(TestNet *net, char *text)
{
    g_ptr_array_add(net->strings, text);
    return text;
}

static inline TestNet *net_new(void)
{
    TestNet *net = g_new0(TestNet, 1);

    net->conf = (DxBgpConf){ .maximum_paths = 4, .default_local_pref = 100, .deterministic_med = true };
    net->strings = g_ptr_array_new_with_free_func(g_free);
    net->frames = g_array_new(FALSE, FALSE, sizeof(Frame));
    net->lines = g_array_new(FALSE, FALSE, sizeof(Line));
    net->network.routers = net->routers;
    net->network.sessions = net->sessions;
    dx_rng_init(&net->rng, 1, 0, "net", "loss");
    return net;
}

static inline unsigned net_router(TestNet *net, uint32_t asn)
{
    const unsigned i = net->network.n_routers++;

    ck_assert_uint_lt(i, NET_ROUTERS_MAX);
    net->routers[i] = (DxBgpRouter){ .name = net_text(net, g_strdup_printf("r%u", i)),
                                     .asn = asn,
                                     .router_id = 0x0aff0000 + i + 1,
                                     .cluster_id = 0x0aff0000 + i + 1,
                                     .conf = &net->conf };
    dx__bgp_tuning_init(&net->tuning[i]);
    net->tuning[i].seed = 1;
    return i;
}

/* Of the kind that their ASes make it; 1 ms of delay each way. */
static inline unsigned net_session(TestNet *net, unsigned a, unsigned b)
{
    const unsigned i = net->network.n_sessions++;
    const DxBgpEnd end = { .keepalive_ps = 10 * DX_S,
                           .hold_ps = 30 * DX_S,
                           .connect_retry_ps = 5 * DX_S,
                           .bfd_interval_ps = 300 * DX_MS,
                           .bfd_multiplier = 3,
                           .restart_ps = 120 * DX_S,
                           .stale_ps = 360 * DX_S,
                           .fast_fallover = true };

    ck_assert_uint_lt(i, NET_SESSIONS_MAX);
    net->sessions[i] = (DxBgpSession){
        .name = net_text(net, g_strdup_printf("s%u", i)),
        .type = net->routers[a].asn == net->routers[b].asn ? DX_BGP_SESSION_IBGP : DX_BGP_SESSION_EBGP,
        .router = { a, b },
        .address = { { 32, { 169, 254, (uint8_t)i, 1 } }, { 32, { 169, 254, (uint8_t)i, 2 } } },
        .subnet = 30,
        .end = { end, end },
        .tcp = { { 0, 49152, 179 }, { 0, 179, 49152 } },
        .bfd = { { 0, 49152, 3784 }, { 0, 49152, 3784 } }
    };
    net->delay_ps[i] = DX_MS;
    return i;
}

/* -- what speakers say -------------------------------------------------------------------------------- */

static inline void net_send(void *user, unsigned session, SpeakerCarrier carrier, const uint8_t *octets,
                            size_t n)
{
    const Place *place = user;
    TestNet *net = place->net;
    const unsigned to = net->sessions[session].router[0] == place->router;
    Frame frame = { net->now_ps + net->delay_ps[session], net->seq++, session, to, carrier, NULL };
    guint at = net->frames->len;

    if (net->is_cut[session][to] || (net->loss > 0 && dx_rng_unit(&net->rng) <= net->loss))
        return;
    frame.octets = g_byte_array_new();
    g_byte_array_append(frame.octets, octets, (guint)n);
    if (net->tap)
        net->tap(net, &frame);
    while (at > 0 && g_array_index(net->frames, Frame, at - 1).t_ps > frame.t_ps)
        at--;
    g_array_insert_val(net->frames, at, frame);
}

static inline void net_log(void *user, unsigned session, SpeakerEvent event, const char *text)
{
    const Place *place = user;
    const Line line = { place->net->now_ps, place->router, session, event, g_strdup(text) };

    g_array_append_val(place->net->lines, line);
    if (g_getenv("NET_TRACE"))
        g_printerr("%.6f s: router %u, session %u: %s\n", (double)line.t_ps / (double)DX_S, place->router,
                   session, text);
}

static inline void net_changed(void *user, const DxPrefix *prefix)
{
    const Place *place = user;

    char text[DX_PREFIX_TEXT];

    place->net->n_changed[place->router]++;
    if (g_getenv("NET_TRACE"))
        g_printerr("%.6f s: router %u: way to %s\n", (double)place->net->now_ps / (double)DX_S, place->router,
                   dx_prefix_text(prefix, text));
}

static inline bool net_metric(void *user, const DxIp *next_hop, uint32_t *metric)
{
    const Place *place = user;

    return !place->net->metric || place->net->metric(place->net, place->router, next_hop, metric);
}

static const SpeakerWatch net_watch = { net_send, net_log, net_changed, net_metric };

/* -- life --------------------------------------------------------------------------------------------- */

static inline void net_make(TestNet *net)
{
    for (unsigned i = 0; i < net->network.n_routers; i++) {
        net->place[i] = (Place){ net, i };
        net->speaker[i] = dx__bgp_speaker_new(&net->network, i, &net->tuning[i], &net_watch, &net->place[i]);
    }
}

static inline void net_start_cold(TestNet *net)
{
    net_make(net);
    for (unsigned i = 0; i < net->network.n_routers; i++)
        dx__bgp_speaker_start(net->speaker[i], 0);
}

static inline void net_start(TestNet *net)
{
    bool is_settled;

    net_make(net);
    dx__bgp_converge(net->speaker, NULL, &is_settled);
    ck_assert(is_settled);
}

static inline void net_free(TestNet *net)
{
    for (unsigned i = 0; i < net->network.n_routers; i++)
        dx__bgp_speaker_free(net->speaker[i]);
    for (guint i = 0; i < net->frames->len; i++)
        g_byte_array_unref(g_array_index(net->frames, Frame, i).octets);
    for (guint i = 0; i < net->lines->len; i++)
        g_free(g_array_index(net->lines, Line, i).text);
    g_array_unref(net->frames);
    g_array_unref(net->lines);
    g_ptr_array_unref(net->strings);
    g_free(net);
}

static inline void net_deliver(TestNet *net)
{
    const Frame frame = g_array_index(net->frames, Frame, 0);
    const unsigned router = net->sessions[frame.session].router[frame.to];

    g_array_remove_index(net->frames, 0);
    if (!net->is_cut[frame.session][frame.to])
        dx__bgp_speaker_heard(net->speaker[router], net->now_ps, frame.session, frame.carrier,
                              frame.octets->data, frame.octets->len);
    g_byte_array_unref(frame.octets);
}

static inline void net_run(TestNet *net, DxTime until_ps)
{
    for (;;) {
        DxTime next_ps = net->frames->len ? g_array_index(net->frames, Frame, 0).t_ps : DX_TIME_NEVER;
        unsigned router = NET_ROUTERS_MAX;

        for (unsigned i = 0; i < net->network.n_routers; i++)
            if (dx__bgp_speaker_next(net->speaker[i]) <= next_ps) {
                if (dx__bgp_speaker_next(net->speaker[i]) == next_ps && router < NET_ROUTERS_MAX)
                    continue;
                router = i;
                next_ps = dx__bgp_speaker_next(net->speaker[i]);
            }
        if (next_ps > until_ps)
            break;
        ck_assert_int_ge(next_ps, net->now_ps);
        net->now_ps = next_ps;
        if (router < NET_ROUTERS_MAX)
            dx__bgp_speaker_run(net->speaker[router], next_ps);
        else
            net_deliver(net);
    }
    net->now_ps = until_ps;
}

/* Both ways. */
static inline void net_cut(TestNet *net, unsigned session, bool is_cut)
{
    net->is_cut[session][0] = net->is_cut[session][1] = is_cut;
}

/* -- what to look at ------------------------------------------------------------------------------------ */

static inline SpeakerReport net_report(const TestNet *net, unsigned router, unsigned session)
{
    SpeakerReport report;

    dx__bgp_speaker_report(net->speaker[router], session, &report);
    return report;
}

static inline SpeakerState net_state(const TestNet *net, unsigned router, unsigned session)
{
    return net_report(net, router, session).state;
}

/* The first line from @from on of that kind; NULL: none. */
static inline const Line *net_line(const TestNet *net, DxTime from_ps, unsigned router, SpeakerEvent event)
{
    for (guint i = 0; i < net->lines->len; i++) {
        const Line *line = &g_array_index(net->lines, Line, i);

        if (line->t_ps >= from_ps && line->router == router && line->event == event)
            return line;
    }
    return NULL;
}

/* Where @router sends what goes to @prefix: session, DX_BGP_NONE for its own, -2: nowhere. */
static inline int net_way(const TestNet *net, unsigned router, const char *prefix)
{
    const DxPrefix p = net_prefix(prefix);
    SpeakerHop hops[DX_BGP_PATHS_MAX];
    unsigned n = DX_BGP_PATHS_MAX;

    return dx__bgp_speaker_route(net->speaker[router], &p, hops, &n) ? hops[0].session : -2;
}

static inline bool net_best(const TestNet *net, unsigned router, const char *prefix, DxBgpPath *best)
{
    const DxPrefix p = net_prefix(prefix);
    DxBgpPath paths[DX_BGP_PATHS_MAX];
    int incumbent;

    dx__bgp_speaker_paths(net->speaker[router], &p, paths, NULL, &incumbent);
    if (incumbent >= 0)
        *best = paths[incumbent];
    return incumbent >= 0;
}

static inline void net_announce(TestNet *net, unsigned router, const char *prefix)
{
    const DxPrefix p = net_prefix(prefix);

    dx__bgp_speaker_announce(net->speaker[router], net->now_ps, &p, NULL);
}

static inline void net_withdraw(TestNet *net, unsigned router, const char *prefix)
{
    const DxPrefix p = net_prefix(prefix);

    dx__bgp_speaker_withdraw(net->speaker[router], net->now_ps, &p);
}

#endif
