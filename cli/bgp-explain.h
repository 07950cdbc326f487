/*
 * bgp-explain.h - decisions, in words and as JSON
 */
#ifndef DX_CLI_BGP_EXPLAIN_H
#define DX_CLI_BGP_EXPLAIN_H

#include "bgp-read.h"
#include "json-write-priv.h"

typedef struct {
    DxBgpDecision decision;
    int incumbent; /* who was the best before the last arrival */
    int *after;    /* the best after each arrival, one per path */
    DxBgpFate *fates;
} CliBgpOutcome;

/* The paths of @set arrive one after another, in their order. */
void cli_bgp_decide(CliLine *line, const CliBgpSet *set, CliBgpOutcome *outcome);
/* (transfer full), like all texts here. */
char *cli_bgp_table(const CliLine *line, const CliBgpSet *set, const CliBgpOutcome *outcome, DxBgpFate *room);
char *cli_bgp_json(const CliLine *line, const CliBgpSet *set, const CliBgpOutcome *outcome, DxBgpFate *room);

/* Closes the document, on one line. */
char *cli_finish_line(DxJsonWriter *json);

/* The best path after each event of @set: one per event. */
void cli_bgp_replay(CliLine *line, const CliBgpSet *set, int *best_after);

/* bgp-words.c: why a path dropped out, why it is no candidate, what would make it win (NULL: nothing). */
char *cli_bgp_why(const CliBgpSet *set, unsigned path, DxBgpStep step, int against, int incumbent);
char *cli_bgp_why_not(const CliBgpSet *set, unsigned path, const DxBgpFate *fate);
char *cli_bgp_change(const CliBgpSet *set, unsigned path, const DxBgpChange *change);
/* What a path has at a step, in short. */
char *cli_bgp_value(const CliBgpSet *set, unsigned path, DxBgpStep step, int incumbent);
/* The name of a line's object: its id, or the line. */
char *cli_line_name(const CliLine *line, const char *id);

#endif
