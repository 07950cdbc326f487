/*
 * dxsim/dxsim.h - everything
 */
#ifndef DXSIM_H
#define DXSIM_H

#include <dxsim/dmath.h>
#include <dxsim/error.h>
#include <dxsim/frame.h>
#include <dxsim/histogram.h>
#include <dxsim/model.h>
#include <dxsim/param.h>
#include <dxsim/rng.h>
#include <dxsim/sim.h>
#include <dxsim/time.h>
#include <dxsim/units.h>

#endif
