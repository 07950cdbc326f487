/*
 * decide - decisions of BGP a second: a million over four paths that tie for long
 *
 *   decide [DECISIONS]
 *
 * Without deterministic-med, so that the paths are also compared one after another. Prints one JSON line; ns
 * are CPU time, one decision each.
 */
#include "bgp/bgp.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { PATHS = 4 };

static void run(const char *what, const DxBgpKnobs *knobs, DxBgpPath *paths, unsigned n)
{
    DxBgpFate fates[PATHS];
    const clock_t begin = clock();
    unsigned sum = 0;

    for (unsigned i = 0; i < n; i++) {
        paths[i % PATHS].router_id = i * 2654435761u; /* another winner every time */
        sum += (unsigned)dx__bgp_decide(knobs, paths, PATHS, DX_BGP_NONE, fates).best;
    }
    printf("{ \"case\": \"bgp-decide-%s\", \"decisions\": %u, \"paths\": %d, \"ns\": %.1f, \"sum\": %u }\n",
           what, n, PATHS, (double)(clock() - begin) * 1e9 / CLOCKS_PER_SEC / n, sum);
}

int main(int argc, char **argv)
{
    const unsigned n = argc > 1 ? (unsigned)strtoul(argv[1], NULL, 10) : 1000000;
    const DxAsSegment segment = { DX_AS_SEQUENCE, 2 };
    const uint32_t asns[2][2] = { { 64500, 64501 }, { 64502, 64501 } };
    DxBgpPath paths[PATHS];
    DxBgpKnobs knobs;

    dx__bgp_knobs_init(&knobs);
    knobs.local_as = 65000;
    for (unsigned i = 0; i < PATHS; i++) {
        paths[i] =
            (DxBgpPath){ .next_hop_reachable = true, .received = i, .as_path = { &segment, asns[0], 1 } };
        paths[i].neighbor_ip = (DxIp){ 32, { 10, 0, 0, (uint8_t)i } };
        dx__bgp_path_prepare(&paths[i]);
    }
    run("one-as", &knobs, paths, n);
    for (unsigned i = 0; i < PATHS; i++) {
        paths[i].as_path.asns = asns[i / 2];
        paths[i].has_med = true;
        paths[i].med = i / 2;
        dx__bgp_path_prepare(&paths[i]);
    }
    run("two-as", &knobs, paths, n);
    return 0;
}
