/*
 * watch - what ends a run early, and what is seen of it meanwhile
 *
 * The engine asks every millisecond or so whether to go on. Here are the answers: not after a signal, not
 * when the time or the memory it was given is used up, not when what it writes no longer arrives.
 */
#include "watch.h"
#include <dxsim/units.h>

#include <gio/gio.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define MEMORY_EVERY_US   (50 * 1000)
#define PROGRESS_EVERY_US (200 * 1000)
#define US_PER_S          1000000

/* -- signals ----------------------------------------------------------------------------------------- */

static volatile sig_atomic_t caught;

static void on_signal(int number)
{
    caught = number;
}

void cli_catch_signals(void)
{
    /* once: the second signal finds the default, which is to die */
    struct sigaction action = { .sa_handler = on_signal, .sa_flags = (int)SA_RESETHAND | SA_RESTART };

    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
}

int cli_signal(void)
{
    return caught;
}

/* -- the terminal ------------------------------------------------------------------------------------ */

bool cli_is_terminal(int fd)
{
    const char *terminal = g_getenv("TERM");

    return isatty(fd) && terminal && *terminal && strcmp(terminal, "dumb");
}

/* https://no-color.org */
bool cli_has_colour(int fd)
{
    const char *none = g_getenv("NO_COLOR");

    return cli_is_terminal(fd) && (!none || !*none);
}

char *cli_wall_text(int64_t s)
{
    if (s < 120)
        return g_strdup_printf("%" G_GINT64_FORMAT " s", s);
    if (s < 2 * 3600)
        return g_strdup_printf("%" G_GINT64_FORMAT " min", (s + 30) / 60);
    return g_strdup_printf("%" G_GINT64_FORMAT " h", (s + 1800) / 3600);
}

static void show_progress(CliWatch *watch, const DxSim *sim, int64_t elapsed_us)
{
    const double share = (double)dx_sim_now(sim) / (double)watch->duration_ps;
    const double elapsed_s = (double)elapsed_us / US_PER_S;
    g_autofree char *now = dx_units_format_short(DX_UNIT_TIME, dx_sim_now(sim));
    g_autofree char *whole = dx_units_format_short(DX_UNIT_TIME, watch->duration_ps);
    g_autofree char *left = cli_wall_text((int64_t)(share > 0 ? elapsed_s * (1 - share) / share : 0));

    fprintf(stderr, "\r%s of %s simulated, %.1f %%, %.2f million frames/s, %s left\033[K", now, whole,
            100 * share, (double)dx_sim_balance(sim).created / elapsed_s / 1e6, left);
    fflush(stderr);
    watch->has_progress = true;
}

/* -- whether to go on -------------------------------------------------------------------------------- */

bool cli_is_interrupted(const DxSim *sim, GError **error)
{
    g_autofree char *time = NULL;

    if (!caught)
        return false;
    time = dx_units_format_short(DX_UNIT_TIME, dx_sim_now(sim));
    g_set_error(error, G_IO_ERROR, G_IO_ERROR_CANCELLED, "interrupted by %s at %s",
                caught == SIGINT ? "SIGINT" : "SIGTERM", time);
    return true;
}

static bool is_spent(const CliWatch *watch, const DxSim *sim, bool looks_at_memory, int64_t elapsed_us,
                     GError **error)
{
    const uint64_t used = looks_at_memory && watch->max_bytes ? cli_memory_used() : 0;
    const bool is_late = watch->max_wall_us && elapsed_us >= watch->max_wall_us;
    g_autofree char *time = NULL, *limit = NULL;

    if (is_late)
        limit = dx_units_format(DX_UNIT_TIME, watch->max_wall_us * DX_US);
    else if (used > watch->max_bytes)
        limit = dx_units_format(DX_UNIT_SIZE, (int64_t)MIN(watch->max_bytes, (uint64_t)INT64_MAX));
    else
        return false;
    time = dx_units_format_short(DX_UNIT_TIME, dx_sim_now(sim));
    g_set_error(error, DX_ERROR, DX_ERROR_BUDGET, "the budget of %s of %s is used up at %s", limit,
                is_late ? "time" : "memory", time);
    return true;
}

static bool on_watch(DxSim *sim, void *data, GError **error)
{
    CliWatch *watch = data;
    const int64_t now_us = g_get_monotonic_time();
    const bool looks_at_memory = now_us >= watch->memory_at_us;

    if (cli_is_interrupted(sim, error) || (watch->report && !dx_report_check(watch->report, error)) ||
        is_spent(watch, sim, looks_at_memory, now_us - watch->begin_us, error))
        return false;
    if (looks_at_memory)
        watch->memory_at_us = now_us + MEMORY_EVERY_US;
    if (watch->shows_progress && now_us >= watch->progress_at_us) {
        show_progress(watch, sim, now_us - watch->begin_us);
        watch->progress_at_us = now_us + PROGRESS_EVERY_US;
    }
    return true;
}

void cli_watch_begin(CliWatch *watch, DxSim *sim)
{
    watch->begin_us = g_get_monotonic_time();
    watch->memory_at_us = watch->begin_us;
    watch->progress_at_us = watch->begin_us + PROGRESS_EVERY_US;
    dx_sim_set_watch(sim, on_watch, watch);
}

void cli_watch_end(CliWatch *watch)
{
    if (!watch->has_progress)
        return;
    fputs("\r\033[K", stderr);
    fflush(stderr);
    watch->has_progress = false;
}
