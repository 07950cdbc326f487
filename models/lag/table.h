/*
 * table.h - from a hash to a member, and what becomes of that when members leave and return
 */
#ifndef DX_LAG_TABLE_H
#define DX_LAG_TABLE_H

#include <dxsim/sim.h>

typedef enum { DX_LAG_MODULO, DX_LAG_BUCKETS, DX_LAG_RENDEZVOUS, DX_LAG_RESILIENT } DxLagDistribution;

extern const char *const dx__lag_distributions[]; /* in that order */

#define DX_LAG_BUCKETS_MAX 65536

/* A member as an octet, and in its place: */
#define DX_LAG_MOST   253 /* members that there may be */
#define DX_LAG_NOBODY 254 /* no member works */

typedef struct {
    DxLagDistribution distribution;
    unsigned n_members, n_working;
    bool *is_out;
    uint16_t *working;  /* members, in order */
    unsigned n_buckets; /* 0: it has none */
    uint16_t *bucket;   /* whose it is; DX_NO_OUTPUT: nobody's */
    unsigned *n_of;     /* by member: buckets */
} DxLagTable;

/* How many buckets a distribution has, where @asked of them were asked for (0: it does not matter). */
unsigned dx__lag_buckets(DxLagDistribution distribution, unsigned asked);
/* All members work. */
void dx__lag_table_init(DxLagTable *table, DxLagDistribution distribution, unsigned n_buckets,
                        unsigned n_members);
void dx__lag_table_clear(DxLagTable *table);
/* False: it was so before. */
bool dx__lag_table_set(DxLagTable *table, unsigned member, bool is_out);
/* Of a member for a flow: rendezvous takes the one with the greatest. */
uint64_t dx__lag_weight(uint32_t hash, uint32_t member);
/* DX_NO_OUTPUT: none works. */
uint16_t dx__lag_table_member(const DxLagTable *table, uint32_t hash);
/* The same for @n of them, as octets: where there are not more than DX_LAG_MOST members. */
void dx__lag_table_members(const DxLagTable *table, const uint32_t *hash, uint8_t *member, uint32_t n);

#endif
