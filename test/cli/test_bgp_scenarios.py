#!/usr/bin/env python3
"""What the scenarios about BGP show, counted in another way than their expectations do.

    test_bgp_scenarios.py DXSIM SOURCE_DIR
"""
import csv
import json
import re
import shutil
import subprocess
import tempfile

from command import SOURCE, check, dxsim, main, place, run

HALF_LIFE_S = 15 * 60


def path(name):
    return "%s/scenarios/%s.json" % (SOURCE, name)


def summary(name, *arguments):
    status, out, err = dxsim(".", "run", "--json", path(name), *arguments)
    check(name + " runs", status in (0, 1) and not err, status, err)
    return json.loads(out)


# -- tesla-global: the three paths of the briefing --------------------------------------------------------

PATHS = {"path-1": ("200", "65001 7224"), "path-2": ("150", "65001 65002 7224"), "path-3": ("50", "65001 2914 3356 16509")}


def seen_at(time):
    """Sessions from which fremont has a path, the best one first, and the step that decided."""
    status, out, err = dxsim(".", "explain", "bgp", path("tesla-global"), "--at", time, "--prefix", "172.18.0.0/16", "--node", "fremont")
    check("explained at " + time, status == 0 and not err, err)
    found = re.findall(r"^  Path (\d+): (\S+) from \S+ next hop \S+ AS path ([\d ]+)\.$", out.replace(",", ""), re.M)
    best = re.search(r"Path (\d+) is the best", out)
    for number, session, as_path in found:
        row = re.search(r"^  %s +0 +(\d+)" % number, out, re.M)
        check("local preference and AS path of " + session, (row.group(1), as_path) == PATHS[session], row.group(1), as_path)
    step = re.search(r"decided at step \d+, (\w+)", out)
    return sorted((s for _, s, _ in found)), next((s for n, s, _ in found if best and n == best.group(1)), None), step and step.group(1)


def test_links_fail_one_by_one():
    everything = ["path-1", "path-2", "path-3"]
    for time, paths, best, step in (
            ("5 s", everything, "path-1", "local_pref"),                   # all is well
            ("15 s", everything[1:], "path-2", "local_pref"),              # no light on dx-sf
            ("20.5 s", everything[1:], "path-2", "local_pref"),            # dx-la is silent, and nobody knows
            ("30 s", everything[2:], "path-3", None),                      # BFD knows
            ("45 s", everything[1:], "path-2", "local_pref"),              # dx-la is back
            ("55 s", everything, "path-1", "local_pref")):                 # so is dx-sf
        check("paths at " + time, seen_at(time) == (paths, best, step), seen_at(time))
    _, _, err = dxsim(".", "explain", "bgp", path("tesla-global"), "--at", "30 s", "--prefix", "172.16.0.0/16", "--node", "fremont")
    check("us-west-1 is not on the internet", err == "dxsim: fremont has no path to 172.16.0.0/16 then\n", err)


# -- ecmp-4: shares, counted by frames ----------------------------------------------------------------------

def data_frames(found):
    """By link, from dc: what of the frames sent is not BGP's or BFD's."""
    return {n: found["links"]["dx%d:dc>aws" % n]["tx_frames"] - found["sessions"]["bgp%d:dc>aws" % n]["tx_frames"] for n in range(1, 5)}


def test_only_the_share_of_a_lost_link_moves():
    well = summary("ecmp-4", "--set", "events=[]")
    each = well["flows"]["orders"]["sent_frames"] // 1024  # every flow sends as many
    share = {n: frames / each for n, frames in data_frames(well).items()}
    check("whole flows, all of them", all(x == int(x) for x in share.values()) and sum(share.values()) == 1024, share)
    check("within four standard deviations of a quarter", all(abs(x - 256) <= 4 * 13.86 for x in share.values()), share)
    check("nobody moves", well["nodes"]["dc"]["flows_moved"] == 0)
    for n in share:
        for how in ("down", "silent"):
            fail = '[{"at": "5 s", "do": "fail", "target": "links.dx%d", "how": "%s"%%s}]' % (n, how)
            lost = summary("ecmp-4", "--set", "events=" + fail % "")["nodes"]["dc"]
            back = summary("ecmp-4", "--set", "events=" + fail % ', "for": "5 s"')["nodes"]["dc"]
            check("link %d, %s: its flows go" % (n, how), (lost["flows_moved"], lost["flows_moved_surviving"]) == (share[n], 0), lost, share)
            check("link %d, %s: and come back" % (n, how), (back["flows_moved"], back["flows_moved_surviving"]) == (2 * share[n], share[n]),
                  back, share)


# -- robinhood-flap: penalties, and who loses control frames ------------------------------------------------------

def test_dampening_is_as_RFC_2439_has_it():
    """Down at 1, 12 and 23 s: the second leaves 1991.6, the third suppresses."""
    with tempfile.TemporaryDirectory() as root:
        dxsim(root, "run", path("robinhood-flap"), "-o", "out", "-q")
        with open(root + "/out/events.csv") as file:
            rows = [row for row in csv.DictReader(file) if row["object"] == "bgp-recorded:recorded>aws"]
    flaps = [(float(row["time_s"]), float(row["detail"].split()[-1])) for row in rows if row["event"] == "bgp_flap"]
    check("three flaps", [round(t, 2) for t, _ in flaps] == [1, 12, 23], flaps)
    penalty, before = 0, 0
    for time, told in flaps:
        penalty = penalty * 2 ** (-(time - before) / HALF_LIFE_S) + 1000
        before = time
        check("penalty at %g s" % time, abs(told - penalty) <= 0.05, told, penalty)
    check("1991.6 is not enough", flaps[1][1] == 1991.6)
    out = [row for row in rows if row["event"] == "bgp_dampened"]
    check("the third is, when the route is there again", len(out) == 1 and 26 < float(out[0]["time_s"]) < 26.1, out)


def lost(found, name):
    """Of the control frames to the cloud: how many, and the share that never arrived."""
    sent, arrived = found["sessions"]["bgp-%s:%s>aws" % (name, name)], found["sessions"]["bgp-%s:aws>%s" % (name, name)]
    return sent["tx_frames"], 1 - arrived["rx_frames"] / sent["tx_frames"]


def test_control_frames_are_lost_where_the_queue_has_no_room_for_them():
    """With load that does not go away when a session does: 450 Mbps of packets are 461.4 on the wire, 100 leave."""
    share = 1 - 100 / (450 * 1538 / 1500)
    offices = ("bytes", "tight", "frames", "priority")
    static = [argument for name in offices + ("hold", "damped", "recorded") for argument in ("--set", 'flows.orders-%s.via="dx-%s"' % (name, name))]
    found = summary("robinhood-flap", "--duration", "50 s", "--set", 'flows.orders-bytes.start="0 s"', "--set",
                    'flows.orders-bytes.stop="50 s"', *static)
    for name in offices:
        n, of = lost(found, name)
        if name in ("bytes", "priority"):
            check("none are lost: " + name, of == 0 and found["sessions"]["bgp-%s:%s>aws" % (name, name)]["flaps"] == 0, n, of)
        else:
            deviation = (share * (1 - share) / n) ** 0.5
            check("as many as of the orders: " + name, abs(of - share) <= 4 * deviation and n > 50, n, of, share)


# -- docs/bgp-howto.md --------------------------------------------------------------------------------------------

def test_the_example_of_the_page_runs():
    with open(SOURCE + "/docs/bgp-howto.md") as file:
        page = file.read()
    example, log = re.search(r"```json\n(.*?)```", page, re.S).group(1), re.search(r"```\n(2.*?)```", page, re.S).group(1)
    check("30 lines", example.count("\n") <= 30, example.count("\n"))
    with place(json.loads(example)) as root:
        status, _, err = run(root, "-q", "-o", "out")
        check("it runs, and its expectation holds", status == 0 and not err, status, err)
        with open(root + "/out/events.csv") as file:
            check("the log is its own", set(log.splitlines()) <= set(file.read().splitlines()), log)


# -- captures -----------------------------------------------------------------------------------------------------

def test_tshark_reads_every_session():
    if not shutil.which("tshark"):
        return
    for name, links, limits in (("tesla-global", '["dx-sf", "dx-la", "sf-east"]', ["--set", 'flows.fremont-east.rate="100 kbps"']),
                                ("robinhood-flap", '["dx-frames", "dx-recorded"]',
                                 ["--set", 'defaults.link.rate="1 Mbps"', "--set", 'flows.orders-bytes.rate="4500 kbps"', "--duration", "40 s"])):
        with tempfile.TemporaryDirectory() as root:
            dxsim(root, "run", path(name), "-o", "out", "-q", "--set", 'outputs={"capture": {"links": %s, "snap": "600 B"}}' % links, *limits)
            done = subprocess.run(["tshark", "-r", root + "/out/capture.pcapng", "-n", "-Y", "tcp || bfd", "-T", "fields", "-e", "_ws.malformed",
                                   "-e", "bgp.type", "-e", "bfd.sta", "-e", "_ws.expert.severity", "-e", "_ws.expert.message"],
                                  stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=100)
        rows = [line.split("\t") for line in done.stdout.decode().splitlines()]
        check(name + ": tshark reads it", done.returncode == 0 and rows, done.stderr.decode()[-300:])
        check(name + ": nothing malformed", not [row for row in rows if row[0]], [row for row in rows if row[0]][:3])
        kinds = {kind for row in rows for kind in row[1].split(",")} - {""}
        check(name + ": OPEN, UPDATE, NOTIFICATION, KEEPALIVE", kinds >= {"1", "2", "3", "4"}, kinds)
        check(name + ": BFD", {row[2] for row in rows} - {""} >= {"0x01", "0x03"}, {row[2] for row in rows})
        errors = [row for row in rows if "8388608" in row[3].split(",")]
        check(name + ": no error", not errors, errors[:3])


main(globals())
