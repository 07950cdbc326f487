/*
 * converge - how long a network of BGP routers takes to agree
 *
 *   converge ROUTERS PREFIXES [mesh|reflected]
 *
 *   mesh       every router is an AS of its own, in a ring with a chord each: three sessions a router
 *   reflected  one AS: two route reflectors, everybody else is a client of both
 *
 * Every router announces its share of the prefixes. Reports seconds of the process's time from nothing to the
 * last UPDATE, how many UPDATEs there were, changes of best paths, and the memory that the process came to.
 */
#include "bgp/speaker.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

static const DxBgpConf conf = { .maximum_paths = 4, .default_local_pref = 100, .deterministic_med = true };

static DxIp ip(uint32_t address)
{
    return (DxIp){ .bits = 32,
                   .bytes = { (uint8_t)(address >> 24), (uint8_t)(address >> 16), (uint8_t)(address >> 8),
                              (uint8_t)address } };
}

static void make_routers(DxBgpRouter *routers, unsigned n, unsigned n_prefixes, bool is_one_as)
{
    for (unsigned i = 0; i < n; i++) {
        const unsigned from = (unsigned)((uint64_t)n_prefixes * i / n);
        const unsigned to = (unsigned)((uint64_t)n_prefixes * (i + 1) / n);
        DxPrefix *networks = g_new0(DxPrefix, to - from + 1);

        for (unsigned k = from; k < to; k++)
            networks[k - from] = (DxPrefix){ ip(0x0a000000 + (k << 8)), 24 };
        routers[i] = (DxBgpRouter){ .name = g_strdup_printf("r%u", i),
                                    .asn = is_one_as ? 65000 : 4200000000u + i,
                                    .router_id = 0x01000001 + i,
                                    .cluster_id = 0x01000001 + i,
                                    .networks = networks,
                                    .n_networks = to - from,
                                    .conf = &conf };
    }
}

static void join(DxBgpSession *session, unsigned number, unsigned a, unsigned b, bool is_internal)
{
    const DxBgpEnd end = { .keepalive_ps = 30 * DX_S, .hold_ps = 90 * DX_S, .connect_retry_ps = 120 * DX_S };

    *session =
        (DxBgpSession){ .name = g_strdup_printf("s%u", number),
                        .type = is_internal ? DX_BGP_SESSION_IBGP : DX_BGP_SESSION_EBGP,
                        .router = { a, b },
                        .address = { ip(0xac100000 + 4 * number + 1), ip(0xac100000 + 4 * number + 2) },
                        .subnet = 30,
                        .end = { end, end },
                        .tcp = { { 0, 49152, 179 }, { 0, 179, 49152 } } };
    session->end[0].route_reflector_client = is_internal && a < 2 && b >= 2;
}

static unsigned make_mesh(DxBgpSession *sessions, unsigned n)
{
    unsigned n_sessions = 0;

    for (unsigned i = 0; i < n; i++)
        join(&sessions[n_sessions], n_sessions, i, (i + 1) % n, false), n_sessions++;
    for (unsigned i = 0; i < n / 2; i++)
        join(&sessions[n_sessions], n_sessions, i, i + n / 2, false), n_sessions++;
    return n_sessions;
}

static unsigned make_reflected(DxBgpSession *sessions, unsigned n)
{
    unsigned n_sessions = 0;

    join(&sessions[n_sessions], n_sessions, 0, 1, true), n_sessions++;
    for (unsigned i = 2; i < n; i++)
        for (unsigned k = 0; k < 2; k++)
            join(&sessions[n_sessions], n_sessions, k, i, true), n_sessions++;
    return n_sessions;
}

static double seconds(void)
{
    struct timespec now;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

int main(int argc, char **argv)
{
    const unsigned n = argc > 1 ? (unsigned)atoi(argv[1]) : 200;
    const unsigned n_prefixes = argc > 2 ? (unsigned)atoi(argv[2]) : 10000;
    const bool is_one_as = argc > 3 && !strcmp(argv[3], "reflected");
    DxBgpRouter *routers = g_new0(DxBgpRouter, n);
    DxBgpSession *sessions = g_new0(DxBgpSession, 2 * n);
    DxBgpNetwork network = { .routers = routers, .sessions = sessions, .n_routers = n };
    Speaker **speakers = g_new0(Speaker *, n);
    uint64_t n_updates, n_routes = 0;
    SpeakerTuning tuning;
    struct rusage usage;
    bool is_settled;
    double from, to;

    if (n < 4 || n > 20000 || n_prefixes < 1 || n_prefixes > 65536) {
        fputs("usage: converge ROUTERS PREFIXES [mesh|reflected]\n", stderr);
        return 2;
    }
    make_routers(routers, n, n_prefixes, is_one_as);
    network.n_sessions = is_one_as ? make_reflected(sessions, n) : make_mesh(sessions, n);
    dx__bgp_tuning_init(&tuning);
    from = seconds();
    for (unsigned i = 0; i < n; i++)
        speakers[i] = dx__bgp_speaker_new(&network, i, &tuning, NULL, NULL);
    n_updates = dx__bgp_converge(speakers, NULL, &is_settled);
    to = seconds();
    for (unsigned i = 0; i < n; i++)
        n_routes += dx__bgp_speaker_n_routes(speakers[i]);
    getrusage(RUSAGE_SELF, &usage);
    printf("%u routers, %u sessions, %u prefixes: %s in %.2f s, %" G_GUINT64_FORMAT
           " UPDATEs, %" G_GUINT64_FORMAT " routes in use, %.0f MiB\n",
           n, network.n_sessions, n_prefixes, is_settled ? "settled" : "NOT settled", to - from, n_updates,
           n_routes, (double)usage.ru_maxrss / 1024);
    return !is_settled || n_routes != (uint64_t)n * n_prefixes;
}
