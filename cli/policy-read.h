/*
 * policy-read.h - prefix lists and route maps with what is asked of them, from a line of JSON
 */
#ifndef DX_CLI_POLICY_READ_H
#define DX_CLI_POLICY_READ_H

#include "bgp-read.h"
#include "policy-read-priv.h"

typedef struct {
    const char *id;
    DxPrefixList list;
    DxPrefix *queries;
    unsigned n;
} CliPrefixSet;

typedef struct {
    const char *id;
    uint32_t peer_as;
    DxPolicies policies; /* freed by cli_route_set_clear() */
    DxRouteMap map;
    DxBgpRoute *routes;
    unsigned n;
} CliRouteSet;

/* False: it has been told why not. */
bool cli_read_prefix_set(CliLine *line, const DxJson *object, CliPrefixSet *set);
bool cli_read_route_set(CliLine *line, const DxJson *object, CliRouteSet *set);
void cli_route_set_clear(CliRouteSet *set);

/* policy-explain.c (transfer full) */
char *cli_prefix_json(const CliLine *line, const CliPrefixSet *set);
char *cli_prefix_text(const CliLine *line, const CliPrefixSet *set);
char *cli_route_json(const CliLine *line, const CliRouteSet *set);
char *cli_route_text(const CliLine *line, const CliRouteSet *set);

#endif
