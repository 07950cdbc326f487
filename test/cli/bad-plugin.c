/*
 * bad-plugin - a model that breaks a rule, one way at a time; and plugins that must not load
 *
 *   livelock     from 1 ms on, an event follows an event at the same time, for ever
 *   chain        the same by two timers that arm each other
 *   wake         wakes itself again and again at one time
 *   backwards    emits a frame earlier than the one before
 *   unordered    turns a burst round
 *   negative     declares a negative delay
 *   past         wants to wake up in the past
 *   lose         forgets every hundredth frame
 *   double       emits every hundredth frame twice
 *   output       emits on an output that it does not have
 *   no-advance   promises something and has no hook for it
 *   overflow     moves a frame to the end of time and a little further
 *   storm        an event every ns: legal, but there is no end to it
 *   good         none of it
 *
 * With PLUGIN_... defined, what is exported is wrong.
 */
#include <dxsim/plugin.h>
#include <string.h>

enum {
    LIVELOCK,
    CHAIN,
    WAKE,
    BACKWARDS,
    UNORDERED,
    NEGATIVE,
    PAST,
    LOSE,
    DOUBLE,
    OUTPUT,
    NO_ADVANCE,
    OVERFLOW,
    STORM,
    GOOD,
};

static const char *const modes[] = { "livelock",   "chain",    "wake",  "backwards", "unordered",
                                     "negative",   "past",     "lose",  "double",    "output",
                                     "no-advance", "overflow", "storm", "good",      NULL };

typedef struct {
    int mode;
} BadConf;

typedef struct {
    DxTimer timer[2];
    uint64_t frames;
} BadState;

static const DxParam bad_params[] = {
#ifdef PLUGIN_BAD_DEFAULT
    DX_PARAM_ENUM(BadConf, mode, "nonsense", modes, "What it does."),
#else
    DX_PARAM_ENUM(BadConf, mode, "good", modes, "What it does."),
#endif
#ifdef PLUGIN_BAD_OFFSET
    { DX_TYPE_TIME, "far_ps", 4096, "1 s", NULL, NULL, NULL, "Outside of the struct." },
#endif
    DX_PARAM_END,
};

static const DxCounter bad_counters[] = {
    DX_COUNTER(BadState, frames, DX_COUNTER_SUM, "Frames that came."),
    DX_COUNTER_END,
};

static int mode_of(const DxNode *node)
{
    return ((const BadConf *)dx_node_conf(node))->mode;
}

static void on_event(DxNode *node, uint64_t arg)
{
    (void)arg;
    dx_node_post(node, dx_node_now(node) + (mode_of(node) == STORM ? DX_NS : 0), on_event, 0);
}

static void on_timer(DxNode *node, uint64_t arg)
{
    dx_timer_arm(node, ((BadState *)dx_node_state(node))->timer[!arg], dx_node_now(node));
}

static bool bad_init(DxNode *node, GError **error)
{
    (void)error;
    dx_node_set_delay(node, 0, mode_of(node) == NEGATIVE ? -5 : 0);
    return true;
}

static void bad_start(DxNode *node)
{
    BadState *state = dx_node_state(node);

    switch (mode_of(node)) {
    case LIVELOCK:
    case STORM:
        dx_node_post(node, DX_MS, on_event, 0);
        break;
    case CHAIN:
        state->timer[0] = dx_node_timer(node, on_timer, 0);
        state->timer[1] = dx_node_timer(node, on_timer, 1);
        dx_timer_arm(node, state->timer[0], DX_MS);
        break;
    case WAKE:
    case PAST:
        dx_node_wake_at(node, DX_MS);
        break;
    case NO_ADVANCE:
        dx_node_promise(node, DX_MS);
        break;
    default:
        break;
    }
}

static void bad_wake(DxNode *node, DxTime now)
{
    dx_node_wake_at(node, mode_of(node) == PAST ? now - DX_MS : now);
}

static void send(DxNode *node, DxFrame frame, DxTime later_ps)
{
    frame.t_ps += later_ps;
    dx_node_emit(node, mode_of(node) == OUTPUT ? 7 : 0, &(DxBurst){ &frame, 1 });
}

static void bad_process(DxNode *node, DxBurst *burst)
{
    BadState *state = dx_node_state(node);

    for (unsigned i = 0; i < burst->n; i++) {
        const bool is_hundredth = ++state->frames % 100 == 0;

        switch (mode_of(node)) {
        case BACKWARDS:
            send(node, burst->frame[i], is_hundredth ? -DX_MS : 0);
            break;
        case UNORDERED: {
            DxFrame pair[] = { burst->frame[i], burst->frame[i] };

            pair[0].t_ps++;
            dx_node_create(node, 1);
            dx_node_emit(node, 0, &(DxBurst){ pair, 2 });
            break;
        }
        case OVERFLOW: {
            uint64_t at =
                (uint64_t)burst->frame[i].t_ps + INT64_MAX; /* what a sum of signed ones would wrap to */
            DxFrame frame = burst->frame[i];

            memcpy(&frame.t_ps, &at, sizeof at);
            dx_node_emit(node, 0, &(DxBurst){ &frame, 1 });
            break;
        }
        case LOSE:
            if (!is_hundredth)
                send(node, burst->frame[i], 0);
            break;
        case DOUBLE:
            send(node, burst->frame[i], 0);
            if (is_hundredth)
                send(node, burst->frame[i], 0);
            break;
        default:
            send(node, burst->frame[i], 0);
        }
    }
}

static const DxModel bad_model G_GNUC_UNUSED = {
#if defined PLUGIN_CLASH
    .name = "fiber",
#elif defined PLUGIN_BAD_NAME
    .name = "bad\033[31m model",
#else
    .name = "bad",
#endif
    .summary = "Breaks a rule",
    .conf_size = sizeof(BadConf),
    .state_size = sizeof(BadState),
    .params = bad_params,
    .counters = bad_counters,
    .init = bad_init,
    .start = bad_start,
    .process = bad_process,
    .wake = bad_wake,
};

#if defined PLUGIN_NO_SYMBOL
extern DX_API const DxModel *const something_else;
const DxModel *const something_else = &bad_model;
#elif defined PLUGIN_BAD_MAGIC
extern DX_API const char dxsim_plugin[64];
const char dxsim_plugin[64] = "nothing that DX_PLUGIN() makes";
#elif defined PLUGIN_OTHER_ABI
extern DX_API const DxPlugin dxsim_plugin;
static const DxModel *const no_models = (const DxModel *)(const void *)"never looked at";
const DxPlugin dxsim_plugin = { DX_PLUGIN_MAGIC, DX_MODEL_ABI + 1, 1, 1, 1, 1, 1, &no_models };
#elif defined PLUGIN_OTHER_SIZE
extern DX_API const DxPlugin dxsim_plugin;
static const DxModel *const no_models = (const DxModel *)(const void *)"never looked at";
const DxPlugin dxsim_plugin = { DX_PLUGIN_MAGIC, DX_MODEL_ABI,      sizeof(DxPlugin), sizeof(DxModel) + 8,
                                sizeof(DxParam), sizeof(DxCounter), sizeof(DxFrame),  &no_models };
#elif defined PLUGIN_UNDEFINED
extern DX_API const DxPlugin dxsim_plugin;
void dx_no_such_function(const void *);
const DxPlugin dxsim_plugin = { .models = NULL };
__attribute__((used)) static void call_it(void)
{
    dx_no_such_function(&bad_model);
}
#elif defined PLUGIN_EMPTY
extern DX_API const DxPlugin dxsim_plugin;
static const DxModel *const no_models[] = { NULL };
const DxPlugin dxsim_plugin = { DX_PLUGIN_MAGIC, DX_MODEL_ABI,      sizeof(DxPlugin), sizeof(DxModel),
                                sizeof(DxParam), sizeof(DxCounter), sizeof(DxFrame),  no_models };
#else
DX_PLUGIN(&bad_model);
#endif
