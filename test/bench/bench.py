#!/usr/bin/env python3
"""Time `dxsim run`, as users run it, beside plain C that does the arithmetic and nothing else.

    bench.py DXSIM FLOOR HOLD SPREAD [--rounds N]

Every round runs each case once with each program, so what disturbs one disturbs the other; medians are printed, and
ratios, which travel between machines. ns are CPU time per delivered frame and hop, start-up included.
"""
import argparse
import json
import os
import re
import resource
import statistics
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))

# case, hops, floor's mode, bar as a multiple of it (DESIGN: speed)
CASES = [
    ("pipe", 1, "pipe/batch", 3.0),
    ("path5", 5, "path5/batch", 3.0),
    ("lag4", 1, "lag4/batch", 2.0),
    ("microburst", 1, "microburst10MB/one", 1.5),
]

# The case pipe over optics: what bit errors cost a frame, by how much light is taken off
LIGHT = ["--set", "links.l1.optic=100GBASE-LR4", "--set", "links.l1.budget=off", "--set", "links.l1.fiber.delay=0 ps",
         "--set", "links.l1.fiber.length=60 km", "--set", "links.l1.fiber.attenuation=0.05 dB/km"]
FADES = [("none", []), ("BER 4e-10", ["--set", "links.l1.fiber.attenuator=3.9 dB"]),
         ("BER 3e-7", ["--set", "links.l1.fiber.attenuator=4.8 dB"])]


def run(argv):
    """CPU seconds, peak memory in MiB and output of a command."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    pid_out = subprocess.run(argv, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime
    return cpu, pid_out.stdout.decode()


def rss_mib(argv):
    """Peak memory of one command, measured by a launcher of its own."""
    code = ("import resource,subprocess,sys;subprocess.run(sys.argv[1:],stdout=subprocess.DEVNULL,check=True);"
            "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)")
    return int(subprocess.check_output([sys.executable, "-c", code, *argv])) / 1024


def dxsim_ns(dxsim, case, hops, *options):
    cpu, out = run([dxsim, "run", os.path.join(HERE, case + ".json"), *options])
    delivered = int(re.search(r"= (\d+) delivered", out).group(1))
    return cpu * 1e9 / (delivered * hops)


def floor_ns(floor, case, mode):
    _, out = run([floor, case, "1"])
    for line in out.splitlines():
        row = json.loads(line)
        if row["case"] == mode:
            return row["ns_per_packet_hop"]
    raise SystemExit(f"{floor} did not measure {mode}")


def floor_hold(floor):
    """The 4-ary heap, and the calendar, at N = 1e5."""
    _, out = run([floor, "hold", "0.4"])
    rows = [json.loads(line) for line in out.splitlines()]
    rows = {r["sched"]: r["ns_per_hold"] for r in rows if r["case"] == "hold" and r["n"] == 100000}
    return rows["heap4-replace"], rows["calendar"]


def memory(dxsim):
    """A run ten times as long must not take more."""
    with open(os.path.join(HERE, "lag4.json"), encoding="utf-8") as f:
        text = f.read()
    rss = []
    for duration in ("50 ms", "500 ms"):
        with tempfile.NamedTemporaryFile("w", suffix=".json") as f:
            f.write(re.sub(r'"duration": "[^"]*"', f'"duration": "{duration}"', text))
            f.flush()
            rss.append(rss_mib([dxsim, "run", f.name]))
    return rss


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("dxsim")
    parser.add_argument("floor")
    parser.add_argument("hold")
    parser.add_argument("spread")
    parser.add_argument("--rounds", type=int, default=5)
    args = parser.parse_args()
    times = {case: ([], []) for case, *_ in CASES}
    holds = ([], [], [])
    fades = {what: [] for what, _ in FADES}
    for _ in range(args.rounds):
        for case, hops, mode, _ in CASES:
            times[case][0].append(dxsim_ns(args.dxsim, case, hops))
            times[case][1].append(floor_ns(args.floor, case, mode))
        for what, options in FADES:
            fades[what].append(dxsim_ns(args.dxsim, "pipe", 1, *LIGHT, *options) - times["pipe"][0][-1])
        heap, calendar = floor_hold(args.floor)
        _, out = run([args.hold, "100000", "2000000"])
        holds[0].append(json.loads(out)["ns_per_hold"])
        holds[1].append(heap)
        holds[2].append(calendar)
    print(f"{'case':12} {'dxsim ns':>9} {'floor ns':>9} {'ratio':>6} {'bar':>5}")
    for case, _, _, bar in CASES:
        ours, floor = (statistics.median(x) for x in times[case])
        print(f"{case:12} {ours:9.1f} {floor:9.1f} {ours / floor:6.2f} {bar:5.1f}")
    ours, heap, calendar = (statistics.median(x) for x in holds)
    print(f"{'hold 1e5':12} {ours:9.1f} {heap:9.1f} {ours / heap:6.2f} {1.0:5.1f}   (floor's calendar: {calendar:.1f})")
    for what, _ in FADES:
        print(f"bit errors, {what}: {statistics.median(fades[what]):+.1f} ns a frame beside pipe")
    for flows in ("1000", "100000", "1000000"):
        row = json.loads(run([args.spread, flows])[1])
        print(f"LAG of 4, {int(flows):7} flows: {row['difference_ns']:.1f} ns a frame, floor {row['floor_difference_ns']:.1f} ns; "
              f"a change of members {row['change_us'] / 1000:.3f} ms")
    short, long = memory(args.dxsim)
    print(f"memory of lag4: {short:.1f} MiB for 50 ms, {long:.1f} MiB for 500 ms")


if __name__ == "__main__":
    main()
