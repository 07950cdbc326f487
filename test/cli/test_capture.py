#!/usr/bin/env python3
"""Captures: octets that another reader agrees with, as many as the run counts, the same however it was run.

    test_capture.py DXSIM SOURCE_DIR

tshark is asked too where there is one.
"""
import binascii
import copy
import json
import os
import shutil
import struct
import subprocess
import tempfile

from command import SOURCE, check, contents, dxsim, load, main, place, run

NETWORK = {
    "dxsim": 1, "name": "capture", "run": {"duration": "1 ms", "seed": 3},
    "nodes": {name: {"kind": "router"} for name in ("a", "b", "c")},
    "links": {
        "dx1": {"ends": ["a", "b"], "rate": "1 Gbps", "queue": {"limit": "20 kB"}, "fiber": {"length": "10 km"},
                "insert": [{"model": "vlan", "at": "ingress", "direction": "forward", "action": "tag", "vid": 100,
                            "remark": True, "pcp": 5},
                           {"model": "vlan", "at": "egress", "direction": "forward", "action": "untag", "vid": 100}]},
        "s.tag": {"ends": ["b", "c"], "rate": "2 Gbps", "fiber": {"length": "5 km"},
                  "insert": [{"model": "vlan", "at": "ingress", "action": "tag", "vid": 4094, "tpid": "0x88a8",
                              "dei": True},
                             {"model": "vlan", "at": "egress", "action": "untag", "vid": 4094, "tpid": "0x88a8"}]},
        "bare": {"ends": ["b", "c"], "rate": "1 Gbps", "framing": "none", "fiber": {"length": "10 km"}},
        "m1": {"ends": ["a", "b"], "rate": "1 Gbps", "fiber": {"length": "10 km", "loss": "20 %"}},
        "m2": {"like": "m1"},
    },
    "lags": {"lag1": {"members": ["m1", "m2"], "heartbeat": {"period": "200 us"}}},
    "flows": {
        "burst": {"from": "a", "to": "b", "via": "dx1", "model": "poisson", "rate": "900 Mbps", "size": "1500 B",
                  "count": 3},
        "small": {"from": "a", "to": "b", "via": "dx1", "rate": "200 Mbps", "size": "40 B"},
        "tcp": {"from": "a", "to": "c", "via": ["dx1", "bare"], "rate": "20 Mbps", "size": "600 B", "protocol": 6},
        "up": {"from": "b", "to": "c", "via": "s.tag", "rate": "300 Mbps", "size": "9001 B"},
        "six": {"from": "b", "to": "a", "via": "dx1", "rate": "20 Mbps", "size": "400 B", "protocol": 6,
                "addresses": ["2001:db8::1", "2001:db8::2"]},
        "six_udp": {"from": "b", "to": "a", "via": "dx1", "rate": "20 Mbps", "size": "401 B",
                    "addresses": ["2001:db8::1", "2001:db8::2"]},
        "ping": {"from": "b", "to": "a", "via": "dx1", "rate": "20 Mbps", "size": "84 B", "protocol": 1},
        "tiny": {"from": "b", "to": "a", "via": "dx1", "rate": "5 Mbps", "size": "24 B"},
        "lagged": {"from": "a", "to": "b", "via": "lag1", "rate": "300 Mbps", "size": "1000 B", "count": 8},
    },
    "events": [{"at": "500 us", "do": "fail", "target": "links.dx1", "for": "100 us"},
               {"at": "600 us", "do": "fail", "target": "links.m1", "how": "silent"}],
    "outputs": {"capture": {"drops": True}},
}


STACKED = {
    "dxsim": 1, "name": "stacked", "run": {"duration": "1 ms"},
    "nodes": {name: {"kind": "router"} for name in ("a", "b")},
    "links": {
        "m1": {"ends": ["a", "b"], "rate": "1 Gbps", "fiber": {"length": "1 km"},
               "insert": [{"model": "vlan", "at": "ingress", "action": "tag", "vid": 4000, "tpid": "0x88a8",
                           "remark": True, "pcp": 2},
                          {"model": "vlan", "at": "egress", "action": "untag", "vid": 4000, "tpid": "0x88a8"}]},
        "m2": {"like": "m1"},
    },
    "lags": {"lag1": {"members": ["m1", "m2"]}},
    "vifs": {
        "first": {"on": "lag1", "type": "private", "vlan": 100, "pcp": 6,
                  "addresses": ["169.254.0.1/30", "169.254.0.2/30"]},
        "second": {"on": "lag1", "type": "private", "vlan": 200, "dei": True,
                   "addresses": ["169.254.0.5/30", "169.254.0.6/30"]},
    },
    "flows": {
        "one": {"from": "a", "to": "b", "via": "first", "rate": "50 Mbps", "size": "1000 B", "count": 4},
        "two": {"from": "a", "to": "b", "via": "second", "rate": "50 Mbps", "size": "600 B", "count": 4},
    },
    "outputs": {"capture": {"drops": True}},
}


def network(**capture):
    scenario = copy.deepcopy(NETWORK)
    scenario["outputs"]["capture"].update(capture)
    return scenario


def options_of(body):
    found = {}
    while body:
        code, n = struct.unpack_from("<HH", body)
        if not code:
            break
        found[code] = body[4:4 + n]
        body = body[4 + (n + 3) // 4 * 4:]
    return found


class Capture:
    """A file read by the letter: interfaces (name, link type, snap, fcs), packets (interface, ns, octets, length,
    comment), statistics by interface (received, left out)."""

    def __init__(self, data):
        self.interfaces, self.packets, self.statistics = [], [], {}
        at = 0
        while at < len(data):
            kind, length = struct.unpack_from("<II", data, at)
            body = data[at + 8:at + length - 4]
            assert length % 4 == 0 and struct.unpack_from("<I", data, at + length - 4)[0] == length
            if kind == 1:
                options = options_of(body[8:])
                self.interfaces.append((options[2].decode(), struct.unpack_from("<H", body)[0],
                                        struct.unpack_from("<I", body, 4)[0], options[13][0]))
                assert options[9] == b"\x09"
            elif kind == 6:
                interface, high, low, kept, n = struct.unpack_from("<IIIII", body)
                comment = options_of(body[20 + (kept + 3) // 4 * 4:]).get(1, b"").decode()
                self.packets.append((interface, high << 32 | low, body[20:20 + kept], n, comment))
            elif kind == 5:
                options = options_of(body[12:])
                self.statistics[struct.unpack_from("<I", body)[0]] = tuple(
                    struct.unpack("<Q", options[code])[0] for code in (4, 5))
            else:
                assert kind == 0x0A0D0D0A and at == 0
            at += length

    def on(self, name):
        number = [interface[0] for interface in self.interfaces].index(name)
        return [packet for packet in self.packets if packet[0] == number]


def capture_of(scenario, *arguments):
    """The capture, and the summary."""
    with place(scenario) as root:
        status, _, err = run(root, "-o", "out", "-q", *arguments)
        if not check("a run with a capture is complete", status == 0, status, err):
            raise SystemExit(1)
        return Capture(contents(root)["out/capture.pcapng"]), load(os.path.join(root, "out/summary.json"))


def test_every_frame_that_was_sent_is_there_with_all_its_octets():
    capture, summary = capture_of(network())
    check("two interfaces for every direction in use",
          [i[0] for i in capture.interfaces] ==
          [name for link in ("dx1:a>b", "dx1:b>a", "s.tag:b>c", "bare:b>c", "m1:a>b", "m1:b>a", "m2:a>b", "m2:b>a")
           for name in (link, link + " dropped")], capture.interfaces)
    for link, counters in summary["links"].items():
        packets = capture.on(link)
        cut = [p for p in capture.on(link + " dropped") if p[4] == "dropped by %s.port: link_down" % link]
        gap = 0 if link.startswith("bare") else 20
        octets = sum(p[3] + gap for p in packets) + sum(p[3] + gap for p in cut)
        check("frames of " + link, len(packets) + len(cut) == counters["tx_frames"], len(packets), len(cut), counters)
        check("octets of " + link, octets == counters["tx_wire_bytes"], octets, counters)
    check("what was in service when the link failed was cut", any("port: link_down" in p[4] for p in capture.packets))
    times = [p[1] for p in capture.packets]
    check("in order of time", times == sorted(times))


def tshark_fields(path, *fields):
    arguments = ["tshark", "-r", path, "-o", "eth.fcs:Always", "-o", "eth.check_fcs:TRUE", "-T", "fields"]
    for field in fields:
        arguments += ["-e", field]
    out = subprocess.run(arguments, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True).stdout.decode()
    return [line.split("\t") for line in out.splitlines()]


def test_protected_frames_are_those_that_were_counted():
    """Lengths are the line's; numbers rise by one in every channel, whatever the queue and the line lose."""
    macsec = {"suite": "GCM-AES-256", "rekey": "300 us", "retire": "500 us"}
    scenario = {
        "dxsim": 1, "name": "macsec", "run": {"duration": "1 ms", "seed": 3},
        "nodes": {name: {"kind": "router"} for name in ("a", "b")},
        "links": {"dx1": {"ends": ["a", "b"], "rate": "10 Gbps", "queue": {"limit": "20 kB"},
                          "fiber": {"length": "10 km", "loss": "5 %"}, "macsec": macsec}},
        "vifs": {"v": {"on": "dx1", "type": "private", "vlan": 7}},
        "flows": {"f": {"from": "a", "to": "b", "via": "v", "model": "poisson", "rate": "9 Gbps", "size": "1500 B"},
                  "g": {"from": "a", "to": "b", "model": "poisson", "rate": "2 Gbps", "size": "46 B"},
                  "h": {"from": "b", "to": "a", "model": "poisson", "rate": "1 Gbps", "size": "700 B"}},
        "outputs": {"capture": {}},
    }
    capture, summary = capture_of(scenario)
    channels = {}
    for link, counters in summary["links"].items():
        packets = capture.on(link)
        octets = sum(p[3] + 20 for p in packets)
        check("lengths of " + link, 0 <= counters["tx_wire_bytes"] - octets < 1600, counters, octets)
        for packet in packets:
            octets = packet[2]
            tag = struct.unpack_from(">HBBIQ", octets, 12)
            check("is MACsec", tag[0] == 0x88E5 and tag[2] in (0, 46 + 2) and binascii.crc32(octets) == 0x2144DF1C, tag)
            check("its channel is its sender", octets[20:28] == octets[6:12] + b"\0\1")
            channels.setdefault((link, tag[1] & 3), []).append(tag[3])
    check("four keys each way", len(channels) == 8, channels.keys())
    check("numbers rise by one from 1 on", all(numbers == list(range(1, len(numbers) + 1)) for numbers in channels.values()))
    scenario["outputs"]["capture"]["from"] = "200 us"
    later = capture_of(scenario)[0]
    check("what begins later has the same frames", later.packets == [p for p in capture.packets if p[1] >= 200000])
    if not shutil.which("tshark"):
        return
    with place(scenario) as root:
        run(root, "-o", "out", "-q")
        path = os.path.join(root, "out/capture.pcapng")
        rows = tshark_fields(path, "macsec.PN", "macsec.SCI.system_identifier", "eth.src", "eth.fcs.status", "frame.len",
                             "_ws.malformed")
        check("tshark reads the number", [int(row[0]) for row in rows] == [struct.unpack_from(">I", p[2], 16)[0] for p in later.packets])
        check("the channel, the FCS, and nothing malformed",
              all(row[1] == row[2] and row[3] == "1" and not row[5] for row in rows), rows[0])


def test_key_agreement_is_there_in_clear():
    """EAPOL to the PAE group address, read by tshark, the data around it protected."""
    mka = {"hello": "100 us", "life": "300 us", "retire": "150 us", "rekey": "300 us", "start": "cold",
           "keys": [{"ckn": "0a0b0c", "cak": "00112233445566778899aabbccddeeff"}]}
    scenario = {
        "dxsim": 1, "name": "mka", "run": {"duration": "2 ms"},
        "nodes": {name: {"kind": "router"} for name in ("a", "b")},
        "links": {"dx1": {"ends": ["a", "b"], "rate": "10 Gbps", "fiber": {"length": "1 km"},
                          "macsec": {"suite": "GCM-AES-256", "mka": mka}}},
        "flows": {"f": {"from": "a", "to": "b", "rate": "1 Gbps"}},
        "outputs": {"capture": {}},
    }
    capture, _ = capture_of(scenario)
    ours = [p[2] for p in capture.packets if p[2][12:14] == b"\x88\x8e"]
    check("there are some each way", len({p[6:12] for p in ours}) == 2 and len(ours) > 40, len(ours))
    check("to the group", all(p[:6] == b"\x01\x80\xc2\0\0\x03" and p[15] == 5 for p in ours))
    check("all else is protected", all(p[2][12:14] in (b"\x88\x8e", b"\x88\xe5") for p in capture.packets))
    if not shutil.which("tshark"):
        return
    with place(scenario) as root:
        run(root, "-o", "out", "-q")
        rows = tshark_fields(os.path.join(root, "out/capture.pcapng"), "eth.type", "mka.actor_mn", "mka.cak_name",
                             "mka.key_number", "_ws.malformed", "eth.fcs.status")
        rows = [row for row in rows if row[0] == "0x888e"]
        check("tshark sees as many", len(rows) == len(ours), len(rows), len(ours))
        check("numbers, names, nothing malformed", all(row[1] and "0a" in row[2] and not row[4] and row[5] == "1" for row in rows),
              rows[0])


def test_every_frame_that_was_lost_is_there_with_the_reason():
    capture, summary = capture_of(network())
    seen = set()
    for link, counters in summary["links"].items():
        comments = [p[4] for p in capture.on(link + " dropped")]
        for reason, n in counters["dropped"].items():
            model, name = reason.split("_", 1) if reason.startswith("vlan") else ("", reason)
            found = [c for c in comments if c.endswith(": " + name) and (not model or "." + model in c)]
            check("%s: %s" % (link, reason), len(found) == n, len(found), n)
            if n:
                seen.add(name)
    check("several reasons occur", {"queue_full", "link_down", "lost"} <= seen, seen)


def test_frames_end_with_their_fcs():
    capture, _ = capture_of(network())
    for interface, _, data, n, _ in capture.packets:
        if capture.interfaces[interface][1] == 1 and (binascii.crc32(data) != 0x2144DF1C or len(data) != n or n < 64):
            check("FCS", False, data.hex())
            break
    without, _ = capture_of(network(fcs=False))
    check("the interface says so", all(i[3] == 0 for i in without.interfaces))
    check("without FCS, all else is the same",
          [(p[0], p[1], p[2]) for p in without.packets] ==
          [(p[0], p[1], p[2][:-4] if capture.interfaces[p[0]][1] == 1 else p[2]) for p in capture.packets])


def test_however_it_is_run_the_octets_are_the_same():
    scenario = network()
    files = []
    with place(scenario) as root:
        for i, more in enumerate([[], ["--burst=1"], ["--burst=7"], ["--window=3 us"], ["--threads=2"],
                                  ["--threads=4", "--burst=1"]]):
            run(root, "-o", "o%d" % i, "-q", *more)
            files.append(contents(root)["o%d/capture.pcapng" % i])
        check("bursts, windows, threads do not show", len(set(files)) == 1, [len(f) for f in files])
        status, _, err = dxsim(root, "verify", "o0")
        check("the manifest knows it", status == 0, err)
        del scenario["outputs"]["capture"]
    with place(scenario) as other:
        run(other, "-o", "o0", "-q")
        check("results are the same without a capture",
              contents(other)["o0/summary.csv"] and
              contents(other)["o0/summary.csv"] == summary_of(network()))


def summary_of(scenario):
    with place(scenario) as root:
        run(root, "-o", "o", "-q")
        return contents(root)["o/summary.csv"]


def test_bounds_are_kept_and_told():
    whole, _ = capture_of(network())
    some, _ = capture_of(network(links=["m1"], snap="128 B", max_frames=20, drops=False))
    sent = whole.on("m1:a>b") + whole.on("m1:b>a")
    check("only what was asked for", [i[0] for i in some.interfaces] == ["m1:a>b", "m1:b>a"], some.interfaces)
    check("no more than so many", len(some.packets) == 20)
    check("cut, with the true length", all(len(p[2]) == min(128, p[3]) for p in some.packets) and
          any(p[3] > 1000 for p in some.packets))
    check("what was left out is counted",
          sum(s[0] for s in some.statistics.values()) == len(sent) and
          sum(s[1] for s in some.statistics.values()) == len(sent) - 20, some.statistics, len(sent))
    span, _ = capture_of(network(**{"from": "100 us", "until": "200 us"}))
    check("from and until", [p[1:] for p in span.packets] ==
          [p[1:] for p in whole.packets if 100000 <= p[1] < 200000], len(span.packets))


def test_what_is_wrong_is_said():
    for capture, line in [
            ({"links": ["dx9"]}, 'there is no link "dx9"; did you mean "dx1"?'),
            ({"links": []}, "no link is named; leave it out, and all of them are captured"),
            ({"links": ["m1", "m1"]}, 'link "m1" is there twice'),
            ({"snap": "8 B"}, 'of a frame "16 B" to "262144 B" can be kept'),
            ({"from": "2 ms", "until": "1 ms"}, "a capture ends after it begins"),
            ({"max_frames": 0}, "a capture holds at least 1 frame"),
            ({"link": "m1"}, 'unknown key "link"; did you mean "links"?')]:
        with place(network(**capture)) as root:
            status, _, err = run(root, "-o", "out")
            check("%s is refused" % capture, status == 3 and line in err and "/outputs/capture" in err, status, err)


def test_a_full_disk_ends_the_run():
    import resource
    import signal

    def limit():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (100000, 100000))

    with place(network()) as root:
        status, _, err = run(root, "-o", "out", preexec_fn=limit)
        check("status 4", status == 4 and "capture.pcapng" in err, status, err)
        check("nothing that looks complete", not os.path.exists(os.path.join(root, "out")))


# -- what tshark says ---------------------------------------------------------------------------------------------

def tshark(data, *arguments):
    with tempfile.NamedTemporaryFile(suffix=".pcapng") as file:
        file.write(data)
        file.flush()
        done = subprocess.run(["tshark", "-r", file.name, "-n", "-o", "eth.fcs:Always", "-o", "eth.check_fcs:TRUE",
                               "-o", "ip.check_checksum:TRUE", "-o", "udp.check_checksum:TRUE",
                               "-o", "tcp.check_checksum:TRUE", *arguments], stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, timeout=100)
        check("tshark reads it", done.returncode == 0, done.stderr.decode())
        return [line.split("\t") for line in done.stdout.decode().splitlines()]


def fields(data, *names, only=None):
    arguments = ["-T", "fields"] + (["-Y", only] if only else [])
    for name in names:
        arguments += ["-e", name]
    return tshark(data, *arguments)


def test_tshark_sees_both_tags():
    if not shutil.which("tshark"):
        print("there is no tshark here")
        return
    with place(STACKED) as root:
        run(root, "-o", "out", "-q")
        data = contents(root)["out/capture.pcapng"]
    rows = fields(data, "ieee8021ad.id", "ieee8021ad.priority", "vlan.id", "vlan.priority", "vlan.dei", "ip.len",
                  "frame.len", "ip.checksum.status")
    expected = {"1000": ["4000", "2", "100", "6", "0", "1000", "1026", "1"],
                "600": ["4000", "2", "200", "2", "1", "600", "626", "1"]}
    seen = {row[5] for row in rows}
    check("both VIFs are there", seen == set(expected), seen)
    for row in rows:
        if not check("outer and inner tag", row == expected.get(row[5]), row):
            break


def test_tshark_finds_nothing_wrong():
    if not shutil.which("tshark"):
        print("there is no tshark here")
        return
    with place(network()) as root:
        run(root, "-o", "out", "-q")
        data = contents(root)["out/capture.pcapng"]
    capture = Capture(data)
    rows = fields(data, "frame.interface_name", "frame.len", "eth.fcs.status", "vlan.id", "vlan.priority", "vlan.dei",
                  "ieee8021ad.id", "ieee8021ad.dei", "ip.checksum.status", "udp.checksum.status", "tcp.checksum.status",
                  "icmp.checksum.status", "frame.comment")
    check("as many frames", len(rows) == len(capture.packets))
    for row, packet in zip(rows, capture.packets):
        name, link = row[0], row[0].split(":")[0]
        tags = {"dx1": ("100", "5", "0", "", "") if ":a>b" in name else ("",) * 5,
                "s.tag": ("", "", "", "4094", "1")}.get(link, ("",) * 5)
        good = (int(row[1]) == packet[3] and row[2] == ("" if link == "bare" else "1") and
                all(status in ("", "1") for status in row[8:12]) and row[12] == packet[4] and
                (tuple(row[3:8]) == tags or "dropped" in name))
        if not check("tshark reads a frame of " + name, good, row, tags):
            break
    wrong = fields(data, "frame.number", "_ws.expert.message", only="_ws.malformed || _ws.expert.severity == error")
    check("nothing is malformed", not wrong, wrong[:3])
    local = fields(data, "eth.type", only="eth.type == 0x88b5 && frame.interface_name == \"m1:a>b\"")
    check("heartbeats have a type of their own", len(local) == 5, len(local))


BUNDLE = {
    "dxsim": 1, "name": "bundle", "run": {"duration": "9.9 s", "seed": 5},
    "nodes": {"a": {"kind": "router"}, "b": {"kind": "router"}},
    "links": {"m1": {"ends": ["a", "b"], "rate": "1 Gbps", "fiber": {"length": "10 km"}}, "m2": {"like": "m1"}},
    "lags": {"g": {"members": ["m1", "m2"], "lacp": {"system_priority": 100, "port_priority": 7, "key": 42}}},
    "flows": {"f": {"from": "a", "to": "b", "rate": "1 kbps"}},
    "events": [{"at": "4 s", "do": "fail", "target": "links.m2", "how": "silent"}],
    "outputs": {"capture": {}},
}


def test_tshark_reads_what_lacp_says():
    """One PDU a second and end, all in sync; where a second one has gone silent, the ends say that it has expired."""
    if not shutil.which("tshark"):
        return
    with place(BUNDLE) as root:
        run(root, "-o", "out", "-q")
        data = contents(root)["out/capture.pcapng"]
    rows = fields(data, "frame.interface_name", "frame.len", "eth.fcs.status", "eth.dst", "slow.subtype", "lacp.version",
                  "lacp.actor.sys_priority", "lacp.actor.key", "lacp.actor.port_priority", "lacp.actor.port",
                  "lacp.actor.state", "lacp.partner.state", "lacp.partner.key", "lacp.partner.port", "frame.time_epoch",
                  only="lacp")
    for name in ("m1:a>b", "m1:b>a", "m2:a>b", "m2:b>a"):
        mine = [row for row in rows if row[0] == name]
        number = name[1]
        check("%s: fields" % name, all(row[1:10] == ["128", "1", "01:80:c2:00:00:02", "0x01", "0x01", "100", "42", "7", number] and
                                       row[12:14] == ["42", number] for row in mine if float(row[14]) < 6), mine[:2])
        states = [(float(row[14]), int(row[10], 16), int(row[11], 16)) for row in mine]
        before = [state[1:] for state in states if state[0] < 6]
        check("%s: in sync before" % name, before and set(before) == {(0x3f, 0x3f)}, before)
        after = {state[1] for state in states if state[0] > 7.1}
        check("%s: and after" % name, after and after <= ({0x3f} if number == "1" else {0x8f, 0x47}), after)
    check("one a second", all(9 <= len([row for row in rows if row[0] == name]) <= 10 for name in ("m1:a>b", "m1:b>a")), len(rows))
    wrong = fields(data, "frame.number", "_ws.expert.message", only="_ws.malformed || _ws.expert.severity >= warning")
    check("nothing is malformed", not wrong, wrong[:3])


def test_tshark_reads_sessions():
    """On a VIF: time to live 1 and class CS6 for BGP, 255 for BFD; the messages that the run says were sent, none of them malformed."""
    if not shutil.which("tshark"):
        return
    with open(SOURCE + "/test/scenarios/bgp-two-routers.json", encoding="utf-8") as file:
        scenario = json.load(file)
    scenario["sessions"]["bgp1"]["bfd"] = {}
    scenario["sessions"]["bgp2"]["password"] = "a key that both have"
    scenario["outputs"] = {"capture": {}}
    with place(scenario) as root:
        run(root, "-o", "out", "-q")
        data = contents(root)["out/capture.pcapng"]
        sessions = load(os.path.join(root, "out/summary.json"))["sessions"]
    rows = fields(data, "frame.interface_name", "vlan.id", "vlan.priority", "ip.ttl", "ip.dsfield.dscp", "ip.checksum.status",
                  "tcp.checksum.status", "bgp.type", "tcp.options.md5.digest", "tcp.analysis.retransmission", only="tcp")
    check("there are segments", len(rows) > 100, len(rows))
    check("one hop, network control, sums right", all(row[3:7] == ["1", "48", "1", "1"] for row in rows), rows[:2])
    for vif, line, signed in ("101", "dx1", False), ("102", "dx2", True):
        mine = [row for row in rows if row[0].startswith(line)]
        check("%s: tagged" % line, mine and all(row[1:3] == [vif, "6"] for row in mine), mine[:2])
        check("%s: signed or not" % line, all(bool(row[8]) == signed for row in mine), mine[:2])
    for end, line in ("bgp1:hq>cloud", "dx1:hq>cloud"), ("bgp2:cloud>hq", "dx2:cloud>hq"):
        sent = [kind for row in rows if row[0] == line and not row[9] for kind in row[7].split(",") if kind]
        check("%s: the messages that were sent" % end, len(sent) == sessions[end]["tx_messages"], len(sent), sessions[end])
        check("%s: updates" % end, sent.count("2") == sessions[end]["tx_updates"], sent)
    bfd = fields(data, "frame.interface_name", "ip.ttl", "udp.dstport", "udp.checksum.status", "vlan.id", "bfd.sta", only="bfd")
    check("BFD on the first VIF", bfd and all(row[1:5] == ["255", "3784", "1", "101"] for row in bfd), bfd[:2])
    wrong = fields(data, "frame.number", "_ws.expert.message", only="_ws.malformed || _ws.expert.severity >= error")
    check("nothing is malformed", not wrong, wrong[:3])


RETURN = {
    "dxsim": 1, "name": "return", "run": {"duration": "3 s"},
    "nodes": {"a": {"kind": "router"}, "b": {"kind": "router"}},
    "defaults": {"link": {"rate": "1 Gbps", "fiber": {"length": "5 km"}}},
    "links": {"m1": {"ends": ["a", "b"]}, "m2": {"ends": ["a", "b"]}},
    "lags": {"g": {"members": ["m1", "m2"], "lacp": {"marker": "on", "key": 4, "ends": {"b": {"key": 7, "system_priority": 5}}}}},
    "flows": {"f": {"from": "a", "to": "b", "via": "g", "rate": "1 Mbps", "count": 8, "size": "100 B"}},
    "events": [{"at": "5 ms", "do": "fail", "target": "links.m2", "for": "5 ms"}],
    "outputs": {"capture": {}},
}


def test_tshark_reads_markers():
    """When m2 is back, a marker goes down m1 and comes back: the same but for its type and who sends it."""
    if not shutil.which("tshark"):
        return
    with place(RETURN) as root:
        run(root, "-o", "out", "-q")
        data = contents(root)["out/capture.pcapng"]
    rows = fields(data, "frame.interface_name", "frame.len", "eth.fcs.status", "eth.dst", "slow.subtype", "marker.version",
                  "marker.tlvType", "marker.tlvLen", "marker.requesterPort", "marker.requesterTransId", "marker.requesterSystem", "eth.src",
                  only="marker")
    check("one marker, one response", [(row[0], row[6]) for row in rows] == [("m1:a>b", "0x01,0x00"), ("m1:b>a", "0x02,0x00")], rows)
    check("fields", all(row[1:6] == ["128", "1", "01:80:c2:00:00:02", "0x02", "0x01"] and row[7:9] == ["0x10,0x00", "1"] for row in rows), rows)
    check("the response repeats the rest", rows[0][9:11] == rows[1][9:11] and rows[0][11] == rows[0][10] != rows[1][11], rows)
    said = fields(data, "frame.interface_name", "lacp.actor.key", "lacp.actor.sys_priority", "lacp.partner.key", only="lacp")
    check("each end says its own", {tuple(row) for row in said if row[3] != "0"} ==
          {(m + way, *what) for m in ("m1", "m2") for way, what in ((":a>b", ("4", "32768", "7")), (":b>a", ("7", "5", "4")))}, said[:4])
    wrong = fields(data, "frame.number", "_ws.expert.message", only="_ws.malformed || _ws.expert.severity >= warning")
    check("nothing is malformed", not wrong, wrong[:3])


main(globals())
