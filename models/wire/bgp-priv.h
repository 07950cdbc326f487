/*
 * bgp-priv.h - what the files of BGP's octets share
 */
#ifndef DX_WIRE_BGP_PRIV_H
#define DX_WIRE_BGP_PRIV_H

#include "bgp.h"
#include "put.h"

/* AFIs of RFC 4760; the SAFI is always that of unicast. */
enum { AFI_IPV4 = 1, AFI_IPV6 = 2, SAFI_UNICAST = 1 };

/* Path attributes: flags and types. */
enum {
    ATTRIBUTE_OPTIONAL = 0x80,
    ATTRIBUTE_TRANSITIVE = 0x40,
    ATTRIBUTE_PARTIAL = 0x20,
    ATTRIBUTE_EXTENDED = 0x10
};
enum {
    ATTRIBUTE_ORIGIN = 1,
    ATTRIBUTE_AS_PATH,
    ATTRIBUTE_NEXT_HOP,
    ATTRIBUTE_MED,
    ATTRIBUTE_LOCAL_PREF,
    ATTRIBUTE_ATOMIC_AGGREGATE,
    ATTRIBUTE_AGGREGATOR,
    ATTRIBUTE_COMMUNITIES,
    ATTRIBUTE_ORIGINATOR_ID,
    ATTRIBUTE_CLUSTER_LIST,
    ATTRIBUTE_MP_REACH = 14,
    ATTRIBUTE_MP_UNREACH,
    ATTRIBUTE_AS4_PATH = 17,
    ATTRIBUTE_AS4_AGGREGATOR,
    ATTRIBUTE_N
};

/* Marker, length and type; returns @n. */
size_t dx__bgp_put_header(uint8_t *to, DxBgpType type, size_t n);
/* Is it one whole message of this type? */
bool dx__bgp_check(const uint8_t *message, size_t n, DxBgpType type, DxBgpFault *fault);

static inline uint16_t dx__bgp_afi(DxBgpFamily family)
{
    return family == DX_BGP_IPV6 ? AFI_IPV6 : AFI_IPV4;
}

/* DX_BGP_N_FAMILIES: none of ours. */
static inline DxBgpFamily dx__bgp_family(unsigned afi, unsigned safi)
{
    if (safi != SAFI_UNICAST)
        return DX_BGP_N_FAMILIES;
    return afi == AFI_IPV4 ? DX_BGP_IPV4 : afi == AFI_IPV6 ? DX_BGP_IPV6 : DX_BGP_N_FAMILIES;
}

#endif
