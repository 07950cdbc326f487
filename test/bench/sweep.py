#!/usr/bin/env python3
"""Is one sweep with -j 2 as fast as two separate processes with half of it each?

    sweep.py DXSIM [ROUNDS]

Both in turn, in one session: shards 1/2 and 2/2 as two processes at once, each with -j 1, then the whole with -j 2. The
ratio of their times on the clock, two processes over -j 2, is the figure; the median of the rounds is to be at least 0.9.
Then the two are merged: it has to be the same.
"""
import filecmp
import os
import statistics
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
SCENARIO = os.path.join(HERE, "..", "scenarios", "sweep.json")
DXSIM, ROUNDS = os.path.abspath(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 7
COMMAND = [DXSIM, "sweep", SCENARIO, "load", "-q", "--set", "run.duration=1 s", "--set", "sweeps.load.replications=8"]


def timed(*commands):
    """Seconds until all have ended, and seconds of CPU of all."""
    begin, cpu = time.monotonic(), os.times()
    processes = [subprocess.Popen(COMMAND + list(command)) for command in commands]
    if any(process.wait() not in (0, 1) for process in processes):
        sys.exit("a sweep failed")
    after = os.times()
    return time.monotonic() - begin, after.children_user + after.children_system - cpu.children_user - cpu.children_system


def main():
    ratios = []
    for i in range(ROUNDS):
        with tempfile.TemporaryDirectory(prefix="dxsim-bench-") as root:
            out = [os.path.join(root, name) for name in ("one", "two", "whole", "merged")]
            apart, apart_cpu = timed(*(["-j", "1", "--shard", f"{k + 1}/2", "-o", out[k]] for k in range(2)))
            together, together_cpu = timed(["-j", "2", "-o", out[2]])
            subprocess.run([DXSIM, "merge", "-q", *out[:2], "-o", out[3]], check=False)
            names = os.listdir(out[2])
            if filecmp.cmpfiles(out[2], out[3], names, shallow=False)[0] != names:
                sys.exit("the merged shards are not the whole")
        ratios.append(apart / together)
        print(f"{i}: two processes {apart:.2f} s ({apart_cpu:.2f} s of CPU), -j 2 {together:.2f} s ({together_cpu:.2f} s): "
              f"{ratios[-1]:.2f}", flush=True)
    median = statistics.median(ratios)
    print(f"median {median:.2f}")
    return 0 if median >= 0.9 else 1


sys.exit(main())
