/*
 * dxsim/dmath.h - elementary functions, the same bits on every machine
 *
 * libm differs between machines (FMA, versions); these use only + - * / and sqrt, which IEEE 754 rounds
 * exactly, and integer operations on the representation. Compile with -ffp-contract=off.
 * Maximum error stated per function, in units in the last place, against a correctly rounded value.
 * Special values (NaN, infinities, zeros, subnormals, domain errors) as C11 Annex F says.
 */
#ifndef DXSIM_DMATH_H
#define DXSIM_DMATH_H

#include <dxsim/time.h>

DX_API double dx_log(double x);           /* < 1 ulp */
DX_API double dx_log10(double x);         /* < 2 ulp; exact at powers of ten that are exact */
DX_API double dx_exp(double x);           /* < 1 ulp */
DX_API double dx_pow(double x, double y); /* < 1 ulp where |y log2 x| < 1000 */
DX_API double dx_cbrt(double x);          /* < 1 ulp */
DX_API double dx_erfc(double x);          /* < 2 ulp down to the smallest normal number */

#endif
