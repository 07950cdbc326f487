/*
 * chunk - many Poisson flows, each a process of its own
 *
 * Each flow draws its next arrivals up to the end of a chunk of time; all of them are sorted, by time, then
 * by flow. So the cost of a frame does not depend on how many flows there are.
 */
#include "source-priv.h"

#include <dxsim/dmath.h>

#define CHUNK_FRAMES 8192
#define CHUNK_DIGIT  11
#define CHUNK_MAX_NS (1 << 2 * CHUNK_DIGIT)

static uint64_t draw_gap_ns(const Chunk *chunk, uint64_t *generator)
{
    double unit = (double)((dx_splitmix64(generator) >> 11) + 1) * 0x1p-53;

    return (uint64_t)(-chunk->mean_ns * dx_log(unit) + 0.5);
}

/* Two counting passes; stable, so flows at the same ns stay in order. */
static void sort(Chunk *chunk)
{
    for (unsigned shift = 32; shift < 32 + 2 * CHUNK_DIGIT; shift += CHUNK_DIGIT) {
        uint32_t start[1 << CHUNK_DIGIT] = { 0 }, sum = 0;
        uint64_t *swap = chunk->key;

        for (uint32_t i = 0; i < chunk->n; i++)
            start[chunk->key[i] >> shift & ((1 << CHUNK_DIGIT) - 1)]++;
        for (uint32_t i = 0; i < 1 << CHUNK_DIGIT; i++) {
            uint32_t n = start[i];

            start[i] = sum;
            sum += n;
        }
        for (uint32_t i = 0; i < chunk->n; i++)
            chunk->spare[start[chunk->key[i] >> shift & ((1 << CHUNK_DIGIT) - 1)]++] = chunk->key[i];
        chunk->key = chunk->spare;
        chunk->spare = swap;
    }
}

static void fill(Chunk *chunk)
{
    const uint64_t from = (uint64_t)chunk->from_ns, until = from + (uint64_t)chunk->chunk_ns;

    chunk->n = chunk->at = 0;
    for (uint32_t i = 0; i < chunk->n_flows; i++) {
        uint64_t next = chunk->next_ns[i];

        for (; next < until; next += draw_gap_ns(chunk, &chunk->state[i])) {
            if (chunk->n == chunk->size) {
                chunk->size *= 2;
                chunk->key = g_renew(uint64_t, chunk->key, chunk->size);
                chunk->spare = g_renew(uint64_t, chunk->spare, chunk->size);
            }
            chunk->key[chunk->n++] = (next - from) << 32 | i;
        }
        chunk->next_ns[i] = next;
    }
    sort(chunk);
}

/* Where the next chunk begins: idle time is skipped. */
static void move(Chunk *chunk)
{
    uint64_t first = UINT64_MAX;

    for (uint32_t i = 0; i < chunk->n_flows; i++)
        first = MIN(first, chunk->next_ns[i]);
    chunk->from_ns =
        MAX(chunk->from_ns + chunk->chunk_ns, (DxTime)MIN(first, (uint64_t)(DX_TIME_MAX / DX_NS)));
}

DxTime dx__chunk_next(Chunk *chunk, uint32_t *flow)
{
    while (chunk->at == chunk->n && chunk->from_ns < DX_TIME_MAX / DX_NS) {
        move(chunk);
        fill(chunk);
    }
    if (chunk->at == chunk->n)
        return DX_TIME_MAX;
    *flow = (uint32_t)chunk->key[chunk->at];
    return (chunk->from_ns + (DxTime)(chunk->key[chunk->at++] >> 32)) * DX_NS;
}

void dx__chunk_init(Chunk *chunk, uint32_t n_flows, double mean_ps, uint64_t seed, DxTime start_ps)
{
    const double chunk_ns = CHUNK_FRAMES * mean_ps / 1e3 / (double)n_flows;

    chunk->mean_ns = mean_ps / 1e3;
    chunk->n_flows = n_flows;
    chunk->chunk_ns = chunk_ns < 1 ? 1 : chunk_ns > CHUNK_MAX_NS ? CHUNK_MAX_NS : (DxTime)chunk_ns;
    chunk->from_ns = (start_ps + DX_NS - 1) / DX_NS;
    chunk->size = 2 * CHUNK_FRAMES;
    chunk->key = g_new(uint64_t, chunk->size);
    chunk->spare = g_new(uint64_t, chunk->size);
    chunk->state = g_new(uint64_t, n_flows);
    chunk->next_ns = g_new(uint64_t, n_flows);
    for (uint32_t i = 0; i < n_flows; i++) {
        chunk->state[i] = UINT64_C(1000003) * i + seed;
        chunk->next_ns[i] = (uint64_t)chunk->from_ns + draw_gap_ns(chunk, &chunk->state[i]);
    }
    fill(chunk);
}

void dx__chunk_clear(Chunk *chunk)
{
    g_free(chunk->state);
    g_free(chunk->next_ns);
    g_free(chunk->key);
    g_free(chunk->spare);
}
