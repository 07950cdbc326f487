/*
 * bgp/restart - graceful restart: RFC 4724
 *
 *   helper    connection lost -> his routes are stale, and used -> session back -> End-of-RIB: what is still
 *             stale goes. Or not back within his restart time, or no End-of-RIB within stale_ps: it goes
 * then. restarts  everything learned is stale, and used -> sessions back, R bit set -> all have sent
 * End-of-RIB, or defer_ps is over: decide, tell.
 *
 * A NOTIFICATION, BFD, a line that is down and an expired hold timer end a session for good (4.2, 5).
 */
#include "bgp/speaker-priv.h"

/* -- his --------------------------------------------------------------------------------------------- */

void dx__bgp_restart_help(Session *session)
{
    if (session->speaker->is_restarting) /* ourselves: resume() */
        return;
    session->is_helping = true;
    session->stale_due_ps = DX_TIME_NEVER;
    session->restart_due_ps = session->speaker->now_ps + session->restart_s * DX_S;
    dx__bgp_session_log(session, SPEAKER_STALE, "%u routes kept for %u s", session->n_received,
                        session->restart_s);
}

static void help_no_more(Session *session)
{
    session->is_helping = false;
    session->restart_due_ps = session->stale_due_ps = DX_TIME_NEVER;
    dx__bgp_rib_in_sweep(session);
}

void dx__bgp_restart_up(Session *session)
{
    const DxBgpOpen *open = &session->up->open;
    const unsigned family = session->family;

    session->can_refresh = open->has_refresh;
    session->can_restart =
        session->conf->has_graceful_restart && open->has_restart && open->restart_families >> family & 1;
    session->restart_s = open->restart_s;
    session->has_end_of_rib = false;
    session->owes_end_of_rib = open->has_restart && session->conf->has_graceful_restart;
    if (!session->is_helping)
        return;
    session->restart_due_ps = DX_TIME_NEVER;
    if (session->can_restart && open->forwarding >> family & 1)
        session->stale_due_ps = session->speaker->now_ps + session->conf->stale_ps;
    else
        help_no_more(session);
}

void dx__bgp_restart_end_of_rib(Session *session)
{
    session->has_end_of_rib = true;
    if (session->is_helping)
        help_no_more(session);
    dx__bgp_restart_defer(session->speaker);
}

void dx__bgp_restart_run(Session *session)
{
    const DxTime now_ps = session->speaker->now_ps;

    if (session->restart_due_ps <= now_ps || session->stale_due_ps <= now_ps)
        help_no_more(session);
}

/* -- ours -------------------------------------------------------------------------------------------- */

static bool is_waited_for(const Session *session)
{
    if (session->is_shut)
        return false;
    return !session->up ||
           (session->can_restart && !session->has_end_of_rib && !session->up->open.is_restarting);
}

static void resume(Speaker *speaker)
{
    speaker->is_restarting = false;
    speaker->defer_due_ps = DX_TIME_NEVER;
    for (unsigned i = 0; i < speaker->n_sessions; i++)
        dx__bgp_rib_in_sweep(&speaker->sessions[i]);
    dx__bgp_decide_dirty(speaker);
    for (unsigned i = 0; i < speaker->n_sessions; i++)
        dx__bgp_rib_out_all(&speaker->sessions[i], false);
}

void dx__bgp_restart_defer(Speaker *speaker)
{
    bool has_to_wait = false;

    if (!speaker->is_restarting)
        return;
    for (unsigned i = 0; i < speaker->n_sessions; i++)
        has_to_wait |= is_waited_for(&speaker->sessions[i]);
    if (!has_to_wait || speaker->defer_due_ps <= speaker->now_ps)
        resume(speaker);
}
