#!/usr/bin/env python3
"""Is an interval of 95 % one? M/M/1 swept over load, 1000 points of 10 small runs each.

    coverage.py DXSIM

Exponential sizes of mean 4000 B on 32 Gbps without framing: a service takes 1 us on the mean, so a frame spends
1 / (1 - rho) us in the system (Kleinrock I, chapter 3). Rounding to octets and the end of sizes at 65000 B change that by
less than 1e-5. Point i has a load of its own, from 10 % to 60 %, and a seed of its own; the first 2 ms of each run, 2000
services, are left out. What is in 93.5 % to 96.5 % of the intervals is counted: of 1000 with exactly 95 %, the
number inside has a standard deviation of 6.9.
"""
import csv
import json
import os
import subprocess
import sys
import tempfile

POINTS = 1000
SCENARIO = {
    "dxsim": 1, "name": "coverage", "run": {"duration": "12 ms", "warmup": "2 ms"},
    "nodes": {"a": {"kind": "router"}, "b": {"kind": "router"}},
    "links": {"l1": {"ends": ["a", "b"], "rate": "32 Gbps", "framing": "none", "queue": {"limit": "1 GB"}}},
    "flows": {"f": {"from": "a", "to": "b", "model": "poisson", "sizes": "exponential", "size": "4000 B", "rate": "16 Gbps"}},
    "sweeps": {"mm1": {
        "vary": {
            "load": {"set": "flows.f.rate", "from": "3.2 Gbps", "to": "19.2 Gbps", "points": POINTS},
            "seed": {"set": "run.seed", "from": 1, "to": POINTS, "step": 1},
        },
        "combine": "zip", "replications": 10, "measure": {"time": {"metric": "flow.latency", "stat": "mean"}},
    }},
}


def main(dxsim):
    with tempfile.TemporaryDirectory(prefix="dxsim-coverage-") as root:
        with open(os.path.join(root, "s.json"), "w") as file:
            json.dump(SCENARIO, file)
        subprocess.run([dxsim, "sweep", "s.json", "-q", "-o", "out"], cwd=root, check=True, timeout=600)
        with open(os.path.join(root, "out/sweep.csv"), newline="") as file:
            rows = list(csv.DictReader(file))
    below = above = 0
    for row in rows:
        expected_ps = 1e6 / (1 - float(row["load_bps"]) / 32e9)
        below += float(row["ci_high"]) < expected_ps
        above += float(row["ci_low"]) > expected_ps
    inside = len(rows) - below - above
    print(f"{inside} of {len(rows)} intervals hold 1 / (1 - rho); {below} lie below it, {above} above")
    return 0 if len(rows) == POINTS and 0.935 * POINTS <= inside <= 0.965 * POINTS else 1


sys.exit(main(os.path.abspath(sys.argv[1])))
