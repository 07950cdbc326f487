/*
 * pipe.h - two ends of something that sends octets, and a line between them that may lose, double and
 * overtake
 */
#ifndef DX_TEST_PIPE_H
#define DX_TEST_PIPE_H

#include <glib.h>
#include <dxsim/rng.h>
#include <dxsim/time.h>

typedef struct {
    DxTime t_ps;
    unsigned to;
    uint64_t number; /* at one time the first sent comes first */
    uint8_t *octets;
    size_t n;
} PipeMail;

typedef struct {
    GArray *mail; /* PipeMail */
    uint64_t n_sent;
    DxTime delay_ps, jitter_ps; /* jitter: up to so much more, which overtakes */
    unsigned loss, doubling;    /* in a thousand */
    bool is_cut[2];             /* towards that end */
    DxRng rng;
    /* Whether this one is lost: of the number-th octets sent since the beginning. May be NULL. */
    bool (*drops)(void *user, uint64_t number, unsigned to, const uint8_t *octets, size_t n);
    void *user;
} Pipe;

static inline void pipe_init(Pipe *pipe, uint64_t seed, DxTime delay_ps)
{
    *pipe = (Pipe){ .mail = g_array_new(FALSE, FALSE, sizeof(PipeMail)), .delay_ps = delay_ps };
    dx_rng_init(&pipe->rng, seed, 0, "test", "pipe");
}

static inline void pipe_clear(Pipe *pipe)
{
    for (guint i = 0; i < pipe->mail->len; i++)
        g_free(g_array_index(pipe->mail, PipeMail, i).octets);
    g_array_unref(pipe->mail);
}

static inline void pipe_post(Pipe *pipe, DxTime now_ps, unsigned to, const uint8_t *octets, size_t n)
{
    const DxTime jitter_ps =
        pipe->jitter_ps ? (DxTime)dx_rng_below(&pipe->rng, (uint64_t)pipe->jitter_ps) : 0;
    const PipeMail mail = { now_ps + pipe->delay_ps + jitter_ps, to, pipe->n_sent, g_memdup2(octets, n), n };

    g_array_append_val(pipe->mail, mail);
}

static inline void pipe_send(Pipe *pipe, DxTime now_ps, unsigned to, const uint8_t *octets, size_t n)
{
    const uint64_t number = pipe->n_sent++;

    if (pipe->is_cut[to] || (pipe->drops && pipe->drops(pipe->user, number, to, octets, n)) ||
        (pipe->loss && dx_rng_below(&pipe->rng, 1000) < pipe->loss))
        return;
    pipe_post(pipe, now_ps, to, octets, n);
    if (pipe->doubling && dx_rng_below(&pipe->rng, 1000) < pipe->doubling)
        pipe_post(pipe, now_ps, to, octets, n);
}

static inline const PipeMail *pipe_first(const Pipe *pipe)
{
    const PipeMail *first = NULL;

    for (guint i = 0; i < pipe->mail->len; i++) {
        const PipeMail *mail = &g_array_index(pipe->mail, PipeMail, i);

        if (!first || mail->t_ps < first->t_ps || (mail->t_ps == first->t_ps && mail->number < first->number))
            first = mail;
    }
    return first;
}

static inline DxTime pipe_next(const Pipe *pipe)
{
    const PipeMail *first = pipe_first(pipe);

    return first ? first->t_ps : DX_TIME_NEVER;
}

/* The first one, which is the caller's to free. */
static inline PipeMail pipe_take(Pipe *pipe)
{
    const PipeMail *first = pipe_first(pipe);
    const PipeMail mail = *first;

    g_array_remove_index(pipe->mail, (guint)(first - (const PipeMail *)(const void *)pipe->mail->data));
    return mail;
}

#endif
