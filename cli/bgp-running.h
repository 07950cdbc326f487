/*
 * bgp-running.h - the decisions of routers in a network that has run for a while
 */
#ifndef DX_CLI_BGP_RUNNING_H
#define DX_CLI_BGP_RUNNING_H

#include <stdbool.h>

typedef struct {
    const char *at;     /* a time; NULL: the end of the run */
    const char *prefix; /* or an address: then the longest prefix that has it */
    const char *node;   /* NULL: all routers */
    char *const *settings;
    bool as_json;
} CliBgpQuestion;

/* Runs the scenario, quietly, and prints what each router asked makes of the paths it has. Returns the exit
 * status. */
int cli_bgp_running(const char *path, const CliBgpQuestion *question);

#endif
