/*
 * ring.h - a growing ring of any type, for what a model holds
 *
 * DX_RING(Name, name, Type) makes the type and its functions. Elements stay where they are until the ring
 * grows.
 */
#ifndef DX_RING_H
#define DX_RING_H

#include <glib.h>
#include <stdint.h>

#define DX_RING(Name, name, Type)                                                                            \
    typedef struct {                                                                                         \
        Type *item;                                                                                          \
        uint32_t mask, head, tail;                                                                           \
    } Name;                                                                                                  \
                                                                                                             \
    G_GNUC_UNUSED static inline void name##_init(Name *ring)                                                 \
    {                                                                                                        \
        *ring = (Name){ g_new(Type, 64), 63, 0, 0 };                                                         \
    }                                                                                                        \
    G_GNUC_UNUSED static inline void name##_clear(Name *ring)                                                \
    {                                                                                                        \
        g_clear_pointer(&ring->item, g_free);                                                                \
    }                                                                                                        \
    G_GNUC_UNUSED static inline uint32_t name##_count(const Name *ring)                                      \
    {                                                                                                        \
        return ring->tail - ring->head;                                                                      \
    }                                                                                                        \
    /* The @i-th from the front. */                                                                          \
    G_GNUC_UNUSED static inline Type *name##_at(const Name *ring, uint32_t i)                                \
    {                                                                                                        \
        return &ring->item[(ring->head + i) & ring->mask];                                                   \
    }                                                                                                        \
    /* How many from the front lie side by side. */                                                          \
    G_GNUC_UNUSED static inline uint32_t name##_run(const Name *ring)                                        \
    {                                                                                                        \
        return MIN(name##_count(ring), ring->mask + 1 - (ring->head & ring->mask));                          \
    }                                                                                                        \
    G_GNUC_UNUSED static inline void name##_pop(Name *ring, uint32_t n)                                      \
    {                                                                                                        \
        ring->head += n;                                                                                     \
    }                                                                                                        \
    /* Room for @more behind those that are there. */                                                        \
    G_GNUC_UNUSED static void name##_reserve(Name *ring, uint32_t more)                                      \
    {                                                                                                        \
        const uint32_t n = name##_count(ring);                                                               \
        uint32_t size = ring->mask + 1;                                                                      \
        Type *item;                                                                                          \
                                                                                                             \
        if (n + more <= size)                                                                                \
            return;                                                                                          \
        while (size < n + more)                                                                              \
            size *= 2;                                                                                       \
        item = g_new(Type, size);                                                                            \
        for (uint32_t i = 0; i < n; i++)                                                                     \
            item[i] = *name##_at(ring, i);                                                                   \
        g_free(ring->item);                                                                                  \
        *ring = (Name){ item, size - 1, 0, n };                                                              \
    }                                                                                                        \
    /* Where there is room. */                                                                               \
    G_GNUC_UNUSED static inline void name##_append(Name *ring, Type value)                                   \
    {                                                                                                        \
        ring->item[ring->tail++ & ring->mask] = value;                                                       \
    }                                                                                                        \
    G_GNUC_UNUSED static inline void name##_push(Name *ring, Type value)                                     \
    {                                                                                                        \
        name##_reserve(ring, 1);                                                                             \
        name##_append(ring, value);                                                                          \
    }                                                                                                        \
    typedef int name##_needs_semicolon

#endif
