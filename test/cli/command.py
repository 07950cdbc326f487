"""What the tests of the command share: run it, look at what it leaves, count what is wrong.

Each test is a program: test_X.py DXSIM SOURCE_DIR [MORE...]; its functions named test_... are run in order.
"""
import contextlib
import json
import os
import subprocess
import sys
import tempfile
import unicodedata

DXSIM, SOURCE = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
failures = []
subprocess._USE_VFORK = False  # or the peak of our own memory would count as the command's

# Two links in a row, one of them half as fast: queues, drops, a series, an expectation.
SCENARIO = {
    "dxsim": 1, "name": "small", "run": {"duration": "2 ms", "seed": 7},
    "nodes": {name: {"kind": "router"} for name in ("a", "b", "c")},
    "links": {
        "fast": {"ends": ["a", "b"], "rate": "10 Gbps", "queue": {"limit": "100 kB"}, "fiber": {"length": "10 km"}},
        "slow.1": {"ends": ["b", "c"], "rate": "5 Gbps", "queue": {"limit": "100 kB"}, "fiber": {"length": "10 km"}},
    },
    "flows": {
        "load": {"from": "a", "to": "c", "model": "poisson", "rate": "6 Gbps", "size": "1500 B"},
        "probe": {"from": "a", "to": "b", "model": "cbr", "rate": "100 Mbps", "size": "100 B"},
        "late": {"from": "a", "to": "b", "model": "cbr", "rate": "1 Mbps", "size": "1500 B", "start": "1 s"},
    },
    "expectations": [{"name": "probe arrives", "metric": "flow.lost", "select": {"flow": "probe"}, "op": "=",
                      "value": "0 frames"}],
    "outputs": {"series": {"period": "100 us"}},
}


def check(what, condition, *details):
    if not condition:
        failures.append(what)
        print("FAIL", what, *details, flush=True)
    return condition


@contextlib.contextmanager
def place(scenario=None):
    """An empty directory with the scenario in it."""
    with tempfile.TemporaryDirectory(prefix="dxsim-cli-") as root:
        write(root, SCENARIO if scenario is None else scenario, "s.json")
        yield root


def write(directory, scenario, name="scenario.json"):
    path = os.path.join(directory, name)
    if isinstance(scenario, bytes):
        with open(path, "wb") as file:
            file.write(scenario)
    else:
        with open(path, "w") as file:
            json.dump(scenario, file, indent=1)
    return path


def put(scenario, way, value):
    """At "links/fast/rate", or "events/0/at"; None: take it away, if it is there."""
    *steps, last = way.split("/")
    for step in steps:
        scenario = scenario[int(step)] if isinstance(scenario, list) else scenario.setdefault(step, {})
    if isinstance(scenario, list):
        scenario[int(last)] = value
    elif value is None and last in scenario:
        del scenario[last]
    else:
        scenario[last] = value


def dxsim(root, *arguments, **options):
    """Status, standard output, standard error; as bytes if told so by raw=True."""
    raw = options.pop("raw", False)
    options = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "timeout": 120, **options}
    done = subprocess.run([DXSIM, *arguments], cwd=root, **options)
    out, err = done.stdout or b"", done.stderr or b""
    return (done.returncode, out, err) if raw else (done.returncode, out.decode(), err.decode())


def run(root, *arguments, scenario="s.json", **options):
    return dxsim(root, "run", scenario, *arguments, **options)


def contents(directory):
    found = {}
    for below, _, names in os.walk(directory):
        for name in names:
            path = os.path.join(below, name)
            if os.path.islink(path):
                found[os.path.relpath(path, directory)] = os.readlink(path)
                continue
            with open(path, "rb") as file:
                found[os.path.relpath(path, directory)] = file.read()
    return found


def listing(root):
    return sorted(name for name in os.listdir(root) if name != "s.json")


def load(path):
    with open(path) as file:
        return json.load(file)


class Measured:
    """A finished command: status (negative: the signal), out, err, cpu_s, rss_mb. What others do does not count."""

    def __init__(self, root, *arguments, **options):
        with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
            process = subprocess.Popen([DXSIM, *arguments], cwd=root, stdout=out, stderr=err, **options)
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = self.status = os.waitstatus_to_exitcode(status)
            self.cpu_s, self.rss_mb = usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024
            out.seek(0)
            err.seek(0)
            self.out, self.err = out.read().decode(), err.read().decode()


def slowness():
    """Bounds of time are for the release build; with sanitizers they mean little."""
    with open(DXSIM, "rb") as file:
        return 30 if b"__asan_init" in file.read() else 1


def acts_on_terminal(text):
    """Control and format characters: colours, titles, right-to-left marks."""
    return any(c != "\n" and unicodedata.category(c) in ("Cc", "Cf", "Co", "Cs", "Zl", "Zp") for c in text)


def main(names):
    for name, test in list(names.items()):
        if name.startswith("test_"):
            test()
    print("%d failed" % len(failures))
    sys.exit(1 if failures else 0)
