/*
 * source-priv.h - what the files of the source share
 */
#ifndef SOURCE_PRIV_H
#define SOURCE_PRIV_H

#include <dxsim/arrivals.h>
#include <dxsim/sim.h>
#include <dxsim/sizes.h>

enum { MODEL_CBR, MODEL_POISSON, MODEL_MICROBURST, MODEL_ONOFF, MODEL_REPLAY };
enum { DRAWS_MERGED, DRAWS_SPLITMIX64 };
enum { PERIODS_EXPONENTIAL, PERIODS_PARETO };
enum { WITHIN_CBR, WITHIN_POISSON };

typedef struct {
    int model, draws, sizes, distribution, within;
    uint64_t rate_bps, transactions_per_day, peak_bps, size_bytes;
    DxTime interval_ps, burst_ps, period_ps, on_ps, off_ps, start_ps, stop_ps;
    double shape;
    int64_t count, frames, pcp, ttl;
    DxMix mix;
    DxFileParam trace;
} SourceConf;

#define DAY_PS ((uint64_t)(86400 * DX_S))

static inline bool has_mean(const SourceConf *conf)
{
    return conf->rate_bps || conf->transactions_per_day;
}

static inline bool has_peak(const SourceConf *conf)
{
    return conf->model == MODEL_MICROBURST || conf->model == MODEL_ONOFF;
}

/* What paces frames within a burst, or all of them. */
static inline uint64_t pace_bps(const SourceConf *conf)
{
    return has_peak(conf) ? conf->peak_bps : conf->rate_bps;
}

/* All gaps are alike, whatever the sizes. */
static inline bool has_even_gaps(const SourceConf *conf)
{
    return conf->model == MODEL_CBR && (conf->interval_ps || conf->transactions_per_day);
}

/* The mean rate of one flow. */
static inline double flow_bps(const SourceConf *conf, const DxSizes *sizes)
{
    const double per_day = (double)conf->transactions_per_day;

    if (conf->transactions_per_day)
        return per_day * sizes->mean_bytes * 8.0 / 86400.0 / (double)conf->count;
    return (double)conf->rate_bps / (double)conf->count;
}

/* Hook of the model: see <dxsim/model.h>. */
bool dx__source_check(const void *data, const char **key, GError **error);

/* A gap that is no whole number of ps: quotient and remainder, carried from frame to frame. */
typedef struct {
    DxTime whole_ps;
    uint64_t rest, unit; /* rest/unit of a ps beyond */
} Gap;

/* frames * size_bytes * 8 / rate_bps */
static inline Gap gap_of(uint64_t frames, uint64_t size_bytes, uint64_t rate_bps)
{
    const unsigned __int128 total = (unsigned __int128)frames * size_bytes * 8 * (uint64_t)DX_S;

    return (Gap){ (DxTime)MIN(total / rate_bps, (uint64_t)DX_TIME_MAX), (uint64_t)(total % rate_bps),
                  rate_bps };
}

static inline DxTime gap_next(const Gap *gap, uint64_t *rest)
{
    DxTime ps = gap->whole_ps;

    *rest += gap->rest;
    if (*rest >= gap->unit) {
        *rest -= gap->unit;
        ps++;
    }
    return ps;
}

/* The same for frames that differ: an octet at some rate, and a quotient without division. */
typedef struct {
    Gap octet;
    double inverse; /* of octet.unit */
} Pace;

static inline Pace pace_of(uint64_t rate_bps)
{
    return (Pace){ gap_of(1, 1, rate_bps), 1.0 / (double)rate_bps };
}

/* octets * 8 / rate. 65000 octets * a rest below 10^14 fit 64 bits; the quotient is below 2^16, so the
 * product of doubles is wrong by less than one. */
static inline DxTime pace_next(const Pace *pace, uint64_t octets, uint64_t *rest)
{
    const uint64_t total = *rest + octets * pace->octet.rest;
    uint64_t quotient = (uint64_t)((double)total * pace->inverse);

    if (quotient * pace->octet.unit > total)
        quotient--;
    else if (total - quotient * pace->octet.unit >= pace->octet.unit)
        quotient++;
    *rest = total - quotient * pace->octet.unit;
    return (DxTime)octets * pace->octet.whole_ps + (DxTime)quotient;
}

/* Arrivals of many Poisson flows, each with its own generator, drawn a chunk of time ahead and sorted. */
typedef struct {
    double mean_ns; /* gap of one flow */
    DxTime chunk_ns, from_ns;
    uint32_t n_flows;
    uint64_t *state;       /* by flow: generator */
    uint64_t *next_ns;     /* by flow: next arrival */
    uint64_t *key, *spare; /* of this chunk: offset in ns << 32 | flow, sorted */
    uint32_t n, at, size;
} Chunk;

/* Flow i has the generator seeded 1000003 * i + @seed; arrivals follow @start_ps. */
void dx__chunk_init(Chunk *chunk, uint32_t n_flows, double mean_ps, uint64_t seed, DxTime start_ps);
/* Time and flow of the next arrival; DX_TIME_MAX: none within the clock. */
DxTime dx__chunk_next(Chunk *chunk, uint32_t *flow);
void dx__chunk_clear(Chunk *chunk);

typedef struct OnOffFlow OnOffFlow;
typedef struct OnOffTurn OnOffTurn;

/* Flows that are on and off. What the first lines hold is filled in before dx__onoff_init(). */
typedef struct {
    double on_ps, off_ps, shape; /* means */
    double gap_ps;               /* mean, at the peak rate */
    bool is_pareto, is_poisson;
    Pace pace;      /* at the peak rate */
    DxTime stop_ps; /* nothing is born then or later */

    uint32_t n;
    OnOffFlow *flow;
    OnOffTurn *turn; /* heap: whose frame is next */
} OnOff;

/* Flow i has a generator seeded by the i-th number of @seeds. */
void dx__onoff_init(OnOff *onoff, uint32_t n, DxRng *seeds, DxTime start_ps);
/* Time and flow of the next birth; DX_TIME_NEVER: none. */
DxTime dx__onoff_first(const OnOff *onoff, uint32_t *flow);
/* The same after the frame that was next has been born, of @size_bytes. */
DxTime dx__onoff_next(OnOff *onoff, uint16_t size_bytes, uint32_t *flow);
void dx__onoff_clear(OnOff *onoff);

/* Frames by a list. */
typedef struct {
    const DxArrivals *list;
    DxArrivals *own; /* the same, when nobody else keeps it */
    size_t row;      /* of the next frame */
    DxTime start_ps;
} Replay;

bool dx__replay_open(Replay *replay, DxNode *node, const SourceConf *conf, GError **error);
/* Time and flow of the next birth; DX_TIME_NEVER: none. */
void dx__replay_look(const Replay *replay, uint32_t n_flows, DxTime *next_ps, uint32_t *flow);
/* It is born: size and priority, and on to the next. */
void dx__replay_stamp(Replay *replay, DxFrame *template);
void dx__replay_clear(Replay *replay);

#endif
