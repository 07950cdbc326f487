#!/usr/bin/env python3
"""mutants.py DXSIM ROOT [--all] [--count N] [--seed N] [--limit SECONDS] [--jobs N] [--keep DIR]

Every shipped scenario (ROOT/scenarios, ROOT/test/scenarios) with one thing changed: a key gone, a value of another
type, unit, sign or size, a name that leads elsewhere, a typo, something twice, hostile text, a broken file. Each
mutant is checked ("dxsim validate") and run for 100 us ("dxsim run -o"). Whatever becomes of it:

  - it ends in time, with status 0, 1, 3 or 7, by no signal
  - a refusal names a line and column that exist, and a code, on every line; and nothing is written
  - stderr holds nothing that a terminal would act on
  - nothing is written but the output directory, and no cell of it is a formula, no number is none

The same seed makes the same mutants. --all: every change at every kind of place, once; else a sample of all there are.
"""
import argparse
import concurrent.futures
import csv
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile


class Object(list):
    """Pairs: may hold a key twice."""


class Raw(str):
    """Text as it stands, JSON or not."""


def parse(text):
    return json.loads(text, object_pairs_hook=Object)


def dump(value):
    if isinstance(value, Raw):
        return str(value)
    if isinstance(value, Object):
        return "{ " + ", ".join((k if isinstance(k, Raw) else json.dumps(k)) + ": " + dump(v) for k, v in value) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(dump(v) for v in value) + "]"
    return json.dumps(value)


def render(root):
    """A member a line, two levels deep: positions should matter."""
    lines = []
    for key, value in root:
        if isinstance(value, Object) and value:
            inner = ",\n".join("  " + (k if isinstance(k, Raw) else json.dumps(k)) + ": " + dump(v) for k, v in value)
            lines.append("%s: {\n%s\n}" % (json.dumps(key), inner))
        else:
            lines.append((key if isinstance(key, Raw) else json.dumps(key)) + ": " + dump(value))
    return "{\n" + ",\n".join(lines) + "\n}\n"


# -- places in a document ---------------------------------------------------------------------------------------


def places(value, path=()):
    """Paths of all members and items, in document order. A step is an index, also in an object."""
    for i, child in enumerate(value):
        inner = child[1] if isinstance(value, Object) else child
        yield path + (i,)
        if isinstance(inner, list):
            yield from places(inner, path + (i,))


def get(root, path):
    for i in path:
        root = root[i][1] if isinstance(root, Object) else root[i]
    return root


def copy(value):
    if isinstance(value, Object):
        return Object((k, copy(v)) for k, v in value)
    return [copy(v) for v in value] if isinstance(value, list) else value


def changed(root, path, change):
    """A copy in which @change(holder, index) has been done."""
    root = copy(root)
    change(get(root, path[:-1]), path[-1])
    return root


def put(value):
    def change(holder, i):
        holder[i] = (holder[i][0], value) if isinstance(holder, Object) else value
    return change


def rename(key):
    def change(holder, i):
        holder[i] = (key, holder[i][1])
    return change


def remove(holder, i):
    del holder[i]


def twice(holder, i):
    holder.insert(i, holder[i])


# -- what is changed ---------------------------------------------------------------------------------------------

OTHERS = [None, True, False, 0, 5, -1, 1.5, "x", "", [], Object(), [[]], ["a", "b"], [5], Object([("a", Object())]),
          Object([("x-a", 5)])]

NUMBERS = [Raw(t) for t in ["1e30", "-1e30", "1e999", "-0", "0.1", "9007199254740993", "18446744073709551615",
                            "18446744073709551616", "-9223372036854775809", "1" * 5000, "0." + "0" * 400 + "1", "1e-400",
                            "01", "+1", "1.", ".5", "0x10", "NaN", "Infinity", "1_000"]]

HOSTILE = ["\x1b[31mred\x1b]0;title\x07", "\u202egnp.exe", "\u0085\u2028\u2029", "\x7f\x00", "../x", "../../../../tmp/x",
           "/etc/passwd", "-rf", "`touch x`", "$(touch x)", "'; touch x; '", "\"; system(\"touch x\"); \"",
           "set output 'x'", "=1+2", "+1", "-1", "@SUM(A1)", "\t=1", "\r\n,\"", "%s%n%99999d", "a\nb", "\\", "{}", "a b",
           "x" * 200, "x" * 5000, "\U0001f980" * 60, "e\u0301" * 100, "CON", ".", "..", "x-a", "$comment", "links.", "\ufeff"]

UNITS = ["ps", "us", "s", "d", "bps", "Gbps", "Tbps", "B", "MB", "GiB", "frames", "mm", "km", "dBm", "dB", "%", "ppm", "",
         "G", "MB/s", "mbps", "Mbit/s", "minutes"]

AMOUNTS = ["0", "1", "-1", "1,5", "1.5", "0.0000000000001", "1e3", "99999999999999999999", "9223372036854775807", "00", "",
           "\u0663", "1" * 3000]

BYTES = [b"\x00", b"\xff", b"\xef\xbb\xbf", b"\xed\xa0\x80", b"\xc0\xaf", b"{", b"}", b"]", b'"', b",", b":", b"/**/", b"\\",
         b"\x1b[2J", b"1", b"null", b"\r"]


def typos(word):
    middle = len(word) // 2
    out = [word + "s", word[:-1], word.upper(), word.capitalize(), "x" + word, word.replace("_", "-"), " " + word]
    if len(word) > 2:
        out.append(word[:middle - 1] + word[middle] + word[middle - 1] + word[middle + 1:])
    return [t for t in dict.fromkeys(out) if t != word]


def names(root):
    found = []
    for key, value in root:
        if key in ("nodes", "links", "lags", "flows", "groups"):
            found += [k for k, _ in value] + ["%s.%s" % (key, k) for k, _ in value]
    return found


def of_member(root, path):
    holder, i = get(root, path[:-1]), path[-1]
    key = holder[i][0]
    yield "delete", changed(root, path, remove)
    yield "twice", changed(root, path, twice)
    for word in typos(key):
        yield "key %r" % word, changed(root, path, rename(word))
    for text in HOSTILE:
        yield "hostile key %r" % text[:20], changed(root, path, rename(text))
    for raw in ['"' + "".join("\\u%04x" % ord(c) for c in key) + '"', '"%s\\u0000"' % key, '"\\ud800"', "5", "key"]:
        yield "raw key %s" % raw[:20], changed(root, path, rename(Raw(raw)))


def of_value(root, path, all_names):
    value = get(root, path)
    for other in OTHERS:
        if other != value or type(other) is not type(value):
            yield "type %s" % dump(other), changed(root, path, put(other))
    for number in NUMBERS:
        yield "number %s" % number[:20], changed(root, path, put(number))
    for depth in (60, 70, 100000):
        yield "depth %d" % depth, changed(root, path, put(Raw("[" * depth + "]" * depth)))
    yield "unclosed", changed(root, path, put(Raw('{"a":' * 100000)))
    if not isinstance(value, str):
        return
    for text in HOSTILE:
        yield "hostile %r" % text[:20], changed(root, path, put(text))
    for raw in ['"\\u0000"', '"\\ud800"', '"\\udc00\\ud800"', '"\\x"', "'x'", '"' + "y" * 70000 + '"', '"open']:
        yield "raw %s" % raw[:20], changed(root, path, put(Raw(raw)))
    quantity = re.match(r"^([0-9.]+) ([A-Za-z%]+)$", value)
    if quantity:
        for unit in UNITS:
            yield "unit %s" % unit, changed(root, path, put("%s %s" % (quantity[1], unit)))
        for amount in AMOUNTS:
            yield "amount %s" % amount[:20], changed(root, path, put("%s %s" % (amount, quantity[2])))
    else:
        for name in all_names + typos(value):
            yield "name %s" % name, changed(root, path, put(name))


def kind_of(root, path):
    """"links/*/rate": names and indices say nothing."""
    keys = []
    for i in path:
        key = root[i][0] if isinstance(root, Object) else "#"
        keys.append("*" if keys in (["nodes"], ["links"], ["lags"], ["flows"], ["groups"]) else key)
        root = root[i][1] if isinstance(root, Object) else root[i]
    return "/".join(keys)


PLACES = 30  # of a scenario, when only some mutants are wanted: each is a copy of the whole tree


def mutants_of(text, rng=None):
    """(what was done, the mutant: a tree or bytes), in an order that is always the same; @rng: at some places only."""
    root = parse(text)
    all_names = names(root)
    paths = list(places(root))
    if rng and len(paths) > PLACES:
        paths = [paths[i] for i in sorted(rng.sample(range(len(paths)), PLACES))]
    for path in paths:
        where = kind_of(root, path)
        if isinstance(get(root, path[:-1]), Object):
            for what, mutant in of_member(root, path):
                yield "%s: %s" % (where, what), mutant
        for what, mutant in of_value(root, path, all_names):
            yield "%s: %s" % (where, what), mutant
    data = text.encode()
    rng = random.Random(len(data))
    for _ in range(12):
        at = rng.randrange(len(data))
        yield "cut at %d" % at, data[:at]
        yield "bit at %d" % at, data[:at] + bytes([data[at] ^ 1 << rng.randrange(8)]) + data[at + 1:]
        end = min(len(data), at + rng.randrange(1, 40))
        yield "without %d to %d" % (at, end), data[:at] + data[end:]
        yield "again %d to %d" % (at, end), data[:end] + data[at:]
        for some in BYTES:
            yield "%r at %d" % (some, at), data[:at] + some + data[at:]
    for encoding in ("utf-16", "utf-32", "utf-8-sig"):
        yield encoding, text.encode(encoding)


# -- what becomes of them ------------------------------------------------------------------------------------------

PLACE = re.compile(r"^(\d+):(\d+): (?:error|warning): .+ \[DX\d{4}\]$")


def warmup_us(data):
    """Of a mutant that has one. A run must be longer."""
    try:
        text = dict(dict(parse(data.decode()))["run"]).get("warmup", "0 us")
        amount, unit = text.split(" ")
        warmup = float(amount) * {"ps": 1e-6, "ns": 1e-3, "us": 1, "ms": 1e3, "s": 1e6}[unit]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return 0.0
    return warmup if 0 < warmup < 1e5 else 0.0  # a run that long would take long


def acts_on_terminal(text):
    return re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]", text)


def check_stderr(raw, name, data, status):
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        return "stderr is no UTF-8"
    if acts_on_terminal(text):
        return "stderr has what a terminal acts on: %r" % text
    if status != 3:
        return None
    if not text:
        return "refused without a word"
    lines = data.split(b"\n")
    for line in text.splitlines():
        if re.match(r"^dxsim: \d+ more problems are not shown$", line):
            continue
        if not line.startswith(name + ":"):
            return "no place: %r" % line
        place = PLACE.match(line[len(name) + 1:])
        if not place:
            return "no place, or no code: %r" % line
        row, column = int(place[1]), int(place[2])
        if not 1 <= row <= len(lines) or not 1 <= column <= len(lines[row - 1]) + 1:
            return "there is no such place: %r" % line
    return None


def check_output(directory):
    for folder, _, files in os.walk(directory):
        for name in files:
            path = os.path.join(folder, name)
            if name.endswith(".csv"):
                with open(path, newline="", encoding="utf-8") as file:
                    for row in csv.reader(file, strict=True):
                        for cell in row:
                            if cell[:1] in "=+@\t\r" and cell or re.match(r"-(?!\d+(\.\d+)?$)", cell):
                                return "%s has a formula: %r" % (name, cell)
                            if cell.lower() in ("nan", "inf", "-inf", "infinity"):
                                return "%s has %s" % (name, cell)
            elif name.endswith(".json"):
                def no_number(word):
                    raise ValueError("%s is no number of JSON" % word)
                try:
                    with open(path, encoding="utf-8") as file:
                        json.load(file, parse_constant=no_number)
                except ValueError as error:
                    return "%s: %s" % (name, error)
    return None


def listing(directory):
    return sorted(os.path.join(folder, name) for folder, folders, files in os.walk(directory) for name in folders + files)


def run(args, arguments, cwd, hostile):
    # without a PATH there is no gnuplot: "no plot" is status 7, and soon
    env = {"PATH": os.environ.get("PATH", "") if hostile else "/nowhere", "HOME": cwd, "LC_ALL": "C",
           "G_DEBUG": "fatal-criticals"}
    env.update((k, v) for k, v in os.environ.items() if k.endswith("SAN_OPTIONS"))
    try:
        return subprocess.run([args.dxsim] + arguments, cwd=cwd, env=env, stdin=subprocess.DEVNULL, capture_output=True,
                              timeout=args.limit)
    except subprocess.TimeoutExpired:
        return None


def judge(args, top, what, data):
    """What is wrong with how a mutant was treated; None: nothing."""
    sandbox = os.path.join(top, "a", "b")  # two floors below what is watched
    os.makedirs(sandbox)
    name = "mutant.json"
    with open(os.path.join(sandbox, name), "wb") as file:
        file.write(data)
    before = listing(top)
    hostile = "hostile" in what
    duration = "%d ns" % int(1000 * (warmup_us(data) + 100))
    statuses = []
    for arguments in (["validate", name], ["run", name, "-o", "out", "--duration", duration]):
        verb = arguments[0]
        result = run(args, arguments, sandbox, hostile)
        if result is None:
            return "%s: not done after %g s" % (verb, args.limit)
        status = result.returncode
        statuses.append(status)
        late_warmup = status == 2 and b"warm-up" in result.stderr
        if status not in (0, 1, 3, 7) and not late_warmup:
            return "%s: status %d: %s" % (verb, status, result.stderr.decode(errors="replace")[:2000])
        wrong = check_stderr(result.stderr, name, data, status)
        if wrong:
            return "%s: %s" % (verb, wrong)
        new = [p for p in listing(top) if p not in before and not p.startswith(os.path.join(sandbox, "out", ""))]
        if new != ([os.path.join(sandbox, "out")] if verb == "run" and status in (0, 1, 7) else []):
            return "%s: status %d, and this is left behind: %s" % (verb, status, ", ".join(new))
    # a run does not look at the points of a sweep
    if (statuses[0] == 3) != (statuses[1] == 3) and not (statuses[0] == 3 and b'"sweeps"' in data):
        return "validate says %d, run says %d" % tuple(statuses)
    wrong = check_output(os.path.join(sandbox, "out"))
    return "run: " + wrong if wrong else None


def job(args, mutant):
    scenario, what, mutant = mutant
    data = mutant if isinstance(mutant, bytes) else render(mutant).encode()
    top = tempfile.mkdtemp(prefix="mutant")
    try:
        return scenario, what, data, judge(args, top, what, data)
    finally:
        shutil.rmtree(top)


def scenarios(root):
    for folder in ("scenarios", os.path.join("test", "scenarios")):
        for name in sorted(os.listdir(os.path.join(root, folder))):
            if name.endswith(".json") and name != "schema.json":
                yield os.path.join(folder, name)


def chosen(args):
    """(scenario, what, mutant)"""
    rng = random.Random(args.seed)
    counts = []
    for scenario in scenarios(args.root):
        with open(os.path.join(args.root, scenario), encoding="utf-8") as file:
            counts.append((scenario, file.read()))
    seen = set()
    for scenario, text in counts:
        if args.all:
            every = []
            for what, mutant in mutants_of(text):
                if what not in seen:
                    every.append((what, mutant))
                seen.add(what)
        else:
            every = list(mutants_of(text, rng))
            every = [every[i] for i in sorted(rng.sample(range(len(every)), min(len(every), args.count // len(counts) + 1)))]
        for what, mutant in every:
            yield scenario, what, mutant


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("dxsim", type=os.path.abspath)
    parser.add_argument("root")
    parser.add_argument("--all", action="store_true")
    parser.add_argument("--count", type=int, default=600)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--limit", type=float, default=5)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--keep", help="mutants that were treated wrongly are kept here")
    args = parser.parse_args()
    tried = failed = 0
    with concurrent.futures.ThreadPoolExecutor(args.jobs) as pool:
        waiting = set()
        todo = chosen(args)
        more = True
        while more or waiting:
            while more and len(waiting) < 4 * args.jobs:
                mutant = next(todo, None)
                more = mutant is not None
                if more:
                    waiting.add(pool.submit(job, args, mutant))
            done, waiting = concurrent.futures.wait(waiting, return_when=concurrent.futures.FIRST_COMPLETED)
            for future in done:
                scenario, what, data, wrong = future.result()
                tried += 1
                if not wrong:
                    continue
                failed += 1
                print("%s: %s\n  %s" % (scenario, what, wrong), flush=True)
                if args.keep:
                    os.makedirs(args.keep, exist_ok=True)
                    with open(os.path.join(args.keep, "%d.json" % failed), "wb") as file:
                        file.write(data)
    print("%d mutants, %d treated wrongly" % (tried, failed))
    return 1 if failed or not tried else 0


if __name__ == "__main__":
    sys.exit(main())
