"""Runs of dxsim, many times over with other seeds, and what follows from them.

Replications are independent: replication r of a check named N has the seed CRC-32(N) + r, so nobody has chosen one.
With x_1 ... x_R what R replications measured, m their mean and s^2 = sum (x_i - m)^2 / (R - 1), the 99.9 % interval
is m +- t s / sqrt(R), t from Student's distribution with R - 1 degrees of freedom.
"""
import functools
import json
import math
import os
import subprocess
import tempfile
import zlib

# Two-sided 99.9 % and 95 %, by degrees of freedom: Abramowitz and Stegun, Handbook of Mathematical Functions (1964),
# table 26.10.
STUDENT = {29: (3.659, 2.045), 120: (3.373, 1.980)}


def bucket_end(value):
    """Largest value in the histogram's bucket of this one: buckets are 1/128 of a power of two wide."""
    shift = max(value.bit_length() - 8, 0)
    return (value >> shift << shift) + (1 << shift) - 1


class Result:
    """What one run left behind."""

    def __init__(self, directory):
        self.directory = directory
        with open(os.path.join(directory, "summary.json")) as file:
            self.summary = json.load(file)

    def flow(self, name):
        return self.summary["flows"][name]

    def link(self, name):
        return self.summary["links"][name]

    def _rows(self, name, *columns):
        """Fields of every line of a CSV file without text in quotes, as text."""
        with open(os.path.join(self.directory, name)) as file:
            names = file.readline().rstrip("\n").split(",")
            indices = [names.index(column) for column in columns]
            for line in file:
                fields = line.rstrip("\n").split(",")
                yield [fields[i] for i in indices]

    @functools.cached_property
    def latency(self):
        """By flow: end of bucket in ps, frames."""
        buckets = {}
        for flow, high, count in self._rows("latency.csv", "flow", "high_ps", "count"):
            buckets.setdefault(flow, []).append((int(high), int(count)))
        return buckets

    @functools.cached_property
    def trace(self):
        """Time and birth in s of every delivered frame, in order."""
        return [(float(at), float(birth)) for at, birth, fate in self._rows("trace.csv", "time_s", "birth_s", "fate")
                if fate == "delivered"]

    @functools.cached_property
    def queue(self):
        """Samples of a series with one link: time in s, bytes that wait."""
        return [(float(at), int(value)) for at, metric, value in self._rows("series.csv", "time_s", "metric", "value")
                if metric == "queue_bytes"]

    def latency_at_most(self, flow, end_ps):
        """Share of the flow's frames; @end_ps is the end of a bucket."""
        buckets = self.latency[flow]
        return sum(count for end, count in buckets if end <= end_ps) / sum(count for _, count in buckets)


class Interval:
    """Mean of independent values with its 99.9 % interval."""

    def __init__(self, values):
        n = len(values)
        self.mean = math.fsum(values) / n
        variance = math.fsum((x - self.mean) ** 2 for x in values) / (n - 1)
        self.error = math.sqrt(variance / n)
        self.half, self.half95 = (t * self.error for t in STUDENT[n - 1])

    def holds(self, value):
        rounding = 1e-12 * abs(value)  # where nothing varies
        return abs(self.mean - value) <= self.half + rounding


def replicate(dxsim, case, settings, replications):
    """The case's quantities, each a list with a value per replication."""
    values = {quantity.name: [] for quantity in case.quantities}
    seed = zlib.crc32(case.name.encode())
    with tempfile.TemporaryDirectory(prefix="dxsim-theory-") as root:
        scenario, out = os.path.join(root, "s.json"), os.path.join(root, "out")
        with open(scenario, "w") as file:
            json.dump(case.scenario, file)
        command = [dxsim, "run", "--quiet", "--force", "-o", out, *case.options, scenario]
        for setting in settings:
            command += ["--set", setting]
        for r in range(1, replications + 1):
            subprocess.run([*command, "--seed", str(seed + r)], check=True, stderr=subprocess.DEVNULL)
            result = Result(out)
            if not result.summary["conservation"]["holds"]:
                raise SystemExit(f"{case.name}: frames are unaccounted for")
            for quantity in case.quantities:
                values[quantity.name].append(quantity.read(result))
    return values
