#!/usr/bin/env python3
"""Models of plugins: through every verb, into the manifest; plugins that do not load; models that break a rule.

    test_plugin.py DXSIM SOURCE_DIR OWN_PLUGIN BAD_PLUGIN...
"""
import copy
import hashlib
import json
import os
import shutil
import sys
import time

from command import Measured, SCENARIO, SOURCE, check, contents, dxsim, listing, load, main, place, run, slowness, write

OWN, BAD = os.path.abspath(sys.argv[3]), {os.path.basename(path): os.path.abspath(path) for path in sys.argv[4:]}
EXAMPLE = SOURCE + "/examples/own-plugin.json"


def test_an_own_model_through_every_verb():
    with place() as root:
        for arguments in (["models", "tunnel"], ["validate", EXAMPLE], ["explain", EXAMPLE], ["run", EXAMPLE]):
            status = dxsim(root, *arguments)[0]
            check("without the plugin: " + arguments[0], status == (2 if arguments[0] == "models" else 3), status)
        status, out, err = dxsim(root, "models", "--plugin", OWN, "tunnel")
        check("models: describes it", status == 0 and out.startswith("tunnel - ") and '"68 B" to "65535 B"' in out and
              "too_large" in out and not err, out, err)
        check("models: lists it last", dxsim(root, "models", "--plugin", OWN)[1].splitlines()[-1].startswith("tunnel "))
        status, out, _ = dxsim(root, "models", "--plugin", OWN, "--json", "tunnel")
        check("models: as JSON", [p["key"] for p in json.loads(out)["parameters"]] == ["mtu", "delay"])
        check("validate: in order", dxsim(root, "validate", "--plugin", OWN, EXAMPLE)[0] == 0)
        status, out, err = dxsim(root, "validate", "--plugin", OWN, "--set", "links.l.insert.0.mtu=9 B", EXAMPLE)
        check("validate: its ranges", status == 3 and '"9 B" is outside "68 B" to "65535 B"' in err, err)
        status, out, err = dxsim(root, "validate", "--plugin", OWN, "--set", "links.l.insert.0.mut=99 B", EXAMPLE)
        check("validate: its keys", status == 3 and 'did you mean "mtu"?' in err, err)
        status, out, err = dxsim(root, "explain", "--plugin", OWN, EXAMPLE)
        check("explain: takes it", status == 0 and out, err)
        status, out, err = dxsim(root, "schema", "--plugin", OWN)
        check("schema: knows its parameters", status == 0 and "mtu" in json.loads(out)["$defs"]["insert-tunnel"]["properties"])
        check("schema: the one that ships does not", "insert-tunnel" not in dxsim(root, "schema")[1])


def test_the_schema_knows_its_parameters():
    try:
        from jsonschema import Draft202012Validator
    except ImportError:
        print("not tried: python3-jsonschema is not there")
        return
    with place() as root:
        with_it, without = (Draft202012Validator(json.loads(dxsim(root, "schema", *more)[1])) for more in (["--plugin", OWN], []))
        for what, insert, known, unknown in (
                ("as it is", {"model": "tunnel", "mtu": "1436 B"}, True, True), ("all defaults", {"model": "tunnel"}, True, True),
                ("a key it does not have", {"model": "tunnel", "mut": "1436 B"}, False, True),
                ("a bare number", {"model": "tunnel", "mtu": 1436}, False, True),
                ("a unit of another kind", {"model": "tunnel", "delay": "50 B"}, False, True),
                ("a built-in one, wrongly", {"model": "fiber", "mtu": "1436 B"}, False, False),
                ("no model", {"mtu": "1436 B"}, False, False)):
            scenario = load(EXAMPLE)
            scenario["links"]["l"]["insert"] = [insert]
            write(root, scenario, "e.json")
            status, _, err = dxsim(root, "validate", "--plugin", OWN, "e.json")
            check("schema with it: " + what, with_it.is_valid(scenario) == known == (status == 0), status, err)
            check("schema without it: " + what, without.is_valid(scenario) == unknown)


def test_an_own_model_in_a_run():
    with place() as root:
        status, out, err = dxsim(root, "run", "--plugin", OWN, EXAMPLE, "-o", "one")
        check("run: as its comment says", status == 0 and out.count("pass  ") == 3, status, out, err)
        manifest = load(root + "/one/manifest.json")
        with open(OWN, "rb") as file:
            digest = hashlib.sha256(file.read()).hexdigest()
        check("manifest: name and hash", manifest["plugins"] == [{"name": os.path.basename(OWN), "sha256": digest}], manifest)
        check("manifest: verified", dxsim(root, "verify", "one")[0] == 0)
        for name, arguments in (("burst", ["--burst", "1"]), ("window", ["--window", "1 us"]), ("threads", ["--threads", "4"])):
            dxsim(root, "run", "--plugin", OWN, EXAMPLE, "-o", name, *arguments)
            check("the same bytes: " + name, contents(root + "/one") == contents(root + "/" + name))
        check("without a plugin none is named", run(root, "-o", "none")[0] == 0 and "plugins" not in load(root + "/none/manifest.json"))


def test_the_path_is_a_path():
    with place() as root:
        shutil.copy(OWN, root + "/mine.so")
        for path in ("mine.so", "./mine.so", root + "/mine.so"):
            check("path: " + path, dxsim(root, "models", "--plugin", path, "tunnel")[0] == 0)
        os.mkdir(root + "/libs")
        shutil.move(root + "/mine.so", root + "/libs/mine.so")
        status, _, err = dxsim(root, "models", "--plugin", "mine.so", env={**os.environ, "LD_LIBRARY_PATH": root + "/libs"})
        check("path: no search path is looked at", status == 6 and "mine.so: No such file" in err, err)
        os.mkfifo(root + "/pipe.so")
        os.mkdir(root + "/dir.so")
        write(root, b"", "empty.so")
        write(root, b"#!/bin/sh\ntouch ran\n", "script.so")
        write(root, b"\x7fELF nothing more", "short.so")
        write(root, b"# a libtool archive\ndlname='mine.so'\nlibdir='libs'\ninstalled=yes\n", "libtool.la")
        write(root, b"x", "esc\x1b]0;title\x07.so".encode().decode())
        for path, words in (("none.so", "No such file"), ("pipe.so", "no regular file"), ("dir.so", "no regular file"),
                            ("/dev/null", "no regular file"), ("empty.so", "no shared object"), ("script.so", "no shared object"),
                            ("s.json", "no shared object"), ("libtool.la", "no shared object"), ("short.so", "cannot be loaded"),
                            ("esc\x1b]0;title\x07.so", "no shared object")):
            status, out, err = dxsim(root, "run", "--plugin", path, "s.json", "-o", "o")
            check("no plugin: %r" % path, status == 6 and err.count("\n") == 1 and words in err and "\x1b" not in err and not out,
                  status, err)
        check("no plugin: nothing ran, nothing is left", not {"ran", "o", "o.partial"} & set(listing(root)), listing(root))
        for arguments in (["run", "s.json", "--plugin"], ["run", "s.json", "--plugin", ""], ["schema", "--plugin", ""]):
            status, _, err = dxsim(root, *arguments)
            check("usage: %r" % arguments, status == 2 and err.count("\n") == 1, status, err)
    hostile = copy.deepcopy(SCENARIO)
    hostile["links"]["fast"]["insert"] = [{"model": OWN}]
    hostile["plugins"] = [OWN]
    with place(hostile) as root:
        status, _, err = run(root)
        check("a scenario names no file", status == 3 and "DX1301" in err and 'unknown key "plugins"' in err, err)


def test_plugins_that_do_not_load():
    for name, words in {
            "bad-default.so": 'model bad, parameter mode: its default: "nonsense" is not one of',
            "bad-magic.so": "what it exports as dxsim_plugin was not made with DX_PLUGIN()",
            "bad-name.so": "one of its models has no name",
            "bad-offset.so": "model bad, parameter far_ps: is outside of its struct of 4 bytes",
            "clash.so": 'its model "fiber" has the name of one that comes with dxsim; give it another',
            "empty.so": "has no models",
            "no-symbol.so": "is no plugin of dxsim: it exports no dxsim_plugin",
            "other-abi.so": "was made for version 2 of the model interface, this is version 1; compile it again",
            "other-size.so": "was compiled with other headers or for another machine; compile it again",
            "undefined.so": "cannot be loaded: undefined symbol: dx_no_such_function",
    }.items():
        with place() as root:
            for verb in (["run", "s.json", "-o", "o"], ["validate", "s.json"], ["explain", "s.json"], ["models"], ["schema"]):
                status, out, err = dxsim(root, *verb, "--plugin", BAD[name])
                check("%s: %s" % (verb[0], name), status == 6 and not out and
                      err.startswith("dxsim: --plugin: %s: %s" % (BAD[name], words)) and err.count("\n") == 1, status, err)
            check(name + ": leaves nothing", listing(root) == [])
    with place() as root:
        status, _, err = dxsim(root, "models", "--plugin", BAD["bad.so"], "--plugin", BAD["bad.so"])
        check("twice the same", status == 6 and 'its model "bad" has the name of one that is loaded already' in err, err)
        status, out, err = dxsim(root, "models", "--plugin", BAD["bad.so"], "--plugin", OWN)
        check("two of them", status == 0 and [line.split()[0] for line in out.splitlines()][-2:] == ["bad", "tunnel"], out, err)


# What each mode of bad-plugin.c must be told as. The node: the insert of "fast", from a to b.
NODE = "fast:a>b.bad0"
BROKEN = {
    "livelock": "time stands still at 1 ms: more than 10000000 events there, the latest mostly of fast:",
    "chain": "time stands still at 1 ms: more than 10000000 events there, the latest mostly of fast:",
    "wake": NODE + " (model bad) wakes itself again and again at one time at ",
    "backwards": NODE + " (model bad) emits backwards in time on output 0 at ",
    "unordered": NODE + " (model bad) emits backwards in time on output 0 at ",
    "negative": "fast:a>b.bad0 (model bad) declares a delay of -5 ps on output 0 of 1 at 0 ps",
    "past": NODE + " (model bad) wants to wake up in the past at ",
    "lose": NODE,
    "double": NODE,
    "output": NODE + " (model bad) emits on output 7 of 1 at ",
    "no-advance": NODE + " (model bad) promises something, but has no advance() at 0 ps",
    "overflow": NODE + " (model bad) emits backwards in time on output 0 at ",
}


def with_bad(mode):
    scenario = copy.deepcopy(SCENARIO)
    scenario["links"]["fast"]["insert"] = [{"model": "bad", "mode": mode, "direction": "forward"}]
    return scenario


AT_SET_UP = {"negative", "no-advance"}


def test_models_that_break_a_rule():
    for mode, words in BROKEN.items():
        with place(with_bad(mode)) as root:
            done = Measured(root, "run", "s.json", "--plugin", BAD["bad.so"], "-o", "o", "--json")
            status, out, err = done.status, done.out, done.err
            check(mode + ": status 6", status == 6, status, err)
            check(mode + ": one line with node and time", words in err and err.count("\n") == 1, err)
            check(mode + ": soon", done.cpu_s < 2 * slowness(), done.cpu_s)
            if mode in AT_SET_UP:  # before anything was run or written
                check(mode + ": nothing is left", not listing(root) and not out, listing(root), out)
                check(mode + ": validate says so", dxsim(root, "validate", "s.json", "--plugin", BAD["bad.so"])[0] == 6)
                continue
            check(mode + ": nothing looks complete", listing(root) == ["o.partial"] and
                  load(root + "/o.partial/manifest.json")["status"] == "failed", listing(root))
            check(mode + ": the summary says so", json.loads(out)["status"] == "failed" and json.loads(out)["expectations"] is None)
            check(mode + ": verify says so", dxsim(root, "verify", "o.partial")[0] == 4)


def test_a_storm_ends_by_its_budget():
    with place(with_bad("storm")) as root:
        for budget in (["--max-events", "1000000"], ["--max-wall", "500 ms"]):
            begin = time.monotonic()
            status, out, err = run(root, "--plugin", BAD["bad.so"], "-o", "o", "--duration", "100000 s", "--json", *budget)
            check("storm: status 5 with " + budget[0], status == 5 and "budget" in err and "results so far" in err, status, err)
            check("storm: soon with " + budget[0], time.monotonic() - begin < 20)
            summary = load(root + "/o.partial/summary.json")
            check("storm: partial results", summary["status"] == "budget" and summary["flows"]["probe"]["delivered_frames"] > 0 and
                  10**9 < summary["simulated_ps"] < summary["duration_ps"] and summary["conservation"]["holds"], summary["reason"])
            shutil.rmtree(root + "/o.partial")


def test_the_good_one_is_good():
    with place(with_bad("good")) as root:
        status, out, err = run(root, "--plugin", BAD["bad.so"], "-o", "o")
        check("good: status 0", status == 0 and listing(root) == ["o"], status, err)


main(globals())
