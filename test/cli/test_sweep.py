#!/usr/bin/env python3
"""Sweeps: the same tables whatever ran what, killed or not; searches against closed forms; what is refused.

    test_sweep.py DXSIM SOURCE_DIR
"""
import copy
import csv
import hashlib
import json
import os
import random
import re
import signal
import subprocess
import sys
import time

from command import DXSIM, check, contents, dxsim, load, main, place, put

# Two links in a bundle, with more and more on them.
PLAN = {
    "dxsim": 1, "name": "plan", "run": {"duration": "4 ms", "warmup": "1 ms", "seed": 1},
    "nodes": {"a": {"kind": "router"}, "b": {"kind": "router"}},
    "links": {"l1": {"ends": ["a", "b"], "rate": "1 Gbps", "queue": {"limit": "100 kB"}, "fiber": {"length": "1 km"}},
              "l2": {"like": "l1"}},
    "lags": {"lag": {"members": ["l1", "l2"]}},
    "flows": {"f": {"from": "a", "to": "b", "model": "poisson", "rate": "1 Gbps", "size": "1000 B", "count": 64}},
    "expectations": [{"name": "in time", "metric": "flow.latency", "stat": "p99", "op": "<", "value": "100 us"}],
    "sweeps": {
        "load": {"vary": {"load": {"times": "flows.f.rate", "from": "50 %", "to": "200 %", "points": 4}},
                 "replications": 3, "n_minus_1": {"each": ["lags.lag"]},
                 "measure": {"lost": {"metric": "flow.loss", "stat": "ratio"}},
                 "expectations": [{"name": "all of it", "of": "knee", "failed": "none", "op": ">=", "value": "100 %"}]},
        "largest": {"vary": {"limit": {"set": "links.l1.queue.limit", "values": ["50 kB", "100 kB"]}}, "replications": 2,
                    "search": {"name": "load", "want": "largest", "times": "flows.f.rate", "from": "10 %", "to": "200 %",
                               "tolerance": "10 %"}},
    },
}


def sweep(root, name, directory, *arguments, **options):
    return dxsim(root, "sweep", "s.json", name, "-q", "-o", directory, *arguments, **options)


# What a kill in the last moment, when the directory is complete, may leave in it.
LEFT_BEHIND = ("runs.journal", ".dxsim-partial")


def tables(root, directory):
    found = {name[len(directory) + 1:]: data for name, data in contents(root).items() if name.startswith(directory + "/")}
    return {name: data for name, data in found.items() if name not in LEFT_BEHIND}


def rows(root, name):
    with open(os.path.join(root, name), newline="") as file:
        return list(csv.DictReader(file))


def answers(scenario, name="s"):
    """Rows of search.csv, and standard output."""
    with place(scenario) as root:
        status, out, err = dxsim(root, "sweep", "s.json", name, "-o", "out")
        check("the search is complete", status == 0, status, err)
        return rows(root, "out/search.csv"), out


# -- the same bytes ----------------------------------------------------------------------------------------

def test_jobs_and_shards_do_not_show():
    for name in ("load", "largest"):
        with place(PLAN) as root:
            sweep(root, name, "whole", "-j", "1")
            whole = tables(root, "whole")
            check("it has tables", len(whole) >= 5 and b"\n" in whole["points.csv"], list(whole))
            sweep(root, name, "three", "-j", "3")
            check(name + ": three at a time, the same", tables(root, "three") == whole)
            for n in (1, 2, 3, 4):
                parts = ["part%u-%u" % (i, n) for i in range(1, n + 1)]
                for i, part in enumerate(parts):
                    status, _, err = sweep(root, name, part, "--shard", "%u/%u" % (i + 1, n))
                    check("a shard is complete", status == 0, status, err)
                random.Random(n).shuffle(parts)
                status, _, err = dxsim(root, "merge", "-q", *parts, "-o", "merged%u" % n)
                check("%s: %u shards merged, the same" % (name, n), tables(root, "merged%u" % n) == whole, status, err)
            status, _, err = dxsim(root, "verify", "-q", "whole", "merged4", "part1-4")
            check("each directory is as its manifest says", status == 0, err)


def test_a_run_is_that_of_the_point():
    with place(PLAN) as root:
        sweep(root, "load", "out")
        status, _, err = dxsim(root, "run", "s.json", "-q", "-o", "run", "--set", "flows.f.rate=1.5 Gbps", "--set",
                               "events=" + '[{"at": "0 ms", "do": "fail", "target": "links.l2"}]')
        check("the run is complete", status in (0, 1), err)
        want = load(os.path.join(root, "run/summary.json"))["flows"]["f"]["latency_p99_ps"]
        got = [row["value"] for row in rows(root, "out/points.csv") if row["load_ratio"] == "1.5" and row["failed"] == "links.l2"
               and row["replication"] == "0" and row["metric"] == "latency_p99_ps"]
        check("replication 0 is what dxsim run measures", got == [str(want)], got, want)


def start(root, name, directory, *arguments):
    return subprocess.Popen([DXSIM, "sweep", "s.json", name, "-q", "-o", directory, *arguments], cwd=root,
                            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)


def journal(root, directory):
    try:
        with open(os.path.join(root, directory + ".partial/runs.journal"), "rb") as file:
            return file.read()
    except FileNotFoundError:
        return b""


def killed(root, name, directory, draw, number):
    """Once, at a random moment; the lines that were there then."""
    process = start(root, name, directory, "--resume", "-j", draw.choice("12"))
    time.sleep(draw.uniform(0.001, 0.1))
    process.send_signal(number)
    process.communicate()
    return process.returncode, journal(root, directory)


def test_killed_and_resumed_equals_the_whole():
    draw = random.Random(20)
    scenario = copy.deepcopy(PLAN)
    scenario["run"]["duration"] = "100 ms"
    for name in ("load", "largest"):
        with place(scenario) as root:
            sweep(root, name, "whole")
            n_kills = n_lines = 0
            for _ in range(40):
                status, lines = killed(root, name, "out", draw, signal.SIGKILL)
                if os.path.exists(os.path.join(root, "out")):
                    break
                check("what was done is not lost", lines.count(b"\n") >= n_lines, n_lines, lines.count(b"\n"))
                n_lines = lines.count(b"\n")
                n_kills += status == -signal.SIGKILL
            if not os.path.exists(os.path.join(root, "out")):
                sweep(root, name, "out", "--resume")
            check(name + ": killed at least once", n_kills > 0)
            check("%s: killed %u times, the same" % (name, n_kills), tables(root, "out") == tables(root, "whole"))
            status, _, err = dxsim(root, "verify", "-q", "out")
            check("and complete", status == 0, err)


def test_a_torn_or_changed_journal_is_cut():
    with place(PLAN) as root:
        sweep(root, "load", "whole")
        process = start(root, "load", "out")
        while journal(root, "out").count(b"\n") < 5:
            time.sleep(0.001)
        process.kill()
        process.communicate()
        whole = journal(root, "out")
        if not whole:
            return
        path = os.path.join(root, "out.partial/runs.journal")
        for text in (whole[:-3], whole + b"0 0 0 u1 u2 0123456789abcdef\n", whole.replace(b"u", b"v", 1), whole[:20], b""):
            with open(path, "wb") as file:
                file.write(text)
            status, _, err = sweep(root, "load", "out", "--resume")
            check("it goes on", status == 0 and tables(root, "out") == tables(root, "whole"), status, err)
            os.rename(os.path.join(root, "out"), os.path.join(root, "done"))
            os.rename(os.path.join(root, "done"), os.path.join(root, "out.partial"))
            for name in os.listdir(os.path.join(root, "out.partial")):
                os.unlink(os.path.join(root, "out.partial", name))
            with open(os.path.join(root, "out.partial/.dxsim-partial"), "w") as file:
                file.write("dxsim writes here\nruns.journal\n")


def test_interrupted():
    scenario = copy.deepcopy(PLAN)
    scenario["run"]["duration"] = "500 ms"
    with place(scenario) as root:
        process = start(root, "load", "out", "-j", "1")
        while journal(root, "out").count(b"\n") < 2:
            time.sleep(0.001)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate()
        check("it dies of the signal", process.returncode == -signal.SIGINT, process.returncode)
        check("and says how to go on", b"out.partial: go on with --resume" in err, err)
        manifest = load(os.path.join(root, "out.partial/manifest.json"))
        check("it is marked as incomplete", manifest["status"] == "interrupted", manifest)
        n = journal(root, "out").count(b"\n")
        status, _, err = dxsim(root, "sweep", "s.json", "load", "-o", "out", "--resume")
        check("it goes on", status == 0 and "out.partial: %u runs are done already" % (n - 1) in err, status, err)
        check("the manifest is that of the whole", load(os.path.join(root, "out/manifest.json"))["status"] == "complete")
        status, _, err = dxsim(root, "verify", "out")
        check("nothing is left behind", status == 0 and not any(name in os.listdir(os.path.join(root, "out")) for name in LEFT_BEHIND), err)


# -- answers -----------------------------------------------------------------------------------------------

def number(row, key):
    return float(row[key])


def search(scenario, **keys):
    scenario = copy.deepcopy(scenario)
    scenario["sweeps"] = {"s": {"search": keys}}
    return scenario


# 25 Gbps for 1 ms, 3.125 MB, into 10 Gbps: what does not get on meanwhile waits.
BURST = {
    "dxsim": 1, "name": "burst", "run": {"duration": "5 ms"},
    "nodes": {"a": {"kind": "router"}, "b": {"kind": "router"}},
    "links": {"l1": {"ends": ["a", "b"], "rate": "10 Gbps", "framing": "none", "queue": {"limit": "1 GB"}}},
    "flows": {"f": {"from": "a", "to": "b", "model": "microburst", "peak": "25 Gbps", "burst": "1 ms", "period": "100 ms",
                    "size": "1500 B"}},
    "expectations": [{"name": "no loss", "metric": "link.dropped", "op": "=", "value": 0}],
}
BURST_BYTES = 3125000


def test_smallest_lossless_buffer():
    scenario = search(BURST, name="buffer", want="smallest", set="links.l1.queue.limit", **{"from": "10 kB", "to": "10 MB"},
                      tolerance="1500 B")
    row, = answers(scenario)[0]
    expected = BURST_BYTES * (1 - 10 / 25)
    met, missed = number(row, "met"), number(row, "missed")
    check("it is found within the tolerance", row["found"] == "found" and 0 < met - missed <= 1500, row)
    # frames are whole: one is in service, one has not fully come
    check("burst x (1 - C / R), to two frames", abs(met - expected) <= 1500 + 2 * 1500, met, expected)
    check("it is monotone", row["monotone"] == "true", row)


def test_smallest_token_bucket():
    scenario = search(BURST, name="bucket", want="smallest", set="links.l1.insert.0.burst", **{"from": "2 kB", "to": "10 MB"},
                      spacing="log", tolerance="1500 B")
    put(scenario, "links/l1/rate", "100 Gbps")
    put(scenario, "links/l1/insert", [{"model": "policer", "at": "ingress", "rate": "10 Gbps", "burst": "1 MB"}])
    row, = answers(scenario)[0]
    expected = BURST_BYTES * (1 - 10 / 25)
    met, missed = number(row, "met"), number(row, "missed")
    check("it is found within the tolerance", row["found"] == "found" and 0 < met - missed <= 1500, row)
    check("burst x (1 - r / R), to two frames", abs(met - expected) <= 1500 + 2 * 1500, met, expected)


def group_of(n):
    """n links of 1 Gbps, each a bundle of its own; of each, a flow whose backup is each of the others: when one fails, n - 1
    share its load alike. Flows begin when the routers have noticed."""
    names = ["l%u" % i for i in range(1, n + 1)]
    share = 240_000_000 // (n * (n - 1))
    return {
        "dxsim": 1, "name": "group", "run": {"duration": "200 ms"},
        "nodes": {"a": {"kind": "router"}, "b": {"kind": "router"}},
        "links": {name: {"ends": ["a", "b"], "rate": "1 Gbps", "framing": "none", "queue": {"limit": "40 kB"}} for name in names},
        "lags": {"g" + name: {"members": [name], "lacp": {}, "min_links": 1} for name in names},
        "flows": {"%s_%s" % (one, other): {"from": "a", "to": "b", "via": "g" + one, "backup": "g" + other, "model": "cbr",
                                           "rate": "%u bps" % share, "size": "1000 B", "start": "10 ms"}
                  for one in names for other in names if one != other},
        "expectations": [{"name": "no loss on " + name, "metric": "link.dropped", "select": {"link": name, "from": "a"}, "op": "=",
                          "value": 0} for name in names],
    }


def test_largest_safe_load_of_a_group():
    n, scenario = 4, group_of(4)
    scenario["sweeps"] = {"s": {
        "n_minus_1": {"each": ["links"]},
        "search": {"name": "load", "want": "largest", "times": ["flows.%s.rate" % name for name in scenario["flows"]],
                   "from": "100 %", "to": "2400 %", "tolerance": "5 %"}}}
    found, _ = answers(scenario)
    check("one answer for each failure", [row["failed"] for row in found] == ["none"] + ["links.l%u" % i for i in range(1, n + 1)])
    for row in found:
        working = n if row["failed"] == "none" else n - 1
        expected = working * 1e9 / 240e6
        met, missed = number(row, "met"), number(row, "missed")
        # a frame of LACP a second is the rest of it
        check("%s: k links carry k times one link" % row["failed"],
              row["found"] == "found" and met <= expected <= missed and missed - met <= 0.05 + 1e-9, met, missed, expected)


def test_pareto_front():
    """The faster the line, the smaller the buffer that is needed: every rate is on the front, but for one that needs none less."""
    scenario = search(BURST, name="buffer", want="smallest", set="links.l1.queue.limit", **{"from": "10 kB", "to": "10 MB"},
                      tolerance="1500 B")
    scenario["sweeps"]["s"]["vary"] = {"rate": {"set": "links.l1.rate", "values": ["5 Gbps", "10 Gbps", "30 Gbps", "40 Gbps"],
                                                "prefer": "smallest"}}
    found, out = answers(scenario)
    check("burst x (1 - C / R) of each", [row["front"] for row in found] == ["true", "true", "true", "false"], found)
    for row in found[:2]:
        expected = BURST_BYTES * (1 - number(row, "rate_bps") / 25e9)
        check("of " + row["rate_bps"], abs(number(row, "met") - expected) <= 4500, row, expected)
    check("from 25 Gbps on nothing waits", [row["found"] for row in found[2:]] == ["all", "all"], found)
    check("the table says so", out.count("on the Pareto front") == 3, out)


def test_expectations_of_the_whole_decide():
    for value, want in (("100 %", 0), ("300 %", 1)):
        scenario = copy.deepcopy(PLAN)
        put(scenario, "sweeps/load/expectations/0/value", value)
        with place(scenario) as root:
            status, out, err = dxsim(root, "sweep", "s.json", "load")
            check("a knee at %s or above: %u" % (value, want), status == want and ("FAIL" in out) == bool(want), status, out, err)
            check("the sentence", "times today's load flow.latency p99 leaves 100 us" in out and
                  "; with one member left the knee moves to " in out, out)


def test_no_knee_is_beyond_the_points():
    """Loads from 50 % to 100 % of half of the capacity: every point is in time, so the knee is above 100 %, how far nobody knows."""
    for op, value, want in ((">=", "100 %", 0), (">", "60 %", 0), (">=", "101 %", 1), ("<=", "50 %", 0), ("<=", "40 %", 1)):
        scenario = copy.deepcopy(PLAN)
        put(scenario, "sweeps/load/vary/load/to", "100 %")
        put(scenario, "sweeps/load/expectations/0/op", op)
        put(scenario, "sweeps/load/expectations/0/value", value)
        with place(scenario) as root:
            status, out, err = dxsim(root, "sweep", "s.json", "load")
            check("no knee, %s %s: %u" % (op, value, want), status == want and ("FAIL" in out) == bool(want), status, out, err)
            check("says how far it is sure", "no knee: every point meets it, %s" %
                  ("up to load 100 %" if op[0] == ">" else "from load 50 %") in out, out)


def test_the_planners_sentence():
    """Of the shipped scenario, cut short: each number in it is one of the tables."""
    with open(os.path.join(sys.argv[2], "scenarios/capacity-planning.json")) as file:
        scenario = json.load(file)
    put(scenario, "run/duration", "8 ms")
    put(scenario, "sweeps/load/vary/load/points", 6)
    put(scenario, "sweeps/load/replications", 2)
    put(scenario, "sweeps/load/n_minus_1/each", ["links.dark2"])
    with place(scenario) as root:
        status, out, err = dxsim(root, "sweep", "s.json", "-o", "out")
        check("the sweep is complete", status == 0, status, err)
        knee, less = [number(row, "knee") for row in rows(root, "out/knees.csv")]
        fired = [row for row in rows(root, "out/sweep.csv") if row["measure"] == "alarm" and row["failed"] == "none" and
                 number(row, "load_ratio") >= knee and int(row["n"])]
        found = re.search(r"At ([0-9.]+) times today's load flow.latency p99 of orders leaves 1 ms \([^)]*\); with three members "
                          r"left the knee moves to ([0-9.]+); the alarm loss would fire ([0-9]+) s after the first loss\.", out)
        check("the sentence is there", found, out)
        if found:
            a_minute_ps = 1e9  # the cloud's clock runs 60000 times as fast
            want = [knee, less, number(fired[0], "mean") / a_minute_ps * 60]
            check("its numbers are those of the tables",
                  all(abs(float(text) - value) <= 0.5 * 10 ** -places * 1.000001
                      for text, value, places in zip(found.groups(), want, (2, 2, 0))), found.groups(), want)


def test_differences_are_paired():
    with place(PLAN) as root:
        sweep(root, "load", "out")
        points = {(row["point"], row["failed"], row["replication"], row["measure"]): row["value"] for row in rows(root, "out/points.csv")}
        for row in rows(root, "out/sweep.csv"):
            base = (row["point"], "none") if row["failed"] != "none" else ("0", "none")
            pairs = [[points.get((*key, str(i), row["measure"])) for i in range(3)] for key in ((row["point"], row["failed"]), base)]
            if (row["point"], row["failed"]) == base:
                check("nothing is compared with itself", row["diff_mean"] == "", row)
                continue
            mean = sum(float(x) - float(y) for x, y in zip(*pairs)) / 3
            check("mean of the differences", abs(float(row["diff_mean"]) - mean) <= 1e-9 * max(1, abs(mean)), row, mean)


# -- what is refused ---------------------------------------------------------------------------------------

def line_of(root, text):
    with open(os.path.join(root, "s.json")) as file:
        return next(i for i, line in enumerate(file, 1) if text in line)


MISTAKES = [
    ("vary/load/times", "flows.g.rate", 'nothing is there to be multiplied: there is no "flows.g"', "DX1301"),
    ("vary/load/times", "name", "what is there is no quantity and no whole number", "DX1204"),
    ("vary/load/times", "sweeps.load.replications", "a sweep does not change sweeps", "DX1204"),
    ("vary/load/set", "flows.f.rate", 'what it changes is said by "set" or by "times", one of them', "DX1204"),
    ("vary/load/to", "50 %", 'an empty range: "to" must be above "from"', "DX1203"),
    ("vary/load/to", "2 Gbps", '"2 Gbps" is a rate; expected a percentage such as "0.5 %"', "DX1201"),
    ("vary/load/points", 1, "a range has at least 2 points: its ends", "DX1203"),
    ("vary/load/points", 20000, "too many values; at most 10000 are accepted", "DX1003"),
    ("vary/load/points", None, 'a range needs "points" or "step", one of them', "DX1102"),
    ("vary/load/values", ["1 %"], '"values", or a range, but not both', "DX1204"),
    ("vary/load/from", None, 'a range has two ends: "from" and "to"', "DX1102"),
    ("vary/point", {"set": "flows.f.count", "values": [1]}, 'the tables have a column "point" already', "DX1104"),
    ("vary/more", {"set": "flows.f.rate", "values": ["1 Gbps"]}, 'parameter "load" changes "flows.f.rate" too', "DX1204"),
    ("vary/more", {"set": "flows.f.count", "values": []}, "there is no value in it", "DX1203"),
    ("vary/more", {"set": "flows.f.count", "values": [1, "2"]}, "the values before are whole numbers", "DX1103"),
    ("combine", "zipped", '"zipped" is not one of "grid", "zip"', "DX1202"),
    ("replications", 0, "1 to 10000 replications", "DX1203"),
    ("confidence", "100 %", 'a confidence is "50 %" to "99.9999 %"', "DX1203"),
    ("n_minus_1/each/0", "lags.l", "there is no LAG of this name", "DX1301"),
    ("n_minus_1/each/0", "link.l1", 'there is no "link.l1"; expected "links.NAME"', "DX1301"),
    ("measure/lost/stat", "p99", 'there is no metric and statistic "flow.loss p99"', "DX1202"),
    ("expectations/0/expectation", "in tim", "the scenario has no expectation of this name", "DX1301"),
    ("expectations/0/of", "search", 'this sweep has no "search"', "DX1204"),
]


def test_mistakes_have_a_place():
    for way, value, text, code in MISTAKES:
        scenario = copy.deepcopy(PLAN)
        put(scenario, "sweeps/load/" + way, value)
        with place(scenario) as root:
            for verb in ("validate", "run", "sweep"):
                status, _, err = dxsim(root, verb, "s.json")
                lines = [line for line in err.splitlines() if text in line]
                check("%s %s: %s" % (verb, way, text), status == 3 and len(lines) == 1 and lines[0].startswith("s.json:") and
                      lines[0].split(":")[1].isdigit() and lines[0].endswith("[%s]" % code), status, err)


def test_every_point_is_checked_before_anything_runs():
    scenario = copy.deepcopy(PLAN)
    put(scenario, "sweeps/load/vary", {"limit": {"set": "links.l1.queue.limit", "values": ["1 kB", "10 km"]}})
    with place(scenario) as root:
        status, _, err = sweep(root, "load", "out")
        check("values of two kinds", status == 3 and "[DX1201]" in err, err)
    put(scenario, "sweeps/load/vary", {"size": {"set": "flows.f.size", "values": ["1000 B", "70000 B"]}})
    del scenario["sweeps"]["load"]["expectations"]
    with place(scenario) as root:
        status, _, err = sweep(root, "load", "out")
        line = line_of(root, '"70000 B"')
        check("a value that no flow may have is told where the sweep says it",
              status == 3 and err.startswith("s.json:%u:" % line) and "(/flows/f/size) [DX1203]" in err, err)
        check("nothing was run", not os.path.exists(os.path.join(root, "out.partial")), os.listdir(root))
        status, _, same = dxsim(root, "validate", "s.json")
        check("validate says the same", (status, same) == (3, err), status, same)


def test_usage():
    with place(PLAN) as root:
        for arguments, text in (((), "one scenario"), (("s.json",), 'which sweep? There is "load", "largest"'),
                                (("s.json", "lod"), 'there is no sweep "lod"'), (("s.json", "load", "--resume"), "--resume needs -o DIR"),
                                (("s.json", "load", "-o", "x", "--shard", "3/2"), "is not I/N"),
                                (("s.json", "load", "-o", "x", "--force", "--resume"), "choose one"),
                                (("s.json", "load", "-j", "-1"), "-j: -1 is outside 1 to 1024")):
            status, _, err = dxsim(root, "sweep", *arguments)
            check("sweep %s" % " ".join(arguments), status == 2 and text in err, status, err)
        status, _, err = dxsim(root, "sweep", "s.json", "load", "--set", "sweeps={}")
        check("no sweeps", status == 3 and 'has no "sweeps"' in err, status, err)


def test_what_does_not_belong_together_is_not_merged():
    with place(PLAN) as root:
        for i in (1, 2, 3):
            sweep(root, "load", "p%u" % i, "--shard", "%u/3" % i)
        sweep(root, "load", "seed", "--shard", "2/3", "--seed", "2")
        sweep(root, "largest", "sweep", "--shard", "2/3")
        sweep(root, "load", "half", "--shard", "2/2")
        sweep(root, "load", "whole")
        changed = copy.deepcopy(PLAN)
        changed["description"] = "other"
        with open(os.path.join(root, "t.json"), "w") as file:
            file.write(open(os.path.join(root, "s.json")).read() + "\n")
        dxsim(root, "sweep", "t.json", "load", "-q", "-o", "other", "--shard", "2/3")
        for parts, text, want in ((("p1", "p3"), "shard 2 of 3 is missing", 3), (("p1", "p2", "p2"), "p2: is shard 2 of 3, and so is p2", 3),
                                  (("p1", "seed", "p3"), "seed: is a shard of another seed than the first one", 3),
                                  (("p1", "sweep", "p3"), "sweep: is a shard of another sweep than the first one", 3),
                                  (("p1", "other", "p3"), "other: is a shard of another scenario than the first one", 3),
                                  (("p1", "half"), "half: is one of 2 shards, the first one is one of 3", 3),
                                  (("whole",), "is no shard of a sweep", 3), (("nowhere",), "nowhere", 4)):
            status, _, err = dxsim(root, "merge", *parts, "-o", "out")
            check("merge %s" % " ".join(parts), status == want and text in err and not os.path.exists(os.path.join(root, "out")),
                  status, err)
        with open(os.path.join(root, "p2/runs.txt"), "r+b") as file:
            file.seek(100)
            file.write(b"9")
        status, _, err = dxsim(root, "merge", "p1", "p2", "p3", "-o", "out")
        check("a changed file is noticed", status == 4 and "runs.txt" in err, status, err)


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def forge(root, part, plan, heading, runs):
    """A shard that is as its manifest says, of what nobody has run. Without runs: those that it has."""
    directory = os.path.join(root, part)
    with open(os.path.join(directory, "runs.txt")) as file:
        lines = file.read().splitlines()[1:] if runs is None else ["%s %s" % (run, sha256(run.encode())[:16]) for run in runs]
    texts = {"plan.json": json.dumps(plan, indent=2)}
    texts["runs.txt"] = "\n".join(["dxsim sweep %s shard %s" % (sha256(texts["plan.json"].encode()), heading)] + lines) + "\n"
    manifest = load(os.path.join(directory, "manifest.json"))
    for file in manifest["files"]:
        data = texts[file["name"]].encode()
        file["size_bytes"], file["sha256"] = len(data), sha256(data)
        with open(os.path.join(directory, file["name"]), "wb") as out:
            out.write(data)
    with open(os.path.join(directory, "manifest.json"), "w") as out:
        json.dump(manifest, out, indent=2)


def test_a_forged_shard_is_refused():
    with place(PLAN) as root:
        sweep(root, "load", "few", "--shard", "1/2")
        forge(root, "few", load(os.path.join(root, "few/plan.json")), "999999999/999999999", None)
        status, _, err = dxsim(root, "merge", "few", "-o", "out")
        check("too many shards", status == 3 and "few: its runs do not belong to its plan" in err, status, err)
        sweep(root, "largest", "one", "--shard", "1/1")
        plan = load(os.path.join(root, "one/plan.json"))
        plan.update(expectations=[], checks=[], replications=1)
        for unit, low, high, is_log, want in ((-2, 10**15, 10**15 + 10, False, 3), (-1, -5, 2**63 - 1, True, 3),
                                              (-1, -2**63, 2**63 - 1, False, 0)):
            plan["search"].update({"from": low, "to": high, "is_log": is_log, "probes": 2, "tolerance": 1})
            plan["search"]["parameter"]["unit"] = unit
            units = plan["points"] * (1 + len(plan["failures"]))
            forge(root, "one", plan, "1/1", ["%u 0 %d%s" % (i, tried, " -" * len(plan["measures"])) for i in range(units) for tried in (low, high)])
            status, _, err = dxsim(root, "merge", "one", "-o", "out%d" % want, "--force")
            check("a search from %d to %d" % (low, high), status == want and (want == 0 or "it is no plan of a sweep" in err), status, err)


def test_what_is_complete_is_not_run_again():
    scenario = copy.deepcopy(PLAN)
    put(scenario, "sweeps/load/expectations/0/value", "300 %")
    with place(scenario) as root:
        for more, want in (((), 1), (("--shard", "1/2"), 0)):
            directory = "out%u" % want
            status, _, err = sweep(root, "load", directory, *more)
            check("it is complete", status == want, status, err)
            before = {name: os.stat(os.path.join(root, directory, name)).st_mtime_ns for name in os.listdir(os.path.join(root, directory))}
            status, out, err = dxsim(root, "sweep", "s.json", "load", "-o", directory, "--resume", *more)
            check("and is left alone, with the same status", status == want and err == "dxsim: %s: is complete already\n" % directory,
                  status, err)
            check("no file is touched", before == {name: os.stat(os.path.join(root, directory, name)).st_mtime_ns
                                                   for name in os.listdir(os.path.join(root, directory))})
            for other in (("--seed", "2"), ("--set", "links.l1.rate=2 Gbps"), ("--shard", "2/2")):
                status, _, err = sweep(root, "load", directory, "--resume", *other)
                check("of another sweep it is in the way: %s" % " ".join(other), status == 4 and "exists already" in err, status, err)
        with open(os.path.join(root, "out1/sweep.csv"), "a") as file:
            file.write("x\n")
        status, _, err = sweep(root, "load", "out1", "--resume")
        check("and so it is when it was changed", status == 4 and "exists already" in err, status, err)


def test_resume_is_for_the_same_sweep():
    scenario = copy.deepcopy(PLAN)
    scenario["run"]["duration"] = "500 ms"
    with place(scenario) as root:
        process = start(root, "load", "out")
        while journal(root, "out").count(b"\n") < 1:
            time.sleep(0.001)
        status, _, err = sweep(root, "load", "out", "--resume")
        check("another one is at work", status == 4 and "another run is writing there" in err, status, err)
        process.kill()
        process.communicate()
        before = journal(root, "out")
        for more in (("--seed", "2"), ("--shard", "1/2"), ("--set", "links.l1.rate=2 Gbps")):
            status, _, err = sweep(root, "load", "out", "--resume", *more)
            check("not with %s" % more[0], status == 4 and "was begun with another scenario" in err, status, err)
            check("it is as it was", journal(root, "out") == before)
        status, _, err = dxsim(root, "run", "s.json", "-q", "-o", "out", "--duration", "2 ms")
        check("a run does not take it", status == 4, status, err)


main(globals())
