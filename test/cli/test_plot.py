#!/usr/bin/env python3
"""dxsim plot: what figures show, number by number; what they look like, as far as a program can tell; what does not get through.

    test_plot.py DXSIM SOURCE_DIR

Directories are made by hand here where a figure's data are worked out: no simulation is needed to know what they should be.
"""
import csv
import hashlib
import json
import os
import re
import shutil
import xml.dom.minidom

from command import SCENARIO, SOURCE, acts_on_terminal, check, contents, dxsim, main, place, run

HAS_GNUPLOT = shutil.which("gnuplot") is not None
HEADERS = {"series": ["time_s", "object", "metric", "value"], "events": ["time_s", "object", "event", "detail"],
           "latency": ["flow", "low_ps", "high_ps", "count"], "summary": ["kind", "object", "metric", "value"]}
FIGURES = ["queue", "throughput", "utilisation", "goodput", "loss", "light", "margin", "latency-cdf", "latency-histogram", "states", "dashboard", "capacity", "heatmap"]


# -- directories, and figures as data ----------------------------------------------------------------------

def make(directory, duration_s=1, links=None, name="made", light=(), manifest=(), **tables):
    """An output directory with these rows: make(d, series=[(0.1, "l:a>b", "throughput_bps", 5)])."""
    os.makedirs(directory)
    files = {"explain.json": json.dumps({"scenario": name, "duration_ps": int(duration_s * 10**12), "light": list(light), "objects": [
        {"object": "links." + link, "values": [{"key": key, "value": value, "origin": "here"} for key, value in values.items()]}
        for link, values in (links or {"l": {"ends": "a, b", "rate": "10 Gbps", "queue.limit": "1 MB"}}).items()]}).encode()}
    for table, header in HEADERS.items():
        if table == "series" and table not in tables:
            continue
        path = os.path.join(directory, table + ".csv")
        with open(path, "w", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows([header, *tables.get(table, [])])
        with open(path, "rb") as file:
            files[table + ".csv"] = file.read()
    with open(directory + "/explain.json", "wb") as file:
        file.write(files["explain.json"])
    with open(directory + "/manifest.json", "w") as file:
        json.dump({"dxsim": "0.1.0", "status": "complete", "scenario": name, "scenario_sha256": "0" * 64, "seed": 1, **dict(manifest), "files": [
            {"name": name, "size_bytes": len(text), "sha256": hashlib.sha256(text).hexdigest()} for name, text in files.items()]}, file, indent=2)


def data(directory, figure):
    """Header, and rows of numbers; None where a cell is empty."""
    with open("%s/plots/%s.csv" % (directory, figure), newline="") as file:
        header, *rows = csv.reader(file)
    return header, [[float(cell) if cell else None for cell in row] for row in rows]


def draw(root, figure, *arguments, **tables):
    """The figure's data, of a directory with these tables."""
    shutil.rmtree(root + "/d", ignore_errors=True)
    shutil.rmtree(root + "/p", ignore_errors=True)
    make(root + "/d", **tables)
    status, _, err = dxsim(root, "plot", "d", figure, "-o", "p", *arguments)
    check("%s: drawn" % figure, status == (0 if HAS_GNUPLOT else 7), status, err)
    return data(root + "/p", figure)


def near(a, b):
    return a is not None and abs(a - b) <= 1e-12 * max(abs(a), abs(b), 1)


# -- what figures show -------------------------------------------------------------------------------------

def test_a_long_series_is_thinned_out():
    # point p of stride s holds samples p s + 1 to p s + s; sample n is n Mbps, and a peak of n bytes
    for n, points, stride in ((1, 1, 1), (2000, 2000, 1), (2001, 1001, 2), (4000, 2000, 2), (4001, 1001, 4), (10000, 1250, 8)):
        series = [row for i in range(1, n + 1) for row in ((i / 1000, "l:a>b", "throughput_bps", i * 10**6),
                  (i / 1000, "l:a>b", "queue_peak_bytes", i), (i / 1000, "l:a>b", "rx_power_dbm", -i))]
        with place() as root:
            for figure, value in (("throughput", lambda first, last: (first + last) / 2 * 1e6), ("queue", lambda first, last: last),
                                  ("light", lambda first, last: -last)):
                header, rows = draw(root, figure, duration_s=n / 1000, series=series)
                check("thin: %d samples, %s" % (n, figure), header == ["time_s", "l:a>b"] and len(rows) == points + 1, len(rows))
                check("thin: %d samples, %s, the start" % (n, figure), rows[0] == [0, -1 if figure == "light" and stride == 1 else
                                                                                   -stride if figure == "light" else 0] or n == 1, rows[0])
                for p, (time_s, got) in enumerate(rows[1:]):
                    first, last = p * stride + 1, min(p * stride + stride, n)
                    if not (near(time_s, last / 1000) and abs(got - value(first, last)) < 1e-3):
                        check("thin: %d samples, %s, point %d" % (n, figure, p), False, time_s, got)
                        break


def test_utilisation_follows_the_rate():
    # 10 Gbps; from 0.15 s 5 Gbps: the second sample has half of each, 7.5 Gbps on average
    with place() as root:
        header, rows = draw(root, "utilisation", duration_s=0.3,
                            series=[(t, "l:a>b", "throughput_bps", v) for t, v in ((0.1, 5 * 10**9), (0.2, 6 * 10**9), (0.3, 5 * 10**9))],
                            events=[(0.15, "l", "set", "rate 5 Gbps"), (0.25, "m", "set", "rate 1 bps")])
        check("utilisation", header == ["time_s", "l:a>b"] and [[round(x, 12) for x in row] for row in rows] ==
              [[0, 0], [0.1, 0.5], [0.2, 0.8], [0.3, 1]], rows)


def test_loss_is_per_second_and_by_reason():
    with place() as root:
        header, rows = draw(root, "loss", series=[(0.5, "l:a>b", "throughput_bps", 0), (1, "all", "dropped_queue_full_frames", 10),
                                                  (1, "all", "dropped_link_down_frames", 3), (1.5, "all", "dropped_queue_full_frames", 0)])
        check("loss", header == ["time_s", "queue full", "link down"] and rows == [[0, 0, 0], [0.5, 0, 0], [1, 20, 6], [1.5, 0, 0]], header, rows)
        header, rows = draw(root, "loss", series=[(0.5, "l:a>b", "throughput_bps", 0)])
        check("loss: none is a picture too", header == ["time_s", "none"] and rows == [[0, 0], [0.5, 0]], header, rows)


def test_latency():
    # buckets of 2 ps from 256 ps on, exact below; 3 frames at 100 ps, 1 at 256 or 257, really 257
    latency = [("f", 100, 100, 3), ("f", 256, 257, 1)]
    summary = [("flow", "f", "latency_min_ps", 100), ("flow", "f", "latency_max_ps", 257)]
    with place() as root:
        header, rows = draw(root, "latency-cdf", latency=latency, summary=summary)
        check("cdf", header == ["latency_s", "f"] and [[round(x * 1e12) for x, _ in rows], [y for _, y in rows]] ==
              [[100, 100, 257], [0, 0.75, 1]], header, rows)
        header, rows = draw(root, "latency-histogram", latency=latency, summary=summary)
        # even bins, at most 64, as few as cover 100 to 257: of 4 ps
        check("histogram: even bins", near(rows[1][0], 100e-12) and near(rows[2][0], 104e-12) and rows[0][1] == 0 and rows[1][1] == 0.75 and
              rows[-1][1] == 0 and near(sum(row[1] for row in rows), 1) and near(rows[-2][0], 256e-12) and rows[-2][1] == 0.25, rows[:3], rows[-3:])
        # over 3 octaves: log bins, eight to an octave
        header, rows = draw(root, "latency-histogram", latency=[("f", 1 << 20, 0, 1), ("f", 1 << 23, 0, 3)], summary=[])
        check("histogram: log bins", len(rows) == 1 + 3 * 8 + 1 + 1 and near(rows[1][0] * 1e12, 1 << 20) and rows[1][1] == 0.25 and rows[-2][1] == 0.75 and
              near(rows[9][0] * 1e12, 1 << 21) and all(1.08 < b[0] / a[0] < 1.1 for a, b in zip(rows[1:-1], rows[2:-1])), len(rows), rows)
        many = [("f%d" % i, 100 + i, 100 + i, i + 1) for i in range(100)]
        header, _ = draw(root, "latency-cdf", latency=many)
        check("cdf: of many flows the heaviest", len(header) == 1 + 64 and header[1:8] == ["f%d" % i for i in range(93, 100)], header)


def test_states():
    events = [(0.1, "l", "fail", "silent"), (0.2, "x:a>b.lacp", "mux", "DISTRIBUTING -> ATTACHED"), (0.3, "x:a>b.lacp", "mux", "ATTACHED -> DETACHED"),
              (0.4, "x:a>b.lacp", "rx", "CURRENT -> EXPIRED"), (0.5, "lag:a>b.lacp", "lag_degraded", "3 of 4"), (0.6, "l", "restore", ""),
              (0.7, "lag:a>b.lacp", "lag_down", "1 below min_links 2"), (0.75, "lag:a>b.lacp", "lag_degraded", "2 of 4"), (0.8, "lag:a>b.lacp", "lag_up", "4 of 4"),
              (0.9, "peer", "session", "neighbor 10.0.0.1 Idle -> Established (after 3 s)"), (0.9, "loss", "alarm", "ALARM: Average of l is 1 %, threshold > 0 %, 1 of 1"),
              (0.95, "loss", "alarm", "OK: Average of l is 0 %, threshold > 0 %, 1 of 1")]
    good, way, bad, unknown = 1, 2, 3, 4
    with place() as root:
        header, rows = draw(root, "states", events=events)
        check("states", header == ["track", "begin_s", "end_s", "state"] and rows == [
            [1, 0, 0.1, good], [1, 0.1, 0.6, bad], [1, 0.6, 1, good],
            [2, 0, 0.5, good], [2, 0.5, 0.7, way], [2, 0.7, 0.8, bad], [2, 0.8, 1, good],
            [3, 0, 0.2, good], [3, 0.2, 0.3, way], [3, 0.3, 1, bad],
            [4, 0, 0.9, bad], [4, 0.9, 1, good],
            [5, 0, 0.9, unknown], [5, 0.9, 0.95, bad], [5, 0.95, 1, good]], rows)
        script = open(root + "/p/plots/states.gp").read()
        check("states: names", [re.search(r"^name_%d = '(.*)'$" % i, script, re.M).group(1) for i in range(1, 6)] ==
              ["l", "lag:a>b.lacp", "x:a>b.lacp", "peer session", "loss alarm"], script[:800])


SWEEP = ["measure", "metric", "n", "mean", "sd", "ci_low", "ci_high", "min", "max", "diff_mean", "diff_low", "diff_high"]
KNEES = ["expectation", "failed", "measure", "metric", "limit", "parameter", "knee", "knee_low", "knee_high", "last_met", "first_missed"]


def make_sweep(directory, params, rows, knees=(), name="swept"):
    """Rows: failed, values of params, measure, metric, mean, low, high."""
    os.makedirs(directory)
    n = len(params)
    tables = {"sweep.csv": [["point", "failed", *params, *SWEEP], *([i, row[0], *row[1:n + 1], row[n + 1], row[n + 2], 9, row[n + 3], 1, row[n + 4], row[n + 5],
                                                                       "", "", "", "", ""] for i, row in enumerate(rows))], "knees.csv": [KNEES, *knees]}
    for table, lines in tables.items():
        with open(os.path.join(directory, table), "w", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows(lines)
    with open(directory + "/sweep.json", "w") as file:
        json.dump({"sentence": "At 2 times today's load <it> leaves."}, file)
    seal(directory, name)


def seal(directory, name, **more):
    files = contents(directory)
    with open(directory + "/manifest.json", "w") as file:
        json.dump({"dxsim": "0.1.0", "status": "complete", "scenario": name, "scenario_sha256": "0" * 64, "seed": 1, **more, "files": [
            {"name": name, "size_bytes": len(text), "sha256": hashlib.sha256(text).hexdigest()} for name, text in files.items()]}, file, indent=2)


def test_sweeps():
    rows = [(failed, load, measure, metric, mean, mean - 1, mean + 2) for load in (0.5, 1, 2) for failed in ("none", "links.dx1")
            for measure, metric, mean in (("first", "loss_ratio", 0.25 * load), ("p99", "latency_p99_ps", 10**9 * load * (2 if failed != "none" else 1)))]
    with place() as root:
        make_sweep(root + "/d", ["load_ratio"], rows, [("e", "none", "p99", "latency_p99_ps", 15 * 10**8, "load_ratio", 1.5, 1, 2, 1, 2),
                                                        ("e", "links.dx1", "p99", "latency_p99_ps", 15 * 10**8, "load_ratio", "", "", "", "", "")])
        status, _, err = dxsim(root, "plot", "d", "-o", "p")
        check("capacity: drawn", status == (0 if HAS_GNUPLOT else 7) and (not HAS_GNUPLOT or err == "dxsim: p: wrote plots/capacity.svg\n"), status, err)
        header, got = data(root + "/p", "capacity")
        check("capacity: of the measure with the knee", header == ["load_ratio"] + [name + end for name in ("all working", "without links.dx1")
                                                                                    for end in ("", ", low", ", high")], header)
        check("capacity: numbers", got == [[load, load * 1e9, load * 1e9 - 1, load * 1e9 + 2, None, None, None] for load in (0.5, 1, 2)] +
              [[load, None, None, None, load * 2e9, load * 2e9 - 1, load * 2e9 + 2] for load in (0.5, 1, 2)], got)
        script = open(root + "/p/plots/capacity.gp").read()
        check("capacity: the knee", "knee_1 = 150.0\nknee_text_1 = 'knee at 150 %'\nn_knees = 1\nhas_limit = 1\nlimit = 1.5\n" in script, script[:900])
        check("capacity: whose", "title = 'swept: p99 with its 95 % band'" in script and "x_label = 'load (%)'" in script and "y_label = 'latency p99 (ms)'" in script)
        rows = [("none", rate, queue, "loss", "loss_ratio", rate * queue, "", "") for rate in (3, 1) for queue in (200, 100, 400)] + \
               [("links.x", 1, 100, "loss", "loss_ratio", 99, "", "")]
        make_sweep(root + "/e", ["rate_bps", "queue_bytes"], rows)
        check("map: drawn", dxsim(root, "plot", "e", "-o", "q")[0] == (0 if HAS_GNUPLOT else 7))
        header, got = data(root + "/q", "heatmap")
        check("map: cells", header == ["x", "y", "loss_ratio"] and sorted(got) == [[1, 1, 100], [1, 2, 200], [1, 3, 400], [2, 1, 300], [2, 2, 600], [2, 3, 1200]], got)
        for directory in ("p", "q"):
            for path, text in contents(root + "/" + directory).items():
                if path.endswith(".svg"):
                    check_picture(path, text)
        for params, rows in ((["a", "b", "c"], [("none", 1, 2, 3, "m", "x", 1, 1, 1)]), (["kind"], [("none", "`touch pwned`", "m", "x", 1, 1, 1)]), (["x"], []),
                             (["a", "b"], [("none", i, i, "m", "x", 1, 1, 1) for i in range(61)])):
            shutil.rmtree(root + "/f", ignore_errors=True)
            make_sweep(root + "/f", params, rows)
            status, _, err = dxsim(root, "plot", "f", "capacity", "heatmap", "-o", "g", "--force")
            check("no figure of %s" % params, status == 7 and "nothing to draw" in err and "pwned" not in os.listdir(root), status, err)
        status, _, err = dxsim(root, "report", "d")
        with open(root + "/d.html") as file:
            text = file.read()
        check("a report of a sweep", status == (0 if HAS_GNUPLOT else 7) and "At 2 times today&apos;s load &lt;it&gt; leaves." in text.replace("&#39;", "&apos;") and "All points" in text and
              "Where they end" in text and "dxsim sweep" in text, status, err)


def test_objects_of_another_kind_are_left_out():
    series = [(1, object, metric, 1) for object in ("l:a>b", "l:a>b.shaper0", "vif:a>b", "flow") for metric in
              ("throughput_bps", "queue_peak_bytes", "goodput_bps")]
    with place() as root:
        check("of links", draw(root, "throughput", series=series)[0] == draw(root, "queue", series=series)[0] == ["time_s", "l:a>b"])
        check("of flows", draw(root, "goodput", series=series)[0] == ["time_s", "flow"])


def test_comparison():
    with place() as root:
        for name, value in (("one", 1), ("two", 2)):
            make("%s/%s" % (root, name), series=[(t, "l:a>b", "throughput_bps", value * 10**9) for t in (0.5, 1)], latency=[("f", 100, 100, value)])
        before = contents(root)
        status, _, err = dxsim(root, "plot", "one", "throughput", "latency-cdf", "--compare", "two", "-o", "p")
        header, rows = data(root + "/p", "throughput")
        check("comparison", status == (0 if HAS_GNUPLOT else 7) and header == ["time_s", "one: l:a>b", "two: l:a>b"] and rows ==
              [[0, 0, None], [0.5, 1e9, None], [1, 1e9, None], [0, None, 0], [0.5, None, 2e9], [1, None, 2e9]], status, err, rows)
        check("comparison: of latencies", data(root + "/p", "latency-cdf")[0] == ["latency_s", "one: f", "two: f"])
        shutil.rmtree(root + "/p")
        check("comparison: nothing else is touched", contents(root) == before)
        check("comparison: needs a place", dxsim(root, "plot", "one", "--compare", "two")[0] == 2)


# -- where they go -----------------------------------------------------------------------------------------

def test_into_the_directory_itself():
    if not HAS_GNUPLOT:
        return
    with place() as root:
        check("in place: run", run(root, "-q", "-o", "o")[0] == 0)
        before = contents(root + "/o")
        status, out, err = dxsim(root, "plot", "o")
        check("in place: drawn", status == 0 and not out and "o: wrote plots/queue.svg, plots/throughput.svg" in err, status, err)
        check("in place: verified", dxsim(root, "verify", "o")[0] == 0)
        after = contents(root + "/o")
        check("in place: nothing else has changed", all(after[name] == text for name, text in before.items() if name != "manifest.json"))
        old, new = json.loads(before["manifest.json"]), json.loads(after["manifest.json"])
        check("in place: the manifest too", {**old, "files": 0} == {**new, "files": 0} and old["files"] == new["files"][:len(old["files"])])
        check("in place: again, the same bytes", dxsim(root, "plot", "o")[0] == 0 and contents(root + "/o").keys() == after.keys() and
              all(contents(root + "/o")[name] == text for name, text in after.items() if name != "manifest.json"))
        check("in place: and again", dxsim(root, "plot", "o", "queue", "--format", "png")[0] == 0 and dxsim(root, "verify", "o")[0] == 0 and
              os.path.exists(root + "/o/plots/queue.png"))
        check("in place: the run again", run(root, "-q", "-o", "o", "--force")[0] == 0 and not os.path.exists(root + "/o/plots"))


def test_what_is_not_as_written_stays():
    def change(name, text):
        def act(directory):
            os.makedirs(os.path.dirname(os.path.join(directory, name)), exist_ok=True)
            with open(os.path.join(directory, name), "w") as file:
                file.write(text)
        return act

    for what, act in (("a file changed", change("series.csv", "time_s,object,metric,value\n")), ("a stranger's file", change("mine.txt", "precious")),
                      ("a stranger's script", change("plots/queue.gp", "precious")), ("no manifest", lambda d: os.remove(d + "/manifest.json"))):
        with place() as root:
            run(root, "-q", "-o", "o")
            act(root + "/o")
            before = contents(root)
            for more in ([], ["queue"], ["-o", "p"], ["--format", "dumb"]):
                status, out, err = dxsim(root, "plot", "o", *more)
                check("%s %s: refused" % (what, more), status == 4 and not out and err and contents(root) == before, status, err)
    with place() as root:
        run(root, "-q", "-o", "o")
        os.mkdir(root + "/p")
        before = contents(root)
        check("an existing -o", dxsim(root, "plot", "o", "-o", "p")[0] == 4 and dxsim(root, "plot", "o", "-o", "p", "--force")[0] == 4 and contents(root) == before)


def test_usage():
    with place() as root:
        make(root + "/d", latency=[("f", 100, 100, 3)])
        for arguments, status in (([], 2), (["d", "pie"], 2), (["d", "--format", "gif"], 2), (["d", "--force"], 2), (["none"], 4), (["s.json"], 4),
                                  (["d", "queue", "-o", "p1"], 7), (["d", "light", "-o", "p2"], 7)):
            done, out, err = dxsim(root, "plot", *arguments)
            check("usage: %s" % arguments, done == status and not out and err.startswith("dxsim: "), done, err)
        status, out, _ = dxsim(root, "plot", "--list")
        check("usage: --list", status == 0 and [line.split()[0] for line in out.splitlines()] == FIGURES, out)
        with open(SOURCE + "/docs/plots.md") as file:
            text = file.read()
        check("usage: every figure is documented", all("`%s`" % figure in text for figure in FIGURES))
        schema = json.loads(dxsim(root, "schema")[1])
        check("usage: a scenario may ask for all of them that are of a run", all('"%s"' % figure in json.dumps(schema) for figure in FIGURES[:-2]))


def test_formats():
    if not HAS_GNUPLOT:
        return
    marks = {"svg": (b"<?xml", b"</svg>"), "png": (b"\x89PNG", b"IEND\xaeB`\x82"), "pdf": (b"%PDF-", b"%%EOF")}
    with place() as root:
        run(root, "-q", "-o", "o")
        for name, (begin, end) in marks.items():
            status, _, err = dxsim(root, "plot", "o", "--format", name, "-o", name)
            pictures = {path: text for path, text in contents(root + "/" + name).items() if path.endswith("." + name)}
            check("format %s" % name, status == 0 and len(pictures) >= 6 and all(text.startswith(begin) and text.rstrip().endswith(end)
                                                                                 for text in pictures.values()), status, err, list(pictures))
        status, out, err = dxsim(root, "plot", "o", "queue", "latency-cdf", "--format", "dumb")
        check("format dumb: printed", status == 0 and not err and "small: queue of" in out and "Latency (" in out and
              not acts_on_terminal(out.replace("\f", "")), status, err)
        check("format dumb: leaves nothing", sorted(os.listdir(root)) == ["o", "pdf", "png", "s.json", "svg"], os.listdir(root))
        status, _, err = run(root, "-q", "-o", "run", "--set", 'outputs.plots=["queue"]', "--set", "outputs.plot_format=png")
        check("format of a scenario", status == 0 and os.path.exists(root + "/run/plots/queue.png") and dxsim(root, "verify", "run")[0] == 0, err)


def test_without_gnuplot():
    with place() as root:
        run(root, "-q", "-o", "o")
        status, out, err = dxsim(root, "plot", "o", env={"PATH": "/nowhere"})
        lines = err.splitlines()
        check("no gnuplot: status 7, a clear line for each", status == 7 and not out and all(
            "gnuplot is not installed (Debian: apt install gnuplot-nox)" in line for line in lines) and len(lines) >= 6, status, err)
        check("no gnuplot: data and scripts are there", {"queue.csv", "queue.gp", "latency-cdf.csv"} <= set(os.listdir(root + "/o/plots")))
        check("no gnuplot: complete", dxsim(root, "verify", "o")[0] == 0)
        status, _, err = run(root, "-q", "-o", "r", "--set", 'outputs.plots=["states"]')
        check("nothing to show is said", status == 7 and "plot states: nothing to draw: no line failed" in err and dxsim(root, "verify", "r")[0] == 0, err)


# -- what they look like -----------------------------------------------------------------------------------

def boxes(svg):
    """Texts of a picture with the boxes they are in: (text, left, top, right, bottom), narrower than they are drawn."""
    found = []
    for group in xml.dom.minidom.parseString(svg).getElementsByTagName("g"):
        texts = [node for node in group.childNodes if node.nodeName == "text"]
        place = re.match(r"translate\(([-\d.]+),([-\d.]+)\)(?: rotate\(([-\d.]+)\))?", group.getAttribute("transform"))
        if not texts or not place:
            continue
        text = "".join(node.data for node in texts[0].childNodes).strip()
        size = float(group.getAttribute("font-size"))
        width, height = 0.44 * size * len(text), 0.6 * size
        x, y, angle = float(place.group(1)), float(place.group(2)), float(place.group(3) or 0)
        left = {"start": 0, "middle": -width / 2, "end": -width}[group.getAttribute("text-anchor")]
        if text and angle == 0:
            found.append((text, x + left, y - height, x + left + width, y))
        elif text:
            found.append((text, x - height, y - left - width, x, y - left))
    return found


def check_picture(what, svg):
    size = re.search(rb'width="(\d+)" height="(\d+)"', svg)
    width, height = int(size.group(1)), int(size.group(2))
    found = boxes(svg)
    check(what + ": has texts", len(found) > 4)
    for i, (text, left, top, right, bottom) in enumerate(found):
        check("%s: %r is in the picture" % (what, text), left >= 0 and top >= 0 and right <= width and bottom <= height, left, top, right, bottom, width, height)
        for other, left2, top2, right2, bottom2 in found[:i]:
            check("%s: %r and %r do not overlap" % (what, text, other),
                  right <= left2 or right2 <= left or bottom <= top2 or bottom2 <= top, (left, top, right, bottom), (left2, top2, right2, bottom2))


def test_texts_do_not_overlap():
    if not HAS_GNUPLOT:
        return
    with place() as root:
        for name in ("scenarios/lag-minlinks", "scenarios/robinhood-saturation", "scenarios/vif-multiplex", "test/scenarios/lacp", "test/scenarios/mka", "test/scenarios/fade",
                     "test/scenarios/events"):
            base = os.path.basename(name)
            dxsim(root, "run", "%s/%s.json" % (SOURCE, name), "-q", "-o", base)
            status, _, err = dxsim(root, "plot", base, "-o", base + "-p")
            check(base + ": drawn", status == 0, status, err)
            for path, text in contents(root + "/" + base + "-p").items():
                if path.endswith(".svg"):
                    check_picture(base + " " + path, text)
        long = {"link_" + "x" * 55 + str(i): {"ends": "node_%s, %s_node" % ("y" * 55, "z" * 55), "rate": "1 Gbps"} for i in range(9)}
        series = [(t, "%s:node_%s>%s_node" % (link, "y" * 55, "z" * 55), "throughput_bps", (i + 1) * 10**8)
                  for t in (0.5, 1) for i, link in enumerate(long)]
        events = [(0.5 + i / 1000, link, "fail", "down") for i, link in enumerate(list(long)[:6])]
        make(root + "/long", name="n" * 250, links=long, series=series, events=events)
        check("long names", dxsim(root, "plot", "long", "-o", "long-p")[0] == 0)
        for path, text in contents(root + "/long-p").items():
            if path.endswith(".svg"):
                check_picture("long names " + path, text)


# -- what does not get through -----------------------------------------------------------------------------

NAMES = ["`touch pwned`", "'; system('touch pwned') #", "\"; system(\"touch pwned\"); \"", "'\nsystem('touch pwned')\n'", "@pwned", "%s%n", "< touch pwned",
         "|touch pwned", "<svg><script>alert(1)</script>", "]]>&lt;", "\u202e\u2066", "\x1b[31m", "\\140touch pwned\\140", "{/Symbol a}_x^y", "''", "'\\", "EOD",
         "x" * 20000, "\U0001f980" * 300, "a > b", "%%EOF", "\r\n!touch pwned", "exit\n", "x" * 57 + "'" * 20]


def test_hostile_names():
    for name in NAMES:
        with place() as root:
            series = [(t, object, metric, 5) for t in (0.5, 1) for object in (name + ":a>b", name) for metric in
                      ("throughput_bps", "queue_peak_bytes", "goodput_bps", "rx_power_dbm")] + [(1, "all", "dropped_%s_frames" % name, 4)]
            make(root + "/d", name=name, links={name: {"ends": "a, b", "rate": "10 Gbps", "queue.limit": name}}, series=sorted(series),
                 events=[(0.5, name, "fail", name), (0.6, name, name, "%s -> %s" % (name, name)), (0.7, name, "set", "rate " + name)],
                 latency=[(name, 100, 100, 3)], summary=[("flow", name, "latency_min_ps", name)])
            before = sorted(os.listdir(root))
            status, out, err = dxsim(root, "plot", "d", "-o", "p")
            what = "name %r" % name[:30]
            check(what + ": drawn", status == (0 if HAS_GNUPLOT else 7) and not out, status, err[:500])
            check(what + ": nothing for a terminal", not acts_on_terminal(err), repr(err[:300]))
            check(what + ": nothing elsewhere", sorted(os.listdir(root)) == sorted(before + ["p"]) and
                  not any("pwned" in path for path in contents(root + "/p")), os.listdir(root))
            for path, text in contents(root + "/p").items():
                if path.endswith(".svg"):
                    check(what + ": XML, without scripts", b"<script" not in text and xml.dom.minidom.parseString(text))
            status, out, err = dxsim(root, "plot", "d", "throughput", "--format", "dumb")
            check(what + ": nothing for a terminal in text", status == (0 if HAS_GNUPLOT else 7) and not acts_on_terminal(out.replace("\f", "") + err), repr(out[:300]))


def test_hostile_data():
    good = [(0.5, "l:a>b", "throughput_bps", 5)]
    for what, tables in (("no number", {"series": [(0.5, "l:a>b", "throughput_bps", "`touch pwned`")]}), ("infinity", {"series": [(0.5, "l:a>b", "throughput_bps", "inf")]}),
                         ("NaN", {"series": [(0.5, "l:a>b", "throughput_bps", "nan")]}), ("time goes back", {"series": good + [(0.1, "l:a>b", "throughput_bps", 5)]}),
                         ("time is no number", {"series": [("x", "l:a>b", "throughput_bps", 5)]}), ("too few cells", {"series": [(0.5, "l:a>b")]})):
        with place() as root:
            make(root + "/d", **tables)
            status, out, err = dxsim(root, "plot", "d", "throughput", "-o", "p")
            check(what, status == 7 and err.startswith("dxsim: plot throughput: d/series.csv:") and err.count("\n") == 2 - ("wrote" not in err), status, err)
    for what, tables in (("a count of 2^64", {"latency": [("f", 1, 1, 2**64)]}), ("a negative one", {"latency": [("f", 1, 1, -1)]}), ("none", {"latency": [("f", 1, 1, 0)]})):
        with place() as root:
            make(root + "/d", **tables)
            check(what, dxsim(root, "plot", "d", "latency-cdf", "-o", "p")[0] == 7)
    with place() as root:  # a title of 10 MB
        make(root + "/d", name="x" * 10**7, latency=[("f", 1, 1, 1)], manifest={"scenario": "x"})
        status, _, err = dxsim(root, "plot", "d", "-o", "p")
        check("a title of 10 MB", status == 7 and len(err) < 500, status, err[:300])
    with place() as root:  # links in place of files
        make(root + "/d", latency=[("f", 1, 1, 1)])
        os.rename(root + "/d/latency.csv", root + "/elsewhere")
        os.symlink("../elsewhere", root + "/d/latency.csv")
        check("a symbolic link", dxsim(root, "plot", "d", "-o", "p")[0] == 4 and not os.path.exists(root + "/p"))


main(globals())
