/*
 * crew - threads that run every partition of a window, and wait for each other
 *
 * The caller's thread takes the first partition, a worker each of the others. They meet by spinning, which
 * takes tens of ns when there is a core for each; who waits long gives its core away.
 */
#include "sim-priv.h"

#include <sched.h>
#include <stdatomic.h>

#define SPINS 1000 /* some 20 us */

typedef struct {
    DxCrew *crew;
    DxPart *part;
    GThread *thread;
} Worker;

struct DxCrew {
    DxCrewFn fn;
    DxSim *sim;
    _Alignas(64) atomic_uint round;   /* rises to start a round; the highest bit ends the crew */
    _Alignas(64) atomic_uint at_work; /* workers that have not finished it */
    unsigned n;
    Worker worker[];
};

#define ROUND_END 0x80000000u

static void relax(unsigned spins)
{
    if (spins >= SPINS)
        sched_yield();
#if defined(__x86_64__)
    else
        __builtin_ia32_pause();
#endif
}

static gpointer work(gpointer data)
{
    Worker *worker = data;
    DxCrew *crew = worker->crew;
    unsigned seen = 0;

    for (;;) {
        unsigned round;

        for (unsigned spins = 0; (round = atomic_load_explicit(&crew->round, memory_order_acquire)) == seen;
             spins++)
            relax(spins);
        if (round & ROUND_END)
            return NULL;
        seen = round;
        crew->fn(worker->part);
        atomic_fetch_sub_explicit(&crew->at_work, 1, memory_order_release);
    }
}

DxCrew *dx__crew_new(DxSim *sim, DxCrewFn fn)
{
    const unsigned n = sim->n_parts - 1;
    const size_t size = (sizeof(DxCrew) + n * sizeof(Worker) + 63) / 64 * 64;
    DxCrew *crew = g_aligned_alloc0(1, size, 64);

    crew->fn = fn;
    crew->sim = sim;
    crew->n = n;
    for (unsigned i = 0; i < n; i++) {
        crew->worker[i] = (Worker){ crew, &sim->part[i + 1], NULL };
        crew->worker[i].thread = g_thread_new("dxsim", work, &crew->worker[i]);
    }
    return crew;
}

void dx__crew_run(DxCrew *crew)
{
    atomic_store_explicit(&crew->at_work, crew->n, memory_order_relaxed);
    atomic_store_explicit(&crew->round,
                          (atomic_load_explicit(&crew->round, memory_order_relaxed) + 1) & ~ROUND_END,
                          memory_order_release);
    crew->fn(&crew->sim->part[0]);
    for (unsigned spins = 0; atomic_load_explicit(&crew->at_work, memory_order_acquire); spins++)
        relax(spins);
}

void dx__crew_free(DxCrew *crew)
{
    if (!crew)
        return;
    atomic_store_explicit(&crew->round, ROUND_END, memory_order_release);
    for (unsigned i = 0; i < crew->n; i++)
        g_thread_join(crew->worker[i].thread);
    g_aligned_free(crew);
}
