#!/usr/bin/env python3
"""A link whose light fades: what series.csv and events.csv show, in which order, and how much is lost.

    test_fade.py DXSIM SOURCE_DIR
"""
import csv
import math
import os
import tempfile

from command import SOURCE, check, main, dxsim

PERIOD_S = 0.005
OCTETS = 1500 + 14 + 4  # a frame
LINK = "dx:office>dx_router"


def run_scenario():
    with tempfile.TemporaryDirectory() as root:
        status, _, err = dxsim(root, "run", os.path.join(SOURCE, "scenarios/light-fade.json"), "-o", "out", "--quiet")
        check("it meets its expectations", status == 0, status, err)
        read = lambda name: list(csv.DictReader(open(os.path.join(root, "out", name))))
        return read("series.csv"), read("events.csv")


def curve(series, metric):
    return [(float(row["time_s"]), float(row["value"])) for row in series if row["object"] == LINK and row["metric"] == metric]


def first(points, crosses):
    return next(time for time, value in points if crosses(value))


def order(series, events):
    """Low warning and bit errors, errored frames, loss that hurts, low alarm, no signal, port down: in this order."""
    when = lambda event, detail: next(float(row["time_s"]) for row in events
                                      if row["event"] == event and row["detail"].startswith(detail) and row["object"] in (LINK, LINK + ".fiber", "dx"))
    level, ratio = curve(series, "rx_power_dbm"), curve(series, "pre_fec_ber")
    errored, lost = curve(series, "crc_errors_frames"), curve(series, "frame_error_ratio")
    story = [when("set", "loss goes"), when("ber", "above"), first(errored, lambda n: n > 0), first(lost, lambda x: x > 0.01),
             first(lost, lambda x: x > 0.5), when("light", "low alarm"), when("light", "no signal"), when("port", "down")]
    check("in the right order", story == sorted(story) and len(set(story)) == len(story), story)
    check("the low warning is where bit errors pass the limit", when("light", "low warning") == when("ber", "above"))
    check("the port goes down 10 ms after the signal", abs(when("port", "down") - when("light", "no signal") - 0.010) < 1e-12)
    for what, points, limit, event in (("low warning", level, -14.4, when("light", "low warning")), ("low alarm", level, -18.4, when("light", "low alarm")),
                                       ("no signal", level, -20.4, when("light", "no signal"))):
        seen = first(points, lambda value: value < limit)
        check("%s: series and events agree" % what, 0 <= seen - event < PERIOD_S + 1e-9, seen, event)
    seen = first(ratio, lambda value: value > 1e-12)
    check("bit errors: series and events agree", 0 <= seen - when("ber", "above") < PERIOD_S + 1e-9, seen)


def levels(series):
    """-4 dBm less 10 km at 1260 nm and two connectors; then 12 dB more in a second."""
    start = -4 - 10 * 0.35 * (1310 / 1260) ** 4 - 1
    for time, level in curve(series, "rx_power_dbm"):
        lost = min(max(time - 0.2, 0), 1) * 12
        check("level at %g s" % time, abs(level - (start - lost)) < 0.0005 + 12 / 200, level, start - lost)
    for (_, margin), (_, level) in zip(curve(series, "margin_db"), curve(series, "rx_power_dbm")):
        check("margin", abs(margin - (level + 14.4)) < 1e-9, margin, level)


def loss(series):
    """Frames lost in every period, against 1 - (1 - p)^(8 F) of the bit error ratio it began with."""
    ratios = curve(series, "pre_fec_ber")
    errored, shares = curve(series, "crc_errors_frames"), curve(series, "frame_error_ratio")
    variance = expected = total = 0
    for (_, ber), (_, n), (time, share) in zip(ratios, errored[1:], shares[1:]):
        if not n or share > 0.999:
            continue
        p = -math.expm1(8 * OCTETS * math.log1p(-ber))
        sent = n / share
        expected, total, variance = expected + sent * p, total + n, variance + sent * p * (1 - p)
    check("enough frames were lost to tell", total > 10000, total)
    check("as many as the bit error ratio says", abs(total - expected) < 3.3 * math.sqrt(variance), total, expected, math.sqrt(variance))


def test_fade():
    series, events = run_scenario()
    order(series, events)
    levels(series)
    loss(series)


main(globals())
