/*
 * conversation DIR - two sessions from SYN to NOTIFICATION, with BFD beside them, as DIR/conversation.pcapng
 *
 * One over IPv4, signed; one over IPv6. Frames are made of descriptors and attached octets, as a run makes
 * them. For test_conversation.py, which asks somebody else what they say.
 */
#include <stdio.h>
#include <string.h>
#include <dxsim/pcapng.h>
#include "bgp/community.h"
#include "bgp/transport.h"
#include "pipe.h"
#include "wire/bfd.h"
#include "wire/bgp.h"
#include "wire/frame.h"
#include "wire/packet.h"

#define N_PREFIXES 2000
#define DELAY_PS   DX_MS

typedef struct Conversation Conversation;

typedef struct {
    Transport transport;
    Conversation *conversation;
    unsigned index;
} End;

struct Conversation {
    End end[2];
    DxIp address[2];
    Pipe pipe;
    DxPcapng *pcapng;
    uint32_t interface;
    DxCrc32 crc;
    DxTime now_ps;
};

static void put_frame(Conversation *talk, unsigned from, uint8_t protocol, uint8_t ttl, const uint8_t *octets,
                      size_t n)
{
    static uint8_t at[DX_WIRE_FRAME_MAX];
    const DxIp *src = &talk->address[from], *dst = &talk->address[!from];
    const bool is_ipv6 = src->bits == 128;
    const DxFrame frame = { .size_bytes = (uint16_t)(n + (is_ipv6 ? 40 : 20)),
                            .ttl = ttl,
                            .tci = 6 << 13,
                            .flags = DX_FRAME_CONTROL };
    DxFlow flow = { .protocol = protocol, .is_ipv6 = is_ipv6 };
    const DxWireFrame what = { .frame = &frame,
                               .flow = &flow,
                               .from = from ? "aws" : "office",
                               .to = from ? "office" : "aws",
                               .octets = octets,
                               .n_octets = n };

    memcpy(flow.src + (is_ipv6 ? 0 : 12), src->bytes, is_ipv6 ? 16 : 4);
    memcpy(flow.dst + (is_ipv6 ? 0 : 12), dst->bytes, is_ipv6 ? 16 : 4);
    dx_pcapng_packet(talk->pcapng, talk->interface, talk->now_ps, at,
                     dx__frame_ethernet(&what, NULL, &talk->crc, at), NULL);
}

static void on_transmit(void *user, const uint8_t *segment, size_t n)
{
    End *end = user;

    put_frame(end->conversation, end->index, DX_PROTOCOL_TCP, 1, segment, n);
    pipe_send(&end->conversation->pipe, end->conversation->now_ps, !end->index, segment, n);
}

static void on_connected(void *user)
{
    (void)user;
}

static void on_arrived(void *user, const uint8_t *data, size_t n)
{
    (void)user;
    (void)data;
    (void)n;
}

static void on_ended(void *user)
{
    End *end = user;

    dx__transport_close(&end->transport, end->conversation->now_ps);
}

static void on_closed(void *user, TransportReason reason)
{
    (void)user;
    (void)reason;
}

static const TransportWatch watch = { on_transmit, on_connected, on_arrived, on_ended, on_closed };

static void run_to(Conversation *talk, DxTime until_ps)
{
    Transport *a = &talk->end[0].transport, *b = &talk->end[1].transport;

    for (;;) {
        const DxTime mail_ps = pipe_next(&talk->pipe), a_ps = dx__transport_next(a),
                     b_ps = dx__transport_next(b), next_ps = MIN(mail_ps, MIN(a_ps, b_ps));

        if (next_ps > until_ps)
            break;
        talk->now_ps = next_ps;
        if (mail_ps == next_ps) {
            const PipeMail mail = pipe_take(&talk->pipe);

            dx__transport_receive(&talk->end[mail.to].transport, next_ps, mail.octets, mail.n);
            g_free(mail.octets);
        } else {
            dx__transport_run(a_ps == next_ps ? a : b, next_ps);
        }
    }
    talk->now_ps = until_ps;
}

static void say(Conversation *talk, unsigned from, const uint8_t *message, size_t n)
{
    dx__transport_send(&talk->end[from].transport, talk->now_ps, message, n);
}

/* -- what is said -------------------------------------------------------------------------------------- */

static void say_open(Conversation *talk, unsigned from)
{
    const DxBgpOpen open = { .as = from ? 7224 : 4200000001,
                             .hold_s = 30,
                             .router_id = 0x0A000001 + from,
                             .families = 3,
                             .has_multiprotocol = true,
                             .has_as4 = true,
                             .has_refresh = true,
                             .has_restart = true,
                             .restart_s = 120,
                             .restart_families = 3,
                             .forwarding = 3 };
    uint8_t at[DX_BGP_MESSAGE_MAX];

    say(talk, from, at, dx__bgp_encode_open(&open, at));
}

static void say_keepalive(Conversation *talk, unsigned from)
{
    uint8_t at[DX_BGP_MESSAGE_MAX];

    say(talk, from, at, dx__bgp_encode_keepalive(at));
}

static DxPrefix prefix_of(uint32_t i, bool is_ipv6)
{
    DxPrefix prefix = { { is_ipv6 ? 128 : 32, { 0 } }, is_ipv6 ? 48 : 24 };

    if (is_ipv6)
        memcpy(prefix.network.bytes, "\x20\x01\x0d\xb8", 4);
    else
        prefix.network.bytes[0] = 10;
    prefix.network.bytes[is_ipv6 ? 4 : 1] = (uint8_t)(i >> 8);
    prefix.network.bytes[is_ipv6 ? 5 : 2] = (uint8_t)i;
    return prefix;
}

static void say_routes(Conversation *talk, bool is_ipv6)
{
    static const DxAsSegment segments[] = { { DX_AS_SEQUENCE, 2 }, { DX_AS_SET, 2 } };
    static const uint32_t asns[] = { 4200000001, 64500, 64501, 64502 };
    static const uint32_t communities[] = { 7224u << 16 | 7300, DX_COMMUNITY_NO_EXPORT };
    static DxPrefix prefixes[N_PREFIXES];
    const DxBgpAttributes attributes = { .has_origin = true,
                                         .has_as_path = true,
                                         .as_path = { segments, asns, 2 },
                                         .has_next_hop = true,
                                         .next_hop = { 32, { 169, 254, 0, 1 } },
                                         .mp_next_hop = { 128, { 0x20, 1, 0xd, 0xb8, [15] = 1 } },
                                         .has_med = true,
                                         .med = 50,
                                         .is_atomic = true,
                                         .has_aggregator = true,
                                         .aggregator_as = 4200000001,
                                         .aggregator_id = 0x0A000001,
                                         .communities = communities,
                                         .n_communities = 2 };
    uint8_t at[DX_BGP_MESSAGE_MAX];
    size_t n_taken;

    for (uint32_t i = 0; i < N_PREFIXES; i++)
        prefixes[i] = prefix_of(i, is_ipv6);
    for (size_t i = 0; i < N_PREFIXES; i += n_taken)
        say(talk, 0, at, dx__bgp_encode_update(&attributes, prefixes + i, N_PREFIXES - i, &n_taken, at));
    say(talk, 0, at, dx__bgp_encode_withdraw(prefixes, 10, &n_taken, at));
    say(talk, 0, at, dx__bgp_encode_end_of_rib(is_ipv6 ? DX_BGP_IPV6 : DX_BGP_IPV4, at));
}

static void say_refresh(Conversation *talk)
{
    uint8_t at[DX_BGP_MESSAGE_MAX];

    say(talk, 1, at, dx__bgp_encode_refresh(DX_BGP_IPV6, at));
}

static void say_cease(Conversation *talk)
{
    const DxBgpFault cease = { DX_BGP_CEASE, DX_BGP_ADMINISTRATIVE_SHUTDOWN, (const uint8_t *)"\7at noon", 8,
                               NULL };
    uint8_t at[DX_BGP_MESSAGE_MAX];

    say(talk, 1, at, dx__bgp_encode_notification(&cease, at));
    dx__transport_close(&talk->end[1].transport, talk->now_ps);
}

static void say_bfd(Conversation *talk, unsigned from, DxBfdState state, bool is_poll, bool is_final)
{
    const DxBfdPacket packet = { .state = state,
                                 .diagnostic = state == DX_BFD_DOWN ? DX_BFD_TIME_EXPIRED : 0,
                                 .is_poll = is_poll,
                                 .is_final = is_final,
                                 .multiplier = 3,
                                 .mine = 1 + from,
                                 .yours = state == DX_BFD_DOWN ? 0 : 2 - from,
                                 .desired_min_tx_us = state == DX_BFD_UP ? 300000 : 1000000,
                                 .required_min_rx_us = 300000 };
    uint8_t at[DX_BFD_BYTES];

    dx__bfd_encode(&packet, &talk->address[from], &talk->address[!from], (uint16_t)(DX_BFD_SRC_PORT + from),
                   at);
    put_frame(talk, from, DX_PROTOCOL_UDP, DX_BFD_TTL, at, sizeof at);
}

/* -- all of it ----------------------------------------------------------------------------------------- */

static void talk_over(DxPcapng *pcapng, uint32_t interface, bool is_ipv6, DxTime begin_ps)
{
    Conversation talk = { .pcapng = pcapng, .interface = interface, .now_ps = begin_ps };

    dx__crc32_init(&talk.crc);
    pipe_init(&talk.pipe, 1, DELAY_PS);
    for (unsigned i = 0; i < 2; i++) {
        TransportConf conf;

        dx_ip_parse(is_ipv6 ? (i ? "2001:db8::2" : "2001:db8::1")
                    : i     ? "169.254.0.2"
                            : "169.254.0.1",
                    &talk.address[i]);
        dx__transport_conf_init(&conf);
        conf.local_port = i ? DX_BGP_PORT : 49152;
        conf.remote_port = i ? 0 : DX_BGP_PORT;
        conf.key = is_ipv6 ? NULL : "s3cret";
        talk.end[i] = (End){ .conversation = &talk, .index = i };
        dx_ip_parse(is_ipv6 ? (i ? "2001:db8::2" : "2001:db8::1")
                    : i     ? "169.254.0.2"
                            : "169.254.0.1",
                    &conf.local);
        dx_ip_parse(is_ipv6 ? (i ? "2001:db8::1" : "2001:db8::2")
                    : i     ? "169.254.0.1"
                            : "169.254.0.2",
                    &conf.remote);
        dx__transport_init(&talk.end[i].transport, &conf, &watch, &talk.end[i]);
    }
    dx__transport_listen(&talk.end[1].transport, begin_ps, 0xfffffff0);
    dx__transport_open(&talk.end[0].transport, begin_ps, 1000);
    say_bfd(&talk, 0, DX_BFD_DOWN, false, false);
    run_to(&talk, begin_ps + 100 * DX_MS);
    say_open(&talk, 0);
    say_open(&talk, 1);
    say_bfd(&talk, 1, DX_BFD_INIT, false, false);
    run_to(&talk, begin_ps + 200 * DX_MS);
    say_keepalive(&talk, 0);
    say_keepalive(&talk, 1);
    say_bfd(&talk, 0, DX_BFD_UP, true, false);
    say_bfd(&talk, 1, DX_BFD_UP, false, true);
    run_to(&talk, begin_ps + 300 * DX_MS);
    say_routes(&talk, is_ipv6);
    run_to(&talk, begin_ps + 600 * DX_MS);
    say_refresh(&talk);
    run_to(&talk, begin_ps + 700 * DX_MS);
    say_cease(&talk);
    run_to(&talk, begin_ps + 900 * DX_MS);
    for (unsigned i = 0; i < 2; i++)
        dx__transport_clear(&talk.end[i].transport);
    pipe_clear(&talk.pipe);
}

int main(int argc, char **argv)
{
    const DxPcapngInterface interface = { .name = "dx1", .link_type = DX_LINKTYPE_ETHERNET, .fcs_bytes = 4 };
    const DxManifest manifest = { .scenario = "conversation", .scenario_sha256 = "00" };
    GError *error = NULL;
    DxOutput *output = argc == 2 ? dx_output_new(argv[1], false, &error) : NULL;
    DxFile *file = output ? dx_output_open(output, "conversation.pcapng", &error) : NULL;
    DxPcapng *pcapng = file ? dx_pcapng_new(file, NULL) : NULL;

    if (!pcapng) {
        fprintf(stderr, "conversation: %s\n", error ? error->message : "a directory that is not there yet");
        return 2;
    }
    dx_pcapng_interface(pcapng, &interface);
    talk_over(pcapng, 0, false, 0);
    talk_over(pcapng, 0, true, DX_S);
    dx_pcapng_free(pcapng);
    return dx_output_finish(output, &manifest, &error) ? 0 : 2;
}
