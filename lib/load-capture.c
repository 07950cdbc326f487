/*
 * load-capture - which links are written down, frame by frame
 */
#include "load-priv.h"

#define SNAP_MIN_BYTES   16
#define SNAP_MAX_BYTES   262144 /* Wireshark takes no more */
#define MAX_FRAMES_USUAL 1000000

static void load_links(DxLoader *loader, const DxJson *json)
{
    const DxJson *links = dx__reader_get(&loader->reader, json, "links", DX_JSON_ARRAY);
    GArray *list = loader->scenario->capture.links;
    g_autofree bool *is_there = g_new0(bool, loader->scenario->links->len + 1);

    if (links && !links->n_children)
        DX_PROBLEM(&loader->reader, links, DX_CODE_RANGE,
                   "no link is named; leave it out, and all of them are captured");
    for (const DxJson *item = links ? links->child : NULL; item; item = item->next) {
        const uint32_t index = dx__load_resolve(loader, item, loader->links, "link");

        if (index == DX_NONE)
            continue;
        if (is_there[index])
            DX_PROBLEM(&loader->reader, item, DX_CODE_CONFLICT, "link \"%s\" is there twice", item->text);
        is_there[index] = true;
        g_array_append_val(list, index);
    }
}

static void load_span(DxLoader *loader, const DxJson *json)
{
    DxReader *reader = &loader->reader;
    DxScCapture *capture = &loader->scenario->capture;

    capture->until_ps = DX_TIME_MAX;
    dx__reader_quantity(reader, json, "from", DX_UNIT_TIME, &capture->from_ps);
    dx__reader_quantity(reader, json, "until", DX_UNIT_TIME, &capture->until_ps);
    if (capture->from_ps < 0)
        DX_PROBLEM(reader, dx__json_member(reader->doc, json, "from"), DX_CODE_RANGE,
                   "a capture does not begin before the run");
    else if (capture->until_ps <= capture->from_ps)
        DX_PROBLEM(reader, dx__json_member(reader->doc, json, "until"), DX_CODE_RANGE,
                   "a capture ends after it begins");
}

static void load_bounds(DxLoader *loader, const DxJson *json)
{
    DxReader *reader = &loader->reader;
    DxScCapture *capture = &loader->scenario->capture;
    const DxJson *max_frames = dx__reader_get(reader, json, "max_frames", DX_JSON_NUMBER);

    capture->max_frames = MAX_FRAMES_USUAL;
    if (max_frames && (!dx__json_int64(max_frames, &capture->max_frames) || capture->max_frames < 1))
        DX_PROBLEM(reader, max_frames, DX_CODE_RANGE, "a capture holds at least 1 frame");
    if (dx__reader_quantity(reader, json, "snap", DX_UNIT_SIZE, &capture->snap_bytes) &&
        (capture->snap_bytes < SNAP_MIN_BYTES || capture->snap_bytes > SNAP_MAX_BYTES))
        DX_PROBLEM(reader, dx__json_member(reader->doc, json, "snap"), DX_CODE_RANGE,
                   "of a frame \"%u B\" to \"%u B\" can be kept; leave it out for all of it", SNAP_MIN_BYTES,
                   SNAP_MAX_BYTES);
}

void dx__load_capture(DxLoader *loader, const DxJson *outputs)
{
    DxReader *reader = &loader->reader;
    DxScCapture *capture = &loader->scenario->capture;
    const DxJson *json = dx__reader_get(reader, outputs, "capture", DX_JSON_OBJECT), *fcs, *drops;

    if (!json)
        return;
    capture->is_wanted = true;
    fcs = dx__reader_get(reader, json, "fcs", DX_JSON_BOOL);
    drops = dx__reader_get(reader, json, "drops", DX_JSON_BOOL);
    capture->has_fcs = !fcs || fcs->boolean;
    capture->has_drops = drops && drops->boolean;
    load_links(loader, json);
    load_span(loader, json);
    load_bounds(loader, json);
}
