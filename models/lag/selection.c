/*
 * selection - who is in the bundle: IEEE 802.1AX, clauses 6.4.14 and 6.7.1
 *
 * One aggregator for each end of a bundle. Ports may join whose LAG ID is that of the ports in it: the same
 * partner system and key (their own are the same by construction), both ends willing to aggregate. When more
 * may than the hardware can take, the better ports of the system with the better identifier are in, and the
 * others stand by.
 */
#include "lag.h"

#include <string.h>

const char *const dx__lag_selections[] = { "UNSELECTED", "STANDBY", "SELECTED", NULL };

/* A port that was unselected lets go first. */
static bool is_eligible(const LagPort *port)
{
    return port->is_enabled && !(port->actor.state & DX_LACP_DEFAULTED) &&
           port->actor.state & port->partner.state & DX_LACP_AGGREGATION &&
           (port->selected != LAG_UNSELECTED || port->state[LAG_MUX] == MUX_DETACHED);
}

static bool is_same_lag(const LagPort *a, const LagPort *b)
{
    return a->partner.key == b->partner.key && a->partner.system_priority == b->partner.system_priority &&
           !memcmp(a->partner.system, b->partner.system, 6);
}

/* -- order: less is better --------------------------------------------------------------------------- */

static int compare_system(const DxLacpInfo *a, const DxLacpInfo *b)
{
    if (a->system_priority != b->system_priority)
        return a->system_priority < b->system_priority ? -1 : 1;
    return memcmp(a->system, b->system, 6);
}

static uint32_t port_id(const LagPort *port)
{
    const DxLacpInfo *decides =
        compare_system(&port->actor, &port->partner) <= 0 ? &port->actor : &port->partner;

    return (uint32_t)decides->port_priority << 16 | decides->port;
}

/* Ports of @leader's LAG that come before @port. */
static unsigned n_better(const Lag *lag, const LagPort *leader, const LagPort *port)
{
    unsigned n = 0;

    for (const LagPort *other = lag->port; other < lag->port + lag->n_ports; other++)
        if (is_eligible(other) && is_same_lag(other, leader))
            n += port_id(other) < port_id(port) || (port_id(other) == port_id(port) && other < port);
    return n;
}

/* Who is in says who may come in; nobody is: the first that could. */
static const LagPort *find_leader(const Lag *lag)
{
    const LagPort *leader = NULL;

    for (const LagPort *port = lag->port; port < lag->port + lag->n_ports; port++) {
        if (!is_eligible(port))
            continue;
        if (port->selected == LAG_SELECTED)
            return port;
        if (!leader)
            leader = port;
    }
    return leader;
}

static unsigned wanted(const Lag *lag, const LagPort *leader, const LagPort *port)
{
    const unsigned max = lag->conf.selected_max;

    if (!leader || !is_eligible(port) || !is_same_lag(leader, port))
        return LAG_UNSELECTED;
    return max && n_better(lag, leader, port) >= max ? LAG_STANDBY : LAG_SELECTED;
}

bool dx__lag_select(Lag *lag)
{
    const LagPort *leader = find_leader(lag);
    bool has_changed = false;

    for (unsigned i = 0; i < lag->n_ports; i++) {
        LagPort *port = &lag->port[i];
        const unsigned from = port->selected, to = wanted(lag, leader, port);

        if (from == to)
            continue;
        port->selected = (uint8_t)to;
        has_changed = true;
        if (from == LAG_STANDBY || to == LAG_STANDBY)
            lag->watch->moved(lag->user, i, LAG_SELECTION, from, to);
    }
    return has_changed;
}

/* Ports that come up together are attached together: all that wait have waited long enough. */
bool dx__lag_is_ready(const Lag *lag)
{
    for (const LagPort *port = lag->port; port < lag->port + lag->n_ports; port++)
        if (port->state[LAG_MUX] == MUX_WAITING && port->selected == LAG_SELECTED &&
            !lag_has_expired(lag, port, LAG_WAIT_WHILE))
            return false;
    return true;
}
