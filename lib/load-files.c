/*
 * load-files - files beside the scenario that its objects name
 *
 * Each is read once, whoever names it, and told about once when it is refused.
 */
#include "load-priv.h"

#include "arrivals-priv.h"

#include <string.h>

/* Told at the place in the file when there is one, otherwise where the file is named. */
static void refused(DxLoader *loader, const DxJson *json, const char *name, const DxArrivalsPlace *place,
                    const GError *error)
{
    const bool is_limit = error->code == DX_ERROR_LIMIT;
    g_autofree char *label = dx__arrivals_label(loader->scenario->dir, name);
    g_autofree char *pointer = dx__json_pointer(json);

    if (place->line)
        dx__problem_at(loader->reader.problems, label, place->line, MAX(place->column, 1), pointer,
                       is_limit ? DX_CODE_LIMIT : DX_CODE_INPUT_ROW, "%s", error->message);
    else
        DX_PROBLEM(&loader->reader, json, is_limit ? DX_CODE_LIMIT : DX_CODE_INPUT, "%s cannot be read: %s",
                   label, error->message);
}

static const DxArrivals *find(const DxScenario *scenario, const char *name)
{
    for (guint i = 0; i < scenario->inputs->len; i++)
        if (!strcmp(g_array_index(scenario->inputs, DxInput, i).name, name))
            return g_ptr_array_index(scenario->arrivals, i);
    return NULL;
}

static size_t rows_left(const DxScenario *scenario)
{
    size_t left = DX_ARRIVALS_MAX;

    for (guint i = 0; i < scenario->arrivals->len; i++)
        left -= ((const DxArrivals *)g_ptr_array_index(scenario->arrivals, i))->n;
    return left;
}

static const DxArrivals *read_file(DxLoader *loader, const DxJson *json, uint32_t n_flows)
{
    DxScenario *scenario = loader->scenario;
    const char *name = json->text;
    g_autoptr(GError) error = NULL;
    DxArrivalsPlace place = { 0, 0 };
    DxArrivals *arrivals;
    DxInput input;

    if (!scenario->dir) {
        DX_PROBLEM(&loader->reader, json, DX_CODE_INPUT,
                   "this scenario is not read from a file: there is no folder in which a file could stand "
                   "beside it");
        return NULL;
    }
    arrivals = dx__arrivals_read(scenario->dir, name, n_flows, rows_left(scenario), &place, &error);
    if (!arrivals) {
        refused(loader, json, name, &place, error);
        return NULL;
    }
    g_ptr_array_add(scenario->arrivals, arrivals);
    input = (DxInput){ name, arrivals->file_bytes, arrivals->sha256 };
    g_array_append_val(scenario->inputs, input);
    return arrivals;
}

void dx__load_arrivals(DxLoader *loader, const DxJson *json, DxFileParam *file, uint32_t n_flows)
{
    const DxArrivals *known;

    if (!json || json->type != DX_JSON_STRING || !*file->name || loader->found_by_check)
        return;
    if (g_hash_table_contains(loader->refused_files, file->name))
        return;
    known = find(loader->scenario, file->name);
    if (!known || known->n_flows > n_flows) /* once more, for the place where a flow is too many */
        known = read_file(loader, json, n_flows);
    file->content = known;
    if (!known)
        g_hash_table_add(loader->refused_files, g_strdup(file->name));
}
