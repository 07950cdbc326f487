/*
 * flows.h - flows for tests of what bundles hash
 */
#ifndef DX_TEST_LAG_FLOWS_H
#define DX_TEST_LAG_FLOWS_H

#include <arpa/inet.h>
#include <check.h>
#include <string.h>
#include "lag/policy.h"

static inline void set_address(uint8_t address[16], bool is_ipv6, const char *text)
{
    memset(address, 0, 16);
    ck_assert_int_eq(inet_pton(is_ipv6 ? AF_INET6 : AF_INET, text, address + (is_ipv6 ? 0 : 12)), 1);
}

static inline DxFlow flow_of(const char *src, const char *dst, unsigned src_port, unsigned dst_port,
                             unsigned protocol)
{
    DxFlow flow = { .is_ipv6 = strchr(src, ':') != NULL,
                    .src_port = (uint16_t)src_port,
                    .dst_port = (uint16_t)dst_port,
                    .protocol = (uint8_t)protocol };

    set_address(flow.src, flow.is_ipv6, src);
    set_address(flow.dst, flow.is_ipv6, dst);
    return flow;
}

/* IPv4, UDP, everything else drawn. */
static inline DxFlow random_flow(uint64_t *random)
{
    const uint64_t addresses = dx_splitmix64(random), ports = dx_splitmix64(random);
    DxFlow flow = { .protocol = 17, .src_port = (uint16_t)ports, .dst_port = (uint16_t)(ports >> 16) };

    memcpy(flow.src + 12, &addresses, 4);
    memcpy(flow.dst + 12, (const char *)&addresses + 4, 4);
    return flow;
}

#endif
