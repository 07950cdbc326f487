/*
 * sweep-records - runs that are done, and their lines in a journal
 *
 *   UNIT REPLICATION TRIED VALUE... CHECK      a value: u (whole), r (real) or - (nothing was measured)
 *
 * The check is the beginning of the line's SHA-256: a line that a kill has torn, or that somebody has
 * changed, is none.
 */
#include "number-priv.h"
#include "sweep-priv.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define CHECK_DIGITS 16

struct DxSweepRecords {
    GHashTable *by_name; /* DxSweepRecord, which is its own key */
    GPtrArray *list;
};

static guint hash_record(gconstpointer data)
{
    const DxSweepRecord *record = data;
    const uint64_t tried = (uint64_t)record->tried * UINT64_C(0x9e3779b97f4a7c15);

    return (guint)(tried >> 32) ^ (record->unit * 0x85ebca6bu) ^ (record->replication * 0xc2b2ae35u);
}

static gboolean is_same(gconstpointer a, gconstpointer b)
{
    const DxSweepRecord *x = a, *y = b;

    return x->unit == y->unit && x->replication == y->replication && x->tried == y->tried;
}

static void record_free(gpointer data)
{
    DxSweepRecord *record = data;

    g_free(record->values);
    g_free(record);
}

DxSweepRecords *dx__sweep_records_new(void)
{
    DxSweepRecords *records = g_new0(DxSweepRecords, 1);

    records->by_name = g_hash_table_new(hash_record, is_same);
    records->list = g_ptr_array_new_with_free_func(record_free);
    return records;
}

void dx__sweep_records_free(DxSweepRecords *records)
{
    if (!records)
        return;
    g_hash_table_unref(records->by_name);
    g_ptr_array_unref(records->list);
    g_free(records);
}

bool dx__sweep_records_add(DxSweepRecords *records, unsigned unit, unsigned replication, int64_t tried,
                           DxSweepValue *values)
{
    DxSweepRecord *record;

    if (dx__sweep_records_find(records, unit, replication, tried)) {
        g_free(values);
        return false;
    }
    record = g_new(DxSweepRecord, 1);
    *record = (DxSweepRecord){ unit, replication, tried, values };
    g_hash_table_add(records->by_name, record);
    g_ptr_array_add(records->list, record);
    return true;
}

const DxSweepRecord *dx__sweep_records_find(const DxSweepRecords *records, unsigned unit,
                                            unsigned replication, int64_t tried)
{
    const DxSweepRecord name = { .unit = unit, .replication = replication, .tried = tried };

    return g_hash_table_lookup(records->by_name, &name);
}

unsigned dx__sweep_records_n(const DxSweepRecords *records)
{
    return records->list->len;
}

static gint compare(gconstpointer a, gconstpointer b)
{
    const DxSweepRecord *x = *(DxSweepRecord *const *)a, *y = *(DxSweepRecord *const *)b;

    if (x->unit != y->unit)
        return x->unit < y->unit ? -1 : 1;
    if (x->tried != y->tried)
        return x->tried < y->tried ? -1 : 1;
    return (x->replication > y->replication) - (x->replication < y->replication);
}

GPtrArray *dx__sweep_records_sorted(const DxSweepRecords *records)
{
    GPtrArray *sorted = g_ptr_array_sized_new(records->list->len);

    for (guint i = 0; i < records->list->len; i++)
        g_ptr_array_add(sorted, records->list->pdata[i]);
    g_ptr_array_sort(sorted, compare);
    return sorted;
}

double dx__sweep_value_real(const DxSweepValue *value)
{
    return value->is_real ? value->real : (double)value->value;
}

char *dx__sweep_value_text(const DxSweepValue *value)
{
    char number[G_ASCII_DTOSTR_BUF_SIZE];

    if (!value->has_data)
        return g_strdup("");
    return value->is_real ? g_strdup(dx__real_text(value->real, number))
                          : g_strdup_printf("%" PRIu64, value->value);
}

/* -- lines ------------------------------------------------------------------------------------------- */

char *dx__sweep_record_line(const DxSweepPlan *plan, const DxSweepRecord *record)
{
    GString *line = g_string_new(NULL);
    g_autofree char *check = NULL;

    g_string_append_printf(line, "%u %u %" PRId64, record->unit, record->replication, record->tried);
    for (guint i = 0; i < plan->measures->len; i++) {
        const DxSweepValue *value = &record->values[i];
        g_autofree char *text = dx__sweep_value_text(value);

        g_string_append_printf(line, " %s%s", !value->has_data ? "-" : value->is_real ? "r" : "u", text);
    }
    check = g_compute_checksum_for_data(G_CHECKSUM_SHA256, (const guchar *)line->str, line->len);
    g_string_append_printf(line, " %.*s\n", CHECK_DIGITS, check);
    return g_string_free(line, FALSE);
}

/* A whole number and the space behind it. */
static bool read_number(const char **text, int64_t min, int64_t max, int64_t *value)
{
    char *end;

    *value = g_ascii_strtoll(*text, &end, 10);
    if (end == *text || *end != ' ' || *value < min || *value > max)
        return false;
    *text = end + 1;
    return true;
}

static bool read_value(const char **text, DxSweepValue *value)
{
    char *end = (char *)*text + 1;

    *value = (DxSweepValue){ .has_data = **text == 'u' || **text == 'r', .is_real = **text == 'r' };
    if (value->is_real)
        value->real = g_ascii_strtod(*text + 1, &end);
    else if (value->has_data)
        value->value = g_ascii_strtoull(*text + 1, &end, 10);
    else if (**text != '-')
        return false;
    if (*end != ' ' || (value->has_data && end == *text + 1) || !isfinite(value->real))
        return false;
    *text = end + 1;
    return true;
}

bool dx__sweep_record_read(const DxSweepPlan *plan, const char *line, gsize n, DxSweepRecord *record)
{
    g_autofree char *copy = NULL, *check = NULL;
    g_autofree DxSweepValue *values = g_new0(DxSweepValue, plan->measures->len + 1);
    int64_t unit, replication;
    const char *text;

    if (n <= CHECK_DIGITS + 1 || line[n - CHECK_DIGITS - 1] != ' ')
        return false;
    check = g_compute_checksum_for_data(G_CHECKSUM_SHA256, (const guchar *)line, n - CHECK_DIGITS - 1);
    if (strncmp(check, line + n - CHECK_DIGITS, CHECK_DIGITS))
        return false;
    text = copy = g_strndup(line, n);
    if (!read_number(&text, 0, (int64_t)dx__sweep_n_units(plan) - 1, &unit) ||
        !read_number(&text, 0, DX_SWEEP_REPLICATIONS_MAX - 1, &replication) ||
        !read_number(&text, INT64_MIN, INT64_MAX, &record->tried))
        return false;
    for (guint i = 0; i < plan->measures->len; i++)
        if (!read_value(&text, &values[i]))
            return false;
    if (text != copy + n - CHECK_DIGITS)
        return false;
    record->unit = (unsigned)unit;
    record->replication = (unsigned)replication;
    record->values = g_steal_pointer(&values);
    return true;
}
