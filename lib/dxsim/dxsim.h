/*
 * dxsim/dxsim.h - everything
 */
#ifndef DXSIM_H
#define DXSIM_H

#include <dxsim/arrivals.h>
#include <dxsim/attack.h>
#include <dxsim/bgp-place.h>
#include <dxsim/bgp.h>
#include <dxsim/bucket.h>
#include <dxsim/csv.h>
#include <dxsim/dmath.h>
#include <dxsim/error.h>
#include <dxsim/explain.h>
#include <dxsim/frame.h>
#include <dxsim/histogram.h>
#include <dxsim/ip.h>
#include <dxsim/meter.h>
#include <dxsim/model.h>
#include <dxsim/models.h>
#include <dxsim/monitor.h>
#include <dxsim/output.h>
#include <dxsim/page.h>
#include <dxsim/param.h>
#include <dxsim/pcapng.h>
#include <dxsim/plot.h>
#include <dxsim/plugin.h>
#include <dxsim/policy.h>
#include <dxsim/regex.h>
#include <dxsim/report.h>
#include <dxsim/results.h>
#include <dxsim/rng.h>
#include <dxsim/scenario.h>
#include <dxsim/schema.h>
#include <dxsim/sim.h>
#include <dxsim/sizes.h>
#include <dxsim/stats.h>
#include <dxsim/sweep.h>
#include <dxsim/time.h>
#include <dxsim/units.h>
#include <dxsim/verify.h>
#include <dxsim/vif.h>
#include <dxsim/wire.h>

#endif
