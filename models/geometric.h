/*
 * geometric.h - how many trials fail before one succeeds
 *
 *   G = floor(log u / log(1 - success))          u uniform in (0, 1]
 *
 * So that what is rare need not be tossed for: nothing is drawn until it happens.
 */
#ifndef DX_GEOMETRIC_H
#define DX_GEOMETRIC_H

#include <dxsim/rng.h>

#define DX_GEOMETRIC_NEVER (UINT64_C(1) << 62) /* more trials than a run can have */

typedef struct {
    double success, log_fail; /* probability; logarithm of its complement */
} DxGeometric;

/* log(1 - p): what 1 - p was rounded by is made good in proportion (Kahan). */
double dx__log_of_complement(double p);

DxGeometric dx__geometric(double success);
/* What is certain, or impossible, is not drawn. */
uint64_t dx__geometric_draw(const DxGeometric *geometric, DxRng *rng);

#endif
