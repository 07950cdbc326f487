/*
 * watch.h - what ends a run early, and what is seen of it meanwhile
 */
#ifndef DX_CLI_WATCH_H
#define DX_CLI_WATCH_H

#include <dxsim/report.h>

/* Signals: SIGINT and SIGTERM raise a flag; the second one is final. */
void cli_catch_signals(void);
/* The one that came; 0: none. */
int cli_signal(void);

/* memory.c. In bytes; 0: not known. */
uint64_t cli_memory_used(void);
/* Three quarters of what the machine, or the control group we are in, has. */
uint64_t cli_memory_default(void);

typedef struct {
    DxTime duration_ps;
    int64_t max_wall_us;    /* 0: no limit */
    uint64_t max_bytes;     /* the same */
    const DxReport *report; /* NULL: nothing is written */
    bool shows_progress;
    int64_t begin_us; /* from here on its own */
    int64_t memory_at_us, progress_at_us;
    bool has_progress; /* there is a line to be erased */
} CliWatch;

/* "30 s", "12 min", "3 h". (transfer full) */
char *cli_wall_text(int64_t s);
/* Is there a reason not to go on, a signal? For those who watch runs of their own. */
bool cli_is_interrupted(const DxSim *sim, GError **error);

void cli_watch_begin(CliWatch *watch, DxSim *sim);
void cli_watch_end(CliWatch *watch);

/* Do people read this stream, and may it have colours? */
bool cli_is_terminal(int fd);
bool cli_has_colour(int fd);

#endif
