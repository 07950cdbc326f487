/*
 * bgp-values - numbers, addresses, prefixes, communities and AS paths, read from JSON
 */
#include "bgp-read.h"

#include <string.h>

/* -- AS paths ---------------------------------------------------------------------------------------- */

static const char *const segment_types[] = { "set", "sequence", "confed_sequence", "confed_set", NULL };
static const char *const segment_keys[] = { "type", "asns", NULL };

static bool read_asns(CliLine *line, const DxJson *list, uint32_t *asns)
{
    bool is_good = true;

    dx_json_each (item, list)
        is_good &= dx__read_asn(&line->in, item, asns++);
    return is_good;
}

static bool read_segment(CliLine *line, const DxJson *json, DxAsSegment *segment, uint32_t *asns)
{
    const unsigned n_before = line->in.reader.problems->n_found;
    uint32_t type = DX_AS_SEQUENCE - 1;
    const DxJson *list = dx__member_need(&line->in, json, "asns", DX_JSON_ARRAY);

    dx__members_check_keys(&line->in, json, "key", segment_keys);
    if (dx__member_need(&line->in, json, "type", DX_JSON_STRING))
        dx__member_choice(&line->in, json, "type", segment_types, &type);
    if (list && !list->n_children)
        DX_PROBLEM(&line->in.reader, list, DX_CODE_RANGE, "a segment without a number (RFC 7606 7.2)");
    if (!list || !read_asns(line, list, asns))
        return false;
    *segment = (DxAsSegment){ (DxAsSegmentType)(type + 1), list->n_children };
    return dx__members_are_good(&line->in, n_before);
}

static unsigned count_asns(CliLine *line, const DxJson *list)
{
    unsigned n = 0;

    dx_json_each (item, list) {
        const DxJson *asns =
            item->type == DX_JSON_OBJECT ? dx__json_member(line->in.reader.doc, item, "asns") : NULL;

        n += asns ? asns->n_children : 1;
    }
    return n;
}

bool cli_read_as_path(CliLine *line, const DxJson *list, DxAsPath *path)
{
    const unsigned n_asns = count_asns(line, list);
    DxAsSegment *segments = dx__members_alloc(&line->in, list->n_children, sizeof *segments);
    uint32_t *asns = dx__members_alloc(&line->in, n_asns, sizeof *asns), *at = asns;
    bool is_good = true;

    *path = (DxAsPath){ segments, asns, list->n_children };
    if (n_asns > DX_BGP_ASNS_MAX) {
        DX_PROBLEM(&line->in.reader, list, DX_CODE_LIMIT,
                   "an AS path of %u numbers; at most %u fit into a message", n_asns, DX_BGP_ASNS_MAX);
        return false;
    }
    if (list->child && list->child->type == DX_JSON_NUMBER) {
        segments[0] = (DxAsSegment){ DX_AS_SEQUENCE, list->n_children };
        path->n_segments = 1;
        return read_asns(line, list, asns);
    }
    dx_json_each (item, list) {
        DxAsSegment *segment = &segments[item->index];

        if (!dx__member_is_type(&line->in, item, DX_JSON_OBJECT) || !read_segment(line, item, segment, at))
            is_good = false;
        else
            at += segment->n;
    }
    return is_good;
}
