/*
 * marker - see marker.h
 *
 * A flow that leaves a member which works waits: what it has sent is still on that member's queue and line.
 * A marker goes down behind it, and when the response is back, nothing is on its way any more. The standard
 * leaves to the implementation when markers are used and what happens when none comes back (6.5.1): here the
 * wait ends too when the member goes out, when the flow is back on it, and after a timeout.
 *
 * What several events of one instant do to the members is taken together, by an event behind them: no frame
 * comes between. All flows that have left one member wait for the marker sent last.
 */
#include "marker.h"
#include "../wire/ethernet.h"
#include "../wire/lacp.h"

#include <dxsim/units.h>
#include <string.h>

/* As a queue counts it: without preamble and gap. */
static uint32_t octets_of(const DxFrame *frame)
{
    const uint32_t n = (uint32_t)frame->size_bytes + frame->overhead_bytes;

    return MAX(n + DX_ETHERNET_BYTES + DX_ETHERNET_FCS_BYTES, DX_ETHERNET_MIN_BYTES);
}

/* -- frames that wait --------------------------------------------------------------------------------- */

bool dx__marker_hold(DxLagMarker *marker, const DxFrame *frame)
{
    const uint32_t bytes = octets_of(frame);

    if (marker->held_bytes + bytes > marker->limit_bytes)
        return false;
    lag_held_push(&marker->held, *frame);
    marker->held_bytes += bytes;
    marker->held_max_bytes = MAX(marker->held_max_bytes, marker->held_bytes);
    marker->held_frames++;
    return true;
}

/* Those whose flow no longer waits go on, in order; the others stay, in order. */
static void release(DxNode *node, DxLagMarker *marker)
{
    const uint32_t n_held = lag_held_count(&marker->held);
    DxFrame frame[DX_BURST_MAX];
    uint8_t member[DX_BURST_MAX];
    unsigned n = 0;

    for (uint32_t i = 0; i < n_held; i++) {
        const DxFrame next = *lag_held_at(&marker->held, 0);

        lag_held_pop(&marker->held, 1);
        if (marker->old[next.flow] != DX_LAG_NOBODY) {
            lag_held_append(&marker->held, next);
            continue;
        }
        marker->held_bytes -= octets_of(&next);
        frame[n] = next;
        frame[n].t_ps = dx_node_now(node);
        member[n++] = marker->assigned[next.flow];
        if (n == DX_BURST_MAX) {
            dx__hash_release(node, frame, member, n);
            n = 0;
        }
    }
    dx__hash_release(node, frame, member, n);
}

/* -- markers ------------------------------------------------------------------------------------------ */

static void send(DxNode *node, DxLagMarker *marker, unsigned member)
{
    DxLagLeft *left = &marker->left[member];
    const DxTime now_ps = dx_node_now(node);
    DxMarkerPdu pdu = { .port = (uint16_t)(1 + member), .transaction = ++marker->n_sent };
    DxFrame frame = { .t_ps = now_ps,
                      .birth_ps = now_ps,
                      .flow = DX_NO_FLOW,
                      .seq = marker->n_sent,
                      .size_bytes = DX_LACP_PAYLOAD_BYTES,
                      .ttl = 1,
                      .tci = marker->tci,
                      .flags = DX_FRAME_CONTROL };
    uint8_t octets[DX_LACP_FRAME_BYTES];

    left->transaction = pdu.transaction;
    left->sent_ps = now_ps;
    left->is_sent = true;
    memcpy(pdu.system, marker->system, sizeof pdu.system);
    dx__marker_encode(&pdu, marker->system, octets);
    dx_node_attach(node, &frame, octets, sizeof octets);
    dx_node_inject(node, member, &frame);
    marker->markers++;
    dx_timer_arm(node, left->timer, now_ps + marker->timeout_ps);
    dx_node_log_at(node, member, "marker", "transaction %u, %u flows wait", left->transaction, left->flows);
}

static void stop(DxNode *node, DxLagLeft *left)
{
    if (left->is_sent)
        dx_timer_cancel(node, left->timer);
    left->is_sent = left->is_due = false;
}

static void mark(DxNode *node, DxLagMarker *marker, unsigned member)
{
    DxLagLeft *left = &marker->left[member];

    if (!left->flows)
        stop(node, left);
    if (!left->is_due)
        return;
    left->is_due = false;
    if (!left->is_sent)
        left->since_ps = dx_node_now(node);
    send(node, marker, member);
}

/* -- flows that move ---------------------------------------------------------------------------------- */

/* Its last frames are on @place. */
static bool has_to_wait(const DxLagMarker *marker, uint8_t place, uint8_t after)
{
    return place < marker->n_members && place != after && after != DX_LAG_NOBODY && !marker->is_out[place];
}

static void move(DxLagMarker *marker, uint32_t flow)
{
    const uint8_t was = marker->old[flow], after = marker->assigned[flow];
    const uint8_t place = was != DX_LAG_NOBODY ? was : marker->shown[flow];
    const bool waits = has_to_wait(marker, place, after);

    if (waits && was == DX_LAG_NOBODY) {
        marker->left[place].flows++;
        marker->left[place].is_due = true;
    } else if (!waits && was != DX_LAG_NOBODY) {
        marker->left[was].flows--;
    }
    marker->old[flow] = waits ? place : DX_LAG_NOBODY;
    marker->shown[flow] = waits ? DX_LAG_WAITS : after;
}

static void settle(DxNode *node, DxLagMarker *marker)
{
    if (!marker->is_posted)
        return;
    marker->is_posted = false;
    for (uint32_t i = 0; i < marker->n_flows; i++)
        move(marker, i);
    release(node, marker);
    for (unsigned i = 0; i < marker->n_members; i++)
        mark(node, marker, i);
}

static void on_settle(DxNode *node, uint64_t arg)
{
    (void)arg;
    settle(node, dx__hash_marker(node));
}

void dx__marker_changed(DxNode *node, DxLagMarker *marker)
{
    if (!marker->is_posted)
        dx_node_post(node, dx_node_now(node), on_settle, 0);
    marker->is_posted = true;
}

/* -- the end of the wait ------------------------------------------------------------------------------ */

/* Nothing is on its way on @member any more, or nobody waits longer for it. */
static void let_go(DxNode *node, DxLagMarker *marker, unsigned member, const char *event)
{
    DxLagLeft *left = &marker->left[member];
    const DxTime wait_ps = dx_node_now(node) - left->since_ps;
    g_autofree char *text = dx_units_format_short(DX_UNIT_TIME, wait_ps);

    marker->marker_wait_ps = MAX(marker->marker_wait_ps, (uint64_t)wait_ps);
    dx_node_log_at(node, member, event, "transaction %u, %u flows go on after %s", left->transaction,
                   left->flows, text);
    stop(node, left);
    left->flows = 0;
    for (uint32_t i = 0; i < marker->n_flows; i++)
        if (marker->old[i] == member) {
            marker->old[i] = DX_LAG_NOBODY;
            marker->shown[i] = marker->assigned[i];
        }
    release(node, marker);
}

static void on_timeout(DxNode *node, uint64_t member)
{
    DxLagMarker *marker = dx__hash_marker(node);
    const DxLagLeft *left = &marker->left[member];

    settle(node, marker);
    if (!left->is_sent || left->sent_ps + marker->timeout_ps != dx_node_now(node))
        return; /* of another marker than the last */
    marker->marker_timeouts++;
    let_go(node, marker, (unsigned)member, "marker_timeout");
}

void dx__marker_heard(DxNode *node, DxLagMarker *marker, unsigned member, const void *octets, size_t n)
{
    const DxLagLeft *left = &marker->left[member];
    DxMarkerPdu pdu;

    settle(node, marker);
    if (!left->is_sent || dx__marker_decode(octets, n, &pdu) || !pdu.is_response ||
        pdu.transaction != left->transaction || pdu.port != 1 + member ||
        memcmp(pdu.system, marker->system, sizeof pdu.system))
        return;
    let_go(node, marker, member, "marker_response");
}

/* -- set-up ------------------------------------------------------------------------------------------- */

void dx__marker_init(DxLagMarker *marker, const LacpConf *conf, const uint8_t system[6], uint32_t n_flows,
                     unsigned n_members, uint8_t *shown, const uint8_t *assigned, const bool *is_out)
{
    *marker = (DxLagMarker){ .n_flows = n_flows,
                             .n_members = n_members,
                             .shown = shown,
                             .assigned = assigned,
                             .is_out = is_out,
                             .timeout_ps = conf->marker_timeout_ps,
                             .limit_bytes = (uint64_t)conf->marker_limit_bytes,
                             .tci = (uint16_t)(conf->marker_pcp << 13) };
    memcpy(marker->system, system, sizeof marker->system);
    marker->old = g_new(uint8_t, n_flows + 1);
    memset(marker->old, DX_LAG_NOBODY, n_flows + 1);
    marker->left = g_new0(DxLagLeft, n_members + 1);
    lag_held_init(&marker->held);
}

void dx__marker_start(DxNode *node, DxLagMarker *marker)
{
    for (unsigned i = 0; i < marker->n_members; i++)
        marker->left[i].timer = dx_node_timer(node, on_timeout, i);
}

void dx__marker_clear(DxLagMarker *marker)
{
    g_free(marker->old);
    g_free(marker->left);
    lag_held_clear(&marker->held);
}
