/*
 * bgp/would-win - what would it take?
 *
 * A path that lost at a step is as good as the winner on every step before. So a change there must be for the
 * better than the winner, by one; on the step itself it may be enough to be as good. What is proposed was
 * tried.
 */
#include "bgp/bgp.h"

typedef struct {
    const DxBgpKnobs *knobs;
    DxBgpPath *paths;
    unsigned n;
    int incumbent, loser;
    DxBgpFate *fates;
} Trial;

static bool wins(const Trial *trial)
{
    return dx__bgp_decide(trial->knobs, trial->paths, trial->n, trial->incumbent, trial->fates).best ==
           trial->loser;
}

/* What a path has at a step. */
static uint32_t value_of(const DxBgpKnobs *knobs, const DxBgpPath *path, DxBgpStep step)
{
    switch (step) {
    case DX_BGP_WEIGHT:
        return path->weight;
    case DX_BGP_LOCAL_PREF:
        return dx__bgp_local_pref(knobs, path);
    case DX_BGP_AS_PATH_LENGTH:
        return dx__bgp_length(knobs, path);
    case DX_BGP_ORIGIN:
        return path->origin;
    case DX_BGP_MED:
        return dx__bgp_med(knobs, path);
    case DX_BGP_IGP_METRIC:
        return path->igp_metric;
    default:
        return 0;
    }
}

/* False: it cannot have this value. */
static bool set_value(const DxBgpKnobs *knobs, DxBgpPath *path, DxBgpStep step, int64_t value)
{
    const int64_t fewer = (int64_t)dx__bgp_length(knobs, path) - value;

    if (value < 0 || value > UINT32_MAX)
        return false;
    switch (step) {
    case DX_BGP_WEIGHT:
        path->weight = (uint32_t)value;
        return value <= UINT16_MAX;
    case DX_BGP_LOCAL_PREF:
        path->has_local_pref = true;
        path->local_pref = (uint32_t)value;
        return true;
    case DX_BGP_AS_PATH_LENGTH:
        if (fewer <= 0 || fewer > dx__as_path_repeats(&path->as_path) || fewer > path->hops)
            return false;
        path->hops -= (uint32_t)fewer;
        return true;
    case DX_BGP_ORIGIN:
        path->origin = (DxBgpOrigin)value;
        return true;
    case DX_BGP_MED:
        path->has_med = true;
        path->med = (uint32_t)value;
        return true;
    case DX_BGP_IGP_METRIC:
        path->igp_metric = (uint32_t)value;
        return path->source != DX_BGP_LOCAL;
    default:
        return false;
    }
}

static bool try_value(const Trial *trial, DxBgpStep step, int64_t value)
{
    DxBgpPath *path = &trial->paths[trial->loser];
    const DxBgpPath before = *path;
    const bool won = value_of(trial->knobs, path, step) != value &&
                     set_value(trial->knobs, path, step, value) && wins(trial);

    *path = before;
    return won;
}

static DxBgpChange change_to(const Trial *trial, DxBgpStep step, int64_t value)
{
    const DxBgpPath *path = &trial->paths[trial->loser];

    if (step == DX_BGP_AS_PATH_LENGTH)
        value = dx__bgp_length(trial->knobs, path) - value;
    return (DxBgpChange){ step, (uint32_t)value };
}

DxBgpChange dx__bgp_would_win(const DxBgpKnobs *knobs, DxBgpPath *paths, unsigned n, int incumbent, int best,
                              int loser, const DxBgpFate *fate, DxBgpFate *room)
{
    const Trial trial = { knobs, paths, n, incumbent, loser, room };
    const int rivals[] = { fate->against, best };

    for (unsigned step = fate->step; step > DX_BGP_STEP_NONE; step--) {
        const int better = step == DX_BGP_WEIGHT || step == DX_BGP_LOCAL_PREF ? 1 : -1;

        for (int i = 0; i < 4; i++) {
            const int64_t value =
                (int64_t)value_of(knobs, &paths[rivals[i % 2]], (DxBgpStep)step) + i / 2 * better;

            if (try_value(&trial, (DxBgpStep)step, value))
                return change_to(&trial, (DxBgpStep)step, value);
        }
    }
    return (DxBgpChange){ DX_BGP_STEP_NONE, 0 };
}
