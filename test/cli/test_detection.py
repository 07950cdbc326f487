#!/usr/bin/env python3
"""How long a failure is dark: bfd-vs-hold with many seeds, against the closed forms.

    test_detection.py DXSIM SOURCE_DIR [SEEDS]

A hold timer ends `hold` after the last KEEPALIVE was heard, and that was sent up to `keepalive` before the failure,
any time as likely as any other: uniform from hold - keepalive to hold. BFD ends 900 ms after the last packet;
packets are X = 225 to 300 ms apart, uniformly, and at any moment the last one is older than a with probability
E[max(X - a, 0)] / E[X] (renewal theory). Seeds are fixed: this fails for everybody, or for nobody.
"""
import concurrent.futures
import json
import math
import os
import subprocess
import sys

from command import DXSIM, SOURCE, check, main

SEEDS = int(sys.argv[3]) if len(sys.argv) > 3 else 200
LEAST, MOST = 0.225, 0.3  # between two BFD packets: 75 to 100 % of 300 ms
ON_ITS_WAY = 0.0002       # 25 km of fiber, a frame of 70 octets at 1 Gbps, 10 us until it is read
EVERY = 0.05              # between two frames of a flow
KOLMOGOROV, NORMAL = 1.949, 3.291  # of 0.1 %


def run(seed):
    """Detection of both ends of every first session, and the outage of every flow, in seconds."""
    done = subprocess.run([DXSIM, "run", "--json", "--seed", str(seed), "--set", 'defaults.flow.interval="%d ms"' % (EVERY * 1000),
                           "--set", "expectations=[]", SOURCE + "/scenarios/bfd-vs-hold.json"], stdout=subprocess.PIPE, timeout=120)
    found = json.loads(done.stdout)
    seconds = {name: row["detection_ps"] / 1e12 for name, row in found["sessions"].items() if "-1:" in name}
    seconds.update((name, row["outage_max_ps"] / 1e12) for name, row in found["flows"].items())
    return seconds


with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
    RUNS = list(pool.map(run, range(1, SEEDS + 1)))
SECONDS = {name: [seconds[name] for seconds in RUNS] for name in RUNS[0]}


def uniform(least, most):
    return lambda x: min(max((x - least) / (most - least), 0), 1)


def age(a):
    """Of the last packet: P(age <= a)."""
    mean, a = (LEAST + MOST) / 2, min(max(a, 0), MOST)
    if a <= LEAST:
        return a / mean
    return 1 - (MOST - a) ** 2 / (2 * (MOST - LEAST) * mean)


def bfd(x):
    return 1 - age(0.9 - x)


def moments(cdf, least, most, steps=20000):
    """Mean and standard deviation, by the midpoints of what is left above."""
    step = (most - least) / steps
    middle = [least + (i + 0.5) * step for i in range(steps)]
    left = [1 - cdf(x) for x in middle]
    mean = least + step * sum(left)
    square = least ** 2 + step * sum(2 * x * p for x, p in zip(middle, left))
    return mean, math.sqrt(square - mean ** 2)


def follows(what, values, cdf, least, most):
    """All within the bounds, the mean and the whole distribution as they must be."""
    values = sorted(values)
    n, (mean, deviation) = len(values), moments(cdf, least, most)
    furthest = max(max(cdf(x) - i / n, (i + 1) / n - cdf(x)) for i, x in enumerate(values))
    found = sum(values) / n
    check(what + ": within %g to %g s" % (least, most), least <= values[0] and values[-1] <= most + ON_ITS_WAY, values[0], values[-1])
    check(what + ": mean %.4f s" % mean, abs(found - mean) <= NORMAL * deviation / math.sqrt(n) + ON_ITS_WAY, found)
    check(what + ": distribution", furthest <= KOLMOGOROV / math.sqrt(n), furthest)
    print("%-28s %4d: %8.4f to %8.4f s, mean %8.4f, expected %8.4f +- %.4f" %
          (what, n, values[0], values[-1], found, mean, NORMAL * deviation / math.sqrt(n)))


def test_detection():
    for site, cdf, least, most in (("bfd", bfd, 0.6, 0.9), ("hold30", uniform(20, 30), 20, 30), ("hold90", uniform(60, 90), 60, 90)):
        for end in ("%s>aws" % site, "aws>%s" % site):
            follows(end, SECONDS["bgp-%s-1:%s" % (site, end)], cdf, least, most)


def test_one_way():
    """The cloud hears no more; the site hears one KEEPALIVE more, which nobody acknowledges, and BFD that says so."""
    deaf = SECONDS["bgp-half30-1:aws>half30"], SECONDS["bgp-half30-1:half30>aws"]
    follows("one way, aws>half30", deaf[0], uniform(20, 30), 20, 30)
    follows("one way, half30>aws", deaf[1], uniform(30, 40), 30, 40)
    deaf = SECONDS["bgp-halfbfd-1:aws>halfbfd"], SECONDS["bgp-halfbfd-1:halfbfd>aws"]
    follows("one way, aws>halfbfd", deaf[0], bfd, 0.6, 0.9)
    check("the site learns of it at once", all(0 < b - a <= ON_ITS_WAY for a, b in zip(*deaf)))


def test_light():
    for end in ("light>aws", "aws>light"):
        check("light: " + end, set(SECONDS["bgp-light-1:" + end]) == {0})


def test_flows_are_dark_until_then():
    """From up to one frame before the failure to up to one behind the detection at the end that sends."""
    for site in ("bfd", "hold30", "hold90", "halfbfd", "half30"):
        dark, known = SECONDS[site + "-up"], SECONDS["bgp-%s-1:%s>aws" % (site, site)]
        check("outage of " + site, all(-ON_ITS_WAY <= a - b <= 2 * EVERY for a, b in zip(dark, known)))
    for flow in ("halfbfd-down", "half30-down", "light-up", "light-down"):
        check("no outage of " + flow, all(x <= EVERY + ON_ITS_WAY for x in SECONDS[flow]))


main(globals())
