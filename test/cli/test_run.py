#!/usr/bin/env python3
"""dxsim run: how it ends, what it leaves behind, and what must not change it.

    test_run.py DXSIM SOURCE_DIR
"""
import json
import os
import pty
import resource
import select
import signal
import subprocess
import time

from command import DXSIM, SCENARIO, check, contents, listing, load, main, place, run

FILES = {"events.csv", "explain.json", "expectations.csv", "latency.csv", "manifest.json", "summary.csv", "summary.json"}
LONG = ["--duration", "10000 s"]  # ends only when somebody ends it


# -- exit statuses -----------------------------------------------------------------------------------------

def test_statuses():
    with place() as root:
        status, out, err = run(root, "-o", "out")
        check("0: complete", status == 0 and "frames: " in out and "pass  probe arrives" in out, status, out, err)
        check("0: files", set(os.listdir(root + "/out")) == FILES | {"series.csv"} and listing(root) == ["out"])
        status, out, err = run(root, "--set", "expectations.0.value=1 frames")
        check("1: an expectation failed", status == 1 and "FAIL  probe arrives" in out, status, out)
        for arguments in (["--no-such-option"], ["--seed", "-1"], ["--duration", "2"], ["--max-events", "0"],
                          ["--max-wall", "1 km"], ["--max-memory", "0 B"], ["--trace"], ["--force"], ["--set", "x"],
                          ["--set", "=1"], ["--trace-sample", "3"], ["--json", "--quiet"],
                          ["--trace", "-o", "o", "--trace-filter", "flow=none"],
                          ["--trace", "-o", "o", "--trace-filter", "node=none"],
                          ["--trace", "-o", "o", "--trace-filter", "load"]):
            status, out, err = run(root, *arguments)
            check("2: usage " + " ".join(arguments), status == 2 and not out and err.count("\n") == 1, status, out, err)
        check("2: leaves nothing", listing(root) == ["out"], listing(root))
        status, out, err = run(root, "-o", "o", scenario="none.json")
        check("3: no such file", status == 3 and "none.json: error:" in err and listing(root) == ["out"], err)
        status, out, err = run(root, "-o", "o", "--set", "links.fast.rate=0 bps")
        check("3: refused", status == 3 and "DX1203" in err and listing(root) == ["out"], err)
        status, out, err = run(root, "-o", "o", "--set", "outputs.plots=[\"throughput\"]",
                               env={"PATH": "/nowhere"})
        check("7: a plot could not be drawn", status == 7 and "o" in listing(root), status, err)
        check("7: data complete", load(root + "/o/manifest.json")["status"] == "complete")


def test_output_that_cannot_be_written():
    with place() as root:
        with open("/dev/full", "w") as full:
            check("4: standard output is full", run(root, stdout=full)[0] == 4)
            check("4: standard output is full, JSON", run(root, "--json", stdout=full)[0] == 4)
            check("4: help too", subprocess.run([DXSIM, "--help"], stdout=full, stderr=subprocess.PIPE).returncode == 4)
            check("0: quiet needs none", run(root, "--quiet", stdout=full)[0] == 0)
        closed = subprocess.run(["sh", "-c", '"$0" run s.json >&-', DXSIM], cwd=root, stderr=subprocess.PIPE)
        check("4: standard output is closed", closed.returncode == 4, closed.stderr)
        closed = subprocess.run(["sh", "-c", '"$0" run s.json -o o >&-', DXSIM], cwd=root, stderr=subprocess.PIPE)
        check("4: the directory is complete all the same", closed.returncode == 4 and listing(root) == ["o"])
        reader, writer = os.pipe()
        os.close(reader)
        check("4: nobody reads it", run(root, stdout=writer)[0] == 4)
        os.close(writer)
        for directory in ("none/out", "/proc/out", "s.json", "/", ".", ""):
            status, _, err = run(root, "-o", directory)
            check("4: cannot make " + directory, status == 4 and err, status, err)
        check("4: and leaves nothing", listing(root) == ["o"], listing(root))
        if os.geteuid():
            os.mkdir(root + "/locked", 0o555)
            check("4: read-only", run(root, "-o", "locked/out")[0] == 4)


def test_a_full_disk():
    def small_files():
        resource.setrlimit(resource.RLIMIT_FSIZE, (70000, 70000))

    with place() as root:
        begin = time.monotonic()
        status, _, err = run(root, "-o", "o", "--trace", *LONG, preexec_fn=small_files)
        check("4: a file grows too large", status == 4 and "trace.csv" in err and listing(root) == ["o.partial"], err)
        check("4: and at once", time.monotonic() - begin < 30)
        check("4: and looks like nothing complete", not os.path.exists(root + "/o.partial/manifest.json"))
        script = ('mount -t tmpfs -o size=128k none "$1" || exit 99; '
                  'cp s.json "$1" && cd "$1" && "$0" run s.json -q -o o --trace --duration "10000 s"; status=$?; '
                  'test -e o -o -e o.partial/manifest.json && exit 98; exit $status')
        os.mkdir(root + "/disk")
        done = subprocess.run(["unshare", "-rm", "sh", "-c", script, DXSIM, root + "/disk"], cwd=root,
                              stderr=subprocess.PIPE, timeout=120)
        if done.returncode in (1, 99) and (b"unshare" in done.stderr or b"mount" in done.stderr):
            print("skipped: may not mount a small disk here")
        else:
            check("4: no space left", done.returncode == 4 and b"No space left" in done.stderr, done)


# -- the output directory ----------------------------------------------------------------------------------

def test_existing_directories():
    with place() as root:
        os.mkdir(root + "/out")
        with open(root + "/out/mine.txt", "w") as file:
            file.write("precious")
        before = contents(root)
        check("existing: refused", run(root, "-o", "out")[0] == 4)
        check("existing: not with --force either", run(root, "-o", "out", "--force")[0] == 4)
        check("existing: untouched", contents(root) == before, contents(root).keys())
        check("force: first", run(root, "-o", "ours")[0] == 0)
        first = contents(root + "/ours")
        check("force: needed", run(root, "-o", "ours", "--seed", "8")[0] == 4 and contents(root + "/ours") == first)
        check("force: replaces ours", run(root, "-o", "ours", "--seed", "8", "--force")[0] == 0)
        check("force: with the new", load(root + "/ours/manifest.json")["seed"] == 8)
        with open(root + "/ours/note.txt", "w") as file:
            file.write("precious")
        second = contents(root + "/ours")
        check("force: not over a stranger's file", run(root, "-o", "ours", "--force")[0] == 4)
        check("force: untouched", contents(root + "/ours") == second and listing(root) == ["ours", "out"])


def test_twenty_at_once():
    with place() as root:
        runs = [subprocess.Popen([DXSIM, "run", "s.json", "-q", "-o", "out"], cwd=root, stderr=subprocess.PIPE)
                for _ in range(20)]
        statuses = sorted(one.wait() for one in runs)
        for one in runs:
            one.stderr.close()
        check("at once: one wins", statuses == [0] + [4] * 19, statuses)
        check("at once: it is complete", listing(root) == ["out"] and
              subprocess.run([DXSIM, "verify", "-q", root + "/out"]).returncode == 0)


# -- ends before its time ----------------------------------------------------------------------------------

def start_long(root, *arguments):
    process = subprocess.Popen([DXSIM, "run", "s.json", *LONG, *arguments], cwd=root, stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE)
    deadline = time.monotonic() + 60
    while not os.path.exists(root + "/o.partial/series.csv") and time.monotonic() < deadline:
        time.sleep(0.01)
    time.sleep(0.3)
    return process


def check_partial(root, what, status):
    manifest, summary = load(root + "/o.partial/manifest.json"), load(root + "/o.partial/summary.json")
    check(what + ": only the partial directory", listing(root) == ["o.partial"], listing(root))
    check(what + ": files", set(os.listdir(root + "/o.partial")) == FILES - {"expectations.csv"} | {"series.csv"})
    check(what + ": says so", manifest["status"] == summary["status"] == status and summary["reason"], manifest)
    check(what + ": time reached", 0 < summary["simulated_ps"] < summary["duration_ps"] and
          manifest["simulated_ps"] == summary["simulated_ps"])
    check(what + ": not judged", summary["expectations"] is None)
    check(what + ": every frame accounted for", summary["conservation"]["holds"])
    verified = subprocess.run([DXSIM, "verify", root + "/o.partial"], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    check(what + ": verify says so too", verified.returncode == 4 and status.encode() in verified.stderr, verified)


def test_signals():
    for number in (signal.SIGINT, signal.SIGTERM):
        with place() as root:
            process = start_long(root, "-o", "o")
            begin = time.monotonic()
            process.send_signal(number)
            out, err = process.communicate(timeout=60)
            name = signal.Signals(number).name
            check(name + ": dies by it", process.returncode == -number, process.returncode)
            check(name + ": soon", time.monotonic() - begin < 5)  # 1 s on a quiet machine, without sanitizers
            check(name + ": one line", err.decode().count("\n") == 1 and name in err.decode(), err)
            check(name + ": the table says so", b"NOT COMPLETE" in out)
            check_partial(root, name, "interrupted")
            status, _, err = run(root, "-o", "o")
            check(name + ": the next run sees it", status == 4 and "o.partial" in err, err)
    with place() as root:
        process = start_long(root, "-o", "o", "-q")
        process.send_signal(signal.SIGSTOP)  # so that both are there when it looks
        process.send_signal(signal.SIGINT)
        process.send_signal(signal.SIGTERM)
        process.send_signal(signal.SIGCONT)
        process.communicate(timeout=60)
        check("two signals: dies by one", process.returncode in (-signal.SIGINT, -signal.SIGTERM), process.returncode)


def test_budgets():
    for what, arguments in (("events", ["--max-events", "100000"]), ("time", ["--max-wall", "300 ms"]),
                            ("memory", ["--max-memory", "1 MB"])):
        with place() as root:
            begin = time.monotonic()
            status, out, err = run(root, *LONG, *arguments, "-o", "o", "--json")
            check("budget of %s: status" % what, status == 5 and what in err and err.count("\n") == 1, status, err)
            check("budget of %s: soon" % what, time.monotonic() - begin < 30)
            summary = json.loads(out)
            check("budget of %s: summary" % what, summary["status"] == "budget", out[:200])
            if what != "memory":  # which has nothing left at the start
                check_partial(root, "budget of " + what, "budget")
    with place() as root:
        again = [run(root, "--max-events", "3000", "--json")[1] for _ in range(2)]
        check("budget of events: the same each time", again[0] == again[1])
        check("budget: enough is enough", run(root, "--max-events", "100000000", "--max-wall", "10 min")[0] == 0)


# -- options -----------------------------------------------------------------------------------------------

def test_set():
    with place() as root:
        base = json.loads(run(root, "--json")[1])
        changed = json.loads(run(root, "--json", "--set", "links.fast.rate=20 Gbps", "--set", "run.seed=9")[1])
        check("set: text and number", changed["seed"] == 9 and
              changed["links"]["fast:a>b"]["utilisation_ratio"] < 0.7 * base["links"]["fast:a>b"]["utilisation_ratio"])
        dotted = json.loads(run(root, "--json", "--set", "links.slow.1.rate=10 Gbps")[1])
        check("set: a name with a dot", dotted["links"]["slow.1:b>c"]["utilisation_ratio"] < 0.7)
        added = json.loads(run(root, "--json", "--set",
                               'flows.more={"from":"c","to":"a","model":"cbr","rate":"1 Gbps","size":"1000 B"}')[1])
        check("set: adds an object", added["flows"]["more"]["delivered_frames"] > 0 and "fast:b>a" in added["links"])
        nested = json.loads(run(root, "--json", "--set", "outputs.series.period=1 ms", "--set", "description=hello")[1])
        check("set: leaves the rest", nested["links"] .keys() == base["links"].keys())
        for setting, message in (
                ("links.fast.rate=10", '--set links.fast.rate: error: 10 is a bare number'),
                ("links.fast.rte=10 Gbps", '--set links.fast.rte: error: unknown key "rte"; did you mean "rate"?'),
                ("links.none.rate=1 Gbps", '--set links.none.rate: error: "ends" is missing'),
                ("expectations.1.op==", '--set expectations.1.op: error: "1" is no position'),
                ("name.x=1", '--set name.x: error: "name" is a string and has no members'),
                ('flows={"a":', '--set flows: error: the value is no JSON'),
                ("Links.fast.rate=1 Gbps", 'there is no "Links", but "links"')):
            status, out, err = run(root, "--set", setting)
            check("set: " + setting, status == 3 and message in err and not out, status, err)
        run(root, "-o", "o", "--set", "run.seed=9")
        check("set: the manifest tells", load(root + "/o/manifest.json")["set"] == ["run.seed=9"])


def test_json():
    with place() as root:
        status, out, _ = run(root, "--json", "-o", "o")
        summary = json.loads(out)
        check("json: the same as the file", contents(root + "/o")["summary.json"].decode() == out)
        check("json: what it is", summary["name"] == "small" and summary["status"] == "complete" and
              summary["simulated_ps"] == summary["duration_ps"] == 2 * 10**9 and summary["seed"] == 7)
        probe = summary["flows"]["probe"]
        check("json: counts", probe["sent_frames"] == probe["delivered_frames"] + probe["pending_frames"] > 200)
        check("json: latency", probe["latency_min_ps"] <= probe["latency_p50_ps"] <= probe["latency_max_ps"])
        late = summary["flows"]["late"]
        check("json: no data is null, with a reason", late["latency_p99_ps"] is None and late["loss_ratio"] is None and
              late["no_data"]["latency_p99_ps"] and late["no_data"]["loss_ratio"], late)
        link = summary["links"]["slow.1:b>c"]
        check("json: drops by reason", link["dropped"]["queue_full"] == link["dropped_frames"] > 0, link)
        check("json: expectations", summary["expectations"][0]["pass"] is True)
        whole = summary["conservation"]
        check("json: conservation", whole["holds"] and whole["created_frames"] == whole["delivered_frames"] +
              whole["dropped_frames"] + whole["queued_frames"] + whole["in_flight_frames"])
        many = {"f%d" % i: SCENARIO["flows"]["probe"] for i in range(500)}
        status, out, _ = run(root, "--json", "--set", "flows=" + json.dumps(many), "--set", "expectations=[]",
                             "--duration", "100 us")
        check("json: large", status == 0 and len(out) > 200000 and list(json.loads(out)["flows"]) == list(many))


def test_trace():
    with place() as root:
        def rows(name, *arguments):
            check("trace: " + name, run(root, "-q", "-o", name, "--trace", *arguments)[0] == 0)
            with open("%s/%s/trace.csv" % (root, name)) as file:
                return [line.rstrip("\n").split(",") for line in file][1:]

        every = rows("all")
        check("trace: in order of time", [float(row[0]) for row in every] == sorted(float(row[0]) for row in every))
        check("trace: one flow", rows("flow", "--trace-filter", "flow=probe") == [row for row in every if row[2] == "1"])
        check("trace: one node", rows("node", "--trace-filter", "node=b") ==
              [row for row in every if row[1].split(".")[0] == "b"])
        check("trace: every tenth", rows("tenth", "--trace-sample", "10") ==
              [row for row in every if int(row[3]) % 10 == 0])
        check("trace: all of these", rows("both", "--trace-filter", "flow=load", "--trace-filter", "node=c",
                                          "--trace-sample", "7") ==
              [row for row in every if row[2] == "0" and row[1].split(".")[0] == "c" and int(row[3]) % 7 == 0])


def test_quiet_and_colour():
    with place() as root:
        check("quiet: nothing", run(root, "-q")[:3] == (0, "", ""))
        check("quiet: nothing, with files", run(root, "-q", "-o", "o")[:3] == (0, "", ""))
        check("quiet: errors are told", run(root, "-q", "-o", "o")[2].count("\n") == 1)
        plain = run(root)[1]
        check("colour: none into a pipe", "\033" not in plain)
        if not has_terminals():
            print("skipped: no pseudo-terminals here")
            return
        seen = on_terminal(root, {"TERM": "xterm"}, "--duration", "2 ms")
        check("colour: on a terminal", "\033[32mpass\033[0m" in seen, seen[-300:])
        for environment in ({"TERM": "xterm", "NO_COLOR": "1"}, {"TERM": "dumb"}, {}):
            seen = on_terminal(root, environment, "--duration", "2 ms")
            check("colour: none with %s" % environment, "\033[3" not in seen and "pass  probe" in seen)
        seen = on_terminal(root, {"TERM": "xterm"}, *LONG, "--max-wall", "1 s")
        check("progress: shown", "frames/s" in seen and "left" in seen, seen[:300])
        check("progress: erased", seen.rindex("\r\033[K") > seen.rindex("left"))
        check("progress: none with --quiet", "frames/s" not in
              on_terminal(root, {"TERM": "xterm"}, *LONG, "--max-wall", "1 s", "-q"))


def has_terminals():
    try:
        for handle in pty.openpty():
            os.close(handle)
    except OSError:
        return False
    return True


def on_terminal(root, environment, *arguments):
    """What a terminal would show. Our own handle keeps it open, so that nothing is lost when the command ends."""
    master, terminal = pty.openpty()
    process = subprocess.Popen([DXSIM, "run", "s.json", *arguments], cwd=root, stdin=terminal, stdout=terminal,
                               stderr=terminal, env={"PATH": os.environ["PATH"], **environment})
    seen, ended = b"", False
    while True:
        ended = process.poll() is not None
        if select.select([master], [], [], 0.2)[0]:
            seen += os.read(master, 65536)
        elif ended:
            break
    os.close(terminal)
    os.close(master)
    return seen.decode()


# -- what must not matter ----------------------------------------------------------------------------------

def peak_kib(root, *arguments):
    pid = os.fork()
    if not pid:
        os.chdir(root)
        os.execv(DXSIM, [DXSIM, "run", "s.json", "-q", *arguments])
    _, status, usage = os.wait4(pid, 0)
    check("memory: " + " ".join(arguments), status == 0)
    return usage.ru_maxrss


def test_memory_does_not_grow_with_time():
    settings = ["--set", "outputs.series.period=5 us", "--set", "flows.load.rate=100 Mbps"]
    with place() as root:
        for name, extra in (("series", []), ("trace", ["--trace"])):
            short, long = (peak_kib(root, *settings, *extra, "--duration", duration, "-o", name + duration[:-3])
                           for duration in ("100 ms", "1000 ms"))
            check("memory: %s %d KiB, ten times as long %d KiB" % (name, short, long), long - short < 2048)
        short, long = (peak_kib(root, *settings, "--duration", duration) for duration in ("100 ms", "1000 ms"))
        check("memory: no files %d KiB, ten times as long %d KiB" % (short, long), long - short < 2048)


main(globals())
