/*
 * reference.h - the same network, simulated a second time by an engine that is as plain as can be
 *
 * One binary heap, one step per frame and node, no bursts, no windows, and nothing of models/. It exists to
 * be compared with the real engine: every row, histogram, sample, log line and trace record must agree.
 */
#ifndef DX_TEST_REFERENCE_H
#define DX_TEST_REFERENCE_H

#include "scenario-priv.h"

/* One rule broken on purpose: a comparison that does not notice proves nothing. */
typedef enum {
    REFERENCE_RIGHT,
    REFERENCE_ARRIVALS_BEFORE_ENDS, /* at equal time a port sees arrivals before the end of its service */
    REFERENCE_LIMIT_COUNTS_SERVICE, /* the frame in service counts against the limit of the queue */
    REFERENCE_KEEPS_IN_FLIGHT,      /* what is on the fiber survives the failure of the link */
    REFERENCE_SHARES_DRAWS,         /* what is drawn is the same in both directions of a link */
    REFERENCE_FRAMES_BACK_TO_BACK,  /* codewords carry frames alone, without preambles and gaps */
    REFERENCE_JUDGES_THE_DEAD,      /* losses are drawn for frames too that a failure has lost already */
    REFERENCE_WAITS_FOR_THE_LOST,   /* kept order waits for frames that a failure has lost */
    REFERENCE_FORGETS_PRIORITY,     /* a frame without its tag has no priority any more */
    REFERENCE_TAGS_LATE,            /* the rate limit of a VIF counts frames without their tag */
    REFERENCE_HASTY,                /* frames that wait for a marker's response go on when it is sent */
    REFERENCE_SEEDLESS,             /* the seed of a LAG is left out of its hash */
    REFERENCE_CUTS_TOKENS,          /* what the last ps of a wait brings too much is lost */
    REFERENCE_SPILLS_TOKENS,        /* tokens that the committed bucket has no room for are lost */
    REFERENCE_MEAN_PACE,            /* constant rate: every gap is that of a frame of the mean size */
    REFERENCE_NUMBERS_THE_QUEUED,   /* MACsec: packet numbers are given before the queue */
    REFERENCE_SENDS_EARLY,          /* a new key is sent with before all are known to receive with it */
    REFERENCE_MISSING_BREACHES, /* alarm: a point without data counts as breaching, whatever is said of it */
    REFERENCE_UPDATES_DO_NOT_HOLD, /* BGP: the hold timer is set by KEEPALIVEs alone */
    REFERENCE_BFD_WITHOUT_JITTER,  /* BFD: every packet one whole interval after the last */
    REFERENCE_OLDEST_BY_TIME,      /* BGP: the oldest path is the one that came first, whoever is the best */
    REFERENCE_TELLS_FIRST,         /* BGP: a flush announces before it withdraws */
    REFERENCE_BEGINS_WHOLE,        /* on-off: a flow begins with a whole period, not somewhere within one */
} ReferenceFlaw;

/* A frame's end. */
typedef struct {
    DxTime t_ps;
    const char *node; /* lives as long as the Reference */
    uint32_t flow, seq, size_bytes;
    DxTime birth_ps;
    const char *fate;    /* "delivered", or why it was dropped; static */
    uint32_t node_index; /* in order of creation: settles equal times */
} ReferenceTrace;

typedef struct ReferenceWorld ReferenceWorld;

typedef struct {
    DxResults *results;
    DxSeries *series;   /* NULL: none asked for */
    DxMonitor *monitor; /* likewise */
    GPtrArray *log;     /* DxLogLine */
    GArray *trace;      /* ReferenceTrace, by (time, node, order at the node); empty unless asked for */
    DxBalance balance;
    ReferenceWorld *world; /* what the results were read from */
} Reference;

/* Run the scenario to its end. @scenario must have been read without problems. */
Reference *reference_run(const DxScenario *scenario, bool trace, ReferenceFlaw flaw);
void reference_free(Reference *reference);

#endif
