#!/usr/bin/env python3
"""A stranger's scenario: whatever its text, its values and its names are, and whatever is in the way of the output.

    test_hostile.py DXSIM SOURCE_DIR

What is refused is refused soon, in one line with a place and a way out; nothing is written elsewhere; nothing reaches
the terminal that would act on it; no text of the scenario becomes a command of gnuplot or a formula of a spreadsheet.
"""
import copy
import csv
import itertools
import json
import os
import re
import shutil
import signal
import subprocess
import time

from command import (DXSIM, SCENARIO, Measured, acts_on_terminal, check, contents, dxsim, listing, load, main, place, put, run,
                     slowness, write)

SLOW = slowness()  # with sanitizers, some of each must do
PLACE = re.compile(r"^s\.json:(\d+):(\d+): error: .+ \[DX\d{4}\]$")


def refused(what, text, *words, cpu_s=0.1, rss_mb=50):
    """A file of these bytes: status 3, one line with a place and these words, soon and without much memory."""
    with place(text if isinstance(text, bytes) else json.dumps(text).encode()) as root:
        done = Measured(root, "run", "s.json", "-o", "o")
        lines = done.err.splitlines()
        check(what + ": refused", done.status == 3 and not done.out and len(lines) == 1 and PLACE.match(lines[0]), done.status,
              done.err[:500])
        check(what + ": says why", all(word in done.err for word in words), done.err[:500])
        check(what + ": nothing for a terminal", not acts_on_terminal(done.err), repr(done.err[:500]))
        check(what + ": soon", done.cpu_s < cpu_s * SLOW, done.cpu_s)
        check(what + ": without much memory", SLOW > 1 or done.rss_mb < rss_mb, done.rss_mb)
        check(what + ": leaves nothing", listing(root) == [], listing(root))


def edited(**changes):
    """SCENARIO with values replaced: "links/fast/rate"=..., "/" as "__"."""
    scenario = copy.deepcopy(SCENARIO)
    for way, value in changes.items():
        put(scenario, way.replace("__", "/"), value)
    return scenario


# -- text --------------------------------------------------------------------------------------------------

GOOD = json.dumps(SCENARIO).encode()


def test_nesting():
    for n in (65, 100000):
        for what, text in (("lists", b"[" * n + b"]" * n), ("objects", b'{"a":' * n + b"1" + b"}" * n)):
            refused("%d %s, closed" % (n, what), text, "DX1003", "64")
            refused("%d %s in a key for people" % (n, what), b'{"x-a": ' + text + b"}", "DX1003", "64")
        refused("%d lists, not closed" % n, b"[" * n, "DX1003", "64")
        refused("%d objects, not closed" % n, b'{"a":' * n, "DX1003", "64")


def test_limits():
    refused("a file of 64 MiB and a byte", b" " * ((64 << 20) + 1), "DX1003", "67108864", cpu_s=1, rss_mb=200)
    refused("a text of 64 KiB and a byte", b'{"name": "' + b"y" * ((64 << 10) + 1) + b'"}', "DX1003", "65536")
    refused("a text that does not end", b'{"name": "' + b"y" * (1 << 20), "DX1003", "65536")
    refused("a key of 129 bytes", b'{"' + b"y" * 129 + b'": 1}', "DX1003", "128")
    refused("more values than 4 Mi", b'{"x-a": [' + b"0," * (4 << 20) + b"0]}", "DX1003", "4194304", cpu_s=2, rss_mb=800)
    refused("a name of 1025 bytes", edited(name="y" * 1025), "DX1003", "1024")
    refused("a million events", edited(events=[{"at": "0 s", "do": "fail", "target": "links.fast", "every": "1 ps"}]),
            "DX1003", "a million")
    refused("more flows than fit", edited(flows__probe__count=10000001), "10000000")


def test_numbers():
    refused("a number of 5000 digits", GOOD.replace(b'"seed": 7', b'"seed": ' + b"1" * 5000), "DX1003", "4096")
    for number in ("1" * 4000, "1e999", "-1e999", "18446744073709551616", "0.5", "9007199254740993.5", "1e-400", "-1"):
        refused("a seed of %.20s" % number, GOOD.replace(b'"seed": 7', b'"seed": ' + number.encode()), "/run/seed")
    for number in ("01", "+1", "1.", ".5", "0x10", "NaN", "Infinity", "1_000", "1e", "-"):
        refused("no JSON: " + number, GOOD.replace(b'"seed": 7', b'"seed": ' + number.encode()), "DX1002")
    for seed in ("9007199254740993", "18446744073709551615", "0", "1e3"):
        with place(GOOD.replace(b'"seed": 7', b'"seed": ' + seed.encode())) as root:
            done = json.loads(run(root, "--json", "--duration", "1 us")[1])
            check("a seed of %s is exact" % seed, done["seed"] == (1000 if seed == "1e3" else int(seed)), done["seed"])
    refused("an index of 1e999", edited(links__fast__fiber__index=1e308), "/links/fast/fiber/index")
    refused("a rate of 5000 digits", edited(links__fast__rate="1" * 5000 + " bps"), "DX1203")
    refused("a time finer than 1 ps", edited(run__duration="0.0000000000001 s"), "DX1203")


def test_duplicate_keys():
    for what, first, second in (("a key twice", '"name"', '"name"'), ("escaped", '"name"', '"\\u006eame"'),
                                ("in other case", '"name"', '"Name"'), ("both escaped", '"\\u006e\\u0061me"', '"NAM\\u0045"')):
        refused(what, ('{"dxsim": 1,\n%s: "a",\n"x-a": 1,\n %s: "b"}' % (first, second)).encode(), "s.json:4:2:", "duplicate key",
                "first on line 2", "DX1002")
    many = ",\n".join('"k%d": 1' % i for i in range(100000))
    refused("the last of 10^5", ('{"x-a": {\n%s,\n"k77": 1}}' % many).encode(), "s.json:100002:1:", "first on line 79", cpu_s=0.5,
            rss_mb=100)


def test_encodings():
    for what, text, words in (
            ("nothing", b"", "empty"), ("blanks", b" \n\t", "empty"), ("NUL in a text", b'{"name": "a\x00b"}', "1:12"),
            ("NUL behind", GOOD + b"\x00", "DX1002"), ("a byte order mark", b"\xef\xbb\xbf" + GOOD, "byte order mark"),
            ("UTF-16", GOOD.decode().encode("utf-16"), "UTF-16"), ("UTF-16 without a mark", GOOD.decode().encode("utf-16-le"), "UTF-16"),
            ("UTF-32", GOOD.decode().encode("utf-32"), "DX1002"), ("Latin-1", b'{"name": "caf\xe9"}', "UTF-8"),
            ("an overlong slash", b'{"name": "\xc0\xaf"}', "UTF-8"), ("a lone surrogate", b'{"name": "\\ud800"}', "surrogate"),
            ("a surrogate in UTF-8", b'{"name": "\xed\xa0\x80"}', "UTF-8"), ("a comment", b'{ // one\n"dxsim": 1}', "comment"),
            ("another comment", b'{ /* one */ "dxsim": 1}', "comment"), ("a trailing comma", b'{"dxsim": 1,}', "trailing comma"),
            ("two documents", GOOD + b"{}", "DX1002"), ("garbage behind", GOOD + b" x", "DX1002"), ("single quotes", b"{'a': 1}", "DX1002"),
            ("a raw line end in a text", b'{"name": "a\nb"}', "DX1002"), ("a raw escape in a text", b'{"name": "\x1b[2J"}', "DX1002"),
            ("half of it", GOOD[:len(GOOD) // 2], "DX1002"), ("a list", b"[]", "DX1103"), ("a string", b'"x"', "DX1103"),
            ("random bytes", bytes(range(128, 256)), "DX1002")):
        refused(what, text, words)


# -- names -------------------------------------------------------------------------------------------------

def colliding(n):
    """Names of one hash: with h = 33 h + c, "Ab" and "BA" are the same."""
    names = ["".join(pairs) for pairs in itertools.islice(itertools.product(("Ab", "BA"), repeat=14), n)]

    def djb2(name):
        h = 5381
        for c in name:
            h = (33 * h + ord(c)) & 0xffffffff
        return h
    check("flood: they collide", len({djb2(name) for name in names}) == 1)
    return names


def test_hash_flooding():
    names = colliding(10000 if SLOW == 1 else 2000)
    link, flow = {"ends": ["a", "b"], "rate": "1 Gbps"}, {"from": "a", "to": "b", "rate": "8 kbps"}
    for what, changes in {
            "flows": {"flows": {name: flow for name in names}},
            "nodes": {"nodes": {name: {"kind": "router"} for name in ["a", "b", "c"] + names}},
            "links": {"links": {**SCENARIO["links"], **{name: link for name in names}},
                      "flows": {"f%d" % i: {**flow, "via": name} for i, name in enumerate(names)}},
            "bundles": {"links": {**SCENARIO["links"], **{"l%d" % i: link for i in range(len(names))}},
                        "lags": {name: {"members": ["l%d" % i]} for i, name in enumerate(names)},
                        "flows": {"f%d" % i: {**flow, "via": name} for i, name in enumerate(names[:100])}},
            "groups": {"groups": {name: {"members": ["links.fast"]} for name in names},
                       "events": [{"at": "1 us", "do": "fail", "target": "groups." + name} for name in names]},
    }.items():
        with place({**SCENARIO, "expectations": [], "outputs": {}, **changes}) as root:
            for arguments in (["validate"], ["explain"], ["run", "-o", "o", "--duration", "2 us"]):
                done = Measured(root, *arguments, "s.json")
                check("flood: %s of %s" % (arguments[0], what), done.status == 0 and done.cpu_s < 3 * SLOW, done.status, done.cpu_s,
                      done.err[:300])
    with place({**SCENARIO, **{name: 1 for name in names}}) as root:
        done = Measured(root, "validate", "s.json")
        check("flood: unknown keys", done.status == 3 and done.cpu_s < 3 * SLOW and done.err.count("\n") == 21, done.cpu_s)
    with place({**SCENARIO, "events": [{"at": "1 us", "do": "fail", "target": "links." + name} for name in names]}) as root:
        done = Measured(root, "validate", "s.json")
        check("flood: names that lead nowhere", done.status == 3 and done.cpu_s < 3 * SLOW, done.cpu_s)


HOSTILE = ["\x1b[31mred\x1b]0;title\x07", "\u202egnp.exe", "\u0085\u2028\u2029", "\x7f", "\u200b\ufeff\u2066", "a\nb", "\r", "\u009b2J"]


def test_terminal():
    ways = ("name", "description", "nodes/a/kind", "nodes/a/location", "links/fast/rate", "links/fast/framing", "links/fast/preset",
            "flows/load/from", "flows/load/model", "flows/load/via", "expectations/0/metric", "expectations/0/name", "outputs/plots", "catalog")
    for n, text in enumerate(HOSTILE if SLOW == 1 else HOSTILE[::3]):
        for way in ways if n == 0 else ("name", "description", "nodes/a/kind", "links/fast/rate"):
            scenario = copy.deepcopy(SCENARIO)
            put(scenario, way, [text] if way == "outputs/plots" else text)
            with place(scenario) as root:
                for arguments in (["validate"], ["run", "--duration", "1 us"], ["explain"]):
                    status, out, err = dxsim(root, *arguments, "s.json")
                    check("terminal: %s %r by %s" % (way, text, arguments[0]), status in (0, 1, 3) and not acts_on_terminal(out + err),
                          status, repr(out[:300]), repr(err))
        scenario = copy.deepcopy(SCENARIO)
        for key in (text, "links/" + text, "links/fast/" + text, "flows/load/" + text, "x-a/" + text):
            put(scenario, key, {})
        with place(scenario) as root:
            status, out, err = dxsim(root, "validate", "s.json")
            check("terminal: keys %r" % text, status == 3 and err.count("\n") == 4 and not acts_on_terminal(out + err), status, repr(err))


def test_terminal_and_arguments():
    for text in HOSTILE if SLOW == 1 else HOSTILE[:2]:
        with place() as root:
            name = text + ".json"
            write(root, SCENARIO, name)
            for arguments in (["validate", name], ["validate", "none" + name], ["run", "s.json", "--set", text + "=1"], ["run", "s.json", "-o", text],
                              ["run", "s.json", "--seed", text], ["run", "s.json", "-o", "none/" + text], ["models", text], [text], ["explain", name],
                              ["run", "s.json", "--trace", "-o", "o", "--trace-filter", text], ["verify", text], ["run", "--" + text],
                              ["run", "s.json", "--plugin", text]):
                status, out, err = dxsim(root, *arguments)
                check("terminal: arguments %r" % arguments, not acts_on_terminal(out + err), status, repr(out[:200]), repr(err))


# -- values ------------------------------------------------------------------------------------------------

VALUES = {
    # VLAN, priorities, ports
    "flows/probe/pcp": [8, -1, 1.5, "5", True, None], "flows/probe/src_port": [65536, -1, "80"], "flows/probe/count": [0, -1, 1.5, "1"],
    # rates, times, sizes: never negative, of their dimension, in the one form
    "links/fast/rate": ["-1 Gbps", "0 bps", "1,5 Gbps", "10 ms", "10 MB", "10 km", "10G", "10Gbps", "10  Gbps", " 10 Gbps", "10 Gbps ",
                        "10 gbps", "10 GBps", "10 Gbit/s", "1e10 bps", "+1 Gbps", "0x1 Gbps", "1.2.3 Gbps", ".5 Gbps", "5. Gbps", "Gbps", "10",
                        "\u0661\u0660 Gbps", "10\u00a0Gbps", "1_0 Gbps", "1 000 Mbps", "0.5 bps", "1000 Tbps", 10, 10e9, None, ["10 Gbps"]],
    "run/duration": ["-1 ms", "0 s", "10 Mbps", "1,5 ms", "1.5ms", "54 d", "107 d", "9223372036854775807 ps", "9223372036854775808 ps",
                     "1" * 30 + " s", "5 minutes", 5],
    "run/warmup": ["-1 ps", "2 ms", "3 ms", 0],
    "links/fast/queue/limit": ["-1 B", "10 ms", "10 Mb", "1.5 frames", "-5 frames", "10 packets", 10],
    "links/fast/fiber/length": ["-1 km", "50000 km", "10 ms", "1 mile", "10 Km", 10], "links/fast/fiber/delay": ["-1 us", "11 s", "10 km"],
    "links/fast/fiber/index": [0, 0.99, 2.01, -1, "1.5"],
    "flows/probe/size": ["0 B", "-1 B", "65536 B", "1500", "1500 b", "1.5 B", 1500], "flows/probe/start": ["-1 ps", "10 km"],
    "flows/load": [{"from": "a", "to": "c", "interval": value} for value in ("0 ps", "-1 us", "0.1 ps", "10 Mbps", 5)],
    "outputs/series/period": ["0 s", "1 ps", "-1 us", "0.9 us", 1],
    # addresses
    "flows/probe/src": ["10.0.0.256", "10.0.0", "10.0.0.1/24", "010.0.0.1", "1.2.3.4.5", "10.0.0.1 ", "::g", ":::", "1::2::3", "fe80::1%eth0",
                        "2001:db8::/32", "localhost", "", 10],
    # references
    "flows/probe/from": ["none", "fast", "A", "", "b", 5], "flows/probe/via": ["none", "a", ["slow.1"], 5],
    "links/fast/ends": [["a", "a"], ["a"], ["a", "b", "c"], ["a", "none"], [], "ab", ["a", 5]],
    "lags": [{"g": {"members": ["fast", "slow.1"]}}, {"g": {"members": ["none"]}}, {"g": {"members": []}}, {"fast": {"members": ["fast"]}},
             {"g": {"members": ["fast", "fast"]}}, {"g": {"members": ["fast"]}, "h": {"members": ["fast"]}}],
    "events": [[{"at": "1 us", "do": "fail", "target": target}] for target in ("fast", "links.none", "nodes.fast", "flows.load", "links.", "", 5)],
    "expectations/0/select": [{"flow": "none"}, {"link": "fast"}, {"node": "a"}, {"flow": 5}],
    "expectations/0/metric": ["flow.none", "none", "flow", "flow.", "link.loss"], "expectations/0/value": ["1 ms", "-1 frames", "1.5 frames", None],
    "name": [None, 5], "dxsim": [0, 2, 1.5, "1", None],
}


def test_values():
    with place() as root:
        check("values: as it is", dxsim(root, "validate", "s.json")[0] == 0)
        check("values: 1.0 is 1", dxsim(root, "validate", "s.json", "--set", "dxsim=1.0")[0] == 0)
    for way, values in VALUES.items():
        for value in values:
            scenario = copy.deepcopy(SCENARIO)
            put(scenario, way, "null" if value is None else value)
            with place(json.dumps(scenario).replace('"null"', "null").encode()) as root:
                status, _, err = dxsim(root, "validate", "s.json")
                lines = [line for line in err.splitlines() if "error:" in line]
                check("values: %s %s" % (way, json.dumps(value)), status == 3 and lines and all(PLACE.match(line) for line in lines) and
                      any("(/%s" % way.split("/")[0] in line for line in lines) and not acts_on_terminal(err), status, err)
    probability = edited(expectations=[{"name": "e", "metric": "flow.loss", "stat": "ratio", "select": {"flow": "probe"}, "op": "<=", "value": "0 %"}])
    for value, good in (("0 %", True), ("100 %", True), ("-1 %", False), ("0,5 %", False), (0.5, False)):
        probability["expectations"][0]["value"] = value
        with place(probability) as root:
            check("values: a share of %s" % value, dxsim(root, "validate", "s.json")[0] == (0 if good else 3))


def test_files_that_a_scenario_names():
    replay = edited(flows={"f": {"from": "a", "to": "b", "model": "replay", "trace": "x.csv"}}, expectations=[], outputs={})
    for name in ("../x.csv", "/etc/passwd", "/dev/zero", "d/x.csv", "d", "..", ".", "", "none.csv", "link.csv", "pipe.csv", "\x1b[31m.csv",
                 "-", "a b", "y" * 200, "s.json", "zeros.csv"):
        replay["flows"]["f"]["trace"] = name
        with place(replay) as root:
            os.makedirs(root + "/d")
            write(root + "/d", b"time_s,size_bytes\n0,100\n", "x.csv")
            os.symlink("d/x.csv", root + "/link.csv")
            os.mkfifo(root + "/pipe.csv")
            with open(root + "/zeros.csv", "wb") as file:
                file.truncate(1 << 40)  # of holes
            done = Measured(root, "run", "s.json", "-o", "o")
            check("a trace called %r" % name, done.status == 3 and done.err.count("\n") == 1 and "(/flows/f/trace)" in done.err and
                  not acts_on_terminal(done.err) and done.cpu_s < 3 * SLOW and "root:" not in done.err, done.status, done.err)
            check("a trace called %r: leaves nothing" % name, not {"o", "o.partial"} & set(listing(root)))


# -- the output directory ----------------------------------------------------------------------------------

def test_links_in_the_way():
    for name in ("o", "o.partial"):
        for what in ("a directory", "a complete output", "nothing", "itself"):
            with place() as root:
                os.mkdir(root + "/elsewhere")
                if what == "a complete output":
                    os.rmdir(root + "/elsewhere")
                    run(root, "-q", "-o", "elsewhere")
                os.symlink({"nothing": "none", "itself": name}.get(what, "elsewhere"), "%s/%s" % (root, name))
                before = contents(root), listing(root)
                for force in ([], ["--force"]):
                    status, _, err = run(root, "-o", "o", *force)
                    check("a link %s to %s %s" % (name, what, force), status == 4 and err.count("\n") == 1 and name in err, status, err)
                    check("a link %s to %s %s: nothing is touched" % (name, what, force), (contents(root), listing(root)) == before,
                          listing(root))


def test_strangers_directories():
    with place() as root:
        os.mkdir(root + "/o")
        for what, files in (("an empty one", {}), ("one with a file", {"x": b"1"}), ("one with a manifest of others", {"manifest.json": b'{"files": []}'}),
                            ("one with a manifest that lies", {"manifest.json": b'{"dxsim": "0.1.0", "status": "complete", "files": [{"name": "x"}]}', "y": b"1"}),
                            ("one with a manifest that leads out", {"manifest.json": b'{"dxsim": "0.1.0", "files": [{"name": "../s.json"}]}'}),
                            ("one with a large manifest", {"manifest.json": b" " * (17 << 20)})):
            for name, text in files.items():
                write(root + "/o", text, name)
            before = contents(root)
            for force in ([], ["--force"]):
                status, _, err = run(root, "-o", "o", *force)
                check("%s %s: refused" % (what, force), status == 4 and err.count("\n") == 1, status, err)
                check("%s %s: untouched" % (what, force), contents(root) == before and os.path.isdir(root + "/o"))
            for name in files:
                os.remove(root + "/o/" + name)


def test_a_directory_that_may_not_be_written():
    with place() as root:
        os.chmod(root, 0o755)
        os.chmod(root + "/s.json", 0o644)
        os.mkdir(root + "/locked", 0o555)
        options = {"user": 65534, "group": 65534, "extra_groups": []} if os.geteuid() == 0 else {}
        try:
            begin = time.monotonic()
            status, _, err = run(root, "-o", "locked/o", "--duration", "10000 s", **options)
        except PermissionError:
            print("not tried: the command cannot be reached by another user here")
            return
        check("read-only: status 4, before anything is simulated", status == 4 and "Permission denied" in err and
              time.monotonic() - begin < 20, status, err)
        check("read-only: leaves nothing", os.listdir(root + "/locked") == [])


def test_killed():
    with place() as root:
        process = subprocess.Popen([DXSIM, "run", "s.json", "--duration", "10000 s", "-o", "o", "--trace"], cwd=root, stdout=subprocess.DEVNULL,
                                   stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + 60
        while not (os.path.exists(root + "/o.partial/trace.csv") and os.path.getsize(root + "/o.partial/trace.csv")) and \
                time.monotonic() < deadline:
            time.sleep(0.01)
        status, _, err = run(root, "-o", "o", "--force")
        check("killed: before that it is left alone", status == 4 and "another run is writing there" in err, status, err)
        process.send_signal(signal.SIGKILL)
        process.wait()
        check("killed: nothing looks complete", listing(root) == ["o.partial"] and not os.path.exists(root + "/o.partial/manifest.json") and
              dxsim(root, "verify", "o.partial")[0] == 4, listing(root))
        status, _, err = run(root, "-o", "o")
        check("killed: the next run says how to go on", status == 4 and "o.partial: exists already" in err and "--force" in err, err)
        write(root + "/o.partial", b"precious", "note.txt")
        status, _, err = run(root, "-o", "o", "--force")
        check("killed: a stranger's file stays", status == 4 and '"note.txt"' in err and os.path.exists(root + "/o.partial/trace.csv"), err)
        os.remove(root + "/o.partial/note.txt")
        status, _, err = run(root, "-o", "o", "--force", "-q")
        check("killed: --force clears it away", status == 0 and listing(root) == ["o"] and dxsim(root, "verify", "o")[0] == 0, err, listing(root))


# -- running -----------------------------------------------------------------------------------------------

def test_memory_that_grows():
    grows = edited(links__fast__queue__limit="100 GB", links__fast__rate="1 Gbps", flows__load__rate="90 Gbps", run__duration="1000 s")
    with place(grows) as root:
        done = Measured(root, "run", "s.json", "-o", "o", "--max-memory", "100 MB", "--json")
        check("memory: status 5", done.status == 5 and "the budget of 100 MB of memory is used up at" in done.err and
              done.err.count("\n") == 1, done.status, done.err)
        check("memory: little more than that", SLOW > 1 or done.rss_mb < 250, done.rss_mb)
        summary = load(root + "/o.partial/summary.json")
        check("memory: partial results", summary["status"] == "budget" and summary["flows"]["probe"]["delivered_frames"] > 0 and
              summary["conservation"]["holds"] and 0 < summary["simulated_ps"] < summary["duration_ps"])


def test_time():
    refused("a run longer than time", edited(run__duration="9223372.036854775808 s"), "/run/duration", "DX1203")
    refused("a start beyond time", edited(flows__probe__start="9223373 s"), "/flows/probe/start")
    refused("an event beyond time", edited(events=[{"at": "200 d", "do": "fail", "target": "links.fast"}]), "/events/0/at")
    with place() as root:
        for duration in ("4611686.018427387904 s", "54 d", "9223373 s", "-1 s", "0 s", "1", "x"):
            status, _, err = run(root, "--duration", duration)
            check("--duration " + duration, status == 2 and err.count("\n") == 1 and "--duration" in err, status, err)
        # to the very end of what may be asked for; almost nothing happens
        idle = edited(flows={"f": {"from": "a", "to": "c", "rate": "8 bps", "size": "1500 B"}}, expectations=[], outputs={})
        write(root, idle, "s.json")
        status, out, err = run(root, "--duration", "4611686.018427387903 s", "--json")
        check("a run of 53 days", status == 0 and json.loads(out)["simulated_ps"] == 4611686018427387903, status, err)


# -- gnuplot, spreadsheets ---------------------------------------------------------------------------------

TITLES = ["`touch pwned`", "$(touch pwned)", "'; system('touch pwned'); '", "\"; system(\"touch pwned\"); \"", "'\nsystem('touch pwned')\n'",
          "\\n\\\nset output 'pwned'", "'.system('touch pwned').'", "@pwned", "#", "!touch pwned", "=cmd|'/C calc'!A0", "=1+1", "+1", "-1", "@SUM(1)",
          "\t=1", "\r=1", "\x1b[31m\x1b]0;t\x07", "%s%n%d", "{/Symbol a}_x^y", "<svg><script>alert(1)</script>", "]]>&lt;", "\u202e\u2066", "a,b\"c;d|e",
          "../../../pwned", "y" * 1024, "\U0001f980" * 60, "'" * 500, "\\" * 300, "load 'pwned'", "'\\", "\\'", "''\\''", "a''b'''c", "a''; system('touch pwned'); ''", "\u2028system('touch pwned')"]


def check_cells(what, path):
    with open(path, newline="", encoding="utf-8") as file:
        for row in csv.reader(file, strict=True):
            for cell in row:
                check(what + ": no formula", not re.match(r"[=+@\t\r]|-(?!\d+(\.\d+)?$)", cell), path, repr(cell))


def test_hostile_titles():
    has_gnuplot = shutil.which("gnuplot") is not None
    for title in TITLES if SLOW == 1 else TITLES[::3]:
        scenario = copy.deepcopy(SCENARIO)
        scenario.update(name=title, description=title)
        scenario["nodes"]["a"]["location"] = title
        scenario["expectations"][0]["name"] = title
        scenario["claims"] = [{"id": title, "says": title, "metric": "flow.lost", "select": {"flow": "probe"}, "op": "=", "value": "0 frames",
                               "given": title, "bound": title}, {"id": "C2", "says": title, "reason": title}]
        scenario["outputs"]["plots"] = ["throughput", "queue", "latency-cdf"] if title in TITLES[:12] else ["queue"]
        what = "title %r" % title[:40]
        with place(scenario) as root:
            os.makedirs(root + "/1/2")
            shutil.move(root + "/s.json", root + "/1/2/s.json")
            status, out, err = run(root + "/1/2", "-o", "o", "--trace")
            check(what + ": runs", status == (0 if has_gnuplot else 7), status, err)
            check(what + ": nothing for a terminal", not acts_on_terminal(out + err), repr(out), repr(err))
            check(what + ": nothing elsewhere", os.listdir(root) == ["1"] and os.listdir(root + "/1") == ["2"] and
                  sorted(os.listdir(root + "/1/2")) == ["o", "s.json"], os.listdir(root), os.listdir(root + "/1/2"))
            found = contents(root + "/1/2/o")
            check(what + ": no file more", not any("pwned" in name for name in found), list(found))
            for name in found:
                if name.endswith(".csv"):
                    check_cells(what, os.path.join(root, "1/2/o", name))
                elif name.endswith(".json"):
                    check(what + ": JSON", json.loads(found[name]) is not None)
                elif name.endswith(".svg"):
                    check(what + ": the picture is XML without scripts", b"<script" not in found[name] and is_xml(found[name]))
            check(what + ": verified", not has_gnuplot or dxsim(root + "/1/2", "verify", "o")[0] == 0)


def is_xml(text):
    import xml.dom.minidom
    import xml.parsers.expat
    try:
        xml.dom.minidom.parseString(text)
    except xml.parsers.expat.ExpatError:
        return False
    return True


def test_gnuplot_that_dies():
    scenario = edited(outputs={"series": {"period": "100 us"}, "plots": ["queue", "throughput"]})
    for what, script in (("killed", "kill -9 $$"), ("a segmentation fault", "kill -11 $$"), ("status 1", "exit 1"), ("no picture", "exit 0"),
                         ("half a picture", "echo '<svg'"), ("text", "seq 100000"), ("much text", "head -c 300000000 /dev/zero"),
                         ("complaints", "seq 100000 >&2; exit 3"), ("escapes", "printf '\\033[31mline 0: \\033]0;x\\007' >&2; exit 1"),
                         ("closed pipes", "exec >&- 2>&-; exit 0"), ("not executable", None)):
        with place(scenario) as root:
            os.mkdir(root + "/bin")
            with open(root + "/bin/gnuplot", "w") as file:
                file.write("#!/bin/sh\n%s\n" % script)
            os.chmod(root + "/bin/gnuplot", 0o755 if script else 0o644)
            status, out, err = run(root, "-o", "o", env={**os.environ, "PATH": root + "/bin:/usr/bin:/bin" if script else root + "/bin"})
            check("gnuplot, %s: status 7" % what, status == 7, status, err)
            check("gnuplot, %s: a line for each plot" % what, err.count("plot queue: ") == err.count("plot throughput: ") == 1 and
                  not acts_on_terminal(err), repr(err))
            check("gnuplot, %s: data complete" % what, dxsim(root, "verify", "o")[0] == 0 and {"queue.csv", "queue.gp"} <= set(os.listdir(root + "/o/plots")))


main(globals())
