/*
 * ecmp - see ecmp.h
 */
#include "ecmp.h"
#include "lag/table.h"
#include "wire/put.h"

void dx__ecmp_init(DxEcmp *ecmp, uint32_t seed)
{
    *ecmp = (DxEcmp){ .how = { .policy = DX_LAG_5_TUPLE, .function = DX_LAG_CRC32, .seed = MAX(seed, 1) } };
    dx__crc32_init(&ecmp->how.crc);
}

uint32_t dx__ecmp_hash(const DxEcmp *ecmp, const DxFlow *flow)
{
    const DxLagKey key = { .flow = flow };

    return dx__lag_hash(&ecmp->how, &key);
}

/* An IPv6 address: the exclusive or of its four words. */
static uint32_t word_of(const DxIp *ip)
{
    uint32_t word = 0;

    for (unsigned i = 0; i < ip->bits / 8u; i += 4)
        word ^= get_u32(ip->bytes + i);
    return word;
}

unsigned dx__ecmp_choose_number(uint32_t hash, const uint32_t *numbers, unsigned n)
{
    unsigned found = 0;
    uint64_t most = 0;

    for (unsigned i = 0; i < n && n > 1; i++) {
        const uint64_t its = dx__lag_weight(hash, numbers[i]);

        if (i == 0 || its > most) {
            found = i;
            most = its;
        }
    }
    return found;
}

unsigned dx__ecmp_choose(uint32_t hash, const DxIp *next_hops, unsigned n)
{
    uint32_t word[DX_ECMP_MAX];

    g_assert(n <= DX_ECMP_MAX);
    for (unsigned i = 0; i < n; i++)
        word[i] = word_of(&next_hops[i]);
    return dx__ecmp_choose_number(hash, word, n);
}
