#!/usr/bin/env python3
"""The simulator against queueing theory: every figure inside a 99.9 % interval that is narrow enough.

    validate.py [OPTION...] DXSIM

    --streams PROGRAM    test_streams: its checks too
    --write FILE         put the tables between the markers of this document
    --check FILE         are they up to date?
    --replications N     30, or 121
    --only TEXT          cases whose name holds this
    -j N                 so many at once

A case fails when theory lies outside the interval, when the interval is wider than its bound, and when a fault made on
purpose is not found: with it, what theory says of the faultless case must lie outside.
"""
import argparse
import concurrent.futures
import re
import subprocess
import sys

from cases import CASES
from runs import Interval, replicate

BEGIN, END = "<!-- generated -->\n", "<!-- end of generated -->\n"


class Judged:
    """A case with what was measured."""

    def __init__(self, options, case):
        self.case = case
        self.figures = self.measure(options, [])
        self.controls = [(fault, self.measure(options, fault.settings)) for fault in case.faults]

    def measure(self, options, settings):
        values = replicate(options.dxsim, self.case, settings, options.replications)
        return {name: Interval(values[name]) for name in values}

    def failures(self):
        for quantity in self.case.quantities:
            figure = self.figures[quantity.name]
            if not figure.holds(quantity.expected):
                yield f"{quantity.name}: {describe(figure)}, theory says {quantity.expected:.6g}"
            if figure.half > quantity.bound * (abs(quantity.expected) or 1):
                yield (f"{quantity.name}: half-width {width(figure.half, quantity.expected)}"
                       f" is more than {width(quantity.bound, quantity.expected and 1)}")
        for fault, figures in self.controls:
            for quantity in self.case.quantities:
                if quantity.name in fault.quantities and figures[quantity.name].holds(quantity.expected):
                    yield f"{quantity.name}: {fault.what} was not found, {describe(figures[quantity.name])}"


def describe(figure):
    return f"{figure.mean:.5g} ± {figure.half:.2g}"


def width(half, expected):
    """In percent of what is expected; as it is where that is 0."""
    return f"{100 * half / abs(expected):.2f} %" if expected else f"{half:.2g}"


def table(judged):
    print_row = "| {} | {} | {} | {} | {} | {} | {} | {} |".format
    yield print_row("system", "figure", "formula", "source", "theory", "measured", "half-width", "at most")
    yield print_row(*["---"] * 8)
    for one in judged:
        for quantity in one.case.quantities:
            figure = one.figures[quantity.name]
            yield print_row(one.case.system, quantity.name, quantity.formula, quantity.source,
                            f"{quantity.expected:.5g}", describe(figure), width(figure.half, quantity.expected),
                            width(quantity.bound, quantity.expected and 1))


def controls(judged):
    print_row = "| {} | {} | {} | {} | {} | {} |".format
    yield print_row("system", "fault", "figure", "theory without it", "measured with it", "found")
    yield print_row(*["---"] * 6)
    for one in judged:
        for fault, figures in one.controls:
            for quantity in one.case.quantities:
                if quantity.name in fault.quantities:
                    figure = figures[quantity.name]
                    yield print_row(one.case.system, fault.what, quantity.name, f"{quantity.expected:.5g}",
                                    describe(figure), "no" if figure.holds(quantity.expected) else "yes")


def outside_95(judged):
    """How many figures lie outside their 95 % interval, of those that can."""
    pairs = [(one.figures[q.name], q.expected) for one in judged for q in one.case.quantities]
    pairs = [(figure, expected) for figure, expected in pairs if figure.half > 0]
    return sum(abs(figure.mean - expected) > figure.half95 for figure, expected in pairs), len(pairs)


def markdown(judged, replications, streams):
    outside, n = outside_95(judged)
    lines = ["## Queues", "", *table(judged), "",
             f"{replications} replications each. Of {n} figures {outside} lie outside the 95 % interval; "
             f"one in twenty is to be expected.", "",
             "Faults made on purpose, and what the same check says of them:", "", *controls(judged)]
    return "\n".join(lines) + "\n" + (f"\n## Random streams\n\n{streams}" if streams else "")


def between(text, part, path):
    if text.count(BEGIN) != 1 or text.count(END) != 1:
        sys.exit(f"{path}: not exactly one pair of markers")
    return re.sub(f"(?<={BEGIN}).*(?={END})", lambda _: f"\n{part}\n", text, flags=re.DOTALL)


def document(path, part, is_check):
    """Whether the document is as it should be."""
    with open(path, encoding="utf-8") as file:
        old = file.read()
    new = between(old, part, path)
    if new != old and is_check:
        print(f"FAIL {path} is out of date: run tools/validation")
        return False
    if new != old:
        with open(path, "w", encoding="utf-8") as file:
            file.write(new)
    return True


def parse():
    parser = argparse.ArgumentParser(description="The simulator against queueing theory.")
    parser.add_argument("dxsim", metavar="DXSIM")
    parser.add_argument("--streams", metavar="PROGRAM")
    parser.add_argument("--write", metavar="FILE")
    parser.add_argument("--check", metavar="FILE")
    parser.add_argument("--replications", type=int, choices=(30, 121), default=30)
    parser.add_argument("--only", metavar="TEXT", default="")
    parser.add_argument("-j", type=int, default=1)
    return parser.parse_args()


def main():
    options = parse()
    cases = [case for case in CASES if options.only in case.name]
    streams, failed = "", 0
    if options.streams:
        done = subprocess.run([options.streams, "--markdown"], stdout=subprocess.PIPE, check=False)
        streams, failed = done.stdout.decode(), int(done.returncode != 0)
    with concurrent.futures.ThreadPoolExecutor(options.j) as pool:
        judged = list(pool.map(lambda case: Judged(options, case), cases))
    for one in judged:
        for failure in one.failures():
            print(f"FAIL {one.case.name}: {failure}")
            failed += 1
    part = markdown(judged, options.replications, streams)
    path = options.write or options.check
    if not path:
        print(part)
    elif not document(path, part, bool(options.check)):
        failed += 1
    print(f"{len(judged)} cases, {sum(len(case.quantities) for case in cases)} figures, {failed} failures")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
