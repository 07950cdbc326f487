/*
 * bgp-update - UPDATEs to send: RFC 4271, section 4.3; RFC 4760
 *
 *   | header 19 | length 2 | withdrawn | length 2 | path attributes | NLRI |
 *
 * MP_REACH_NLRI comes first among the attributes (RFC 7606, section 5.1), the others in order of their types.
 */
#include "bgp-priv.h"

#include <string.h>

enum { AT_WITHDRAWN_LENGTH = 19, AT_WITHDRAWN = 21, EMPTY_BYTES = 23 };
enum { MP_REACH_BYTES = 4 + 3 + 1 + 16 + 1, MP_UNREACH_BYTES = 4 + 3 }; /* before the prefixes */
enum { SEGMENT_MAX = 255 };

/* -- prefixes ------------------------------------------------------------------------------------------ */

/* As many of one family as fit between @to and @end. Returns where they end. */
static uint8_t *put_prefixes(uint8_t *to, const uint8_t *end, const DxPrefix *prefixes, size_t n,
                             size_t *n_taken)
{
    size_t i = 0;

    for (; i < n && prefixes[i].network.bits == prefixes[0].network.bits; i++) {
        const size_t n_bytes = (prefixes[i].length + 7u) / 8;

        if ((size_t)(end - to) < 1 + n_bytes)
            break;
        *to++ = prefixes[i].length;
        memcpy(to, prefixes[i].network.bytes, n_bytes);
        to += n_bytes;
    }
    *n_taken = i;
    return to;
}

/* An attribute whose length comes to be known later. */
static uint8_t *put_mp_header(uint8_t *to, uint8_t type)
{
    to[0] = ATTRIBUTE_OPTIONAL | ATTRIBUTE_EXTENDED;
    to[1] = type;
    put_u16(to + 4, AFI_IPV6);
    to[6] = SAFI_UNICAST;
    return to + 7;
}

static void end_mp(uint8_t *attribute, const uint8_t *end)
{
    put_u16(attribute + 2, (uint16_t)(end - attribute - 4));
}

/* -- attributes ---------------------------------------------------------------------------------------- */

typedef struct {
    uint8_t *at, *end;
    bool is_full;
} Writer;

/* Room for its value; NULL: there is none. */
static uint8_t *add(Writer *writer, uint8_t flags, uint8_t type, size_t n)
{
    const size_t header = n > UINT8_MAX ? 4 : 3;
    uint8_t *to = writer->at;

    if (writer->is_full || (size_t)(writer->end - to) < header + n) {
        writer->is_full = true;
        return NULL;
    }
    to[0] = (uint8_t)(header == 4 ? flags | ATTRIBUTE_EXTENDED : flags);
    to[1] = type;
    if (header == 4)
        put_u16(to + 2, (uint16_t)n);
    else
        to[2] = (uint8_t)n;
    writer->at += header + n;
    return to + header;
}

static void add_u32s(Writer *writer, uint8_t flags, uint8_t type, const uint32_t *values, uint32_t n)
{
    uint8_t *to = add(writer, flags, type, 4 * (size_t)n);

    for (uint32_t i = 0; to && i < n; i++)
        put_u32(to + 4 * i, values[i]);
}

static void add_u32(Writer *writer, uint8_t flags, uint8_t type, uint32_t value)
{
    add_u32s(writer, flags, type, &value, 1);
}

/* 0: it cannot be said. A sequence may be cut in several: they mean the same. A set may not. */
static size_t segment_bytes(const DxAsSegment *segment)
{
    const size_t n_parts = (segment->n + SEGMENT_MAX - 1) / SEGMENT_MAX;
    const bool is_set = segment->type == DX_AS_SET || segment->type == DX_AS_CONFED_SET;

    return is_set && n_parts > 1 ? 0 : 2 * n_parts + 4 * (size_t)segment->n;
}

static uint8_t *put_segment(uint8_t *to, const DxAsSegment *segment, const uint32_t *asns)
{
    for (uint32_t i = 0; i < segment->n; i++) {
        if (i % SEGMENT_MAX == 0) {
            *to++ = (uint8_t)segment->type;
            *to++ = (uint8_t)MIN(segment->n - i, SEGMENT_MAX);
        }
        put_u32(to, asns[i]);
        to += 4;
    }
    return to;
}

static void add_as_path(Writer *writer, const DxAsPath *path)
{
    const uint32_t *asns = path->asns;
    size_t n = 0;
    uint8_t *to;

    for (uint32_t i = 0; i < path->n_segments; i++) {
        const size_t n_bytes = segment_bytes(&path->segments[i]);

        writer->is_full |= !n_bytes || n + n_bytes > DX_BGP_MESSAGE_MAX;
        n += n_bytes;
        if (writer->is_full)
            return;
    }
    to = add(writer, ATTRIBUTE_TRANSITIVE, ATTRIBUTE_AS_PATH, n);
    for (uint32_t i = 0; to && i < path->n_segments; i++) {
        to = put_segment(to, &path->segments[i], asns);
        asns += path->segments[i].n;
    }
}

static void add_origin(Writer *writer, DxBgpOrigin origin)
{
    uint8_t *to = add(writer, ATTRIBUTE_TRANSITIVE, ATTRIBUTE_ORIGIN, 1);

    if (to)
        to[0] = (uint8_t)origin;
}

static void add_next_hop(Writer *writer, const DxIp *next_hop)
{
    uint8_t *to = add(writer, ATTRIBUTE_TRANSITIVE, ATTRIBUTE_NEXT_HOP, 4);

    if (to)
        memcpy(to, next_hop->bytes, 4);
}

static void add_others(Writer *writer, const uint8_t *others, size_t n)
{
    if (writer->is_full || (size_t)(writer->end - writer->at) < n) {
        writer->is_full = true;
        return;
    }
    if (n)
        memcpy(writer->at, others, n);
    writer->at += n;
}

/* All but the multiprotocol ones. */
static void add_attributes(Writer *writer, const DxBgpAttributes *from, bool has_nlri)
{
    enum { WELL_KNOWN = ATTRIBUTE_TRANSITIVE, BOTH = ATTRIBUTE_OPTIONAL | ATTRIBUTE_TRANSITIVE };
    const uint32_t aggregator[] = { from->aggregator_as, from->aggregator_id };

    if (from->has_origin)
        add_origin(writer, from->origin);
    if (from->has_as_path)
        add_as_path(writer, &from->as_path);
    if (from->has_next_hop && has_nlri)
        add_next_hop(writer, &from->next_hop);
    if (from->has_med)
        add_u32(writer, ATTRIBUTE_OPTIONAL, ATTRIBUTE_MED, from->med);
    if (from->has_local_pref)
        add_u32(writer, WELL_KNOWN, ATTRIBUTE_LOCAL_PREF, from->local_pref);
    if (from->is_atomic)
        add(writer, WELL_KNOWN, ATTRIBUTE_ATOMIC_AGGREGATE, 0);
    if (from->has_aggregator)
        add_u32s(writer, BOTH, ATTRIBUTE_AGGREGATOR, aggregator, 2);
    if (from->n_communities)
        add_u32s(writer, BOTH, ATTRIBUTE_COMMUNITIES, from->communities, from->n_communities);
    if (from->has_originator_id)
        add_u32(writer, ATTRIBUTE_OPTIONAL, ATTRIBUTE_ORIGINATOR_ID, from->originator_id);
    if (from->n_clusters)
        add_u32s(writer, ATTRIBUTE_OPTIONAL, ATTRIBUTE_CLUSTER_LIST, from->clusters, from->n_clusters);
    add_others(writer, from->others, from->n_others);
}

/* -- messages ------------------------------------------------------------------------------------------ */

/* Header and lengths, for attributes from AT_WITHDRAWN + 2 to @attributes_end. */
static size_t finish(uint8_t *to, const uint8_t *attributes_end, const uint8_t *end)
{
    put_u16(to + AT_WITHDRAWN_LENGTH, 0);
    put_u16(to + AT_WITHDRAWN, (uint16_t)(attributes_end - to - EMPTY_BYTES));
    return dx__bgp_put_header(to, DX_BGP_UPDATE, (size_t)(end - to));
}

/* MP_REACH_NLRI in front of @n_rest octets of other attributes. Returns its end. */
static uint8_t *put_reach(uint8_t *to, const uint8_t *end, const DxIp *next_hop, const DxPrefix *prefixes,
                          size_t n, size_t *n_taken)
{
    uint8_t *at;

    if (next_hop->bits != 128 || end - to < MP_REACH_BYTES)
        return NULL;
    at = put_mp_header(to, ATTRIBUTE_MP_REACH);
    *at++ = 16;
    memcpy(at, next_hop->bytes, 16);
    at[16] = 0; /* reserved */
    at = put_prefixes(at + 17, end, prefixes, n, n_taken);
    end_mp(to, at);
    return at;
}

size_t dx__bgp_encode_update(const DxBgpAttributes *attributes, const DxPrefix *prefixes, size_t n,
                             size_t *n_taken, uint8_t *to)
{
    uint8_t rest[DX_BGP_MESSAGE_MAX - EMPTY_BYTES];
    Writer writer = { rest, rest + sizeof rest, false };
    uint8_t *at = to + EMPTY_BYTES, *end;
    const bool is_ipv4 = n && prefixes[0].network.bits == 32;
    size_t n_rest;

    *n_taken = 0;
    add_attributes(&writer, attributes, is_ipv4);
    n_rest = (size_t)(writer.at - rest);
    if (writer.is_full || !n)
        return 0;
    if (!is_ipv4)
        at = put_reach(at, to + DX_BGP_MESSAGE_MAX - n_rest, &attributes->mp_next_hop, prefixes, n, n_taken);
    if (!at)
        return 0;
    memcpy(at, rest, n_rest);
    end = at + n_rest;
    if (is_ipv4)
        end = put_prefixes(end, to + DX_BGP_MESSAGE_MAX, prefixes, n, n_taken);
    return *n_taken ? finish(to, at + n_rest, end) : 0;
}

static size_t put_unreach(const DxPrefix *prefixes, size_t n, size_t *n_taken, uint8_t *to)
{
    uint8_t *attribute = to + EMPTY_BYTES, *at = put_mp_header(attribute, ATTRIBUTE_MP_UNREACH);

    at = put_prefixes(at, to + DX_BGP_MESSAGE_MAX, prefixes, n, n_taken);
    end_mp(attribute, at);
    return finish(to, at, at);
}

size_t dx__bgp_encode_withdraw(const DxPrefix *prefixes, size_t n, size_t *n_taken, uint8_t *to)
{
    uint8_t *end;

    *n_taken = 0;
    if (!n)
        return 0;
    if (prefixes[0].network.bits != 32)
        return put_unreach(prefixes, n, n_taken, to);
    end = put_prefixes(to + AT_WITHDRAWN, to + DX_BGP_MESSAGE_MAX - 2, prefixes, n, n_taken);
    put_u16(to + AT_WITHDRAWN_LENGTH, (uint16_t)(end - to - AT_WITHDRAWN));
    put_u16(end, 0);
    return dx__bgp_put_header(to, DX_BGP_UPDATE, (size_t)(end + 2 - to));
}

size_t dx__bgp_encode_end_of_rib(DxBgpFamily family, uint8_t *to)
{
    size_t n_taken;

    return family == DX_BGP_IPV4 ? finish(to, to + EMPTY_BYTES, to + EMPTY_BYTES)
                                 : put_unreach(NULL, 0, &n_taken, to);
}
