/*
 * test_mka - two ends agree on keys over a line that takes its time, and loses what it is told to lose
 *
 *   recorder A <-- [mka a] --> wire ab --> [mka b] --> recorder B
 *                     ^------- wire ba <------'
 *
 * Hello 1 ms, life 3.5 ms, retire 2 ms, the line 100 us, reaction 10 us: what one end says at t, the other
 * does something about at t + 110 us.
 */
#include <string.h>
#include <dxsim/dxsim.h>
#include <dxsim/mka.h>
#include <dxsim/rng.h>
#include "../suite.h"
#include "mka/kay.h"
#include "wire/ethernet.h"

extern const DxModel dx_model_mka;

#define HOP (110 * DX_US)

/* -- the line: delay, and what becomes of each frame ---------------------------------------------------- */

typedef struct {
    DxTime from_ps, until_ps; /* nothing gets through: those that come then */
    uint64_t n, lost;
    GPtrArray *seen; /* GBytes: what it has carried */
} WireState;

static bool wire_init(DxNode *node, GError **error)
{
    (void)error;
    ((WireState *)dx_node_state(node))->seen = g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);
    dx_node_set_delay(node, 0, 100 * DX_US);
    return true;
}

static void wire_process(DxNode *node, DxBurst *burst)
{
    WireState *state = dx_node_state(node);

    for (unsigned i = 0; i < burst->n; i++) {
        DxFrame *frame = &burst->frame[i];
        size_t n;
        const void *octets = dx_node_attached(node, frame, &n);

        if (octets)
            g_ptr_array_add(state->seen, g_bytes_new(octets, n));
        state->n++;
        if (frame->t_ps >= state->from_ps && frame->t_ps < state->until_ps) {
            state->lost++;
            dx_node_drop(node, 0, frame);
            continue;
        }
        frame->t_ps += 100 * DX_US;
        dx_node_emit(node, 0, &(DxBurst){ frame, 1 });
    }
}

static void wire_clear(DxNode *node)
{
    WireState *state = dx_node_state(node);

    if (state->seen)
        g_ptr_array_unref(state->seen);
}

static const char *const wire_drops[] = { "lost", NULL };

static const DxModel wire_model = {
    .name = "wire",
    .summary = "Delays, and loses for a while",
    .state_size = sizeof(WireState),
    .drops = wire_drops,
    .init = wire_init,
    .process = wire_process,
    .clear = wire_clear,
};

/* -- recorder: what a SecY would be told ---------------------------------------------------------------- */

typedef struct {
    GString *told; /* "12345 rx1\n", times in us */
} RecorderState;

static bool recorder_init(DxNode *node, GError **error)
{
    (void)error;
    ((RecorderState *)dx_node_state(node))->told = g_string_new("");
    return true;
}

static void recorder_control(DxNode *node, const DxControl *control)
{
    static const char *const names[] = { "rx", "tx", "drop", "secured", "unsecured" };
    RecorderState *state = dx_node_state(node);
    const unsigned op = control->op - DX_CONTROL_SA_RECEIVE;

    ck_assert_uint_lt(op, G_N_ELEMENTS(names));
    g_string_append_printf(state->told, "%" G_GINT64_FORMAT " %s", dx_node_now(node) / DX_US, names[op]);
    if (op < 3)
        g_string_append_printf(state->told, "%u", (unsigned)control->value);
    g_string_append_c(state->told, '\n');
}

static void recorder_clear(DxNode *node)
{
    RecorderState *state = dx_node_state(node);

    if (state->told)
        g_string_free(state->told, TRUE);
}

static const DxModel recorder_model = {
    .name = "recorder",
    .summary = "Keeps what it was told",
    .state_size = sizeof(RecorderState),
    .init = recorder_init,
    .control = recorder_control,
    .clear = recorder_clear,
};

static void taker_process(DxNode *node, DxBurst *burst)
{
    dx_node_consume(node, burst);
}

static const DxModel taker_model = { .name = "taker", .summary = "Takes all", .process = taker_process };

/* -- two ends ------------------------------------------------------------------------------------------ */

typedef struct {
    DxSim *sim;
    DxNode *end[2], *wire[2], *secy[2]; /* wire[i]: from end i */
    GString *log;
} Pair;

static void on_log(DxTime now, const char *object, const char *event, const char *detail, void *data)
{
    g_string_append_printf(data, "%" G_GINT64_FORMAT " %s %s %s\n", now / DX_US, object, event, detail);
}

static void set(Pair *pair, const char *key, const char *text)
{
    for (unsigned i = 0; i < 2; i++) {
        GError *error = NULL;

        ck_assert_msg(dx_sim_set(pair->end[i], key, text, &error), "%s: %s", key,
                      error ? error->message : "?");
    }
}

static DxMkaChain *chain_of(const Pair *pair, unsigned end)
{
    return dx_sim_conf(pair->end[end]);
}

/* A key of one octet each: the newest so far. @ends: bit 0 for the first, bit 1 for the second. */
static void add_key(Pair *pair, uint8_t ckn, uint8_t cak, unsigned ends, DxTime start_ps, DxTime stop_ps)
{
    for (unsigned i = 0; i < 2; i++) {
        DxMkaChain *chain = chain_of(pair, i);
        DxMkaCak *key = &chain->cak[chain->n++];

        *key = (DxMkaCak){ .ckn = { ckn },
                           .ckn_bytes = 1,
                           .cak_bytes = 16,
                           .start_ps = start_ps,
                           .stop_ps = stop_ps,
                           .is_at = { ends & 1, ends >> 1 & 1 } };
        memset(key->cak, cak, sizeof key->cak);
    }
}

/* "near" has the higher SCI of the two, so the other one is key server unless priorities say something else.
 */
static Pair pair_bare(void)
{
    static const char *const names[] = { "a", "b" }, *const stations[] = { "near", "far" };
    Pair pair = { .sim = dx_sim_new(1, 0), .log = g_string_new("") };

    for (unsigned i = 0; i < 2; i++) {
        g_autofree char *wire = g_strdup_printf("wire %s", names[i]);
        g_autofree char *secy = g_strdup_printf("secy %s", names[i]);
        g_autofree char *taker = g_strdup_printf("taker %s", names[i]);
        DxMkaChain *chain;

        pair.end[i] = dx_sim_add(pair.sim, names[i], &dx_model_mka);
        pair.wire[i] = dx_sim_add(pair.sim, wire, &wire_model);
        pair.secy[i] = dx_sim_add(pair.sim, secy, &recorder_model);
        chain = chain_of(&pair, i);
        chain->end = i;
        chain->suite = 3;
        for (unsigned k = 0; k < 2; k++) {
            chain->station[k] = stations[k];
            chain->agent[k] = names[k];
        }
        dx_sim_connect(pair.sim, pair.end[i], dx_sim_add(pair.sim, taker, &taker_model));
        dx_sim_bind(pair.end[i], pair.secy[i], 0);
    }
    for (unsigned i = 0; i < 2; i++) {
        dx_sim_connect(pair.sim, pair.end[i], pair.wire[i]);
        dx_sim_connect(pair.sim, pair.wire[i], pair.end[!i]);
    }
    dx_sim_set_log(pair.sim, on_log, pair.log);
    set(&pair, "hello", "1 ms");
    set(&pair, "life", "3.5 ms");
    set(&pair, "retire", "2 ms");
    set(&pair, "rekey", "0 ps");
    set(&pair, "priority_first", "8"); /* the first end is key server */
    return pair;
}

static Pair pair_new(const char *start)
{
    Pair pair = pair_bare();

    add_key(&pair, 0x0a, 0x11, 3, 0, 0);
    set(&pair, "start", start);
    return pair;
}

static void run(Pair *pair, DxTime until_ps)
{
    GError *error = NULL;

    ck_assert_msg(dx_sim_run(pair->sim, until_ps, &error), "%s", error ? error->message : "?");
    ck_assert_msg(dx_sim_check(pair->sim, &error), "%s", error ? error->message : "?");
}

static const char *told(const Pair *pair, unsigned end)
{
    return ((const RecorderState *)dx_node_state(pair->secy[end]))->told->str;
}

static WireState *wire(const Pair *pair, unsigned from)
{
    return dx_node_state(pair->wire[from]);
}

static uint64_t count(const Pair *pair, unsigned end, const char *counter)
{
    return dx_node_counter(pair->end[end], counter);
}

static unsigned occurs(const char *text, const char *word)
{
    unsigned n = 0;

    for (const char *at = strstr(text, word); at; at = strstr(at + 1, word))
        n++;
    return n;
}

static void pair_free(Pair *pair)
{
    dx_sim_free(pair->sim);
    g_string_free(pair->log, TRUE);
}

#define CONVERGED "0 rx0\n0 tx0\n0 secured\n"

/* -- how it begins ------------------------------------------------------------------------------------- */

/* Said at 0, known as potential at 110; said with that at 1000, live at 1110: the server makes a key and uses
 * it at once, because nobody could send before. The other hears of it at 1220. */
START_TEST(a_cold_start_takes_a_hello_and_two_ways)
{
    Pair pair = pair_new("cold");

    run(&pair, 20 * DX_MS);
    ck_assert_str_eq(told(&pair, 0), "0 unsecured\n1110 rx0\n1110 tx0\n1110 secured\n");
    ck_assert_str_eq(told(&pair, 1), "0 unsecured\n1220 rx0\n1220 tx0\n1220 secured\n");
    ck_assert_uint_eq(count(&pair, 0, "keys_made"), 1);
    ck_assert_uint_eq(count(&pair, 1, "keys_made"), 0);
    for (unsigned i = 0; i < 2; i++) {
        ck_assert_uint_eq(count(&pair, i, "key_number"), 1);
        ck_assert_uint_eq(count(&pair, i, "secured"), 1);
        ck_assert_uint_eq(count(&pair, i, "live_peers"), 1);
    }
    pair_free(&pair);
}
END_TEST

START_TEST(a_converged_start_is_there_at_0_and_stays)
{
    Pair pair = pair_new("converged");

    run(&pair, 50 * DX_MS);
    ck_assert_str_eq(told(&pair, 0), CONVERGED);
    ck_assert_str_eq(told(&pair, 1), CONVERGED);
    ck_assert_uint_eq(count(&pair, 0, "keys_made") + count(&pair, 1, "keys_made"), 0);
    /* one a millisecond from 0 on, heard 110 us later */
    ck_assert_uint_eq(count(&pair, 0, "sent_frames"), 51);
    ck_assert_uint_eq(count(&pair, 0, "heard_frames"), 50);
    pair_free(&pair);
}
END_TEST

/* -- rekeying ------------------------------------------------------------------------------------------ */

/* Made at 10000; the member receives at +110 and says so; the server sends at +220 and says so; the member
 * sends at +330; each drops the old one 2000 after it has begun to send. */
START_TEST(a_new_key_is_received_by_all_before_anybody_sends)
{
    Pair pair = pair_new("converged");

    set(&pair, "rekey", "10 ms");
    run(&pair, 19 * DX_MS);
    ck_assert_str_eq(told(&pair, 0), CONVERGED "10000 rx1\n10220 tx1\n12220 drop0\n");
    ck_assert_str_eq(told(&pair, 1), CONVERGED "10110 rx1\n10330 tx1\n12330 drop0\n");
    pair_free(&pair);
}
END_TEST

/* Associations take turns: 0, 1, 2, 3, 0; a key a turn. */
START_TEST(associations_take_turns)
{
    Pair pair = pair_new("converged");

    set(&pair, "rekey", "10 ms");
    run(&pair, 49 * DX_MS);
    ck_assert_uint_eq(occurs(told(&pair, 1), "rx0\n"), 2);
    for (unsigned i = 0; i < 4; i++) {
        g_autofree char *line = g_strdup_printf(" tx%u\n", i);

        ck_assert_uint_eq(occurs(told(&pair, 0), line), i ? 1 : 2);
        ck_assert_uint_eq(occurs(told(&pair, 1), line), i ? 1 : 2);
    }
    ck_assert_uint_eq(count(&pair, 0, "key_number"), 5);
    pair_free(&pair);
}
END_TEST

/* All that the server says from 10000 on and before 11900 is lost: its next word is at 11000 + 1000, when the
 * member gets the key. Until then it goes on with the old one. */
START_TEST(what_is_lost_is_said_again)
{
    Pair pair = pair_new("converged");

    set(&pair, "rekey", "10 ms");
    wire(&pair, 0)->until_ps = 11900 * DX_US;
    dx_sim_prepare(pair.sim, NULL);
    wire(&pair, 0)->from_ps = 10 * DX_MS;
    wire(&pair, 0)->until_ps = 11900 * DX_US;
    run(&pair, 19 * DX_MS);
    ck_assert_uint_gt(wire(&pair, 0)->lost, 0);
    ck_assert_str_eq(told(&pair, 1), CONVERGED "12110 rx1\n12330 tx1\n14330 drop0\n");
    ck_assert_str_eq(told(&pair, 0), CONVERGED "10000 rx1\n12220 tx1\n14220 drop0\n");
    pair_free(&pair);
}
END_TEST

/* The SecY of either end says that numbers run out, of the association in use: one new key, not two. */
START_TEST(packet_numbers_bring_one_new_key)
{
    for (unsigned end = 0; end < 2; end++) {
        Pair pair = pair_new("converged");
        const DxTime at = 5500 * DX_US;

        run(&pair, at);
        dx_sim_control(pair.end[end], &(DxControl){ .op = DX_CONTROL_PN_THRESHOLD, .value = 3 });
        ck_assert_uint_eq(count(&pair, 0, "keys_made"), 0); /* of none that is in use */
        dx_sim_control(pair.end[end], &(DxControl){ .op = DX_CONTROL_PN_THRESHOLD, .value = 0 });
        run(&pair, 50 * DX_MS);
        ck_assert_uint_eq(count(&pair, 0, "keys_made"), 1);
        /* at the server at once; from the member it comes with its word */
        ck_assert_msg(strstr(told(&pair, 0), end ? "5610 rx1\n" : "5500 rx1\n"), "%s", told(&pair, 0));
        ck_assert_uint_eq(occurs(told(&pair, 0), "unsecured"), 0);
        ck_assert_uint_eq(occurs(pair.log->str, "packet numbers"), 1);
        pair_free(&pair);
    }
}
END_TEST

/* -- losing each other ---------------------------------------------------------------------------------- */

/* Nothing arrives from 20000 on. The last words said before, at 19000, are heard at 19110; without another
 * for 3500 all is dropped. */
START_TEST(a_dead_line_is_noticed_after_a_life)
{
    Pair pair = pair_new("converged");

    dx_sim_prepare(pair.sim, NULL);
    for (unsigned i = 0; i < 2; i++) {
        wire(&pair, i)->from_ps = 20 * DX_MS;
        wire(&pair, i)->until_ps = DX_TIME_NEVER;
    }
    run(&pair, 40 * DX_MS);
    for (unsigned i = 0; i < 2; i++) {
        ck_assert_str_eq(told(&pair, i), CONVERGED "22610 drop0\n22610 unsecured\n");
        ck_assert_uint_eq(count(&pair, i, "secured"), 0);
    }
    pair_free(&pair);
}
END_TEST

/* One way only: who hears nothing drops at 22610 and no longer lists the other, who goes on hearing that for
 * a while, but no word that proves it has been heard after 19000 + 3500, and drops a life after the last of
 * those, at 22000 + 110. Meanwhile, at 23000, the first says that it has no key; what the server makes of
 * that nobody hears. */
START_TEST(who_is_not_heard_notices_too)
{
    Pair pair = pair_new("converged");

    dx_sim_prepare(pair.sim, NULL);
    wire(&pair, 0)->from_ps = 20 * DX_MS;
    wire(&pair, 0)->until_ps = DX_TIME_NEVER;
    run(&pair, 40 * DX_MS);
    ck_assert_str_eq(told(&pair, 1), CONVERGED "22610 drop0\n22610 unsecured\n");
    ck_assert_str_eq(told(&pair, 0), CONVERGED "23110 rx1\n25610 drop1\n25610 drop0\n25610 unsecured\n");
    pair_free(&pair);
}
END_TEST

/* When the line is back there is a new key: no key is taken twice. */
START_TEST(they_find_each_other_again)
{
    Pair pair = pair_new("converged");

    dx_sim_prepare(pair.sim, NULL);
    for (unsigned i = 0; i < 2; i++) {
        wire(&pair, i)->from_ps = 20 * DX_MS;
        wire(&pair, i)->until_ps = 30 * DX_MS;
    }
    run(&pair, 40 * DX_MS);
    for (unsigned i = 0; i < 2; i++) {
        ck_assert_uint_eq(count(&pair, i, "secured"), 1);
        ck_assert_uint_eq(count(&pair, i, "key_number"), 2);
    }
    pair_free(&pair);
}
END_TEST

/* The member hears nothing for a little longer than its life, and the server all the time: the server has
 * not noticed, but the member has dropped its key and must get another. */
START_TEST(a_member_that_has_dropped_its_key_gets_another)
{
    Pair pair = pair_new("converged");

    dx_sim_prepare(pair.sim, NULL);
    wire(&pair, 0)->from_ps = 20 * DX_MS;
    wire(&pair, 0)->until_ps = 22900 * DX_US;
    run(&pair, 40 * DX_MS);
    ck_assert_uint_eq(occurs(pair.log->str, "mka_peer_lost"), 1);
    ck_assert_uint_eq(occurs(told(&pair, 0), "unsecured"), 0);
    ck_assert_uint_eq(count(&pair, 1, "secured"), 1);
    for (unsigned i = 0; i < 2; i++)
        ck_assert_uint_eq(count(&pair, i, "key_number"), 2);
    pair_free(&pair);
}
END_TEST

/* Dark: at once; light: they say hello, and hello to that. */
START_TEST(loss_of_light_is_not_waited_for)
{
    Pair pair = pair_new("converged");

    run(&pair, 10 * DX_MS);
    for (unsigned i = 0; i < 2; i++)
        dx_sim_control(pair.end[i], &(DxControl){ .op = DX_CONTROL_DOWN });
    ck_assert_str_eq(told(&pair, 0), CONVERGED "10000 drop0\n10000 unsecured\n");
    run(&pair, 15 * DX_MS);
    ck_assert_uint_eq(count(&pair, 0, "sent_frames"), 11); /* that at 10 ms was said just before */
    for (unsigned i = 0; i < 2; i++)
        dx_sim_control(pair.end[i], &(DxControl){ .op = DX_CONTROL_UP });
    run(&pair, 30 * DX_MS);
    ck_assert_msg(strstr(told(&pair, 0), "16110 secured\n"), "%s", told(&pair, 0));
    pair_free(&pair);
}
END_TEST

/* -- who makes keys ---------------------------------------------------------------------------------------
 */

START_TEST(the_lowest_priority_makes_keys_then_the_lowest_sci)
{
    static const struct {
        const char *first, *second;
        int server; /* -1: by SCI */
    } cases[] = { { "16", "16", -1 }, { "0", "0", -1 },    { "15", "16", 0 },
                  { "16", "15", 1 },  { "255", "254", 1 }, { "254", "255", 0 } };
    uint8_t near[6], far[6];
    unsigned lower;

    dx__ethernet_address(near, "near");
    dx__ethernet_address(far, "far");
    lower = memcmp(near, far, 6) < 0 ? 0 : 1;
    for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++)
        for (unsigned is_cold = 0; is_cold < 2; is_cold++) {
            const unsigned server = cases[i].server < 0 ? lower : (unsigned)cases[i].server;
            Pair pair = pair_new(is_cold ? "cold" : "converged");

            set(&pair, "priority_first", cases[i].first);
            set(&pair, "priority_second", cases[i].second);
            set(&pair, "rekey", "5 ms");
            run(&pair, 30 * DX_MS);
            ck_assert_uint_gt(count(&pair, server, "keys_made"), 0);
            ck_assert_uint_eq(count(&pair, !server, "keys_made"), 0);
            pair_free(&pair);
        }
}
END_TEST

/* Both never. */
START_TEST(somebody_must_make_keys)
{
    Pair pair = pair_new("cold");
    GError *error = NULL;

    set(&pair, "priority_first", "255");
    set(&pair, "priority_second", "255");
    ck_assert(!dx_sim_prepare(pair.sim, &error));
    ck_assert_msg(strstr(error->message, "priority_second"), "%s", error->message);
    g_error_free(error);
    pair_free(&pair);
}
END_TEST

/* -- keychains ----------------------------------------------------------------------------------------- */

START_TEST(keys_that_do_not_match_are_ignored_and_counted)
{
    for (unsigned is_name = 0; is_name < 2; is_name++) {
        Pair pair = pair_bare();

        add_key(&pair, 0x0a, 0x11, 1, 0, 0);
        add_key(&pair, is_name ? 0x0b : 0x0a, is_name ? 0x11 : 0x12, 2, 0, 0);
        run(&pair, 20500 * DX_US);
        for (unsigned i = 0; i < 2; i++) {
            ck_assert_uint_eq(count(&pair, i, is_name ? "unknown_ckn" : "bad_icv"), 21);
            ck_assert_uint_eq(count(&pair, i, "heard_frames"), 0);
            ck_assert_str_eq(told(&pair, i), "0 unsecured\n");
        }
        ck_assert_uint_eq(occurs(pair.log->str, "mka_key_mismatch"), 2); /* told once an end */
        pair_free(&pair);
    }
}
END_TEST

/* The newest key is at one end only: the other one serves. */
START_TEST(an_older_key_is_the_fallback)
{
    for (unsigned is_cold = 0; is_cold < 2; is_cold++) {
        Pair pair = pair_bare();

        add_key(&pair, 0x0a, 0x11, 3, 0, 0);
        add_key(&pair, 0x0b, 0x12, 1, 0, 0);
        set(&pair, "start", is_cold ? "cold" : "converged");
        run(&pair, 20 * DX_MS);
        for (unsigned i = 0; i < 2; i++)
            ck_assert_uint_eq(count(&pair, i, "secured"), 1);
        ck_assert_uint_gt(count(&pair, 1, "unknown_ckn"), 0);
        pair_free(&pair);
    }
}
END_TEST

/* Never without a key to send with, never one sent with before the other end receives it. */
static void expect_hitless(const Pair *pair)
{
    for (unsigned i = 0; i < 2; i++) {
        ck_assert_msg(g_str_has_prefix(told(pair, i), CONVERGED), "%s", told(pair, i));
        ck_assert_uint_eq(occurs(told(pair, i), "unsecured"), 0);
        ck_assert_uint_eq(count(pair, i, "secured"), 1);
    }
}

/* A newer key begins at 5 ms at one end and at 8 ms at the other; the old one stops at 20 ms. */
START_TEST(keys_are_rotated_without_a_gap)
{
    Pair pair = pair_bare();

    add_key(&pair, 0x0a, 0x11, 3, 0, 20 * DX_MS);
    add_key(&pair, 0x0b, 0x12, 1, 5 * DX_MS, 0);
    chain_of(&pair, 0)->cak[1].is_at[1] = chain_of(&pair, 1)->cak[1].is_at[1] = true;
    chain_of(&pair, 1)->cak[1].start_ps = 8 * DX_MS;
    run(&pair, 40 * DX_MS);
    expect_hitless(&pair);
    for (unsigned i = 0; i < 2; i++) {
        ck_assert_uint_eq(occurs(told(&pair, i), "tx1\n"), 1);
        ck_assert_uint_eq(occurs(told(&pair, i), "drop0\n"), 1);
    }
    ck_assert_uint_eq(occurs(pair.log->str, "mka_key_change"), 2);
    ck_assert_uint_eq(occurs(pair.log->str, "other CAK"), 1);
    pair_free(&pair);
}
END_TEST

/* The newer one stops at one end: back to the older, which has been spoken all along. */
START_TEST(the_fallback_takes_over_without_a_gap)
{
    Pair pair = pair_bare();

    add_key(&pair, 0x0a, 0x11, 3, 0, 0);
    add_key(&pair, 0x0b, 0x12, 3, 0, 0);
    chain_of(&pair, 1)->cak[1].stop_ps = 10 * DX_MS;
    run(&pair, 40 * DX_MS);
    expect_hitless(&pair);
    ck_assert_uint_eq(occurs(pair.log->str, "mka_key_change"), 2);
    pair_free(&pair);
}
END_TEST

/* -- strangers ----------------------------------------------------------------------------------------- */

typedef struct {
    GPtrArray *said; /* GBytes: at every 100 us one of these */
    bool is_exact;
    DxRng rng;
    DxTimer timer;
    uint64_t n;
} HostileState;

/* A copy of something genuine, a changed copy, or nothing that makes sense. */
static size_t make_up(HostileState *state, uint8_t *octets)
{
    GBytes *model = state->said->pdata[dx_rng_below(&state->rng, state->said->len)];
    size_t n = g_bytes_get_size(model);

    memcpy(octets, g_bytes_get_data(model, NULL), n);
    if (state->is_exact)
        return n;
    switch (state->n % 4) {
    case 0: /* a few bits changed */
        for (unsigned i = 0; i < 1 + state->n % 3; i++)
            octets[14 + dx_rng_below(&state->rng, n - 14)] ^= (uint8_t)(1u << dx_rng_below(&state->rng, 8));
        return n;
    case 1: /* cut off */
        return 14 + dx_rng_below(&state->rng, n - 14);
    case 2: /* lengths of sets changed */
        octets[18 + 2 + 4 * dx_rng_below(&state->rng, (n - 22) / 4)] ^= (uint8_t)dx_rng_u64(&state->rng);
        octets[18 + 3 + 4 * dx_rng_below(&state->rng, (n - 22) / 4)] ^=
            1 + (uint8_t)dx_rng_below(&state->rng, 255);
        return n;
    default: /* noise behind the type */
        n = 15 + dx_rng_below(&state->rng, 400);
        for (size_t i = 14; i < n; i++)
            octets[i] = (uint8_t)dx_rng_u64(&state->rng);
        octets[15] = 5;
        return n;
    }
}

static void on_hostile(DxNode *node, uint64_t arg)
{
    HostileState *state = dx_node_state(node);
    const DxTime now_ps = dx_node_now(node);
    DxFrame frame = { .t_ps = now_ps,
                      .birth_ps = now_ps,
                      .flow = DX_NO_FLOW,
                      .ttl = 1,
                      .size_bytes = 100,
                      .flags = DX_FRAME_CONTROL };
    uint8_t octets[DX_MKA_FRAME_MAX];
    size_t n;

    (void)arg;
    n = make_up(state, octets);
    state->n++;
    dx_node_attach(node, &frame, octets, n);
    dx_node_inject(node, 0, &frame);
    dx_timer_arm(node, state->timer, now_ps + 7 * DX_US);
}

static void hostile_start(DxNode *node)
{
    HostileState *state = dx_node_state(node);

    dx_node_rng(node, "noise", &state->rng);
    state->timer = dx_node_timer(node, on_hostile, 0);
    dx_timer_arm(node, state->timer, 5 * DX_MS);
}

static const DxModel hostile_model = {
    .name = "hostile",
    .summary = "Says what others have said, or nearly",
    .state_size = sizeof(HostileState),
    .start = hostile_start,
};

/* A session of its own to copy from, with keys changing hands. */
static GPtrArray *listen_in(void)
{
    Pair pair = pair_new("cold");
    GPtrArray *said;

    set(&pair, "rekey", "4 ms");
    run(&pair, 30 * DX_MS);
    said = g_ptr_array_ref(wire(&pair, 0)->seen);
    ck_assert_uint_gt(said->len, 30);
    pair_free(&pair);
    return said;
}

/* The same keys, the same identifiers (seed and names are the same), and all of it heard before or broken:
 * what becomes of the session is what becomes of it without. */
START_TEST(strangers_change_nothing)
{
    g_autoptr(GPtrArray) said = listen_in();
    Pair alone = pair_new("cold");

    set(&alone, "rekey", "9 ms");
    run(&alone, 60 * DX_MS);
    for (unsigned is_exact = 0; is_exact < 2; is_exact++) {
        Pair pair = pair_new("cold");
        DxNode *hostile = dx_sim_add(pair.sim, "hostile", &hostile_model);
        HostileState *state = dx_node_state(hostile);
        const char *const refusals[] = { "malformed", "unknown_ckn", "bad_icv", "replayed", "bad_key" };
        uint64_t n = 0;

        state->said = said;
        state->is_exact = is_exact;
        dx_sim_connect(pair.sim, hostile, pair.end[1]);
        set(&pair, "rekey", "9 ms");
        if (is_exact) /* copies come after what they are copies of */
            for (unsigned i = said->len; i-- > 2;)
                g_ptr_array_remove_index(said, i);
        run(&pair, 60 * DX_MS);
        for (unsigned i = 0; i < 2; i++)
            ck_assert_str_eq(told(&pair, i), told(&alone, i));
        for (unsigned i = 0; i < G_N_ELEMENTS(refusals); i++)
            n += count(&pair, 1, refusals[i]);
        ck_assert_uint_gt(n, 7000);
        ck_assert_uint_eq(count(&pair, 1, "heard_frames"), count(&alone, 1, "heard_frames"));
        if (is_exact)
            ck_assert_uint_eq(count(&pair, 1, "replayed"), n);
        pair_free(&pair);
    }
    pair_free(&alone);
}
END_TEST

/* -- what is said is what the standard says ------------------------------------------------------------- */

/* Every PDU is signed, numbers count from 1 without a gap, and the SAK in them unwraps to one and the same at
 * both ends: what is handed out is a key that the KEK of vectors/mka.json's kind opens. */
START_TEST(what_is_said_can_be_checked)
{
    Pair pair = pair_new("cold");
    uint8_t cak[16], kek[16], ick[16];
    const uint8_t ckn = 0x0a;
    unsigned n_keys = 0;

    memset(cak, 0x11, sizeof cak);
    ck_assert(dx__mka_kek(cak, 16, &ckn, 1, kek) && dx__mka_ick(cak, 16, &ckn, 1, ick));
    set(&pair, "rekey", "5 ms");
    run(&pair, 30 * DX_MS);
    for (unsigned end = 0; end < 2; end++)
        for (guint i = 0; i < wire(&pair, end)->seen->len; i++) {
            gsize n;
            const uint8_t *octets = g_bytes_get_data(wire(&pair, end)->seen->pdata[i], &n);
            uint8_t sak[32];
            DxMkaPdu pdu;

            ck_assert_ptr_null(dx__mka_decode(octets, n, &pdu));
            ck_assert(dx__mka_verify(octets, n, ick, 16));
            ck_assert_uint_eq(pdu.actor.mn, i + 1);
            ck_assert_uint_eq(pdu.priority, end ? 16 : 8);
            ck_assert(pdu.live.n + pdu.potential.n == (i > 0));
            ck_assert(!pdu.sak.is_given || (!end && pdu.sak.suite_id == 0x0080C20001000004u));
            if (!pdu.sak.is_given)
                continue;
            ck_assert_uint_eq(pdu.sak.wrapped_bytes, 40);
            ck_assert(dx__mka_unwrap(kek, 16, pdu.sak.wrapped, 40, sak));
            ck_assert_uint_eq(pdu.sak.an, (pdu.sak.number - 1) & 3);
            n_keys = MAX(n_keys, pdu.sak.number);
        }
    ck_assert_uint_eq(n_keys, count(&pair, 0, "keys_made"));
    ck_assert_uint_ge(n_keys, 5);
    pair_free(&pair);
}
END_TEST

/* -- the same, however it is run ------------------------------------------------------------------------ */

START_TEST(bursts_windows_and_threads_change_nothing)
{
    static const unsigned bursts[] = { 1, 7, 256 }, threads[] = { 1, 2, 4 };
    static const DxTime windows[] = { DX_US, 100 * DX_US, DX_S };
    g_autofree char *first = NULL;

    for (unsigned i = 0; i < 27; i++) {
        Pair pair = pair_new("cold");
        g_autofree char *all = NULL;

        set(&pair, "rekey", "6 ms");
        dx_sim_set_burst(pair.sim, bursts[i % 3]);
        dx_sim_set_window(pair.sim, windows[i / 3 % 3]);
        dx_sim_set_threads(pair.sim, threads[i / 9]);
        run(&pair, 40 * DX_MS);
        all = g_strconcat(told(&pair, 0), told(&pair, 1), pair.log->str, NULL);
        if (!first)
            first = g_strdup(all);
        ck_assert_str_eq(all, first);
        pair_free(&pair);
    }
}
END_TEST

SUITE_MAIN("mka", 60, a_cold_start_takes_a_hello_and_two_ways, a_converged_start_is_there_at_0_and_stays,
           a_new_key_is_received_by_all_before_anybody_sends, associations_take_turns,
           what_is_lost_is_said_again, packet_numbers_bring_one_new_key, a_dead_line_is_noticed_after_a_life,
           who_is_not_heard_notices_too, they_find_each_other_again,
           a_member_that_has_dropped_its_key_gets_another, loss_of_light_is_not_waited_for,
           the_lowest_priority_makes_keys_then_the_lowest_sci, somebody_must_make_keys,
           keys_that_do_not_match_are_ignored_and_counted, an_older_key_is_the_fallback,
           keys_are_rotated_without_a_gap, the_fallback_takes_over_without_a_gap, strangers_change_nothing,
           what_is_said_can_be_checked, bursts_windows_and_threads_change_nothing)
