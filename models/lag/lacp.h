/*
 * lacp.h - what a bundle's LACP is set to: shared by the port that talks and the end that decides
 */
#ifndef DX_LACP_H
#define DX_LACP_H

#include <dxsim/sim.h>

enum { RATE_FAST, RATE_SLOW };
enum { MODE_ACTIVE, MODE_ACTIVE_PASSIVE, MODE_PASSIVE_ACTIVE, MODE_PASSIVE };
enum { START_CONVERGED, START_COLD };
enum { CONTROL_INDEPENDENT, CONTROL_COUPLED };
enum { MARKER_OFF, MARKER_ON };

typedef struct {
    int rate, mode, start, control;
    int64_t system_priority, port_priority, key, selected_max, pcp;
    DxTime reaction_ps;
    int marker;
    int64_t marker_pcp;
    DxTime marker_timeout_ps;
    int64_t marker_limit_bytes;
} LacpConf;

#endif
