/*
 * mka - the key agreement at the far end of a direction, as docs/models/mka.md has it
 *
 * Messages are structs, not octets: who has the same key reads them, as if the ICV were right. The controlled
 * port is no table of states but what is true of the newer and the older key.
 */
#include "reference-priv.h"

#include <dxsim/mka.h>
#include <string.h>

#define NEVER_SERVER 255
#define MOST_PEERS   8
#define REMEMBERED   64

/* Who: an end, one of its keys, and a run of that. */
typedef struct {
    uint64_t mi[2];
} Name;

typedef struct {
    Name server;
    uint32_t number, an;
    bool is_there, rx, tx;
} Key;

typedef struct {
    Name name;
    uint32_t mn;
} Heard;

typedef struct {
    const DxMkaCak *cak;
    Name name;
    uint32_t mn, lowest_pn;
    uint8_t priority;
    uint64_t sci;
    unsigned n_heard;
    Heard heard[MOST_PEERS];
    Key newer, older;
    bool is_server, has_sak;
    Key sak;
} Message;

typedef struct {
    Heard last;
    bool is_live;
    uint64_t sci;
    uint8_t priority;
    DxTime expires_ps;
    Message said; /* the last, once it is live */
} Peer;

typedef struct {
    const DxMkaCak *cak;
    bool is_active;
    Name name;
    uint32_t mn, n_keys;
    DxTime sent_ps[REMEMBERED];
    unsigned n_peers;
    Peer peer[MOST_PEERS];
    Key sak;
    uint64_t hello; /* number of the armed one */
    bool told_name, told_key;
} Talk;

typedef struct {
    Part part;
    Direction *back; /* what it sends by */
    const DxMkaChain *chain;
    Talk talk[DX_MKA_CHAIN_MAX];
    unsigned n;
    int principal;
    DxTime hello_ps, life_ps, retire_ps, rekey_ps, reaction_ps;
    int64_t threshold;
    uint32_t pcp;
    uint8_t priority[2];
    uint64_t sci;
    DxRng rng;
    GPtrArray *said; /* Message: all it ever said */
    bool is_dark, has_server, is_server, is_open, has_news;
    uint64_t server_sci;
    const char *needs;
    bool is_time, is_number, has_waited, has_retired;
    uint32_t next_an, own_pn;
    DxTime made_ps;
    bool has_new;
    Key latest_taken, fresh, newer, older;
    uint64_t age, wait, retire, rekey; /* numbers of the armed ones */
    uint64_t sent, heard, malformed, unknown, bad, replayed, bad_key, made, installed, number, live, secured;
} Agreement;

static void settle(ReferenceWorld *world, Agreement *a);
static void send(ReferenceWorld *world, Agreement *a, Talk *talk);

/* -- small things ------------------------------------------------------------------------------------- */

static bool is_same(Name a, Name b)
{
    return a.mi[0] == b.mi[0] && a.mi[1] == b.mi[1];
}

static bool is_key(const Key *a, const Key *b)
{
    return a->is_there && b->is_there && a->number == b->number && is_same(a->server, b->server);
}

static Name draw_name(DxRng *rng)
{
    const uint64_t first = dx_rng_u64(rng), second = dx_rng_u64(rng);

    return (Name){ { first, second & 0xffffffffu } };
}

/* The station's address in front of port 1: FNV-1a of its name, lowest octets first, locally administered. */
static uint64_t sci_of(const char *station)
{
    uint64_t hash = 0xcbf29ce484222325u, sci = 0;

    for (; *station; station++)
        hash = (hash ^ (uint8_t)*station) * 0x100000001b3u;
    hash = (hash & ~(uint64_t)1) | 2;
    for (unsigned i = 0; i < 6; i++)
        sci = sci << 8 | (hash >> 8 * i & 0xff);
    return sci << 16 | 1;
}

static void say(ReferenceWorld *world, const Agreement *a, const char *event, const char *format, ...)
    G_GNUC_PRINTF(4, 5);

static void say(ReferenceWorld *world, const Agreement *a, const char *event, const char *format, ...)
{
    va_list args;
    char *text;

    va_start(args, format);
    text = g_strdup_vprintf(format, args);
    va_end(args);
    world_log(world, a->part.node.name, event, text);
    g_free(text);
}

static char *address(uint64_t sci)
{
    GString *text = g_string_new(NULL);

    for (unsigned i = 0; i < 6; i++)
        g_string_append_printf(text, i ? ":%02x" : "%02x", (unsigned)(sci >> (56 - 8 * i) & 0xff));
    return g_string_free(text, FALSE);
}

static Talk *principal(Agreement *a)
{
    return a->principal < 0 ? NULL : &a->talk[a->principal];
}

/* -- what the SecY is told ------------------------------------------------------------------------------ */

static void forget_key(ReferenceWorld *world, Agreement *a, Key *key)
{
    if (key->is_there)
        channel_tell(world, a->back->channel, CHANNEL_DELETE, key->an);
    *key = (Key){ 0 };
}

static void close_port(ReferenceWorld *world, Agreement *a)
{
    a->has_news = a->has_news || a->newer.is_there;
    forget_key(world, a, &a->newer);
    forget_key(world, a, &a->older);
    if (!a->is_open)
        return;
    a->is_open = false;
    a->secured = a->number = 0;
    say(world, a, "mka_unsecured", "the controlled port is down");
    channel_tell(world, a->back->channel, CHANNEL_CLOSE, 0);
}

static void open_port(ReferenceWorld *world, Agreement *a)
{
    a->is_open = true;
    a->secured = 1;
    say(world, a, "mka_secured", "the controlled port is up");
    channel_tell(world, a->back->channel, CHANNEL_OPEN, 0);
}

static void begin_receiving(ReferenceWorld *world, Agreement *a, Key *key)
{
    key->rx = true;
    a->installed++;
    channel_tell(world, a->back->channel, CHANNEL_RECEIVE, key->an);
}

static void begin_sending(ReferenceWorld *world, Agreement *a, Key *key)
{
    key->tx = true;
    a->number = key->number;
    a->own_pn = 1;
    a->is_number = false;
    say(world, a, "mka_key_in_use", "number %u, association %u", key->number, key->an);
    channel_tell(world, a->back->channel, CHANNEL_TRANSMIT, key->an);
}

/* -- timers: an event that is not of the latest number was re-armed ------------------------------------- */

static void on_age(ReferenceWorld *world, void *who, Frame *none, uint64_t number)
{
    Agreement *a = who;

    (void)none;
    if (number == a->age)
        settle(world, a);
}

static void on_wait(ReferenceWorld *world, void *who, Frame *none, uint64_t number)
{
    Agreement *a = who;

    (void)none;
    if (number != a->wait)
        return;
    a->has_waited = true;
    settle(world, a);
}

static void on_retire(ReferenceWorld *world, void *who, Frame *none, uint64_t number)
{
    Agreement *a = who;

    (void)none;
    if (number != a->retire)
        return;
    a->has_retired = true;
    settle(world, a);
}

static void on_rekey(ReferenceWorld *world, void *who, Frame *none, uint64_t number)
{
    Agreement *a = who;

    (void)none;
    if (number != a->rekey)
        return;
    a->is_time = a->is_server;
    settle(world, a);
}

static void arm(ReferenceWorld *world, Agreement *a, DxTime at, StepFn fn, uint64_t *number)
{
    world_post(world, at, &a->part.node, fn, a, ++*number);
}

/* -- who is there --------------------------------------------------------------------------------------- */

static void remove_peer(Talk *talk, unsigned i)
{
    for (talk->n_peers--; i < talk->n_peers; i++)
        talk->peer[i] = talk->peer[i + 1];
}

static unsigned count_peers(const Talk *talk, bool is_live)
{
    unsigned n = 0;

    for (unsigned i = 0; i < talk->n_peers; i++)
        n += talk->peer[i].is_live == is_live;
    return n;
}

/* The live ones first. */
static void expire(ReferenceWorld *world, Agreement *a, Talk *talk)
{
    for (unsigned is_live = 2; is_live-- > 0;)
        for (unsigned i = 0; i < talk->n_peers;) {
            const Peer *peer = &talk->peer[i];
            g_autofree char *who = address(peer->sci);

            if (peer->expires_ps > world->now || peer->is_live != is_live) {
                i++;
                continue;
            }
            if (is_live)
                say(world, a, "mka_peer_lost", "%s has been silent too long", who);
            if (is_live && talk == principal(a))
                a->needs = "peer left";
            remove_peer(talk, i);
        }
}

static void find_principal(ReferenceWorld *world, Agreement *a)
{
    const int before = a->principal;

    a->principal = -1;
    for (unsigned i = 0; i < a->n; i++)
        if (a->talk[i].is_active && count_peers(&a->talk[i], true))
            a->principal = (int)i;
    if (a->principal == before)
        return;
    if (a->principal < 0) {
        a->has_server = false;
        return;
    }
    a->needs = before < 0 ? "new peer" : "other CAK";
    if (before >= 0)
        say(world, a, "mka_key_change", "key %d of the chain", a->principal + 1);
}

/* 0: nobody. */
static uint64_t best(const Agreement *a, const Talk *talk)
{
    unsigned priority = a->priority[a->chain->end];
    uint64_t sci = priority == NEVER_SERVER ? 0 : a->sci;

    for (unsigned i = 0; i < talk->n_peers; i++) {
        const Peer *peer = &talk->peer[i];

        if (peer->is_live && peer->priority != NEVER_SERVER &&
            (!sci || peer->priority < priority || (peer->priority == priority && peer->sci < sci))) {
            priority = peer->priority;
            sci = peer->sci;
        }
    }
    return sci;
}

static bool elect(ReferenceWorld *world, Agreement *a, const Talk *talk)
{
    const uint64_t sci = best(a, talk);

    if (!sci) {
        a->has_server = false;
        return false;
    }
    if (!a->has_server || a->server_sci != sci) {
        g_assert(!a->has_server); /* of two it is always the same one */
        a->has_server = true;
        a->server_sci = sci;
        if (!a->needs)
            a->needs = "new key server";
        say(world, a, "mka_key_server", sci == a->sci ? "this end" : "the other end");
    }
    a->is_server = sci == a->sci;
    return true;
}

/* -- what the others say about a key ----------------------------------------------------------------------
 */

static const Key *said_of(const Peer *peer, const Key *key)
{
    if (is_key(&peer->said.newer, key))
        return &peer->said.newer;
    return is_key(&peer->said.older, key) ? &peer->said.older : NULL;
}

static bool all_receive(const Talk *talk, const Key *key)
{
    for (unsigned i = 0; i < talk->n_peers; i++) {
        const Key *said = said_of(&talk->peer[i], key);

        if (talk->peer[i].is_live && !(said && said->rx))
            return false;
    }
    return count_peers(talk, true);
}

static bool server_sends(const Agreement *a, const Talk *talk, const Key *key)
{
    for (unsigned i = 0; i < talk->n_peers; i++) {
        const Key *said = said_of(&talk->peer[i], key);

        if (talk->peer[i].is_live && talk->peer[i].sci == a->server_sci && said && said->tx)
            return true;
    }
    return false;
}

/* -- keys -------------------------------------------------------------------------------------------------
 */

static void look_at_numbers(Agreement *a, const Talk *talk)
{
    const Key *key = a->newer.is_there ? &a->newer : &a->older;

    for (unsigned i = 0; i < talk->n_peers; i++) {
        const Key *said = said_of(&talk->peer[i], key);

        if (talk->peer[i].is_live && said && said->tx && talk->peer[i].said.lowest_pn >= a->threshold)
            a->is_number = true;
    }
}

static void make_key(ReferenceWorld *world, Agreement *a, Talk *talk)
{
    const char *why = a->needs ? a->needs : a->is_number ? "packet numbers" : "time";

    if (!(a->needs || a->is_number || a->is_time) || a->newer.is_there || a->has_new)
        return;
    if (count_peers(talk, false) && a->made_ps && world->now - a->made_ps < a->life_ps)
        return;
    for (unsigned i = 0; i < 4; i++)
        dx_rng_u64(&a->rng); /* the nonce */
    talk->sak = (Key){ talk->name, ++talk->n_keys, a->next_an, true, false, false };
    a->next_an = (a->next_an + 1) % 4;
    a->needs = NULL;
    a->is_number = a->is_time = false;
    a->made_ps = world->now;
    a->made++;
    a->fresh = talk->sak;
    a->has_new = true;
    say(world, a, "mka_new_key", "number %u, association %u: %s", talk->sak.number, talk->sak.an, why);
    if (a->rekey_ps)
        arm(world, a, world->now + a->rekey_ps, on_rekey, &a->rekey);
}

/* The newer key is received with: may it be sent with? */
static bool may_send(const ReferenceWorld *world, const Agreement *a, const Talk *talk)
{
    if (!a->newer.is_there || a->newer.tx)
        return false;
    if (!a->is_open || world->flaw == REFERENCE_SENDS_EARLY)
        return true;
    return a->is_server ? a->has_waited || all_receive(talk, &a->newer) : server_sends(a, talk, &a->newer);
}

/* One step of the port; false: there is none to take. */
static bool step(ReferenceWorld *world, Agreement *a, const Talk *talk, bool is_connected)
{
    Key *newer = &a->newer;

    if (!is_connected) {
        close_port(world, a);
        return false;
    }
    if (a->has_new && !newer->tx) {
        forget_key(world, a, newer);
        *newer = a->fresh;
        a->has_new = a->has_waited = false;
        begin_receiving(world, a, newer);
        a->has_news = true;
        arm(world, a, world->now + a->life_ps, on_wait, &a->wait);
        return true;
    }
    if (may_send(world, a, talk)) {
        begin_sending(world, a, newer);
        if (!a->is_open)
            open_port(world, a);
        a->older.tx = false;
        a->has_news = true;
        a->has_retired = !a->older.rx;
        if (a->older.rx)
            arm(world, a, world->now + a->retire_ps, on_retire, &a->retire);
        return true;
    }
    if (newer->tx && a->has_retired) {
        forget_key(world, a, &a->older);
        a->older = *newer;
        *newer = (Key){ 0 };
        a->has_news = true;
        return true;
    }
    return false;
}

static void settle(ReferenceWorld *world, Agreement *a)
{
    DxTime next = DX_TIME_NEVER;
    Talk *talk;
    bool is_connected;

    for (unsigned i = 0; i < a->n; i++)
        expire(world, a, &a->talk[i]);
    find_principal(world, a);
    talk = principal(a);
    do {
        is_connected = talk && elect(world, a, talk);
        if (!is_connected)
            a->has_new = false;
        if (is_connected && a->is_server) {
            look_at_numbers(a, talk);
            make_key(world, a, talk);
        }
    } while (step(world, a, talk, is_connected));
    a->live = talk ? count_peers(talk, true) : 0;
    if (a->has_news && talk)
        send(world, a, talk);
    a->has_news = false;
    for (unsigned i = 0; i < a->n; i++)
        for (unsigned k = 0; k < a->talk[i].n_peers; k++)
            next = MIN(next, a->talk[i].peer[k].expires_ps);
    a->age++;
    if (next != DX_TIME_NEVER)
        arm(world, a, next, on_age, &a->age);
}

/* -- sending ----------------------------------------------------------------------------------------------
 */

static void on_hello(ReferenceWorld *world, void *who, Frame *none, uint64_t arg)
{
    Agreement *a = who;
    Talk *talk = &a->talk[arg % DX_MKA_CHAIN_MAX];

    (void)none;
    if (arg / DX_MKA_CHAIN_MAX == talk->hello)
        send(world, a, talk);
}

static void arm_hello(ReferenceWorld *world, Agreement *a, Talk *talk, DxTime at)
{
    world_post(world, at, &a->part.node, on_hello, a,
               ++talk->hello * DX_MKA_CHAIN_MAX + (uint64_t)(talk - a->talk));
}

static uint32_t filled(uint32_t n)
{
    return (n + 3) / 4 * 4;
}

/* Behind the addresses and the type: EAPOL 4, sets of 4 and what they say, ICV 16. */
static uint32_t bytes_of(const Agreement *a, const Message *message, unsigned n_live)
{
    const unsigned n_potential = message->n_heard - n_live;
    const unsigned key = a->chain->suite % 2 ? 40 : 24;
    uint32_t n = 4 + 4 + filled(28u + message->cak->ckn_bytes) + 16;

    n += n_live ? 4 + 16 * n_live : 0;
    n += n_potential ? 4 + 16 * n_potential : 0;
    n += message->newer.is_there || message->older.is_there ? 4 + 40 : 0;
    n += message->has_sak ? 4 + 4 + (a->chain->suite ? 8 : 0) + key : 0;
    return n;
}

static Message *compose(ReferenceWorld *world, Agreement *a, Talk *talk)
{
    Message *message = g_new0(Message, 1);

    talk->mn++;
    talk->sent_ps[talk->mn % REMEMBERED] = world->now;
    message->cak = talk->cak;
    message->name = talk->name;
    message->mn = talk->mn;
    message->priority = a->priority[a->chain->end];
    message->sci = a->sci;
    for (unsigned i = 0; i < talk->n_peers; i++)
        message->heard[message->n_heard++] = talk->peer[i].last;
    if (talk == principal(a)) {
        message->newer = a->newer;
        message->older = a->older;
        message->lowest_pn = a->own_pn;
        message->is_server = a->is_server;
        message->has_sak = a->is_server && talk->sak.is_there && !all_receive(talk, &talk->sak);
        message->sak = talk->sak;
    }
    g_ptr_array_add(a->said, message);
    return message;
}

static void send(ReferenceWorld *world, Agreement *a, Talk *talk)
{
    const Hop port = part_hop(a->back->port, PORT_INPUT_HEARTBEAT);
    Frame *frame;

    arm_hello(world, a, talk, world->now + a->hello_ps);
    if (a->is_dark)
        return;
    frame = g_new0(Frame, 1);
    *frame = (Frame){ .birth_ps = world->now,
                      .flow = DX_NO_FLOW,
                      .seq = (uint32_t)a->sent++,
                      .group = DX_NONE,
                      .pcp = a->pcp };
    frame->message = compose(world, a, talk);
    frame->size_bytes = bytes_of(a, frame->message, count_peers(talk, true));
    frame_born(world, frame);
    world_send(world, &port, frame);
}

/* -- hearing ----------------------------------------------------------------------------------------------
 */

static void complain(ReferenceWorld *world, const Agreement *a, bool *told, const char *what,
                     const DxMkaCak *cak)
{
    GString *hex = g_string_new(what);

    for (unsigned i = 0; i < cak->ckn_bytes; i++)
        g_string_append_printf(hex, "%02x", cak->ckn[i]);
    if (!*told)
        say(world, a, "mka_key_mismatch", "%s%s", hex->str, "");
    *told = true;
    g_string_free(hex, TRUE);
}

static bool has_heard_us(const Agreement *a, const Talk *talk, const Message *message, DxTime now)
{
    for (unsigned i = 0; i < message->n_heard; i++) {
        const uint32_t mn = message->heard[i].mn;

        if (is_same(message->heard[i].name, talk->name))
            return mn && talk->mn - mn < REMEMBERED && talk->sent_ps[mn % REMEMBERED] >= now - a->life_ps;
    }
    return false;
}

static Peer *peer_of(Talk *talk, const Message *message)
{
    for (unsigned i = 0; i < talk->n_peers; i++)
        if (is_same(talk->peer[i].last.name, message->name))
            return &talk->peer[i];
    g_assert(talk->n_peers < MOST_PEERS);
    talk->peer[talk->n_peers] = (Peer){ .last = { message->name, 0 } };
    return &talk->peer[talk->n_peers++];
}

static void take_key(Agreement *a, const Message *message)
{
    if (!message->has_sak || a->is_server || !message->is_server ||
        (is_same(a->latest_taken.server, message->sak.server) &&
         message->sak.number <= a->latest_taken.number))
        return;
    a->has_new = true;
    a->fresh = a->latest_taken = message->sak;
    a->next_an = (message->sak.an + 1) % 4;
}

static void listen(ReferenceWorld *world, Agreement *a, Talk *talk, const Message *message)
{
    Peer *peer = peer_of(talk, message);
    const bool knows_us = has_heard_us(a, talk, message, world->now);
    const Key *in_use = a->newer.is_there ? &a->newer : &a->older;
    bool had_key;

    peer->last.mn = message->mn;
    peer->sci = message->sci;
    peer->priority = message->priority;
    if (knows_us || !peer->is_live)
        peer->expires_ps = world->now + a->life_ps;
    if (knows_us && !peer->is_live) {
        g_autofree char *who = address(peer->sci);

        peer->is_live = true;
        talk->told_key = false;
        if (talk == a->talk)
            talk->told_name = false;
        if (talk == principal(a))
            a->needs = "new peer";
        say(world, a, "mka_peer_live", "%s", who);
    }
    if (!peer->is_live)
        return;
    had_key = said_of(peer, in_use);
    peer->said = *message;
    if (a->is_server && had_key && !said_of(peer, in_use))
        a->needs = "peer without key";
    find_principal(world, a);
    if (talk == principal(a) && elect(world, a, talk))
        take_key(a, message);
}

static void heard(ReferenceWorld *world, void *who, Frame *none, uint64_t arg)
{
    Agreement *a = who;
    const Message *message = (const Message *)(uintptr_t)arg;
    const DxMkaCak *cak = message->cak;
    Talk *talk = NULL;

    (void)none;
    if (a->is_dark)
        return;
    for (unsigned i = 0; i < a->n && !talk; i++)
        if (a->talk[i].is_active && a->talk[i].cak->ckn_bytes == cak->ckn_bytes &&
            !memcmp(a->talk[i].cak->ckn, cak->ckn, cak->ckn_bytes))
            talk = &a->talk[i];
    if (!talk) {
        a->unknown++;
        complain(world, a, &a->talk[0].told_name, "no key of the name ", cak);
    } else if (talk->cak->cak_bytes != cak->cak_bytes || memcmp(talk->cak->cak, cak->cak, cak->cak_bytes)) {
        a->bad++;
        complain(world, a, &talk->told_key, "another key has the name ", cak);
    } else {
        a->heard++;
        listen(world, a, talk, message);
    }
    settle(world, a);
}

static void mka_arrival(ReferenceWorld *world, void *who, Frame *frame, uint64_t arg)
{
    Agreement *a = who;
    const uint64_t message = (uint64_t)(uintptr_t)frame->message;

    (void)arg;
    if (!message) {
        world_send(world, &a->part.next, frame);
        return;
    }
    frame_deliver(world, &a->part.node, frame);
    world_post(world, world->now + a->reaction_ps, &a->part.node, heard, a, message);
}

/* -- packet numbers, light --------------------------------------------------------------------------------
 */

void agreement_number(ReferenceWorld *world, Part *part, uint32_t an)
{
    Agreement *a = (Agreement *)part;
    const Key *key = a->newer.is_there ? &a->newer : &a->older;

    if (!key->tx || key->an != an)
        return;
    a->own_pn = (uint32_t)a->threshold;
    a->is_number = a->is_server;
    a->has_news = !a->is_server;
    settle(world, a);
}

static void mka_down(ReferenceWorld *world, Part *part, bool is_silent)
{
    Agreement *a = (Agreement *)part;

    if (is_silent)
        return;
    a->is_dark = true;
    for (unsigned i = 0; i < a->n; i++)
        a->talk[i].n_peers = 0;
    settle(world, a);
}

static void mka_up(ReferenceWorld *world, Part *part, bool was_down)
{
    Agreement *a = (Agreement *)part;

    (void)was_down;
    if (!a->is_dark)
        return;
    a->is_dark = false;
    for (unsigned i = 0; i < a->n; i++)
        if (a->talk[i].is_active)
            send(world, a, &a->talk[i]);
}

/* -- how it begins ------------------------------------------------------------------------------------------
 */

/* The newest key that both ends have from the start; NULL: they would not have agreed. */
static Talk *common(Agreement *a)
{
    for (unsigned i = a->n; i-- > 0;)
        if (a->talk[i].is_active && a->talk[i].cak->is_at[!a->chain->end])
            return &a->talk[i];
    return NULL;
}

/* What the other end's draws are, up to that for @cak. */
static Name other_name(const ReferenceWorld *world, const Agreement *a, const DxMkaCak *cak)
{
    const DxMkaChain *chain = a->chain;
    Name name = { { 0, 0 } };
    DxRng rng;

    dx_rng_init(&rng, world->scenario->seed, 0, chain->agent[!chain->end], "mka");
    for (const DxMkaCak *at = chain->cak; at <= cak; at++)
        if (at->is_at[!chain->end])
            name = draw_name(&rng);
    return name;
}

static void be_agreed(ReferenceWorld *world, Agreement *a, Talk *talk)
{
    Peer *peer = &talk->peer[talk->n_peers++];
    const unsigned other = !a->chain->end;

    *peer = (Peer){ .last.name = other_name(world, a, talk->cak),
                    .is_live = true,
                    .sci = sci_of(a->chain->station[other]),
                    .priority = a->priority[other],
                    .expires_ps = a->life_ps };
    a->principal = (int)(talk - a->talk);
    a->has_server = true;
    a->server_sci = best(a, talk);
    a->is_server = a->server_sci == a->sci;
    a->older = (Key){ a->is_server ? talk->name : peer->last.name, 1, 0, true, true, true };
    peer->said.older = a->latest_taken = a->older;
    peer->said.lowest_pn = 1;
    talk->n_keys = a->is_server;
    a->next_an = 1;
    begin_receiving(world, a, &a->older);
    begin_sending(world, a, &a->older);
    open_port(world, a);
    if (a->is_server && a->rekey_ps)
        arm(world, a, a->rekey_ps, on_rekey, &a->rekey);
}

static void begin(ReferenceWorld *world, void *who, Frame *none, uint64_t is_cold)
{
    Agreement *a = who;
    Talk *talk = is_cold ? NULL : common(a);

    (void)none;
    if (talk)
        be_agreed(world, a, talk);
    settle(world, a);
}

static void begin_key(ReferenceWorld *world, void *who, Frame *none, uint64_t i)
{
    Agreement *a = who;

    (void)none;
    a->talk[i].is_active = true;
    send(world, a, &a->talk[i]);
}

static void end_key(ReferenceWorld *world, void *who, Frame *none, uint64_t i)
{
    Agreement *a = who;

    (void)none;
    a->talk[i].is_active = false;
    a->talk[i].n_peers = 0;
    a->talk[i].hello++;
    settle(world, a);
}

void agreement_start(ReferenceWorld *world, Part *part, bool is_cold)
{
    Agreement *a = (Agreement *)part;

    world_post(world, 0, &part->node, begin, a, is_cold);
    for (unsigned i = 0; i < a->n; i++) {
        Talk *talk = &a->talk[i];

        talk->is_active = talk->cak->start_ps == 0;
        if (talk->is_active)
            arm_hello(world, a, talk, 0);
        else
            world_post(world, talk->cak->start_ps, &part->node, begin_key, a, i);
        if (talk->cak->stop_ps)
            world_post(world, talk->cak->stop_ps, &part->node, end_key, a, i);
    }
}

/* @chain: as the agreements share it, with this one's end in it; outlives the part. */
void agreement_join(ReferenceWorld *world, Part *part, Direction *back, const DxMkaChain *chain)
{
    Agreement *a = (Agreement *)part;

    a->back = back;
    a->chain = chain;
    a->sci = sci_of(chain->station[chain->end]);
    node_rng(world, &part->node, "mka", &a->rng);
    for (unsigned i = 0; i < chain->n; i++)
        if (chain->cak[i].is_at[chain->end]) {
            a->talk[a->n].cak = &chain->cak[i];
            a->talk[a->n++].name = draw_name(&a->rng);
        }
}

static void mka_init(ReferenceWorld *world, Part *part, const void *conf)
{
    Agreement *a = (Agreement *)part;

    a->hello_ps = conf_int(world, "mka", conf, "hello");
    a->life_ps = conf_int(world, "mka", conf, "life");
    a->retire_ps = conf_int(world, "mka", conf, "retire");
    a->rekey_ps = conf_int(world, "mka", conf, "rekey");
    a->reaction_ps = conf_int(world, "mka", conf, "reaction");
    a->threshold = conf_int(world, "mka", conf, "pn_threshold");
    a->pcp = (uint32_t)conf_int(world, "mka", conf, "pcp");
    a->priority[0] = (uint8_t)conf_int(world, "mka", conf, "priority_first");
    a->priority[1] = (uint8_t)conf_int(world, "mka", conf, "priority_second");
    a->principal = -1;
    a->own_pn = 1;
    a->said = g_ptr_array_new_with_free_func(g_free);
}

static void mka_clear(Part *part)
{
    g_ptr_array_unref(((Agreement *)part)->said);
}

#define COUNT(metric, kind, field)                                                                           \
    {                                                                                                        \
        metric, DX_COUNTER_##kind, offsetof(Agreement, field)                                                \
    }

static const Count mka_counts[] = { COUNT("sent_frames", SUM, sent),
                                    COUNT("heard_frames", SUM, heard),
                                    COUNT("malformed", SUM, malformed),
                                    COUNT("unknown_ckn", SUM, unknown),
                                    COUNT("bad_icv", SUM, bad),
                                    COUNT("replayed", SUM, replayed),
                                    COUNT("bad_key", SUM, bad_key),
                                    COUNT("keys_made", SUM, made),
                                    COUNT("keys_installed", SUM, installed),
                                    COUNT("key_number", GAUGE, number),
                                    COUNT("live_peers", GAUGE, live),
                                    COUNT("secured", GAUGE, secured),
                                    COUNTS_END };

const PartKind mka_kind = { .model = "mka",
                            .size = sizeof(Agreement),
                            .init = mka_init,
                            .clear = mka_clear,
                            .arrival = mka_arrival,
                            .down = mka_down,
                            .up = mka_up,
                            .counts = mka_counts };
