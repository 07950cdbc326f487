"""Both sides of a comparison: run a scenario, and bring what came of it into the same lines.

  frame FLOW SEQ TIME_PS PORT          PORT is where it was dropped, -1 if delivered; flows and ports by number
  port PORT FRAMES WAIT_PS WAIT_MAX_PS
  group NAME SENT DELIVERED LOST LATENCY... GAP_MAX, percentiles: of the flows of one name
"""
import json
import os
import subprocess
import sys
import tempfile
from fractions import Fraction
from operator import itemgetter

from network import Network

PERCENTILES = {"p50": 500, "p90": 900, "p99": 990, "p999": 999}


def stop(what):
    """Nothing could be compared."""
    print(f"peers: {what}", file=sys.stderr)
    raise SystemExit(2)


# -- groups of flows --------------------------------------------------------------------------------------------------

class Group:
    """What frame lines say of one name: exact, whatever a histogram makes of it."""

    def __init__(self, sent, latencies, arrivals):
        self.sent, self.latencies = sent, sorted(latencies)
        arrivals = sorted(arrivals)
        self.gap_max = max((b - a for a, b in zip(arrivals, arrivals[1:])), default=None)  # of one delivery there is none

    def percentile(self, per_mille):
        rank = -(-len(self.latencies) * per_mille // 1000)
        return self.latencies[rank - 1]

    def line(self, name):
        n = len(self.latencies)
        values = [self.sent, n, self.sent - n]
        if n:
            mean = Fraction(sum(self.latencies), n)
            values += [self.latencies[0], self.latencies[-1], int(mean + Fraction(1, 2)), self.gap_max]
            values += [self.percentile(per_mille) for per_mille in PERCENTILES.values()]
        return " ".join(str(value) for value in ("group", name, *values))


def groups_of(network, lines):
    births, owner = [], []
    for flow in network.flows:
        births += flow.births
        owner += [flow.name] * flow.count
    latencies = {flow.name: [] for flow in network.flows}
    arrivals = {flow.name: [] for flow in network.flows}
    for line in lines:
        kind, flow, seq, at, port = line.split()
        if kind == "frame" and port == "-1":
            name = owner[int(flow)]
            latencies[name].append(int(at) - births[int(flow)][int(seq)])
            arrivals[name].append(int(at))
    return {flow.name: Group(sum(len(each) for each in flow.births), latencies[flow.name], arrivals[flow.name])
            for flow in network.flows}


# -- dxsim ------------------------------------------------------------------------------------------------------------

def run_dxsim(dxsim, path, *options):
    """summary.json; a missed expectation is no failure here: what was measured is compared."""
    argv = [dxsim, "run", path, "--json", *options]
    done = subprocess.run(argv, stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
    if done.returncode not in (0, 1):
        stop(f"{' '.join(argv)}: status {done.returncode}\n{done.stderr.decode()}")
    summary = json.loads(done.stdout)
    if any(flow["pending_frames"] for flow in summary["flows"].values()):
        stop(f"{path}: frames are still on their way at the end")
    return summary


def picoseconds(seconds):
    whole, _, part = seconds.partition(".")
    return int(whole + part.ljust(12, "0"))


def trace_of(directory, ports):
    """A text for every frame, as ns3/network.cc prints it."""
    lines = []
    with open(os.path.join(directory, "trace.csv"), encoding="utf-8") as file:
        header = next(file).rstrip("\n").split(",")
        columns = itemgetter(*(header.index(key) for key in ("time_s", "node", "flow_index", "seq", "fate")))
        for line in file:
            at, node, flow, seq, fate = columns(line.rstrip("\n").split(","))
            port = -1 if fate == "delivered" else ports[node.removesuffix(".port")]
            if fate not in ("delivered", "queue_full"):
                stop(f"fate {fate!r}")
            lines.append(f"frame {flow} {seq} {picoseconds(at)} {port}")
    return lines


def ports_of(summary, ports):
    lines = []
    for name, number in ports.items():
        link = summary["links"].get(name)
        values = [link[key] for key in ("tx_frames", "wait_ps", "wait_max_ps")] if link and link["tx_frames"] else [0, 0, 0]
        lines.append(" ".join(str(value) for value in ("port", number, *values)))
    return lines


def told(value, truth):
    """The truth, if @value is a percentile as docs/traces.md promises it: never below, at most 1/128 above."""
    return truth if truth <= value <= truth + truth // 128 else value


def group_line(name, flow, group):
    values = [flow[key] for key in ("sent_frames", "delivered_frames", "lost_frames")]
    if flow["delivered_frames"]:
        values += [flow[key] for key in ("latency_min_ps", "latency_max_ps", "latency_mean_ps", "gap_max_ps")]
        values += [told(flow[f"latency_{key}_ps"], group.percentile(per_mille)) for key, per_mille in PERCENTILES.items()]
    return " ".join(str(value) for value in ("group", name, *values))


def dxsim_lines(dxsim, scenario, *options):
    """@options: to change something on this side alone."""
    network = Network(scenario)
    ports = {port["name"]: number for number, port in enumerate(network.ports)}
    with tempfile.TemporaryDirectory() as directory:
        path = os.path.join(directory, "scenario.json")
        with open(path, "w", encoding="utf-8") as file:
            json.dump(scenario, file)
        summary = run_dxsim(dxsim, path, "--trace", "-o", os.path.join(directory, "out"), *options)
        lines = trace_of(os.path.join(directory, "out"), ports)
    groups = groups_of(network, lines)
    lines += ports_of(summary, ports)
    return sorted(lines + [group_line(name, flow, groups[name]) for name, flow in summary["flows"].items()])


# -- ns-3 -------------------------------------------------------------------------------------------------------------

def run_ns3(argv, text=None):
    done = subprocess.run(argv, input=text, stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False, text=True)
    if done.returncode:
        stop(f"{' '.join(argv)}: status {done.returncode}\n{done.stderr}")
    return done.stdout


def ns3_lines(binaries, scenario, ties="inputs"):
    network = Network(scenario)
    lines = run_ns3([os.path.join(binaries, "network")], network.text(ties=ties)).splitlines()
    return sorted(lines + [group.line(name) for name, group in groups_of(network, lines).items()])
