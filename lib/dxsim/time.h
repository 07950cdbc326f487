/*
 * dxsim/time.h - simulated time
 *
 * Time is a signed 64-bit count of picoseconds: 106 days either way. One octet lasts a
 * whole number of them at 10, 100 and 400 Gbps (800, 80, 20).
 */
#ifndef DXSIM_TIME_H
#define DXSIM_TIME_H

#include <stdint.h>

#if defined(__GNUC__)
#define DX_API __attribute__((visibility("default")))
#else
#define DX_API
#endif

typedef int64_t DxTime;

#define DX_PS ((DxTime)1)
#define DX_NS ((DxTime)1000)
#define DX_US ((DxTime)1000000)
#define DX_MS ((DxTime)1000000000)
#define DX_S  ((DxTime)1000000000000)

/* Later than anything that can happen. */
#define DX_TIME_NEVER INT64_MAX

/* The longest run and the longest delay that a scenario may ask for: half the range, so that a time plus
 * a delay never overflows. */
#define DX_TIME_MAX (INT64_MAX / 2)

#endif
