/*
 * sweep - from the scenario, or from shards, to the directory
 */
#include "output-priv.h"
#include "sweep-journal-priv.h"

#include <dxsim/verify.h>

#include <string.h>

/* -- making and freeing ------------------------------------------------------------------------------ */

static void input_clear(gpointer data)
{
    DxInput *input = data;

    g_free((void *)input->name);
    g_free((void *)input->sha256);
}

static GArray *inputs_new(void)
{
    GArray *inputs = g_array_new(FALSE, TRUE, sizeof(DxInput));

    g_array_set_clear_func(inputs, input_clear);
    return inputs;
}

static void add_input(GArray *inputs, const char *name, uint64_t size_bytes, const char *sha256)
{
    const DxInput input = { g_strdup(name), size_bytes, g_strdup(sha256) };

    g_array_append_val(inputs, input);
}

DxSweep *dx__sweep_alloc(DxSweepPlan *plan, bool owns)
{
    DxSweep *sweep = g_new0(DxSweep, 1);

    sweep->plan = plan;
    sweep->owns_plan = owns;
    sweep->records = dx__sweep_records_new();
    sweep->settings = g_ptr_array_new_with_free_func(g_free);
    sweep->inputs = inputs_new();
    sweep->plugins = inputs_new();
    return sweep;
}

void dx_sweep_free(DxSweep *sweep)
{
    if (!sweep)
        return;
    if (sweep->owns_plan)
        dx__sweep_plan_free(sweep->plan);
    dx__sweep_records_free(sweep->records);
    g_ptr_array_unref(sweep->settings);
    g_array_unref(sweep->inputs);
    g_array_unref(sweep->plugins);
    g_free(sweep->title);
    g_free(sweep->sha256);
    g_free(sweep->plan_text);
    g_free(sweep->plan_sha256);
    g_free(sweep);
}

const char *dx_scenario_sweep(const DxScenario *scenario, unsigned index)
{
    return index < scenario->sweeps->len ? ((const DxSweepPlan *)scenario->sweeps->pdata[index])->name : NULL;
}

static DxSweepPlan *find_plan(const DxScenario *scenario, const char *name, GError **error)
{
    g_autoptr(GString) names = g_string_new(NULL);

    if (!name && scenario->sweeps->len == 1)
        return g_ptr_array_index(scenario->sweeps, 0);
    for (guint i = 0; i < scenario->sweeps->len; i++) {
        DxSweepPlan *plan = g_ptr_array_index(scenario->sweeps, i);

        if (!g_strcmp0(plan->name, name))
            return plan;
        g_string_append_printf(names, "%s\"%s\"", i ? ", " : "", plan->name);
    }
    if (!names->len)
        g_set_error(error, DX_ERROR, DX_ERROR_UNKNOWN, "%s: the scenario has no \"sweeps\"", scenario->file);
    else if (name)
        g_set_error(error, DX_ERROR, DX_ERROR_UNKNOWN, "%s: there is no sweep \"%s\"; there is %s",
                    scenario->file, name, names->str);
    else
        g_set_error(error, DX_ERROR, DX_ERROR_UNKNOWN, "%s: which sweep? There is %s", scenario->file,
                    names->str);
    return NULL;
}

/* What belongs to every run: a manifest says it, and shards must agree. */
static void describe(DxSweep *sweep)
{
    const DxScenario *scenario = sweep->scenario;
    const DxSweepSource *source = &sweep->source;

    sweep->title = g_strdup(scenario->name);
    sweep->sha256 = dx_sha256(source->text, source->length);
    sweep->seed = scenario->seed;
    sweep->duration_ps = scenario->duration_ps;
    for (const char *const *setting = source->settings; setting && *setting; setting++)
        g_ptr_array_add(sweep->settings, dx__manifest_setting(*setting));
    for (unsigned i = 0; i < dx_scenario_n_inputs(scenario); i++) {
        const DxInput *input = &dx_scenario_inputs(scenario)[i];

        add_input(sweep->inputs, input->name, input->size_bytes, input->sha256);
    }
    for (unsigned i = 0; source->plugins && i < dx_plugins_n(source->plugins); i++)
        add_input(sweep->plugins, dx_plugins_name(source->plugins, i), 0,
                  dx_plugins_sha256(source->plugins, i));
}

DxSweep *dx_sweep_new(const DxScenario *scenario, const char *name, const DxSweepSource *source,
                      GError **error)
{
    DxSweepPlan *plan = find_plan(scenario, name, error);
    DxSweep *sweep;

    if (!plan)
        return NULL;
    sweep = dx__sweep_alloc(plan, false);
    sweep->scenario = scenario;
    sweep->source = *source;
    describe(sweep);
    sweep->plan_text = dx__sweep_plan_write(sweep);
    sweep->plan_sha256 = dx_sha256(sweep->plan_text, strlen(sweep->plan_text));
    return sweep;
}

const char *dx_sweep_name(const DxSweep *sweep)
{
    return sweep->plan->name;
}

unsigned dx_sweep_n_units(const DxSweep *sweep)
{
    return dx__sweep_n_units(sweep->plan);
}

unsigned dx_sweep_n_runs(const DxSweep *sweep)
{
    return sweep->plan->search.is_wanted ? 0 : dx__sweep_n_units(sweep->plan) * sweep->plan->replications;
}

unsigned dx_sweep_n_known(const DxSweep *sweep)
{
    return sweep->n_known;
}

void dx_sweep_set_shard(DxSweep *sweep, unsigned shard, unsigned n_shards)
{
    g_return_if_fail(shard >= 1 && shard <= n_shards);
    sweep->shard = shard;
    sweep->n_shards = n_shards;
}

/* -- the directory ----------------------------------------------------------------------------------- */

static bool write_file(DxOutput *output, const char *name, const char *text, GError **error)
{
    DxFile *file = dx_output_open(output, name, error);

    if (!file)
        return false;
    dx_file_write(file, text, strlen(text));
    return dx_file_close(file, error);
}

/* In an order of its own: who ran what when does not show. */
static char *runs_text(const DxSweep *sweep)
{
    g_autoptr(GPtrArray) sorted = dx__sweep_records_sorted(sweep->records);
    g_autofree char *heading = dx__sweep_heading(sweep);
    GString *text = g_string_new(heading);

    for (guint i = 0; i < sorted->len; i++) {
        g_autofree char *line = dx__sweep_record_line(sweep->plan, g_ptr_array_index(sorted, i));

        g_string_append(text, line);
    }
    return g_string_free(text, FALSE);
}

static bool write_shard(const DxSweep *sweep, DxOutput *output, GError **error)
{
    g_autofree char *runs = runs_text(sweep);

    return write_file(output, DX_SWEEP_PLAN_FILE, sweep->plan_text, error) &&
           write_file(output, DX_SWEEP_RUNS_FILE, runs, error);
}

/* Its lists belong to the sweep. */
static DxManifest manifest_of(const DxSweep *sweep, const char *const *settings, const char *shard,
                              const char *status)
{
    return (DxManifest){ .scenario = sweep->title,
                         .scenario_sha256 = sweep->sha256,
                         .sweep = sweep->plan->name,
                         .shard = shard,
                         .seed = sweep->seed,
                         .duration_ps = sweep->duration_ps,
                         .status = status,
                         .settings = settings,
                         .inputs = (const DxInput *)(const void *)sweep->inputs->data,
                         .n_inputs = sweep->inputs->len,
                         .plugin_list = (const DxInput *)(const void *)sweep->plugins->data,
                         .n_plugins = sweep->plugins->len };
}

static bool end(const DxSweep *sweep, DxOutput *output, const char *status, GError **error)
{
    g_autofree char *shard = sweep->n_shards ? g_strdup_printf("%u/%u", sweep->shard, sweep->n_shards) : NULL;
    g_autoptr(GPtrArray) settings = g_ptr_array_new();
    DxManifest manifest;

    for (guint i = 0; i < sweep->settings->len; i++)
        g_ptr_array_add(settings, sweep->settings->pdata[i]);
    g_ptr_array_add(settings, NULL);
    manifest = manifest_of(sweep, (const char *const *)settings->pdata, shard, status);
    return status ? dx_output_stop(output, &manifest, error) : dx_output_finish(output, &manifest, error);
}

bool dx_sweep_finish(const DxSweep *sweep, DxOutput *output, DxSweepJournal *journal, GError **error)
{
    const bool done =
        (!journal || dx__output_drop(output, DX_JOURNAL, error)) &&
        (sweep->n_shards ? write_shard(sweep, output, error) : dx__sweep_write_tables(sweep, output, error));

    dx_sweep_journal_free(journal);
    if (done)
        return end(sweep, output, NULL, error);
    dx_output_abandon(output);
    return false;
}

bool dx_sweep_stop(const DxSweep *sweep, DxOutput *output, DxSweepJournal *journal, const char *status,
                   GError **error)
{
    dx_sweep_journal_free(journal);
    return end(sweep, output, status, error);
}
