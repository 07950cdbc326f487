/*
 * sweep-journal - what is done is kept
 *
 * DIR.partial holds runs.journal: a heading that names plan and shard, then a line for each run, written when
 * the run ends. A kill loses the runs that are at work, and may tear the last line: with --resume the journal
 * is cut behind the last line that is whole, and the rest is run. A run gives the same whenever it is run, so
 * nothing else is needed. When the sweep is complete, its tables take the journal's place.
 */
#include "sweep-journal-priv.h"
#include "output-io-priv.h"

#include <string.h>

struct DxSweepJournal {
    DxSweep *sweep;
    DxOutput *output;
    DxFile *file;
};

char *dx__sweep_heading(const DxSweep *sweep)
{
    return g_strdup_printf("dxsim sweep %s shard %u/%u\n", sweep->plan_sha256, sweep->shard, sweep->n_shards);
}

gsize dx__sweep_read_records(DxSweep *sweep, const char *text, gsize length)
{
    const char *at = text, *end = text + length, *line_end;

    while (at < end && (line_end = memchr(at, '\n', (size_t)(end - at))) != NULL) {
        DxSweepRecord record;

        if (!dx__sweep_record_read(sweep->plan, at, (gsize)(line_end - at), &record))
            break;
        dx__sweep_records_add(sweep->records, record.unit, record.replication, record.tried, record.values);
        at = line_end + 1;
    }
    return (gsize)(at - text);
}

bool dx__sweep_journal_add(DxSweepJournal *journal, const DxSweepRecord *record, GError **error)
{
    g_autofree char *line = dx__sweep_record_line(journal->sweep->plan, record);

    dx_file_write(journal->file, line, strlen(line));
    dx__file_flush(journal->file);
    return dx_file_check(journal->file, error);
}

/* Of the same sweep, or it is not ours to go on with. */
static bool take_over(DxSweepJournal *journal, const GString *text, gsize *length, GError **error)
{
    g_autofree char *heading = dx__sweep_heading(journal->sweep);
    const gsize n = strlen(heading);

    *length = 0;
    if (text->len < n && !strncmp(text->str, heading, text->len)) /* killed before there was anything */
        return true;
    if (text->len < n || strncmp(text->str, heading, n)) {
        g_set_error(
            error, DX_ERROR, DX_ERROR_IO,
            "%s: was begun with another scenario, sweep, seed, setting, shard or version of dxsim; choose "
            "another directory, or begin anew with --force",
            dx_output_path(journal->output));
        return false;
    }
    *length = n + dx__sweep_read_records(journal->sweep, text->str + n, text->len - n);
    journal->sweep->n_known = dx__sweep_records_n(journal->sweep->records);
    return true;
}

static bool open_new(DxSweepJournal *journal, GError **error)
{
    g_autofree char *heading = dx__sweep_heading(journal->sweep);

    journal->file = dx_output_open(journal->output, DX_JOURNAL, error);
    if (!journal->file)
        return false;
    dx_file_write(journal->file, heading, strlen(heading));
    dx__file_flush(journal->file);
    return dx_file_check(journal->file, error);
}

static bool open_old(DxSweepJournal *journal, const GString *text, GError **error)
{
    gsize length;

    if (!take_over(journal, text, &length, error))
        return false;
    if (!length)
        return dx__output_unlink(journal->output, DX_JOURNAL, error) && open_new(journal, error);
    journal->file = dx__output_append(journal->output, DX_JOURNAL, text->str, length, error);
    return journal->file != NULL;
}

DxSweepJournal *dx_sweep_journal_open(DxSweep *sweep, const char *dir, bool force, bool resume,
                                      DxOutput **output, GError **error)
{
    DxSweepJournal *journal = g_new0(DxSweepJournal, 1);
    GString *text = NULL;
    bool is_open;

    journal->sweep = sweep;
    journal->output =
        resume ? dx__output_take_up(dir, DX_JOURNAL, &text, error) : dx_output_new(dir, force, error);
    is_open = journal->output && (text ? open_old(journal, text, error) : open_new(journal, error));
    if (text)
        g_string_free(text, TRUE);
    if (is_open) {
        *output = journal->output;
        return journal;
    }
    dx_output_abandon(journal->output);
    g_free(journal);
    return NULL;
}

void dx_sweep_journal_free(DxSweepJournal *journal)
{
    g_free(journal);
}
