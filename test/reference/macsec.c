/*
 * macsec - IEEE 802.1AE at both ends of a direction, as docs/models/macsec.md has it
 *
 * Both ends look into one channel. Every frame carries its own packet number, and the receiver goes by that.
 */
#include "reference-priv.h"

#include <string.h>

enum { MODE_MUST, MODE_SHOULD };
enum { KEYS_STATIC, KEYS_NONE };

#define OVERHEAD_MOST 255
#define N_NUMBERS     4
#define LAST_OF_32    0xffffffffu

typedef struct {
    Part part;
    Channel *channel;
    uint64_t protected, clear, rekeys, ok, untagged;
    uint64_t not_secured, too_long, no_tx_sa, exhausted, no_tag, bad_tag, no_sci, no_sa, late, not_valid;
} End;

struct Channel {
    bool is_must, is_static, is_xpn, is_secured;
    uint32_t overhead;
    uint64_t first_pn, rekey_pn, window;
    DxTime latency_ps, rekey_ps, retire_ps, reaction_ps;
    uint64_t key, pn; /* the sender's: number from 1, 0 is none; next packet number */
    uint32_t number;  /* of its association */
    bool sends;
    bool accepts[N_NUMBERS];
    uint64_t next_pn[N_NUMBERS];
    End *enter, *send, *receive;
    Channel *other; /* the way back; NULL: nobody steers */
    Part *agent;    /* who is told of packet numbers */
};

bool channel_is_open(const Channel *channel)
{
    return channel->is_secured;
}

Channel *channel_new(const ReferenceWorld *world, const void *conf)
{
    Channel *channel = g_new0(Channel, 1);
    const int64_t suite = conf_int(world, "macsec", conf, "suite");

    channel->is_must = conf_int(world, "macsec", conf, "mode") == MODE_MUST;
    channel->is_static = conf_int(world, "macsec", conf, "keys") == KEYS_STATIC;
    channel->is_xpn = suite >= 2;
    channel->overhead = conf_int(world, "macsec", conf, "sci") ? 2 + 1 + 1 + 4 + 8 + 16 : 2 + 1 + 1 + 4 + 16;
    channel->first_pn = (uint64_t)conf_int(world, "macsec", conf, "first_pn");
    channel->rekey_pn = (uint64_t)conf_int(world, "macsec", conf, "rekey_pn");
    channel->window = (uint64_t)conf_int(world, "macsec", conf, "replay_window");
    channel->latency_ps = conf_int(world, "macsec", conf, "latency");
    channel->rekey_ps = conf_int(world, "macsec", conf, "rekey");
    channel->retire_ps = conf_int(world, "macsec", conf, "retire");
    channel->reaction_ps = conf_int(world, "macsec", conf, "reaction");
    return channel;
}

void channel_add(Channel *channel, Part *part)
{
    End *end = (End *)part;

    end->channel = channel;
    if (part->kind == &macsec_enter_kind)
        channel->enter = end;
    else if (part->kind == &macsec_send_kind)
        channel->send = end;
    else
        channel->receive = end;
}

static void lose(ReferenceWorld *world, End *end, Frame *frame, uint64_t *count, const char *reason)
{
    ++*count;
    frame_drop(world, &end->part.node, frame, reason);
}

static void go_on(ReferenceWorld *world, End *end, Frame *frame, DxTime latency_ps)
{
    const Hop *to = &end->part.next;

    world_frame_step(world, world->now + latency_ps, to->layer, to->node, to->input, to->arrival, to->who,
                     frame, 0);
}

/* -- keys --------------------------------------------------------------------------------------------- */

static void use_key(Channel *channel)
{
    const uint64_t number = channel->key++ % N_NUMBERS;

    channel->accepts[number] = true;
    channel->next_pn[number] = channel->first_pn;
    channel->pn = channel->first_pn;
    channel->is_secured = channel->sends = true;
    channel->number = (uint32_t)number;
    channel->send->rekeys += channel->key > 1;
}

static void retire(ReferenceWorld *world, void *who, Frame *none, uint64_t number)
{
    Channel *channel = who;

    (void)world;
    (void)none;
    channel->accepts[number] = false;
}

static void renew(ReferenceWorld *world, Channel *channel)
{
    g_autofree char *text = NULL;

    if (channel->accepts[channel->key % N_NUMBERS]) {
        text = g_strdup_printf("association %" G_GUINT64_FORMAT " is in use", channel->key % N_NUMBERS);
        world_log(world, channel->enter->part.node.name, "rekey_refused", text);
        return;
    }
    world_post(world, world->now + channel->retire_ps, &channel->enter->part.node, retire, channel,
               (channel->key - 1) % N_NUMBERS);
    use_key(channel);
    text = g_strdup_printf("key %" G_GUINT64_FORMAT ", association %" G_GUINT64_FORMAT, channel->key,
                           (channel->key - 1) % N_NUMBERS);
    world_log(world, channel->enter->part.node.name, "rekey", text);
}

static void rekey(ReferenceWorld *world, void *who, Frame *none, uint64_t arg)
{
    Channel *channel = who;

    (void)none;
    (void)arg;
    renew(world, channel);
    world_post(world, world->now + channel->rekey_ps, &channel->enter->part.node, rekey, channel, 0);
}

static void threshold(ReferenceWorld *world, void *who, Frame *none, uint64_t key)
{
    Channel *channel = who;

    (void)none;
    if (key != channel->key)
        return;
    world_log(world, channel->send->part.node.name, "pn_threshold", "time for a new key");
    if (channel->is_static)
        renew(world, channel);
    else if (channel->agent)
        agreement_number(world, channel->agent, channel->number);
}

static void exhausted(ReferenceWorld *world, void *who, Frame *none, uint64_t key)
{
    Channel *channel = who;

    (void)none;
    if (key != channel->key)
        return;
    world_log(world, channel->send->part.node.name, "pn_exhausted", "no packet number is left");
    if (channel->is_static && channel->is_secured) {
        channel->is_secured = false;
        world_log(world, channel->enter->part.node.name, "unsecured",
                  channel->is_must ? "nothing passes" : "frames go in clear");
    }
    if (channel->agent)
        agreement_number(world, channel->agent, channel->number);
}

/* -- told by an agent --------------------------------------------------------------------------------- */

void channel_join(Channel *channel, Channel *other, Part *agent)
{
    channel->other = other;
    channel->agent = agent;
}

static void secure(ReferenceWorld *world, Channel *channel, bool is_secured)
{
    if (channel->is_secured == is_secured)
        return;
    channel->is_secured = is_secured;
    world_log(world, channel->enter->part.node.name, is_secured ? "secured" : "unsecured",
              is_secured         ? "frames are protected"
              : channel->is_must ? "nothing passes"
                                 : "frames go in clear");
}

/* What is received at this end comes by the other channel. */
void channel_tell(ReferenceWorld *world, Channel *channel, ChannelWord word, uint32_t number)
{
    switch (word) {
    case CHANNEL_RECEIVE:
        channel->other->accepts[number] = true;
        channel->other->next_pn[number] = channel->first_pn;
        break;
    case CHANNEL_TRANSMIT:
        channel->send->rekeys += channel->key++ > 0;
        channel->pn = channel->first_pn;
        channel->number = number;
        channel->sends = true;
        break;
    case CHANNEL_DELETE:
        channel->other->accepts[number] = false;
        channel->sends = channel->sends && channel->number != number;
        break;
    default:
        secure(world, channel, word == CHANNEL_OPEN);
    }
}

void channel_start(ReferenceWorld *world, Channel *channel)
{
    if (!channel->is_static) {
        world_log(world, channel->enter->part.node.name, "unsecured",
                  channel->is_must ? "nothing passes" : "frames go in clear");
        return;
    }
    use_key(channel);
    if (channel->rekey_ps)
        world_post(world, channel->rekey_ps, &channel->enter->part.node, rekey, channel, 0);
}

/* -- frames ------------------------------------------------------------------------------------------- */

/* Gives the frame a number. False: there is none. */
static bool take_number(ReferenceWorld *world, Channel *channel, Frame *frame)
{
    if (!channel->is_xpn && channel->pn > LAST_OF_32)
        return false;
    frame->key = channel->key;
    frame->number = channel->number;
    frame->pn = channel->pn++;
    if (channel->rekey_pn && frame->pn == channel->rekey_pn)
        world_post(world, world->now + channel->reaction_ps, &channel->send->part.node, threshold, channel,
                   channel->key);
    if (!channel->is_xpn && frame->pn == LAST_OF_32)
        world_post(world, world->now + channel->reaction_ps, &channel->send->part.node, exhausted, channel,
                   channel->key);
    return true;
}

static void enter_arrival(ReferenceWorld *world, void *who, Frame *frame, uint64_t arg)
{
    End *end = who;
    Channel *channel = end->channel;

    (void)arg;
    if (!channel->is_secured && channel->is_must) {
        lose(world, end, frame, &end->not_secured, "not_secured");
        return;
    }
    if (channel->is_secured && frame->overhead_bytes + channel->overhead > OVERHEAD_MOST) {
        lose(world, end, frame, &end->too_long, "too_long");
        return;
    }
    frame->is_protected = channel->is_secured;
    if (frame->is_protected)
        frame->overhead_bytes += channel->overhead;
    if (frame->is_protected && world->flaw == REFERENCE_NUMBERS_THE_QUEUED)
        frame->has_no_number = !take_number(world, channel, frame);
    go_on(world, end, frame, channel->latency_ps);
}

static void send_arrival(ReferenceWorld *world, void *who, Frame *frame, uint64_t arg)
{
    End *end = who;
    const bool is_late = world->flaw == REFERENCE_NUMBERS_THE_QUEUED;

    (void)arg;
    if (!frame->is_protected) {
        end->clear++;
    } else if (!end->channel->sends) {
        lose(world, end, frame, &end->no_tx_sa, "no_tx_sa");
        return;
    } else if (is_late ? frame->has_no_number : !take_number(world, end->channel, frame)) {
        lose(world, end, frame, &end->exhausted, "pn_exhausted");
        return;
    } else {
        end->protected ++;
    }
    go_on(world, end, frame, 0);
}

static void receive_arrival(ReferenceWorld *world, void *who, Frame *frame, uint64_t arg)
{
    End *end = who;
    Channel *channel = end->channel;
    const uint32_t number = frame->number;

    (void)arg;
    if (!frame->is_protected && channel->is_must) {
        lose(world, end, frame, &end->no_tag, "no_tag");
        return;
    }
    if (!frame->is_protected) {
        end->untagged++;
        go_on(world, end, frame, channel->latency_ps);
        return;
    }
    if (!channel->accepts[number]) {
        lose(world, end, frame, &end->no_sa, "no_sa");
        return;
    }
    if (frame->pn + channel->window < channel->next_pn[number]) {
        lose(world, end, frame, &end->late, "late");
        return;
    }
    channel->next_pn[number] = MAX(channel->next_pn[number], frame->pn + 1);
    frame->is_protected = false;
    frame->overhead_bytes -= channel->overhead;
    end->ok++;
    go_on(world, end, frame, channel->latency_ps);
}

/* -- three kinds -------------------------------------------------------------------------------------- */

static void end_init(ReferenceWorld *world, Part *part, const void *conf)
{
    (void)world;
    (void)part;
    (void)conf;
}

/* The last of the three takes the channel with it. */
static void end_clear(Part *part)
{
    g_free(((End *)part)->channel);
}

static void end_observe(ReferenceWorld *world, Part *part)
{
    (void)world;
    ((End *)part)->part.shown = ((End *)part)->channel->pn;
}

static bool enter_can_drop(const Part *part, const char *reason)
{
    return strcmp(reason, "not_secured") != 0 || ((const End *)part)->channel->is_must;
}

static bool send_can_drop(const Part *part, const char *reason)
{
    return strcmp(reason, "pn_exhausted") != 0 || !((const End *)part)->channel->is_xpn;
}

static bool receive_can_drop(const Part *part, const char *reason)
{
    return strcmp(reason, "no_tag") != 0 || ((const End *)part)->channel->is_must;
}

#define DROP(reason, field)                                                                                  \
    {                                                                                                        \
        reason, DX_COUNTER_SUM, offsetof(End, field)                                                         \
    }

static const Count enter_drops[] = { DROP("not_secured", not_secured), DROP("too_long", too_long),
                                     COUNTS_END };
static const Count send_drops[] = { DROP("no_tx_sa", no_tx_sa), DROP("pn_exhausted", exhausted), COUNTS_END };
static const Count receive_drops[] = { DROP("no_tag", no_tag),
                                       DROP("bad_tag", bad_tag),
                                       DROP("no_sci", no_sci),
                                       DROP("no_sa", no_sa),
                                       DROP("late", late),
                                       DROP("not_valid", not_valid),
                                       COUNTS_END };
static const Count send_counts[] = { DROP("tx_protected_frames", protected),
                                     DROP("tx_clear_frames", clear),
                                     { "next_pn", DX_COUNTER_GAUGE, offsetof(End, part.shown) },
                                     DROP("rekeys", rekeys),
                                     COUNTS_END };
static const Count receive_counts[] = { DROP("rx_ok_frames", ok), DROP("rx_untagged_frames", untagged),
                                        COUNTS_END };

const PartKind macsec_enter_kind = { .model = "macsec",
                                     .size = sizeof(End),
                                     .init = end_init,
                                     .arrival = enter_arrival,
                                     .drops = enter_drops,
                                     .can_drop = enter_can_drop,
                                     .stands_alone = true };
const PartKind macsec_send_kind = { .model = "macsec",
                                    .size = sizeof(End),
                                    .init = end_init,
                                    .arrival = send_arrival,
                                    .observe = end_observe,
                                    .counts = send_counts,
                                    .drops = send_drops,
                                    .can_drop = send_can_drop,
                                    .stands_alone = true };
const PartKind macsec_receive_kind = { .model = "macsec",
                                       .size = sizeof(End),
                                       .init = end_init,
                                       .clear = end_clear,
                                       .arrival = receive_arrival,
                                       .counts = receive_counts,
                                       .drops = receive_drops,
                                       .can_drop = receive_can_drop,
                                       .stands_alone = true };
