/*
 * report-json - a finished run as summary.json: the form that programs read
 *
 * Integers are exact, whatever their size; reals are in the shortest form that reads back the same; where
 * there is nothing to tell the value is null, and "no_data" says why.
 */
#include "json-write-priv.h"
#include "results-priv.h"
#include <dxsim/report.h>

#include <string.h>

#ifndef DXSIM_VERSION
#define DXSIM_VERSION "unknown"
#endif

#define HAND_ON_BYTES 65536

typedef struct {
    DxReportPut put;
    void *data;
} Sink;

/* Rows of one object, in the order of the results. */
typedef struct {
    const char *kind, *object;
    GArray *rows; /* unsigned */
} Object;

static void object_free(gpointer data)
{
    Object *object = data;

    g_array_unref(object->rows);
    g_free(object);
}

/* What the member that holds all objects of a kind is called; NULL: they are told elsewhere. */
static char *plural_of(const char *kind)
{
    if (!strcmp(kind, "total"))
        return NULL;
    return g_strconcat(kind, "s", NULL);
}

/* Names of rows are the same pointer where they are the same name. */
static guint hash_row(gconstpointer data)
{
    const DxRow *row = data;

    return g_direct_hash(row->kind) * 31 + g_direct_hash(row->object);
}

static gboolean same_object(gconstpointer a, gconstpointer b)
{
    const DxRow *x = a, *y = b;

    return x->kind == y->kind && x->object == y->object;
}

/* Every object with its rows, in the order of the first of them. */
static GPtrArray *objects_of(const DxResults *results)
{
    g_autoptr(GHashTable) found = g_hash_table_new(hash_row, same_object);
    GPtrArray *objects = g_ptr_array_new_with_free_func(object_free);

    for (unsigned i = 0; i < dx_results_n_rows(results); i++) {
        const DxRow *row = dx_results_row(results, i);
        Object *object = g_hash_table_lookup(found, row);

        if (!object) {
            object = g_new0(Object, 1);
            *object = (Object){ row->kind, row->object, g_array_new(FALSE, FALSE, sizeof(unsigned)) };
            g_ptr_array_add(objects, object);
            g_hash_table_insert(found, (gpointer)row, object);
        }
        g_array_append_val(object->rows, i);
    }
    return objects;
}

static void write_value(DxJsonWriter *writer, const char *key, const DxRow *row)
{
    if (row->no_data)
        dx__json_write_raw(writer, key, "null");
    else if (row->is_real)
        dx__json_write_real(writer, key, row->real);
    else
        dx__json_write_u64(writer, key, row->value);
}

static bool is_reason(const DxRow *row)
{
    return dx__row_is_drop(row) && strcmp(row->metric, "dropped_frames");
}

static void write_drops(DxJsonWriter *writer, const Object *object, const DxResults *results)
{
    dx__json_write_object(writer, "dropped");
    for (guint i = 0; i < object->rows->len; i++) {
        const DxRow *row = dx_results_row(results, g_array_index(object->rows, unsigned, i));

        if (is_reason(row))
            write_value(writer, row->metric + strlen("dropped_"), row);
    }
    dx__json_write_end(writer);
}

static void write_missing(DxJsonWriter *writer, const Object *object, const DxResults *results)
{
    bool has_some = false;

    for (guint i = 0; i < object->rows->len; i++) {
        const DxRow *row = dx_results_row(results, g_array_index(object->rows, unsigned, i));

        if (!row->no_data)
            continue;
        if (!has_some)
            dx__json_write_object(writer, "no_data");
        has_some = true;
        dx__json_write_text(writer, row->metric, row->no_data);
    }
    if (has_some)
        dx__json_write_end(writer);
}

static void write_object(DxJsonWriter *writer, const Object *object, const DxResults *results)
{
    bool has_drops = false;

    dx__json_write_object(writer, object->object);
    for (guint i = 0; i < object->rows->len; i++) {
        const DxRow *row = dx_results_row(results, g_array_index(object->rows, unsigned, i));

        if (is_reason(row))
            has_drops = true;
        else
            write_value(writer, row->metric, row);
    }
    if (has_drops)
        write_drops(writer, object, results);
    write_missing(writer, object, results);
    dx__json_write_end(writer);
}

/* There may be many objects: they are not all kept. */
static void hand_on(DxJsonWriter *writer, const Sink *sink)
{
    g_autofree char *text = NULL;

    if (writer->text->len < HAND_ON_BYTES)
        return;
    text = dx__json_write_take(writer);
    sink->put(text, strlen(text), sink->data);
}

/* One member for each kind, in the order of the first rows. */
static void write_objects(DxJsonWriter *writer, const DxResults *results, const Sink *sink)
{
    g_autoptr(GPtrArray) objects = objects_of(results);
    g_autoptr(GHashTable) written = g_hash_table_new(NULL, NULL);

    for (guint i = 0; i < objects->len; i++) {
        const char *kind = ((Object *)g_ptr_array_index(objects, i))->kind;
        g_autofree char *plural = plural_of(kind);

        if (!plural || !g_hash_table_add(written, (gpointer)kind))
            continue;
        dx__json_write_object(writer, plural);
        for (guint k = i; k < objects->len; k++) {
            const Object *object = g_ptr_array_index(objects, k);

            if (strcmp(object->kind, kind))
                continue;
            write_object(writer, object, results);
            hand_on(writer, sink);
        }
        dx__json_write_end(writer);
    }
}

static void write_verdicts(DxJsonWriter *writer, const GPtrArray *verdicts)
{
    if (!verdicts) {
        dx__json_write_raw(writer, "expectations", "null");
        return;
    }
    dx__json_write_array(writer, "expectations");
    for (guint i = 0; i < verdicts->len; i++) {
        const DxVerdict *verdict = g_ptr_array_index(verdicts, i);

        dx__json_write_object(writer, NULL);
        dx__json_write_text(writer, "name", verdict->name);
        dx__json_write_bool(writer, "pass", verdict->pass);
        dx__json_write_text(writer, "detail", verdict->text);
        dx__json_write_end(writer);
    }
    dx__json_write_end(writer);
}

static void write_claims(DxJsonWriter *writer, const DxScenario *scenario, const DxRun *run)
{
    g_autoptr(GPtrArray) claims = dx_scenario_claims(scenario, run->results);

    dx__json_write_array(writer, "claims");
    for (guint i = 0; i < claims->len; i++) {
        const DxClaim *claim = g_ptr_array_index(claims, i);

        dx__json_write_object(writer, NULL);
        dx__json_write_texts(writer, "id", claim->id, "says", claim->says, NULL);
        dx__json_write_texts(writer, "verdict", claim->verdict, "recorded", claim->recorded, NULL);
        dx__json_write_texts(writer, "measured", claim->measured, "given", claim->given, NULL);
        dx__json_write_texts(writer, "reason", claim->reason, "bound", claim->bound, NULL);
        dx__json_write_end(writer);
    }
    dx__json_write_end(writer);
}

static void write_balance(DxJsonWriter *writer, const DxSim *sim)
{
    const DxBalance balance = dx_sim_balance(sim);

    dx__json_write_object(writer, "conservation");
    dx__json_write_u64(writer, "created_frames", balance.created);
    dx__json_write_u64(writer, "delivered_frames", balance.delivered);
    dx__json_write_u64(writer, "dropped_frames", balance.dropped);
    dx__json_write_u64(writer, "queued_frames", balance.held);
    dx__json_write_u64(writer, "in_flight_frames", balance.in_flight);
    dx__json_write_bool(writer, "holds",
                        balance.created ==
                                balance.delivered + balance.dropped + balance.held + balance.in_flight &&
                            dx_sim_check(sim, NULL));
    dx__json_write_end(writer);
}

void dx_report_json(const DxScenario *scenario, const DxRun *run, const GPtrArray *verdicts, DxReportPut put,
                    void *data)
{
    const Sink sink = { put, data };
    g_autofree char *rest = NULL;
    DxJsonWriter writer;

    g_return_if_fail(scenario != NULL && run != NULL && put != NULL);
    dx__json_write_init(&writer);
    dx__json_write_text(&writer, "dxsim", DXSIM_VERSION);
    dx__json_write_text(&writer, "name", dx_scenario_name(scenario));
    dx__json_write_text(&writer, "status", dx_run_status_name(run->status));
    if (run->reason)
        dx__json_write_text(&writer, "reason", run->reason);
    dx__json_write_u64(&writer, "seed", dx_scenario_seed(scenario));
    dx__json_write_i64(&writer, "duration_ps", dx_scenario_duration(scenario));
    dx__json_write_i64(&writer, "warmup_ps", dx_scenario_warmup(scenario));
    dx__json_write_i64(&writer, "simulated_ps", dx_results_duration(run->results));
    write_objects(&writer, run->results, &sink);
    write_verdicts(&writer, verdicts);
    if (verdicts)
        write_claims(&writer, scenario, run);
    write_balance(&writer, run->sim);
    rest = dx__json_write_finish(&writer);
    put(rest, strlen(rest), data);
}
