/*
 * tx - the transmit machine: IEEE 802.1AX, clause 6.4.16
 *
 * What there is to say is said at once, but not more than three times in a fast period. Where nothing is
 * periodic, nothing is said.
 */
#include "lag.h"

static DxTime allowed_at(const LagPort *port)
{
    return port->sent_ps[0] == DX_TIME_NEVER ? 0 : port->sent_ps[0] + LACP_FAST_PERIODIC_PS;
}

void dx__lag_transmit(Lag *lag, LagPort *port)
{
    const DxLacpPdu pdu = { port->actor, port->partner, 0 };

    if (port->state[LAG_PERIODIC] == PERIODIC_NO_PERIODIC)
        port->ntt = false;
    if (!port->ntt || allowed_at(port) > lag->now_ps)
        return;
    port->ntt = false;
    for (unsigned i = 1; i < LACP_TX_MAX; i++)
        port->sent_ps[i - 1] = port->sent_ps[i];
    port->sent_ps[LACP_TX_MAX - 1] = lag->now_ps;
    lag->watch->send(lag->user, (unsigned)(port - lag->port), &pdu);
}

DxTime dx__lag_transmit_at(const Lag *lag, const LagPort *port)
{
    (void)lag;
    return port->ntt ? allowed_at(port) : DX_TIME_NEVER;
}
