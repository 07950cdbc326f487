/*
 * test_mka_port - the controlled port takes the states of IEEE 802.1X clause 12.4, and does what they say
 */
#include <string.h>
#include <glib.h>
#include "../suite.h"
#include "mka/cp.h"

/* -- what it did, as a line ---------------------------------------------------------------------------- */

static void on_sa(GString *line, const char *what, const MkaSa *sa)
{
    g_string_append_printf(line, " %s%u", what, sa->an);
}

static void receive(void *data, const MkaSa *sa)
{
    on_sa(data, "rx", sa);
}

static void transmit(void *data, const MkaSa *sa)
{
    on_sa(data, "tx", sa);
}

static void drop(void *data, const MkaSa *sa)
{
    on_sa(data, "drop", sa);
}

static void port(void *data, bool is_enabled)
{
    g_string_append(data, is_enabled ? " port+" : " port-");
}

static void arm_transmit(void *data)
{
    g_string_append(data, " transmitWhen");
}

static void arm_retire(void *data)
{
    g_string_append(data, " retireWhen");
}

static const MkaCpActions actions = { receive, transmit, drop, port, arm_transmit, arm_retire };

/* -- what it is told, as letters ----------------------------------------------------------------------- */

static void tell(MkaCp *cp, char what)
{
    switch (what) {
    case 'S': /* connect = SECURE */
    case 's': /* PENDING */
        cp->is_secure = what == 'S';
        break;
    case 'E': /* electedSelf */
    case 'e':
        cp->elected_self = what == 'E';
        break;
    case 'k': /* newSAK, with the next association number */
        cp->new_sak = true;
        cp->distributed_an = (cp->distributed_ki.number++) & 3;
        break;
    case 'a':
        cp->all_receiving = true;
        break;
    case 't':
        cp->server_transmitting = true;
        break;
    case 'c':
        cp->chgd_server = true;
        break;
    case '>': /* transmitWhen is 0 */
        cp->transmit_due = true;
        break;
    case '.': /* retireWhen is 0 */
        cp->retire_due = true;
        break;
    default:
        ck_abort_msg("%c", what);
    }
}

/* Letters that stand together are told together; the machine runs at every space. */
static const struct {
    const char *told, *did;
    MkaCpState state;
} table[] = {
    { "", "", CP_CHANGE },
    { "k", "", CP_CHANGE }, /* not without connect == SECURE */
    { "S", "", CP_SECURED },
    { "S s", "", CP_CHANGE },
    { "S c", "", CP_SECURED }, /* through CHANGE, where nothing was */
    /* The first key: nobody could send anything before, so nobody waits. */
    { "SE k", " rx0 transmitWhen tx0 port+", CP_RETIRE },
    { "S k", " rx0 transmitWhen tx0 port+", CP_RETIRE },
    /* The second, at the key server: all receive; or it takes too long. */
    { "SE k k", " rx0 transmitWhen tx0 port+ rx1 transmitWhen", CP_RECEIVING },
    { "SE k k t", " rx0 transmitWhen tx0 port+ rx1 transmitWhen", CP_RECEIVING },
    { "SE k k a", " rx0 transmitWhen tx0 port+ rx1 transmitWhen tx1 retireWhen", CP_TRANSMITTING },
    { "SE k k >", " rx0 transmitWhen tx0 port+ rx1 transmitWhen tx1 retireWhen", CP_TRANSMITTING },
    { "SE k k a .", " rx0 transmitWhen tx0 port+ rx1 transmitWhen tx1 retireWhen drop0", CP_RETIRE },
    /* At a member: when the server sends, and only then. */
    { "S k k", " rx0 transmitWhen tx0 port+ rx1 transmitWhen", CP_READY },
    { "S k k a", " rx0 transmitWhen tx0 port+ rx1 transmitWhen", CP_READY },
    { "S k k >", " rx0 transmitWhen tx0 port+ rx1 transmitWhen", CP_READY },
    { "S k k t", " rx0 transmitWhen tx0 port+ rx1 transmitWhen tx1 retireWhen", CP_TRANSMITTING },
    { "S k k t .", " rx0 transmitWhen tx0 port+ rx1 transmitWhen tx1 retireWhen drop0", CP_RETIRE },
    /* A key that is overtaken by the next is given up, the one in use stays. */
    { "SE k k k", " rx0 transmitWhen tx0 port+ rx1 transmitWhen drop1 rx2 transmitWhen", CP_RECEIVING },
    { "S k k k", " rx0 transmitWhen tx0 port+ rx1 transmitWhen drop1 rx2 transmitWhen", CP_READY },
    { "S k k k t .",
      " rx0 transmitWhen tx0 port+ rx1 transmitWhen drop1 rx2 transmitWhen tx2 retireWhen drop0", CP_RETIRE },
    /* One that comes while the old one retires waits. */
    { "S k k t k", " rx0 transmitWhen tx0 port+ rx1 transmitWhen tx1 retireWhen", CP_TRANSMITTING },
    { "S k k t k .", " rx0 transmitWhen tx0 port+ rx1 transmitWhen tx1 retireWhen drop0 rx2 transmitWhen",
      CP_READY },
    /* The peer is gone, in every state; both keys go with it. */
    { "S k s", " rx0 transmitWhen tx0 port+ drop0 port-", CP_CHANGE },
    { "S k k s", " rx0 transmitWhen tx0 port+ rx1 transmitWhen drop1 drop0 port-", CP_CHANGE },
    { "SE k k s", " rx0 transmitWhen tx0 port+ rx1 transmitWhen drop1 drop0 port-", CP_CHANGE },
    { "S k k t s", " rx0 transmitWhen tx0 port+ rx1 transmitWhen tx1 retireWhen drop0 drop1 port-",
      CP_CHANGE },
    /* Another key server: anew. */
    { "S k c", " rx0 transmitWhen tx0 port+ drop0 port-", CP_SECURED },
    { "S k cE k", " rx0 transmitWhen tx0 port+ drop0 port- rx1 transmitWhen tx1 port+", CP_RETIRE },
};

START_TEST(transitions_are_those_of_the_clause)
{
    for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
        g_autoptr(GString) did = g_string_new("");
        MkaCp cp;

        dx__mka_cp_init(&cp);
        for (const char *told = table[i].told;; told++) {
            if (*told && *told != ' ') {
                tell(&cp, *told);
                continue;
            }
            dx__mka_cp_run(&cp, &actions, did);
            ck_assert_uint_eq(dx__mka_cp_run(&cp, &actions, did), 0); /* it had come to rest */
            if (!*told)
                break;
        }
        ck_assert_msg(!strcmp(did->str, table[i].did), "\"%s\" did%s", table[i].told, did->str);
        ck_assert_msg(cp.state == table[i].state, "\"%s\" ends in %s", table[i].told,
                      dx__mka_cp_name(cp.state));
    }
}
END_TEST

/* Whatever it is told, in whatever order: it sends with a key only while it can receive with it, the port is
 * open only while it sends, never more than two keys are there, and it comes to rest. */
START_TEST(no_order_of_events_breaks_it)
{
    static const char letters[] = "SsEekat>.c";
    g_autoptr(GRand) rand = g_rand_new_with_seed(1);
    MkaCp cp;

    dx__mka_cp_init(&cp);
    for (unsigned i = 0; i < 200000; i++) {
        g_autoptr(GString) did = g_string_new("");

        tell(&cp, letters[g_rand_int_range(rand, 0, sizeof letters - 1)]);
        /* At most from READY through all others back to RETIRE. */
        ck_assert_uint_le(dx__mka_cp_run(&cp, &actions, did), 10);
        ck_assert(!cp.latest.tx || cp.latest.rx || !cp.latest.is_set);
        ck_assert(!cp.port_enabled || cp.old.tx || cp.latest.tx);
        ck_assert(cp.state != CP_CHANGE || !(cp.latest.is_set || cp.old.is_set || cp.port_enabled));
        ck_assert(cp.is_secure || cp.state == CP_CHANGE);
    }
}
END_TEST

SUITE_MAIN("mka port", 60, transitions_are_those_of_the_clause, no_order_of_events_breaks_it)
