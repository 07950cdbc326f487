/*
 * sweep-journal-priv.h - runs that are done, kept as soon as they are
 */
#ifndef DX_SWEEP_JOURNAL_PRIV_H
#define DX_SWEEP_JOURNAL_PRIV_H

#include "sweep-priv.h"

/* Of a shard: what dx_sweep_merge() reads. */
#define DX_SWEEP_PLAN_FILE "plan.json"
#define DX_SWEEP_RUNS_FILE "runs.txt"

/* Handed to the system when it returns: a kill loses nothing of it. */
bool dx__sweep_journal_add(DxSweepJournal *journal, const DxSweepRecord *record, GError **error);

/* First line of a journal and of a shard's runs: what they belong to. (transfer full) */
char *dx__sweep_heading(const DxSweep *sweep);
/* All records of @text, from its first line on. Returns how much of it is in order. @sweep: gets them. */
gsize dx__sweep_read_records(DxSweep *sweep, const char *text, gsize length);

#endif
