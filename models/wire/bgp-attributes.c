/*
 * bgp-attributes - UPDATEs that have come: RFC 4271, section 6.3, as RFC 7606 revises it
 *
 * Every attribute is a row of a table: its flags, its length, and what becomes of the message when it is
 * malformed. Of several faults the strongest counts. What keeps prefixes from being found resets the session.
 */
#include "bgp-priv.h"

#include <string.h>

enum { AT_WITHDRAWN_LENGTH = 19, AT_WITHDRAWN = 21 };

typedef struct {
    const DxBgpPeer *peer;
    DxBgpUpdate *update;
    DxBgpFault *fault;
    DxBgpVerdict verdict;
    bool has_several; /* attributes besides MP_UNREACH_NLRI */
    uint8_t seen[32]; /* bit per type */
    bool has_unreach;
    DxBgpFamily unreach; /* its family */
    bool is_unreach_empty;
} Reading;

/* The first of the strongest stays. */
static void complain(Reading *reading, DxBgpVerdict verdict, uint8_t subcode, const uint8_t *data, size_t n,
                     const char *why)
{
    if (verdict <= reading->verdict)
        return;
    reading->verdict = verdict;
    *reading->fault = (DxBgpFault){ DX_BGP_UPDATE_ERROR, subcode, data, n, why };
}

/* -- prefixes: RFC 7606, section 5.3 ------------------------------------------------------------------- */

/* False: they do not add up. Bits behind the length do not count. */
static bool get_prefixes(GArray *prefixes, uint8_t bits, const uint8_t *at, const uint8_t *end)
{
    while (at < end) {
        const uint8_t length = *at++;
        const size_t n_bytes = (length + 7u) / 8;
        DxPrefix prefix = { { bits, { 0 } }, length };

        if (length > bits || (size_t)(end - at) < n_bytes)
            return false;
        memcpy(prefix.network.bytes, at, n_bytes);
        if (length % 8)
            prefix.network.bytes[n_bytes - 1] &= (uint8_t)(0xff00 >> length % 8);
        g_array_append_val(prefixes, prefix);
        at += n_bytes;
    }
    return true;
}

static uint8_t bits_of(DxBgpFamily family)
{
    return family == DX_BGP_IPV4 ? 32 : 128;
}

/* -- values -------------------------------------------------------------------------------------------- */

/* NULL, or what is wrong with a value of the right length. */
typedef const char *(*GetFn)(Reading *reading, const uint8_t *value, size_t n);

static const char *get_origin(Reading *reading, const uint8_t *value, size_t n)
{
    (void)n;
    if (value[0] > DX_BGP_INCOMPLETE)
        return "there is no such ORIGIN";
    reading->update->attributes.has_origin = true;
    reading->update->attributes.origin = value[0];
    return NULL;
}

/* RFC 7606, section 7.2; RFC 5065, section 5; RFC 7607. */
static const char *get_segment(Reading *reading, const uint8_t *value, size_t n, size_t *taken)
{
    DxBgpUpdate *update = reading->update;
    const bool may_be_confed = reading->peer->is_internal || reading->peer->is_confed;
    DxAsSegment segment;

    if (n < 2 || !value[1] || n < 2 + 4 * (size_t)value[1])
        return "a segment of the AS_PATH is empty or cut short";
    if (value[0] < DX_AS_SET || value[0] > DX_AS_CONFED_SET)
        return "there is no such segment of an AS_PATH";
    if (value[0] >= DX_AS_CONFED_SEQUENCE && !may_be_confed)
        return "segments of a confederation come from outside of it";
    segment = (DxAsSegment){ value[0], value[1] };
    g_array_append_val(update->segments, segment);
    for (uint32_t i = 0; i < segment.n; i++) {
        const uint32_t asn = get_u32(value + 2 + 4 * i);

        if (!asn)
            return "AS 0 is in the AS_PATH";
        g_array_append_val(update->asns, asn);
    }
    *taken = 2 + 4 * (size_t)segment.n;
    return NULL;
}

static const char *get_as_path(Reading *reading, const uint8_t *value, size_t n)
{
    DxBgpUpdate *update = reading->update;
    DxBgpAttributes *attributes = &update->attributes;

    for (size_t at = 0, taken = 0; at < n; at += taken) {
        const char *why = get_segment(reading, value + at, n - at, &taken);

        if (why)
            return why;
    }
    attributes->has_as_path = true;
    attributes->as_path = (DxAsPath){ (const DxAsSegment *)update->segments->data,
                                      (const uint32_t *)update->asns->data, update->segments->len };
    return NULL;
}

/* An address of a host: not of networks 0 and 127, of a group, or reserved. */
static bool is_host(const uint8_t *address)
{
    return address[0] && address[0] != 127 && address[0] < 224;
}

static const char *get_next_hop(Reading *reading, const uint8_t *value, size_t n)
{
    DxBgpAttributes *attributes = &reading->update->attributes;

    if (!is_host(value))
        return "NEXT_HOP is not the address of a host";
    attributes->has_next_hop = true;
    attributes->next_hop.bits = 32;
    memcpy(attributes->next_hop.bytes, value, n);
    return NULL;
}

static const char *get_med(Reading *reading, const uint8_t *value, size_t n)
{
    (void)n;
    reading->update->attributes.has_med = true;
    reading->update->attributes.med = get_u32(value);
    return NULL;
}

static const char *get_local_pref(Reading *reading, const uint8_t *value, size_t n)
{
    (void)n;
    reading->update->attributes.has_local_pref = true;
    reading->update->attributes.local_pref = get_u32(value);
    return NULL;
}

static const char *get_atomic_aggregate(Reading *reading, const uint8_t *value, size_t n)
{
    (void)value;
    (void)n;
    reading->update->attributes.is_atomic = true;
    return NULL;
}

static const char *get_aggregator(Reading *reading, const uint8_t *value, size_t n)
{
    DxBgpAttributes *attributes = &reading->update->attributes;

    (void)n;
    if (!get_u32(value))
        return "AS 0 has aggregated it"; /* RFC 7607 */
    attributes->has_aggregator = true;
    attributes->aggregator_as = get_u32(value);
    attributes->aggregator_id = get_u32(value + 4);
    return NULL;
}

static const uint32_t *get_u32s(GArray *to, const uint8_t *value, size_t n)
{
    for (size_t at = 0; at < n; at += 4) {
        const uint32_t number = get_u32(value + at);

        g_array_append_val(to, number);
    }
    return (const uint32_t *)to->data;
}

static const char *get_communities(Reading *reading, const uint8_t *value, size_t n)
{
    DxBgpUpdate *update = reading->update;

    update->attributes.communities = get_u32s(update->communities, value, n);
    update->attributes.n_communities = update->communities->len;
    return NULL;
}

static const char *get_originator_id(Reading *reading, const uint8_t *value, size_t n)
{
    (void)n;
    reading->update->attributes.has_originator_id = true;
    reading->update->attributes.originator_id = get_u32(value);
    return NULL;
}

static const char *get_cluster_list(Reading *reading, const uint8_t *value, size_t n)
{
    DxBgpUpdate *update = reading->update;

    update->attributes.clusters = get_u32s(update->clusters, value, n);
    update->attributes.n_clusters = update->clusters->len;
    return NULL;
}

/* -- multiprotocol: RFC 4760 --------------------------------------------------------------------------- */

/* DX_BGP_N_FAMILIES: nobody has agreed on that one. */
static DxBgpFamily agreed_family(Reading *reading, const uint8_t *value)
{
    const DxBgpFamily family = dx__bgp_family(get_u16(value), value[2]);

    if (family != DX_BGP_N_FAMILIES && reading->peer->families >> family & 1)
        return family;
    complain(reading, DX_BGP_DISCARDED, DX_BGP_BAD_OPTIONAL, value, 3, "its family was not agreed on");
    return DX_BGP_N_FAMILIES;
}

/* With an IPv6 next hop of the link behind the global one, or alone. */
static bool is_next_hop_length(DxBgpFamily family, size_t n)
{
    return family == DX_BGP_IPV4 ? n == 4 : n == 16 || n == 32;
}

static bool is_mp_host(const DxIp *ip)
{
    static const uint8_t none[16];

    return ip->bits == 32 ? is_host(ip->bytes) : memcmp(ip->bytes, none, 16) && ip->bytes[0] != 0xff;
}

static const char *get_mp_reach(Reading *reading, const uint8_t *value, size_t n)
{
    DxBgpUpdate *update = reading->update;
    DxIp *next_hop = &update->attributes.mp_next_hop;
    DxBgpFamily family;
    size_t n_next_hop;

    if (n < 5 || n < 5 + (size_t)value[3])
        return "MP_REACH_NLRI is cut short";
    family = agreed_family(reading, value);
    if (family == DX_BGP_N_FAMILIES)
        return NULL;
    n_next_hop = value[3];
    if (!is_next_hop_length(family, n_next_hop))
        return "the next hop of MP_REACH_NLRI has another length";
    next_hop->bits = bits_of(family);
    memcpy(next_hop->bytes, value + 4, next_hop->bits / 8);
    if (!get_prefixes(update->mp_nlri, bits_of(family), value + 5 + n_next_hop, value + n))
        return "prefixes of MP_REACH_NLRI do not add up";
    if (!is_mp_host(next_hop))
        complain(reading, DX_BGP_WITHDRAW, DX_BGP_BAD_OPTIONAL, value, n,
                 "the next hop of MP_REACH_NLRI is not the address of a host");
    return NULL;
}

static const char *get_mp_unreach(Reading *reading, const uint8_t *value, size_t n)
{
    DxBgpFamily family;

    if (n < 3)
        return "MP_UNREACH_NLRI is cut short";
    family = agreed_family(reading, value);
    if (family == DX_BGP_N_FAMILIES)
        return NULL;
    reading->has_unreach = true;
    reading->unreach = family;
    reading->is_unreach_empty = n == 3;
    if (!get_prefixes(reading->update->withdrawn, bits_of(family), value + 3, value + n))
        return "prefixes of MP_UNREACH_NLRI do not add up";
    return NULL;
}

/* -- attributes ---------------------------------------------------------------------------------------- */

enum { EXACTLY, SOME_OF, ANY };

typedef struct {
    GetFn get;          /* NULL: not from a speaker that knows four octets (RFC 6793, section 4.1) */
    uint8_t flags;      /* Optional and Transitive, as they must be */
    uint8_t unit, rule; /* its length: unit, or a multiple of it, but not 0 */
    uint8_t subcode;    /* of a value that is none */
    DxBgpVerdict malformed;
    bool is_internal; /* nothing to an external peer: passed over */
} Attribute;

#define OPTIONAL   ATTRIBUTE_OPTIONAL
#define TRANSITIVE ATTRIBUTE_TRANSITIVE

/* clang-format off */
static const Attribute attributes[ATTRIBUTE_N] = {
    [ATTRIBUTE_ORIGIN] = { get_origin, TRANSITIVE, 1, EXACTLY, DX_BGP_BAD_ORIGIN, DX_BGP_WITHDRAW, false },
    [ATTRIBUTE_AS_PATH] = { get_as_path, TRANSITIVE, 1, ANY, DX_BGP_MALFORMED_AS_PATH, DX_BGP_WITHDRAW, false },
    [ATTRIBUTE_NEXT_HOP] = { get_next_hop, TRANSITIVE, 4, EXACTLY, DX_BGP_BAD_NEXT_HOP, DX_BGP_WITHDRAW, false },
    [ATTRIBUTE_MED] = { get_med, OPTIONAL, 4, EXACTLY, DX_BGP_BAD_OPTIONAL, DX_BGP_WITHDRAW, false },
    [ATTRIBUTE_LOCAL_PREF] = { get_local_pref, TRANSITIVE, 4, EXACTLY, 0, DX_BGP_WITHDRAW, true },
    [ATTRIBUTE_ATOMIC_AGGREGATE] = { get_atomic_aggregate, TRANSITIVE, 0, EXACTLY, 0, DX_BGP_DISCARDED, false },
    [ATTRIBUTE_AGGREGATOR] = { get_aggregator, OPTIONAL | TRANSITIVE, 8, EXACTLY, DX_BGP_BAD_OPTIONAL, DX_BGP_DISCARDED, false },
    [ATTRIBUTE_COMMUNITIES] = { get_communities, OPTIONAL | TRANSITIVE, 4, SOME_OF, DX_BGP_BAD_OPTIONAL, DX_BGP_WITHDRAW, false },
    [ATTRIBUTE_ORIGINATOR_ID] = { get_originator_id, OPTIONAL, 4, EXACTLY, DX_BGP_BAD_OPTIONAL, DX_BGP_WITHDRAW, true },
    [ATTRIBUTE_CLUSTER_LIST] = { get_cluster_list, OPTIONAL, 4, SOME_OF, DX_BGP_BAD_OPTIONAL, DX_BGP_WITHDRAW, true },
    [ATTRIBUTE_MP_REACH] = { get_mp_reach, OPTIONAL, 1, ANY, DX_BGP_BAD_OPTIONAL, DX_BGP_RESET, false },
    [ATTRIBUTE_MP_UNREACH] = { get_mp_unreach, OPTIONAL, 1, ANY, DX_BGP_BAD_OPTIONAL, DX_BGP_RESET, false },
    [ATTRIBUTE_AS4_PATH] = { NULL, OPTIONAL | TRANSITIVE, 1, ANY, 0, DX_BGP_DISCARDED, false },
    [ATTRIBUTE_AS4_AGGREGATOR] = { NULL, OPTIONAL | TRANSITIVE, 1, ANY, 0, DX_BGP_DISCARDED, false },
};
/* clang-format on */

static bool has_length(const Attribute *attribute, size_t n)
{
    if (attribute->rule == EXACTLY)
        return n == attribute->unit;
    return attribute->rule == ANY || (n && n % attribute->unit == 0);
}

/* One attribute, header and all. */
typedef struct {
    const uint8_t *octets, *value;
    size_t n, n_value;
    uint8_t flags, type;
} Tlv;

static void read_known(Reading *reading, const Attribute *attribute, const Tlv *tlv)
{
    const char *why;

    if (!attribute->get) {
        complain(reading, DX_BGP_DISCARDED, DX_BGP_MALFORMED_ATTRIBUTES, tlv->octets, tlv->n,
                 "it comes from a speaker that has no use for it");
        return;
    }
    if (attribute->is_internal && !reading->peer->is_internal &&
        !(reading->peer->is_confed && tlv->type == ATTRIBUTE_LOCAL_PREF)) {
        complain(reading, DX_BGP_DISCARDED, DX_BGP_MALFORMED_ATTRIBUTES, tlv->octets, tlv->n,
                 "an external peer has no business with it");
        return;
    }
    if ((tlv->flags & (OPTIONAL | TRANSITIVE)) != attribute->flags)
        complain(reading, DX_BGP_WITHDRAW, DX_BGP_ATTRIBUTE_FLAGS, tlv->octets, tlv->n,
                 "its flags are of another kind of attribute");
    if (!has_length(attribute, tlv->n_value)) {
        complain(reading, attribute->malformed, DX_BGP_ATTRIBUTE_LENGTH, tlv->octets, tlv->n,
                 "an attribute has another length");
        return;
    }
    why = attribute->get(reading, tlv->value, tlv->n_value);
    if (why)
        complain(reading, attribute->malformed, attribute->subcode, tlv->octets, tlv->n, why);
}

/* RFC 4271, section 5: passed on with the Partial bit, or not at all. */
static void read_unknown(Reading *reading, const Tlv *tlv)
{
    GArray *others = reading->update->others;
    const uint8_t flags = tlv->flags | ATTRIBUTE_PARTIAL;

    if (!(tlv->flags & OPTIONAL)) {
        complain(reading, DX_BGP_RESET, DX_BGP_UNRECOGNIZED_ATTRIBUTE, tlv->octets, tlv->n,
                 "there is no such well-known attribute");
        return;
    }
    if (!(tlv->flags & TRANSITIVE))
        return;
    g_array_append_val(others, flags);
    g_array_append_vals(others, tlv->octets + 1, (guint)(tlv->n - 1));
}

/* RFC 7606, section 3 (g): of two the first counts, unless prefixes are in them. */
static bool is_second(Reading *reading, const Tlv *tlv)
{
    uint8_t *seen = &reading->seen[tlv->type / 8];
    const uint8_t bit = (uint8_t)(1 << tlv->type % 8);
    const bool is_mp = tlv->type == ATTRIBUTE_MP_REACH || tlv->type == ATTRIBUTE_MP_UNREACH;

    if (*seen & bit)
        complain(reading, is_mp ? DX_BGP_RESET : DX_BGP_DISCARDED, DX_BGP_MALFORMED_ATTRIBUTES, NULL, 0,
                 "an attribute is there twice");
    if (*seen & bit)
        return true;
    *seen |= bit;
    return false;
}

/* False: there is none; section 4 of RFC 7606 says what follows. */
static bool next_tlv(const uint8_t *at, const uint8_t *end, Tlv *tlv)
{
    const size_t left = (size_t)(end - at);
    size_t header;

    if (left < 3)
        return false;
    *tlv = (Tlv){ .octets = at, .flags = at[0], .type = at[1] };
    header = tlv->flags & ATTRIBUTE_EXTENDED ? 4 : 3;
    if (left < header)
        return false;
    tlv->n_value = header == 4 ? get_u16(at + 2) : at[2];
    tlv->value = at + header;
    tlv->n = header + tlv->n_value;
    return tlv->n <= left;
}

static void read_attributes(Reading *reading, const uint8_t *at, const uint8_t *end)
{
    Tlv tlv;

    for (; at < end; at += tlv.n) {
        if (!next_tlv(at, end, &tlv)) {
            complain(reading, DX_BGP_WITHDRAW, DX_BGP_ATTRIBUTE_LENGTH, at, (size_t)(end - at),
                     "an attribute is longer than all of them");
            reading->has_several = true;
            break;
        }
        reading->has_several |= tlv.type != ATTRIBUTE_MP_UNREACH;
        if (is_second(reading, &tlv))
            continue;
        if (tlv.type < ATTRIBUTE_N && attributes[tlv.type].flags)
            read_known(reading, &attributes[tlv.type], &tlv);
        else
            read_unknown(reading, &tlv);
    }
    reading->update->attributes.others = (const uint8_t *)reading->update->others->data;
    reading->update->attributes.n_others = reading->update->others->len;
}

/* -- the message --------------------------------------------------------------------------------------- */

static void check_mandatory(Reading *reading, uint8_t type, bool is_there)
{
    static const uint8_t types[ATTRIBUTE_N] = {
        [ATTRIBUTE_ORIGIN] = ATTRIBUTE_ORIGIN,
        [ATTRIBUTE_AS_PATH] = ATTRIBUTE_AS_PATH,
        [ATTRIBUTE_NEXT_HOP] = ATTRIBUTE_NEXT_HOP,
        [ATTRIBUTE_LOCAL_PREF] = ATTRIBUTE_LOCAL_PREF,
    };

    if (!is_there)
        complain(reading, DX_BGP_WITHDRAW, DX_BGP_MISSING_ATTRIBUTE, &types[type], 1,
                 "a well-known attribute is missing");
}

static void check_all(Reading *reading)
{
    const DxBgpUpdate *update = reading->update;
    const DxBgpAttributes *has = &update->attributes;

    if (update->nlri->len || update->mp_nlri->len) {
        check_mandatory(reading, ATTRIBUTE_ORIGIN, has->has_origin);
        check_mandatory(reading, ATTRIBUTE_AS_PATH, has->has_as_path);
        check_mandatory(reading, ATTRIBUTE_NEXT_HOP, has->has_next_hop || !update->nlri->len);
        check_mandatory(reading, ATTRIBUTE_LOCAL_PREF, has->has_local_pref || !reading->peer->is_internal);
    } else if (reading->verdict == DX_BGP_WITHDRAW && reading->has_several) {
        reading->verdict = DX_BGP_RESET; /* RFC 7606, section 5.2: what was to be reached may be lost */
    }
}

/* RFC 4724, section 2: nothing at all, or an MP_UNREACH_NLRI without a prefix and nothing else. */
static uint8_t end_of_rib(const Reading *reading, size_t n)
{
    if (n == DX_BGP_HEADER_BYTES + 4)
        return 1 << DX_BGP_IPV4;
    if (!reading->has_unreach || !reading->is_unreach_empty || reading->has_several ||
        reading->update->withdrawn->len || reading->update->nlri->len)
        return 0;
    return (uint8_t)(1 << reading->unreach);
}

#define N_ARRAYS 8
#define ARRAYS(update)                                                                                       \
    {                                                                                                        \
        (update)->withdrawn, (update)->nlri, (update)->mp_nlri, (update)->segments, (update)->asns,          \
            (update)->communities, (update)->clusters, (update)->others                                      \
    }

static void empty(DxBgpUpdate *update)
{
    GArray *const arrays[N_ARRAYS] = ARRAYS(update);

    for (unsigned i = 0; i < N_ARRAYS; i++)
        g_array_set_size(arrays[i], 0);
    update->attributes = (DxBgpAttributes){ 0 };
    update->end_of_rib = 0;
}

static void read_message(Reading *reading, const uint8_t *message, size_t n)
{
    DxBgpUpdate *update = reading->update;
    const size_t n_withdrawn = get_u16(message + AT_WITHDRAWN_LENGTH);
    const uint8_t *at = message + AT_WITHDRAWN, *end = message + n, *nlri;

    if (n_withdrawn + DX_BGP_HEADER_BYTES + 4 > n ||
        n_withdrawn + get_u16(at + n_withdrawn) + DX_BGP_HEADER_BYTES + 4 > n) {
        complain(reading, DX_BGP_RESET, DX_BGP_MALFORMED_ATTRIBUTES, NULL, 0,
                 "withdrawn routes and attributes are longer than the message");
        return;
    }
    if (!get_prefixes(update->withdrawn, 32, at, at + n_withdrawn))
        complain(reading, DX_BGP_RESET, DX_BGP_BAD_NETWORK, NULL, 0, "withdrawn prefixes do not add up");
    at += n_withdrawn + 2;
    nlri = at + get_u16(at - 2);
    read_attributes(reading, at, nlri);
    if (!get_prefixes(update->nlri, 32, nlri, end))
        complain(reading, DX_BGP_RESET, DX_BGP_BAD_NETWORK, NULL, 0, "prefixes do not add up");
    check_all(reading);
    update->end_of_rib = end_of_rib(reading, n);
}

DxBgpVerdict dx__bgp_decode_update(const uint8_t *message, size_t n, const DxBgpPeer *peer,
                                   DxBgpUpdate *update, DxBgpFault *fault)
{
    Reading reading = { .peer = peer, .update = update, .fault = fault };

    empty(update);
    if (!dx__bgp_check(message, n, DX_BGP_UPDATE, fault))
        return DX_BGP_RESET;
    read_message(&reading, message, n);
    if (reading.verdict == DX_BGP_RESET)
        empty(update);
    return reading.verdict;
}

void dx__bgp_update_init(DxBgpUpdate *update)
{
    *update = (DxBgpUpdate){ .withdrawn = g_array_new(FALSE, FALSE, sizeof(DxPrefix)),
                             .nlri = g_array_new(FALSE, FALSE, sizeof(DxPrefix)),
                             .mp_nlri = g_array_new(FALSE, FALSE, sizeof(DxPrefix)),
                             .segments = g_array_new(FALSE, FALSE, sizeof(DxAsSegment)),
                             .asns = g_array_new(FALSE, FALSE, sizeof(uint32_t)),
                             .communities = g_array_new(FALSE, FALSE, sizeof(uint32_t)),
                             .clusters = g_array_new(FALSE, FALSE, sizeof(uint32_t)),
                             .others = g_array_new(FALSE, FALSE, 1) };
}

void dx__bgp_update_clear(DxBgpUpdate *update)
{
    GArray *const arrays[N_ARRAYS] = ARRAYS(update);

    for (unsigned i = 0; i < N_ARRAYS; i++)
        if (arrays[i])
            g_array_unref(arrays[i]);
    *update = (DxBgpUpdate){ 0 };
}
