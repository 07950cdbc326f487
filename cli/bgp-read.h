/*
 * bgp-read.h - sets of paths, from a line of JSON
 */
#ifndef DX_CLI_BGP_READ_H
#define DX_CLI_BGP_READ_H

#include "bgp-values-priv.h"
#include "jsonl.h"
#include "bgp/bgp.h"
#include "bgp/community.h"
#include "bgp/policy.h"

typedef enum { CLI_ANNOUNCE, CLI_WITHDRAW, CLI_CHANGE } CliBgpOp;

typedef struct {
    CliBgpOp op;
    uint32_t path;
    const DxJson *set; /* attributes that change; NULL: none */
} CliBgpEvent;

/* What is asked for on the command line, beside what a line says. */
typedef struct {
    const DxBgpProfile *profile;
    char *const *knobs;                  /* "name" or "name=value"; NULL: none */
    const DxCommunityTable *communities; /* NULL: none */
} CliBgpWishes;

typedef struct {
    const char *id; /* NULL: it has none */
    DxBgpKnobs knobs;
    DxCommunityTable communities;
    DxBgpPath *paths;
    unsigned n;
    CliBgpEvent *events;
    unsigned n_events;
} CliBgpSet;

/* False: it has been told why not. What @set points to lives as long as @line. */
bool cli_read_bgp_set(CliLine *line, const DxJson *object, const CliBgpWishes *wishes, bool has_events,
                      CliBgpSet *set);
/* Changes @path by what @object gives of it. */
void cli_read_bgp_path(CliLine *line, const DxJson *object, const CliBgpSet *set, DxBgpPath *path);
/* Is each knob a knob? If not, it has been said. */
bool cli_check_knobs(char *const *knobs);

/* bgp-values.c: segments, or plain numbers for one sequence. */
bool cli_read_as_path(CliLine *line, const DxJson *list, DxAsPath *path);

/* bgp-communities.c: a table of the catalog, which its scopes point into. */
typedef struct {
    DxCommunityTable table;
    DxJsonDoc *doc;
} CliCommunities;

/* False: there is none of this name, and it has been said. Clear it in any case. */
bool cli_communities_init(CliCommunities *communities, const char *name);
void cli_communities_clear(CliCommunities *communities);

#endif
