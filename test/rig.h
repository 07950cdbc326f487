/*
 * rig.h - one model between feeders and collectors
 *
 *   feeder 0 --\                /--> collector 0
 *   feeder 1 ---> [ the model ] ---> collector 1
 *
 * Feed frames, run to a time, look at what came out and when. Feeders and collectors are models of their own
 * that use only the public headers.
 */
#ifndef DX_TEST_RIG_H
#define DX_TEST_RIG_H

#include <dxsim/dxsim.h>

#define RIG_MAX 8

typedef struct {
    DxSim *sim;
    DxNode *node, *feeder[RIG_MAX], *collector[RIG_MAX];
    unsigned n_in, n_out;
} Rig;

/* @model with so many inputs and outputs, and @n_flows flows in one group. */
Rig *rig_new(const DxModel *model, unsigned n_in, unsigned n_out, unsigned n_flows);
void rig_free(Rig *rig);

/* A parameter of the model, as a scenario would write it. Fails the test when it is refused. */
void rig_set(Rig *rig, const char *key, const char *text);

/* Fails the test unless @model refuses these parameters (pairs of key and text, 8 strings at most, or NULL),
 * naming @key. */
void rig_expect_refused(const DxModel *model, const char *const *set, const char *key);

/* A frame of 1500 octets for input @in at @t_ps; times of one input must not go back. Change it before
 * running. */
DxFrame *rig_feed(Rig *rig, unsigned in, DxTime t_ps);

/* Control the model at @t_ps. */
void rig_control(Rig *rig, DxTime t_ps, DxControl control);

/* Fails the test when the engine complains or frames are unaccounted for. */
void rig_run(Rig *rig, DxTime until_ps);

/* What has come out of @out so far, with the stamps they had. */
unsigned rig_n(const Rig *rig, unsigned out);
const DxFrame *rig_frame(const Rig *rig, unsigned out, unsigned i);
/* Number and stamp of a frame that came out. */
typedef struct {
    uint32_t seq;
    DxTime t_ps;
} RigOut;

/* Fails the test unless these came out of output 0, in this order, and no other. */
void rig_expect(const Rig *rig, const RigOut *out, unsigned n);
#define RIG_EXPECT(rig, ...)                                                                                 \
    rig_expect(rig, (const RigOut[]){ __VA_ARGS__ }, sizeof((const RigOut[]){ __VA_ARGS__ }) / sizeof(RigOut))

/* Drops of the model by the reason's name. */
uint64_t rig_dropped(const Rig *rig, const char *reason);

/* A checksum of everything that came out, on all outputs, of all drops, of the model's counters and of what
 * the groups of flows measured. */
uint64_t rig_digest(const Rig *rig);

/**
 * rig_check_invariance:
 * @build: makes and feeds a rig; called once per combination with @variant
 *
 * Runs it to @until_ps in bursts of 1, 7 and 256, in windows of 1 us, 100 us and any length, the last
 * combination twice, and fails the test unless all digests are equal.
 */
void rig_check_invariance(Rig *(*build)(uint64_t variant), uint64_t variant, DxTime until_ps);

#endif
