/*
 * variates.h - continuous variates of <dxsim/rng.h> against their distributions
 */
#ifndef DX_TEST_VARIATES_H
#define DX_TEST_VARIATES_H

#include "checks.h"

void variates_check(Checks *checks);
/* Wrong by 0.1 %: takes 6 times the draws. */
void variates_check_controls(Checks *checks);

#endif
