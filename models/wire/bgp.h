/*
 * bgp.h - octets of BGP messages: RFC 4271, section 4
 *
 *   OPEN           with capabilities: RFC 5492; multiprotocol (RFC 4760), route refresh (RFC 2918), graceful
 *                  restart (RFC 4724), four-octet AS numbers (RFC 6793)
 *   UPDATE         IPv4 unicast in its own fields, IPv6 unicast in MP_REACH_NLRI and MP_UNREACH_NLRI; AS
 * numbers of four octets; communities (RFC 1997), route reflection (RFC 4456), confederations (RFC 5065)
 *   NOTIFICATION, KEEPALIVE, ROUTE-REFRESH
 *
 * What comes is read strictly, and faults are handled as RFC 4271, section 6, and RFC 7606 say. Nothing is
 * allocated per message but what the arrays of a DxBgpUpdate grow by.
 * Not modelled: AS numbers of two octets in an AS_PATH (peers without the capability), messages longer than
 * 4096 octets (RFC 8654), extended parameters of OPEN (RFC 9072), several paths to a prefix (RFC 7911).
 */
#ifndef DX_WIRE_BGP_H
#define DX_WIRE_BGP_H

#include "bgp/bgp.h"

#define DX_BGP_PORT         179
#define DX_BGP_HEADER_BYTES 19
#define DX_BGP_MESSAGE_MAX  4096
#define DX_BGP_VERSION      4

typedef enum {
    DX_BGP_OPEN = 1, /* the numbers of the wire */
    DX_BGP_UPDATE,
    DX_BGP_NOTIFICATION,
    DX_BGP_KEEPALIVE,
    DX_BGP_ROUTE_REFRESH,
} DxBgpType;

typedef enum { DX_BGP_IPV4, DX_BGP_IPV6, DX_BGP_N_FAMILIES } DxBgpFamily;

/* NOTIFICATION: codes, and the subcodes of each (RFC 4271 4.5, RFC 4486, RFC 6608). */
enum {
    DX_BGP_MESSAGE_HEADER_ERROR = 1,
    DX_BGP_OPEN_ERROR,
    DX_BGP_UPDATE_ERROR,
    DX_BGP_HOLD_TIMER_EXPIRED,
    DX_BGP_FSM_ERROR,
    DX_BGP_CEASE,
};
enum { DX_BGP_NOT_SYNCHRONIZED = 1, DX_BGP_BAD_LENGTH, DX_BGP_BAD_TYPE };
enum {
    DX_BGP_UNSUPPORTED_VERSION = 1,
    DX_BGP_BAD_PEER_AS,
    DX_BGP_BAD_IDENTIFIER,
    DX_BGP_UNSUPPORTED_PARAMETER,
    DX_BGP_BAD_HOLD_TIME = 6,
    DX_BGP_UNSUPPORTED_CAPABILITY,
};
enum {
    DX_BGP_MALFORMED_ATTRIBUTES = 1,
    DX_BGP_UNRECOGNIZED_ATTRIBUTE,
    DX_BGP_MISSING_ATTRIBUTE,
    DX_BGP_ATTRIBUTE_FLAGS,
    DX_BGP_ATTRIBUTE_LENGTH,
    DX_BGP_BAD_ORIGIN,
    DX_BGP_BAD_NEXT_HOP = 8,
    DX_BGP_BAD_OPTIONAL,
    DX_BGP_BAD_NETWORK,
    DX_BGP_MALFORMED_AS_PATH,
};
enum {
    DX_BGP_MAXIMUM_PREFIXES = 1,
    DX_BGP_ADMINISTRATIVE_SHUTDOWN,
    DX_BGP_PEER_DECONFIGURED,
    DX_BGP_ADMINISTRATIVE_RESET,
    DX_BGP_CONNECTION_REJECTED,
    DX_BGP_CONFIGURATION_CHANGE,
    DX_BGP_COLLISION,
    DX_BGP_OUT_OF_RESOURCES,
    DX_BGP_BFD_DOWN = 10, /* RFC 9384 */
};

/* What is wrong, as a NOTIFICATION says it. */
typedef struct {
    uint8_t code, subcode;
    const uint8_t *data; /* borrowed: of the message that was read, or for ever */
    size_t n_data;
    const char *why; /* for people: a clause without a stop */
} DxBgpFault;

typedef struct {
    uint32_t as; /* of four octets; without the capability, of two */
    uint16_t hold_s;
    uint32_t router_id;
    uint8_t families;       /* what it takes: bit per DxBgpFamily */
    bool has_multiprotocol; /* says so; else it is IPv4 alone */
    bool has_as4, has_refresh, has_restart;
    /* Graceful restart. */
    bool is_restarting; /* the R bit */
    uint16_t restart_s; /* 0 to 4095 */
    uint8_t restart_families,
        forwarding; /* bit per DxBgpFamily: kept over a restart, was kept over this one */
} DxBgpOpen;

typedef struct {
    bool has_origin, has_as_path, has_next_hop, has_med, has_local_pref, has_aggregator, has_originator_id;
    bool is_atomic;
    DxBgpOrigin origin;
    DxAsPath as_path;
    DxIp next_hop;    /* IPv4 */
    DxIp mp_next_hop; /* of what is in MP_REACH_NLRI; bits 0: there is none. IPv6: the global one */
    uint32_t med, local_pref, originator_id, aggregator_as, aggregator_id;
    const uint32_t *communities, *clusters;
    uint32_t n_communities, n_clusters;
    /* Optional transitive attributes of unknown meaning, ready to be passed on: Partial is set. */
    const uint8_t *others;
    size_t n_others;
} DxBgpAttributes;

/* An UPDATE that was read. The arrays are its own, and emptied by the next one. */
typedef struct {
    DxBgpAttributes attributes; /* points into the arrays */
    GArray *withdrawn;          /* DxPrefix, of either family */
    GArray *nlri;               /* DxPrefix, IPv4: by next_hop */
    GArray *mp_nlri;            /* DxPrefix: by mp_next_hop */
    uint8_t end_of_rib;         /* bit per DxBgpFamily: RFC 4724, section 2 */

    GArray *segments, *asns, *communities, *clusters, *others;
} DxBgpUpdate;

/* Whom it comes from, and what was agreed on. */
typedef struct {
    bool is_internal; /* iBGP */
    bool is_confed;   /* of another member AS of one confederation */
    uint8_t families; /* bit per DxBgpFamily; what is of another one is passed over */
} DxBgpPeer;

/* RFC 7606, section 2, from mild to strong. */
typedef enum {
    DX_BGP_TAKEN,
    DX_BGP_DISCARDED, /* an attribute, or a family, was passed over; the rest holds */
    DX_BGP_WITHDRAW,  /* as if nlri and mp_nlri had been withdrawn */
    DX_BGP_RESET,     /* nothing holds: send the NOTIFICATION and close */
} DxBgpVerdict;

/* -- what to send -------------------------------------------------------------------------------------- */

/* All return how many octets of @to were written; it has room for DX_BGP_MESSAGE_MAX. */
size_t dx__bgp_encode_open(const DxBgpOpen *open, uint8_t *to);
size_t dx__bgp_encode_keepalive(uint8_t *to);
size_t dx__bgp_encode_refresh(DxBgpFamily family, uint8_t *to);
/* Data that does not fit is cut. */
size_t dx__bgp_encode_notification(const DxBgpFault *fault, uint8_t *to);
size_t dx__bgp_encode_end_of_rib(DxBgpFamily family, uint8_t *to);

/**
 * dx__bgp_encode_update:
 * @attributes: what they have is written. For IPv4 prefixes next_hop counts, for IPv6 ones mp_next_hop
 * @prefixes: @n of them; as many of the first one's family as fit, in their order
 * @n_taken: (out): how many those are
 *
 * Returns: 0: the attributes leave no room for a prefix, or there is a set of more than 255 numbers in the
 * path
 */
size_t dx__bgp_encode_update(const DxBgpAttributes *attributes, const DxPrefix *prefixes, size_t n,
                             size_t *n_taken, uint8_t *to);
size_t dx__bgp_encode_withdraw(const DxPrefix *prefixes, size_t n, size_t *n_taken, uint8_t *to);

/* -- what has come ------------------------------------------------------------------------------------- */

typedef enum { DX_BGP_MESSAGE_WHOLE, DX_BGP_MESSAGE_PART, DX_BGP_MESSAGE_BAD } DxBgpFraming;

/**
 * dx__bgp_frame:
 * @stream: @n octets that begin with a message; any octets may come
 * @type: (out): if it is whole; every type has the length that it must have
 * @length: (out): of the whole message; 0: not known yet
 * @fault: (out): if it is bad
 */
DxBgpFraming dx__bgp_frame(const uint8_t *stream, size_t n, DxBgpType *type, size_t *length,
                           DxBgpFault *fault);

/* Of one whole message, from its header on. True: it was taken. False: @fault says why not. */
bool dx__bgp_decode_open(const uint8_t *message, size_t n, DxBgpOpen *open, DxBgpFault *fault);
bool dx__bgp_decode_notification(const uint8_t *message, size_t n, DxBgpFault *said, DxBgpFault *fault);
/* A family that we do not know is no fault (RFC 2918, section 4): @family is DX_BGP_N_FAMILIES then. */
bool dx__bgp_decode_refresh(const uint8_t *message, size_t n, DxBgpFamily *family, DxBgpFault *fault);

void dx__bgp_update_init(DxBgpUpdate *update);
void dx__bgp_update_clear(DxBgpUpdate *update);
/* @fault: the first of the strongest, unless it is DX_BGP_TAKEN. */
DxBgpVerdict dx__bgp_decode_update(const uint8_t *message, size_t n, const DxBgpPeer *peer,
                                   DxBgpUpdate *update, DxBgpFault *fault);

/* "Cease", "Administrative Shutdown"; NULL for a subcode that has no name. */
const char *dx__bgp_code_name(uint8_t code);
const char *dx__bgp_subcode_name(uint8_t code, uint8_t subcode);

#endif
