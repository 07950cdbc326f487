#!/usr/bin/env python3
"""models, schema, verify, explain: what they print, and how they end.

    test_verbs.py DXSIM SOURCE_DIR

With python3-jsonschema, also: the schema accepts what the reader accepts, and refuses what it refuses for its shape.
"""
import copy
import csv
import glob
import json
import os
import re
import tempfile

from command import SOURCE, check, dxsim, main, write


def run(*arguments):
    return dxsim(None, *arguments)


def names_of_models():
    return [line.split()[0] for line in run("models")[1].splitlines()]


def width(text):
    return max((len(line) for line in text.splitlines()), default=0)


# -- help ----------------------------------------------------------------------------------------------------

def test_help():
    verbs = re.findall(r"^  ([a-z]+)  ", run("--help")[1], re.M)
    check("help: the verbs", set(verbs) == {"run", "validate", "explain", "plot", "report", "sweep", "merge", "verify", "models", "schema"}, verbs)
    for verb in verbs:
        for word in ("--help", "-h"):
            status, text, errors = run(verb, word)
            lines = text.splitlines()
            check("help: of " + verb, status == 0 and not errors)
            check("help: %s fits a screen" % verb, len(lines) <= 30 and width(text) <= 80, len(lines), width(text))
            examples = [line for line in lines[lines.index("Examples:") + 1:] if line] if "Examples:" in lines else []
            check("help: two examples of " + verb, len(examples) == 2 and
                  all(line.startswith("  dxsim %s " % verb) for line in examples), examples)
    check("help: no verb, a wrong one", run()[0] == 2 and run("rnu")[0] == 2)


def test_set():
    path = SOURCE + "/scenarios/robinhood-microburst.json"
    for verb in ("validate", "explain", "run"):
        arguments = ["-q", "--duration", "1 ms"] if verb == "run" else []
        check("set: " + verb, run(verb, path, "--set", "run.seed=5", *arguments)[0] in (0, 1))
        for setting in ("x", "=1"):
            status, text, errors = run(verb, path, "--set", setting)
            check("set: %s is usage for %s" % (setting, verb), status == 2 and errors.count("\n") == 1 and not text, errors)
        status, text, errors = run(verb, path, "--set", "run.seed=-5")
        check("set: refused by " + verb, status == 3 and errors.startswith("--set run.seed: error: "), errors)
    values = {(o["object"], v["key"]): (v["value"], v["origin"]) for o in
              json.loads(run("explain", path, "--json", "--set", "run.seed=5")[1])["objects"] for v in o["values"]}
    check("set: explain says where it is from", values["run", "seed"] == ("5", "--set run.seed"), values["run", "seed"])


# -- models ------------------------------------------------------------------------------------------------

def test_models():
    names = names_of_models()
    for name in ("source", "router", "hash", "port", "fiber", "heartbeat", "sink"):
        check("models: lists " + name, name in names)
        status, text, _ = run("models", name)
        check("models: describes " + name, status == 0 and text.startswith(name + " - "))
        check("models: at most 100 columns", width(text) <= 100, name)
    status, text, _ = run("models", "port")
    for word in ("queue.limit", "required", '"10 MB"', '"1 bps" to "100 Tbps"', "tx_frames", "queue_full", "link_down"):
        check("models: port says " + word, word in text)
    status, text, _ = run("models", "--json")
    check("models: --json lists the same", status == 0 and [m["name"] for m in json.loads(text)["models"]] == names)
    status, text, _ = run("models", "source", "--json")
    keys = [p["key"] for p in json.loads(text)["parameters"]]
    check("models: --json of one", status == 0 and "rate" in keys and "size" in keys)
    status, text, errors = run("models", "no-such-model")
    check("models: an unknown one is a mistake of usage", status == 2 and not text and "no-such-model" in errors)
    check("models: two are too many", run("models", "port", "sink")[0] == 2)


# -- verify ------------------------------------------------------------------------------------------------

def tamper_append(path):
    with open(path + "/summary.csv", "a") as file:
        file.write("x")


def tamper_flip(path):
    with open(path + "/latency.csv", "r+b") as file:
        first = file.read(1)
        file.seek(0)
        file.write(bytes([first[0] ^ 1]))


def tamper_status(path):
    with open(path + "/manifest.json") as file:
        text = file.read()
    with open(path + "/manifest.json", "w") as file:
        file.write(text.replace('"complete"', '"incomplete"'))


def edit_manifest(path, edit):
    with open(path + "/manifest.json") as file:
        manifest = json.load(file)
    edit(manifest)
    with open(path + "/manifest.json", "w") as file:
        json.dump(manifest, file)


def tamper_link(path):
    os.rename(path + "/events.csv", path + "/../elsewhere.csv")
    os.symlink("../elsewhere.csv", path + "/events.csv")


def tamper_fifo(path):
    os.remove(path + "/events.csv")
    os.mkfifo(path + "/events.csv")


TAMPERED = {
    "a longer file": (tamper_append, "summary.csv"),
    "a changed byte": (tamper_flip, "latency.csv"),
    "a missing file": (lambda path: os.remove(path + "/events.csv"), "events.csv"),
    "one file more": (lambda path: open(path + "/more.csv", "w").close(), "more.csv"),
    "one directory more": (lambda path: os.mkdir(path + "/more"), "more"),
    "a status that is not complete": (tamper_status, "incomplete"),
    "no manifest": (lambda path: os.remove(path + "/manifest.json"), "manifest.json"),
    "an empty manifest": (lambda path: open(path + "/manifest.json", "w").close(), "manifest.json"),
    "a manifest without files": (lambda path: edit_manifest(path, lambda m: m.pop("files")), "files"),
    "a name that leads out": (lambda path: edit_manifest(path, lambda m: m["files"][0].update(name="../x")), "manifest.json"),
    "an absolute name": (lambda path: edit_manifest(path, lambda m: m["files"][0].update(name="/dev/zero")), "manifest.json"),
    "a file named twice": (lambda path: edit_manifest(path, lambda m: m["files"].append(m["files"][0])), "second"),
    "a symbolic link": (tamper_link, "events.csv"),
    "a pipe": (tamper_fifo, "events.csv"),
}


def test_verify():
    scenario = SOURCE + "/test/scenarios/pipe.json"
    for what, (tamper, word) in TAMPERED.items():
        with tempfile.TemporaryDirectory() as directory:
            out = directory + "/out"
            check("verify: set-up", run("run", "-q", scenario, "-o", out)[0] in (0, 1))
            status, text, errors = run("verify", out)
            check("verify: untouched", status == 0 and "complete" in text and not errors, errors)
            tamper(out)
            status, text, errors = run("verify", out)
            check("verify: " + what, status == 4 and word in errors and not text, status, text, errors)
            check("verify: a line for each problem", all(": " in line for line in errors.splitlines()))
    with tempfile.TemporaryDirectory() as directory:
        out = directory + "/out"
        run("run", "-q", scenario, "-o", out)
        os.rename(out, out + ".partial")
        status, text, errors = run("verify", out + ".partial/")
        check("verify: DIR.partial is never complete", status == 4 and not text and "not complete" in errors, errors)
    check("verify: no such directory", run("verify", "/nonexistent")[0] == 4)
    check("verify: needs a directory", run("verify")[0] == 2)


# -- explain -----------------------------------------------------------------------------------------------

RESOLVED = {
    "dxsim": 1, "name": "resolved", "run": {"duration": "1 ms"}, "catalog": "aws-dx-2026-09",
    "defaults": {"link": {"queue": {"limit": "1 MB"}}, "flow": {"size": "300 B"}},
    "nodes": {"a": {"kind": "router"}, "b": {"kind": "router"}},
    "links": {
        "dx1": {"ends": ["a", "b"], "preset": "dedicated-10G", "fiber": {"length": "10 km"}},
        "dx2": {"like": "dx1", "rate": "7 Gbps"},
    },
    "flows": {
        "f": {"from": "a", "to": "b", "via": "dx1", "rate": "1 Gbps"},
        "g": {"like": "f", "via": "dx2", "size": "1500 B"},
    },
}


def line_of(path, text):
    with open(path) as file:
        return next(n for n, line in enumerate(file, 1) if text in line)


def explained(path):
    status, text, errors = run("explain", path, "--json")
    check("explain: --json of " + os.path.basename(path), status == 0, errors)
    return json.loads(text) if status == 0 else None


def test_origins():
    with tempfile.TemporaryDirectory() as directory:
        path = write(directory, RESOLVED)
        data = explained(path)
        got = {(o["object"], v["key"]): (v["value"], v["origin"]) for o in data["objects"] for v in o["values"]}
        rate_line = line_of(path, '"7 Gbps"')
        for key, value in {
                ("links.dx1", "rate"): ("10 Gbps", "preset dedicated-10G of aws-dx-2026-09"),
                ("links.dx1", "queue.limit"): ("1 MB", "defaults.link, line %d" % line_of(path, '"1 MB"')),
                ("links.dx1", "queue.scheduler"): ("fifo", "default"),
                ("links.dx2", "rate"): ("7 Gbps", "scenario.json:%d" % rate_line),
                ("links.dx2", "fiber.length"): ("10 km", "like dx1, line %d" % line_of(path, '"10 km"')),
                ("links.dx2", "ends"): ("a, b", "like dx1, line %d" % line_of(path, '"ends"')),
                ("flows.f", "size"): ("300 B", "defaults.flow, line %d" % line_of(path, '"300 B"')),
                ("flows.g", "rate"): ("1 Gbps", "like f, line %d" % line_of(path, '"1 Gbps"')),
                ("run", "seed"): ("1", "default"),
        }.items():
            check("explain: origin of %s %s" % key, got.get(key) == value, got.get(key), "expected", value)
        flow = next(f for f in data["flows"] if f["flow"] == "g")
        # 1500 + 14 + 4 + 20 = 1538 octets = 12304 bits at 7 Gbps: 1757714.285... ps
        check("explain: serialisation, exact", flow["hops"][0]["serialisation"] == "1757714 2/7 ps", flow["hops"][0])
        # 10 km at index 1.468: 48967208.6 ps
        check("explain: propagation", flow["propagation_ps"] == 48967209)
        # 7 Gbps for 48967209 ps: 342770463 bits / 8 = 42846 octets, 27 frames of 1538
        check("explain: in flight", (flow["hops"][0]["in_flight_bytes"], flow["hops"][0]["in_flight_frames"]) == (42846, 27))
        # 1 MB holds 658 frames of 1518; each takes 1757715 ps
        check("explain: queue", (flow["hops"][0]["queue_frames"], flow["hops"][0]["drain_ps"]) == (658, 658 * 1757715))
        text = run("explain", path)[1]
        check("explain: text", "1757714 2/7 ps" in text and "rough estimate" in text and "dedicated-10G" in text)
        dot = run("explain", path, "--dot")[1]
        check("explain: --dot", dot.startswith('graph "resolved" {') and '"a" -- "b" [label="dx1\\n10 Gbps, 10 km"]' in dot)


def test_tags():
    """A tag is carried until somebody takes it off: 1500 + 14 + 4 + 20 = 1538 octets, 4 more with it."""
    def link(a, b, *inserts):
        return {"ends": [a, b], "rate": "1 Gbps", "fiber": {"length": "1 km"},
                "insert": [dict(i, model="vlan", vid=100) for i in inserts]}

    scenario = {
        "dxsim": 1, "name": "tags", "run": {"duration": "1 ms"},
        "nodes": {name: {"kind": "router"} for name in "abcd"},
        "links": {
            "l": link("a", "b", {"action": "tag", "at": "ingress"}),
            "m": link("b", "c", {"action": "untag", "at": "egress"}),
            "n": link("c", "d"),
        },
        "flows": {"f": {"from": "a", "to": "d", "rate": "100 Mbps", "frames": 3}},
    }
    with tempfile.TemporaryDirectory() as directory:
        path = write(directory, scenario)
        hops = explained(path)["flows"][0]["hops"]
        check("explain: tags", [hop["wire_bytes"] for hop in hops] == [1542, 1542, 1538], hops)
        links = json.loads(run("run", path, "--json")[1])["links"]
        want = {"l:a>b": 4626, "m:b>c": 4626, "n:c>d": 4614}
        check("explain: tags as they are run", {k: links[k]["tx_wire_bytes"] for k in want} == want, links)


def scenarios():
    found = sorted(glob.glob(SOURCE + "/scenarios/*.json") + glob.glob(SOURCE + "/test/scenarios/*.json"))
    return [path for path in found if os.path.basename(path) != "schema.json"]


def latency_min(path):
    with tempfile.TemporaryDirectory() as directory:
        run("run", "-q", path, "-o", directory + "/out")
        with open(directory + "/out/summary.csv") as file:
            return {row["object"]: int(row["value"]) for row in csv.DictReader(file) if row["metric"] == "latency_min_ps"}


def test_explain():
    for path in scenarios():
        if path.endswith("/zero-cycle.json"):
            check("explain: a network that cannot be built", run("explain", path)[0] == 3)
            continue
        status, text, errors = run("explain", path)
        others = [line for line in errors.splitlines() if ": warning: " not in line]
        check("explain: " + os.path.basename(path), status == 0 and text and not others, errors)
        check("explain: at most 100 columns", width(text) <= 100, path, width(text))
    # what it says of an idle network is what the engine measures; some flow of each meets one
    with tempfile.TemporaryDirectory() as directory:
        for path, flows in ((SOURCE + "/test/scenarios/pipe.json", {"cbr"}), (SOURCE + "/test/scenarios/path5.json", {"cbr"}),
                            (SOURCE + "/test/scenarios/microburst-1mb.json", {"background"}),
                            (SOURCE + "/scenarios/robinhood-microburst.json", {"orders"}),
                            (write(directory, RESOLVED), {"f", "g"})):
            measured = latency_min(path)
            idle = {flow["flow"]: flow["idle_ps"] for flow in explained(path)["flows"]}
            for flow in flows:
                check("explain: idle latency of %s in %s" % (flow, path), idle[flow] == measured[flow], idle, measured)
    loop = explained(SOURCE + "/test/scenarios/loop.json")
    check("explain: a loop is bounded", 0 < loop["engine"]["lookahead_ps"] < 10**12 and "fiber" in loop["engine"]["lookahead_bound"])
    check("explain: who never arrives", [f["arrives"] for f in loop["flows"]] == [False, True])
    check("explain: a bad scenario", run("explain", SOURCE + "/README.md")[0] == 3)
    check("explain: usage", run("explain")[0] == 2 and run("explain", "a", "--json", "--dot")[0] == 2)


# -- schema ------------------------------------------------------------------------------------------------

BASE = {
    "dxsim": 1, "name": "base", "run": {"duration": "1 ms"},
    "nodes": {"a": {"kind": "router"}, "b": {"kind": "router"}},
    "links": {"l": {"ends": ["a", "b"], "rate": "1 Gbps", "fiber": {"length": "1 km"}, "queue": {"limit": "10 MB"}},
              "m": {"ends": ["a", "b"], "rate": "1 Gbps"}},
    "lags": {"g": {"members": ["m"]}},
    "flows": {"f": {"from": "a", "to": "b", "via": "l", "rate": "10 Mbps"}},
    "events": [{"at": "1 us", "do": "fail", "target": "links.l"}],
    "expectations": [{"name": "e", "metric": "flow.lost", "op": ">=", "value": 0}],
    "outputs": {"series": {"period": "1 us"}, "plots": ["queue"]},
}


def put(path, value):
    def edit(scenario):
        *way, last = path.split("/")
        for step in way:
            scenario = scenario[int(step) if isinstance(scenario, list) else step]
        if value is None:
            del scenario[last]
        else:
            scenario[int(last) if isinstance(scenario, list) else last] = value
    return edit


# Refused for their shape, by both.
BAD = {
    "no version": put("dxsim", None), "another version": put("dxsim", 2), "a version in quotes": put("dxsim", "1"),
    "no name": put("name", None), "no run": put("run", None), "no duration": put("run/duration", None),
    "a bare number for a time": put("run/duration", 5), "no space before the unit": put("run/duration", "1ms"),
    "two spaces": put("run/duration", "1  ms"), "a unit that does not exist": put("run/duration", "1 sec"),
    "no unit": put("run/duration", "1"), "a negative time": put("run/duration", "-1 ms"),
    "a decimal comma": put("run/duration", "1,5 ms"), "an exponent": put("run/duration", "1e3 ms"),
    "a leading zero": put("run/duration", "01 ms"), "a seed in quotes": put("run/seed", "1"),
    "a seed with a fraction": put("run/seed", 1.5), "an unknown key at the top": put("linkz", {}),
    "an unknown key in a link": put("links/l/colour", "red"), "an unknown key in a group of keys": put("links/l/queue/depth", "1 MB"),
    "a name with a space": put("nodes/a b", {"kind": "router"}), "a name that begins with a digit": put("nodes/1a", {"kind": "router"}),
    "a name of 65 letters": put("nodes/" + "a" * 65, {"kind": "router"}), "no nodes": put("nodes", None),
    "a node without a kind": put("nodes/a", {}), "a kind that does not exist": put("nodes/a/kind", "toaster"),
    "links as a list": put("links", []), "a link that is a string": put("links/l", "fast"),
    "a link without ends": put("links/l/ends", None), "a link without a rate": put("links/l/rate", None),
    "a rate in bytes": put("links/l/rate", "1 MB/s"), "a rate in lower case": put("links/l/rate", "1 mbps"),
    "a limit in bits": put("links/l/queue/limit", "10 Mb"), "a choice that does not exist": put("links/l/framing", "token-ring"),
    "a length in miles": put("links/l/fiber/length", "1 mile"), "an index in quotes": put("links/l/fiber/index", "1.468"),
    "an index out of range": put("links/l/fiber/index", 3), "a priority out of range": put("flows/f/pcp", 8),
    "a flow without an end": put("flows/f/to", None), "a count with a fraction": put("flows/f/count", 1.5),
    "via a number": put("flows/f/via", 1), "a LAG without members": put("lags/g/members", None),
    "an event without a time": put("events/0/at", None), "an event that does nothing known": put("events/0/do", "explode"),
    "a target without its kind": put("events/0/target", "l"), "an operator that does not exist": put("expectations/0/op", "=="),
    "an expectation without a value": put("expectations/0/value", None), "an event that is a string": put("events/0", "fail"),
    "a plot that does not exist": put("outputs/plots/0", "pie"), "a series without a period": put("outputs/series/period", None),
    "null for an object": put("outputs", [None]), "an insert without a model": put("links/l/insert", [{"at": "line"}]),
    "an insert with a foreign key": put("links/l/insert", [{"model": "fiber", "rate": "1 Gbps"}]),
    "an unknown key in defaults": put("defaults", {"node": {}}),
}


def with_defaults(scenario):
    scenario["defaults"] = {"link": {"rate": "1 Gbps"}}
    del scenario["links"]["l"]["rate"]


def with_preset(scenario):
    scenario["catalog"] = "aws-dx-2026-09"
    scenario["links"]["l"] = {"ends": ["a", "b"], "preset": "dedicated-1G"}


# Accepted by both.
GOOD = {
    "as it is": lambda scenario: None, "a comment": put("links/$comment", "two"), "a key for people": put("flows/f/x-owner", {"any": [1]}),
    "a key for people in a map": put("nodes/x-note", "text"), "a pointer to the schema": put("$schema", "schema.json"),
    "a link like another": put("links/n", {"like": "l"}), "a flow like another": put("flows/h", {"like": "f"}),
    "a rate from defaults": with_defaults, "a rate from a preset": with_preset, "via a list": put("flows/f/via", ["l"]),
    "a limit in frames": put("links/l/queue/limit", "100 frames"), "a fraction": put("run/duration", "1.5 ms"),
    "ppm": put("expectations/0", {"name": "e", "metric": "flow.loss", "stat": "ratio", "op": "<=", "value": "10 ppm"}),
    "an inserted span": put("links/l/insert", [{"model": "fiber", "length": "1 km", "direction": "forward"}]),
    "a group": lambda scenario: scenario.update(groups={"site": {"members": ["links.l", "nodes.a"]}}),
    "a claim": put("claims", [{"id": "C1", "says": "nothing is lost", "metric": "flow.lost", "op": "=", "value": 0}]),
}


def test_schema():
    status, text, _ = run("schema")
    schema = json.loads(text)
    check("schema: prints one", status == 0 and schema["$schema"].endswith("2020-12/schema"))
    check("schema: usage", run("schema", "x")[0] == 2)
    try:
        from jsonschema import Draft202012Validator
    except ImportError:
        print("SKIP schema: python3-jsonschema is not there")
        return
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema)
    for path in scenarios():
        with open(path) as file:
            errors = [error.message[:200] for error in validator.iter_errors(json.load(file))]
        check("schema: accepts " + os.path.basename(path), not errors, errors)
    with tempfile.TemporaryDirectory() as directory:
        for wanted, cases in ((True, GOOD), (False, BAD)):
            for what, edit in cases.items():
                scenario = copy.deepcopy(BASE)
                edit(scenario)
                status, _, errors = run("validate", "-q", write(directory, scenario))
                check("schema: the reader and " + what, status == (0 if wanted else 3), status, errors)
                check("schema: %s and %s" % ("accepts" if wanted else "refuses", what), validator.is_valid(scenario) == wanted)


# -- documents ---------------------------------------------------------------------------------------------

def test_documents():
    with open(SOURCE + "/lib/reader-priv.h") as file:
        codes = re.findall(r"DX_CODE_\w+ = (\d+)", file.read())
    with open(SOURCE + "/docs/errors.md") as file:
        text = file.read()
    for code in codes:
        check("docs/errors.md explains DX" + code, "## DX%s " % code in text)
    check("docs/errors.md explains nothing that does not exist", set(re.findall(r"## DX(\d+)", text)) == set(codes))
    with open(SOURCE + "/docs/scenario.md") as file:
        example = json.loads(re.search(r"```json\n(.*?)```", file.read(), re.S)[1])
    example["outputs"].pop("plots")  # gnuplot need not be there
    with tempfile.TemporaryDirectory() as directory:
        status, _, errors = run("run", "-q", write(directory, example))
        check("docs/scenario.md: the example does what it says", status == 0, status, errors)


main(globals())
