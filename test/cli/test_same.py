#!/usr/bin/env python3
"""The same scenario gives the same bytes: every file a run can leave, wherever and however it is run.

    test_same.py DXSIM SOURCE_DIR
"""
import os
import shutil
import subprocess
import tempfile

from command import DXSIM, SCENARIO, SOURCE, check, contents, main, write

# The last thing is what it is run with: every file that there is.
RUNS = {
    "small": ({**SCENARIO, "outputs": {"series": {"period": "100 us"}, "plots": ["throughput", "queue", "latency-cdf"]},
               "claims": [{"id": "C1", "says": "nothing is lost", "metric": "flow.loss", "stat": "ratio", "select": {"flow": "load"}, "op": "=",
                           "value": "0 %"}]}, []),
    "bundle": (SOURCE + "/test/scenarios/bundle.json", ["--set", 'outputs={"series":{"period":"100 us"}}']),
    "events": (SOURCE + "/test/scenarios/events.json", []),
    "heartbeat": (SOURCE + "/test/scenarios/heartbeat.json", ["--duration", "20 ms"]),
    "bgp": (SOURCE + "/test/scenarios/bgp-two-routers.json", ["--duration", "20 s"]),
    "variants": (SOURCE + "/scenarios/robinhood-variants.json", ["--duration", "5 ms"]),
}
EXPECTED = {"summary.json", "summary.csv", "latency.csv", "events.csv", "manifest.json", "trace.csv", "series.csv"}


def outcome(root, name, prefix=(), extra=(), environment=None, **options):
    """Of all runs: status, what was printed, every file."""
    result = {}
    for what, (scenario, arguments) in RUNS.items():
        path = scenario if isinstance(scenario, str) else "small.json"
        directory = "%s-%s" % (name, what)
        done = subprocess.run([*prefix, DXSIM, "run", path, "-o", directory, "--trace", *arguments, *extra], cwd=root, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, timeout=120, env={"PATH": os.environ["PATH"], **(environment or {})}, **options)
        result[what, "printed"] = done.returncode, done.stdout
        for file, text in contents(os.path.join(root, directory)).items():
            result[what, file] = text
        shutil.rmtree(os.path.join(root, directory), ignore_errors=True)
    return result


def german(root):
    """Where to find the locale: 1,5 for 1.5. Made if it is not installed; None: that cannot be."""
    if b"de_DE.utf8" in subprocess.run(["locale", "-a"], stdout=subprocess.PIPE).stdout:
        return {}
    if not shutil.which("localedef"):
        return None
    done = subprocess.run(["localedef", "-i", "de_DE", "-f", "UTF-8", root + "/de_DE.UTF-8"], stdout=subprocess.DEVNULL,
                          stderr=subprocess.DEVNULL)
    return {"LOCPATH": root} if done.returncode == 0 else None


def is_possible(*prefix):
    try:
        return subprocess.run([*prefix, "true"], stderr=subprocess.DEVNULL).returncode == 0
    except OSError:
        return False


def test_the_same_bytes():
    with tempfile.TemporaryDirectory(prefix="dxsim-same-") as root:
        write(root, RUNS["small"][0], "small.json")
        base = outcome(root, "base")
        for what in RUNS:
            files = {file for one, file in base if one == what}
            check("%s: every file" % what, EXPECTED - ({"series.csv"} if what in ("events", "heartbeat", "variants") else set()) <= files, files)
            check("%s: it is complete" % what, base[what, "printed"][0] in (0, 1) if shutil.which("gnuplot") else True, base[what, "printed"])
        if shutil.which("gnuplot"):
            check("plots too", {"plots/queue.svg", "plots/throughput.gp", "plots/latency-cdf.csv"} <= {file for _, file in base})

        def same(name, **options):
            got = outcome(root, name.replace(" ", "-"), **options)
            differs = [key for key in base.keys() | got.keys() if base.get(key) != got.get(key)]
            check("the same with " + name, not differs, differs)

        same("nothing changed")
        locale = german(root)
        if locale is None:
            print("not tried: there is no German locale, and no localedef to make it")
        else:
            comma = subprocess.run(["printf", "%.1f", "0,5"], env={"PATH": os.environ["PATH"], "LC_ALL": "de_DE.UTF-8", **locale},
                                   stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout
            check("the German locale is one", comma == b"0,5", comma)
            same("a decimal comma", environment={"LC_ALL": "de_DE.UTF-8", "LANGUAGE": "de", **locale})
        same("a time zone", environment={"TZ": "Asia/Kathmandu", "LANG": "tr_TR.UTF-8"})
        same("a large environment", environment={"X%d" % i: "y" * 100 for i in range(500)})
        same("other memory", environment={"MALLOC_PERTURB_": "77", "MALLOC_ARENA_MAX": "1", "G_SLICE": "always-malloc"})
        same("a strict umask", umask=0o077)
        same("an open umask", umask=0)
        same("other vector units", environment={"GLIBC_TUNABLES": "glibc.cpu.hwcaps=-FMA,-FMA4,-AVX,-AVX2,-AVX512F,-ERMS,-SSE4_2"})
        if is_possible("setarch", "-R"):
            same("no random addresses", prefix=["setarch", "-R"])
        else:
            print("not tried: addresses are always random here")
        same("no standard input", stdin=subprocess.DEVNULL)
        for extra in (["--threads", "4"], ["--burst", "1"], ["--burst", "7", "--window", "5 us", "--threads", "2"]):
            same(" ".join(extra), extra=extra)


main(globals())
