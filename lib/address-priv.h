/*
 * address-priv.h - addresses of interfaces, as a router's configuration has them
 */
#ifndef DX_ADDRESS_PRIV_H
#define DX_ADDRESS_PRIV_H

#include <dxsim/ip.h>

typedef struct {
    DxIp ip;
    unsigned prefix; /* bits, 0 to 32 or 128 */
} DxAddress;

/* "169.254.100.1/30", "2001:db8::1/126". False: @why (transfer full) says what is wrong with it. */
bool dx__address_parse(const char *text, DxAddress *address, char **why);

/* The same bits up to @prefix? Of one family. */
bool dx__address_is_same_net(const DxAddress *a, const DxAddress *b, unsigned prefix);

/* All bits behind the prefix are @bit. */
bool dx__address_host_is(const DxAddress *address, bool bit);

/* By family, network, and the shorter prefix first. */
int dx__address_compare_nets(const DxAddress *a, const DxAddress *b);

#endif
