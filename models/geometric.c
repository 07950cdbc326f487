/*
 * geometric - trials that fail before one succeeds
 */
#include "geometric.h"

#include <dxsim/dmath.h>

double dx__log_of_complement(double p)
{
    const double complement = 1 - p;

    return complement == 1 ? -p : dx_log(complement) * (p / (1 - complement));
}

DxGeometric dx__geometric(double success)
{
    return (DxGeometric){ success, success > 0 && success < 1 ? dx__log_of_complement(success) : 0 };
}

uint64_t dx__geometric_draw(const DxGeometric *geometric, DxRng *rng)
{
    double fails;

    if (geometric->success <= 0)
        return DX_GEOMETRIC_NEVER;
    if (geometric->success >= 1)
        return 0;
    fails = dx_log(dx_rng_unit(rng)) / geometric->log_fail;
    return fails < (double)DX_GEOMETRIC_NEVER ? (uint64_t)fails : DX_GEOMETRIC_NEVER;
}
