/*
 * bgp/aspath - the AS_PATH attribute
 */
#include "bgp/aspath.h"

#include <string.h>

static bool is_confed(DxAsSegmentType type)
{
    return type == DX_AS_CONFED_SEQUENCE || type == DX_AS_CONFED_SET;
}

static uint32_t count(const DxAsPath *path, DxAsSegmentType sequence, DxAsSegmentType set)
{
    uint32_t hops = 0;

    for (uint32_t i = 0; i < path->n_segments; i++)
        if (path->segments[i].type == sequence)
            hops += path->segments[i].n;
        else if (path->segments[i].type == set)
            hops++;
    return hops;
}

uint32_t dx__as_path_hops(const DxAsPath *path)
{
    return count(path, DX_AS_SEQUENCE, DX_AS_SET);
}

uint32_t dx__as_path_confed_hops(const DxAsPath *path)
{
    return count(path, DX_AS_CONFED_SEQUENCE, DX_AS_CONFED_SET);
}

uint32_t dx__as_path_neighbor(const DxAsPath *path)
{
    const uint32_t *asns = path->asns;

    for (uint32_t i = 0; i < path->n_segments; asns += path->segments[i++].n)
        if (!is_confed(path->segments[i].type))
            return path->segments[i].type == DX_AS_SEQUENCE ? asns[0] : 0;
    return 0;
}

uint32_t dx__as_path_confed_neighbor(const DxAsPath *path)
{
    return path->n_segments && path->segments[0].type == DX_AS_CONFED_SEQUENCE ? path->asns[0] : 0;
}

uint32_t dx__as_path_leftmost(const DxAsPath *path)
{
    return path->n_segments ? path->asns[0] : 0;
}

bool dx__as_path_has(const DxAsPath *path, uint32_t asn, bool in_confed_segments)
{
    const uint32_t *asns = path->asns;

    for (uint32_t i = 0; i < path->n_segments; asns += path->segments[i++].n)
        for (uint32_t k = 0; k < path->segments[i].n; k++)
            if (asns[k] == asn && (in_confed_segments || !is_confed(path->segments[i].type)))
                return true;
    return false;
}

bool dx__as_path_equal(const DxAsPath *a, const DxAsPath *b)
{
    uint32_t n = 0;

    if (a->n_segments != b->n_segments)
        return false;
    for (uint32_t i = 0; i < a->n_segments; n += a->segments[i++].n)
        if (a->segments[i].type != b->segments[i].type || a->segments[i].n != b->segments[i].n)
            return false;
    return !n || !memcmp(a->asns, b->asns, n * sizeof *a->asns);
}

uint32_t dx__as_path_repeats(const DxAsPath *path)
{
    const uint32_t *asns = path->asns;
    uint32_t repeats = 0;

    for (uint32_t i = 0; i < path->n_segments; asns += path->segments[i++].n)
        for (uint32_t k = 1; path->segments[i].type == DX_AS_SEQUENCE && k < path->segments[i].n; k++)
            repeats += asns[k] == asns[k - 1];
    return repeats;
}

void dx__as_path_print(const DxAsPath *path, GString *out)
{
    static const struct {
        const char *open, *between, *close;
    } marks[] = {
        [DX_AS_SET] = { "{", ",", "}" },
        [DX_AS_SEQUENCE] = { "", " ", "" },
        [DX_AS_CONFED_SEQUENCE] = { "(", " ", ")" },
        [DX_AS_CONFED_SET] = { "[", ",", "]" },
    };
    const uint32_t *asns = path->asns;

    for (uint32_t i = 0; i < path->n_segments; asns += path->segments[i++].n) {
        const DxAsSegment *segment = &path->segments[i];

        g_string_append(out, i ? " " : "");
        g_string_append(out, marks[segment->type].open);
        for (uint32_t k = 0; k < segment->n; k++)
            g_string_append_printf(out, "%s%u", k ? marks[segment->type].between : "", asns[k]);
        g_string_append(out, marks[segment->type].close);
    }
}
