/*
 * dxsim/ip.h - addresses and prefixes, IPv4 and IPv6
 *
 * Addresses are compared as numbers: 10.64.9.1 comes before 10.64.10.1. Every IPv4 address comes before every
 * IPv6 one.
 */
#ifndef DXSIM_IP_H
#define DXSIM_IP_H

#include <stdbool.h>
#include <stdint.h>
#include <dxsim/time.h>

/* Room for any address or prefix as text, NUL included. */
#define DX_IP_TEXT     46
#define DX_PREFIX_TEXT 50

typedef struct {
    uint8_t bits;      /* 32 or 128; 0: no address */
    uint8_t bytes[16]; /* network order; what is not used is 0 */
} DxIp;

typedef struct {
    DxIp network;
    uint8_t length; /* 0 to network.bits */
} DxPrefix;

/* Negative, 0 or positive, as @a comes before @b. */
DX_API int dx_ip_compare(const DxIp *a, const DxIp *b);
DX_API bool dx_ip_parse(const char *text, DxIp *ip);
DX_API const char *dx_ip_text(const DxIp *ip, char text[DX_IP_TEXT]);

/* Four numbers with points, as router and cluster IDs are written, as one unsigned number. */
DX_API bool dx_router_id_parse(const char *text, uint32_t *id);
DX_API const char *dx_router_id_text(uint32_t id, char text[DX_IP_TEXT]);

typedef enum {
    DX_PREFIX_OK,
    DX_PREFIX_FORM,      /* not ADDRESS/LENGTH */
    DX_PREFIX_LENGTH,    /* longer than the address */
    DX_PREFIX_HOST_BITS, /* @prefix holds the one without them */
} DxPrefixFault;

DX_API DxPrefixFault dx_prefix_parse(const char *text, DxPrefix *prefix);
DX_API const char *dx_prefix_text(const DxPrefix *prefix, char text[DX_PREFIX_TEXT]);
/* Is all of @inner in @outer? Every prefix contains itself. */
DX_API bool dx_prefix_contains(const DxPrefix *outer, const DxPrefix *inner);

#endif
