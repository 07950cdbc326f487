#!/usr/bin/env python3
"""tbf.py DXSIM - a shaper against the kernel's own tc-tbf

   [sender] --- veth, tbf on its way out --- [receiver]        two network namespaces

A hundred frames of 1000 bytes, as tc counts them, are sent at once into a tbf and into the same scenario of
dxsim. As many must come through, and when: relative to the first, never sooner than the model says, and no
later than the kernel's timer excuses. Sending takes a moment in which the kernel's queue goes on; what that
makes room for may come through on top.

Needs root, network namespaces, veth, tbf, and a moment of quiet. Where these are missing it says so, and exits
with 77.
"""
import json
import os
import shutil
import socket
import struct
import subprocess
import sys
import tempfile
import time

N, SIZE = 100, 1000                 # frames; bytes of each, Ethernet header included, no FCS
HEADER = 14
ETHERTYPE = 0x88B5                  # for local experiments (IEEE 802)
SO_TIMESTAMPNS = 35
EARLY_S, LATE_S, LATE_MEDIAN_S = 0.0001, 0.001, 0.0003
SENDING_S = 0.001                   # longer: somebody else had the processor, and it says little
TRIES = 20

CASES = [
    {"name": "rate 8 Mbit/s, burst 10000, limit 20000",
     "tc": ["rate", "8mbit", "burst", "10000", "limit", "20000"],
     "insert": {"rate": "8 Mbps", "burst": "10 kB", "limit": "20 kB"}, "interval_s": 0.001},
    {"name": "the same with a peak rate of 40 Mbit/s, mtu 2000",
     "tc": ["rate", "8mbit", "burst", "10000", "limit", "20000", "peakrate", "40mbit", "mtu", "2000"],
     "insert": {"rate": "8 Mbps", "burst": "10 kB", "limit": "20 kB", "peak": "40 Mbps", "peak_burst": "2 kB"},
     "interval_s": 0.0002},
]


# -- in a namespace --------------------------------------------------------------------------------------

def send(interface):
    """Prints how long it took, in seconds."""
    sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
    sock.bind((interface, 0))
    head = b"\xff" * 6 + b"\x02\0\0\0\0\1" + struct.pack("!H", ETHERTYPE)
    frames = [head + struct.pack("!I", i) + bytes(SIZE - HEADER - 4) for i in range(N)]
    begin = time.monotonic()
    for frame in frames:
        try:
            sock.send(frame)
        except OSError:             # dropped by the queue: ENOBUFS
            pass
    print(time.monotonic() - begin)


def receive(interface, quiet_s=0.5):
    """Prints a list of [number, time in seconds], the kernel's stamps; ends when nothing comes any more."""
    sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETHERTYPE))
    sock.bind((interface, ETHERTYPE))
    sock.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
    sock.settimeout(10)
    print("ready", flush=True)
    got = []
    try:
        while True:
            data, ancillary, _, _ = sock.recvmsg(2048, 256)
            sock.settimeout(quiet_s)
            for level, kind, value in ancillary:
                if level == socket.SOL_SOCKET and kind == SO_TIMESTAMPNS:
                    seconds, nanoseconds = struct.unpack("qq", value[:16])
                    got.append([struct.unpack("!I", data[HEADER:HEADER + 4])[0], seconds + nanoseconds * 1e-9])
    except socket.timeout:
        print(json.dumps(got))


# -- outside ---------------------------------------------------------------------------------------------

class NotHere(Exception):
    pass


def run(*command):
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode:
        raise NotHere("%s: %s" % (" ".join(command), done.stdout.strip().split("\n")[0]))
    return done.stdout


class Network:
    """Two namespaces and a veth pair; names of our own, gone at the end."""

    def __init__(self):
        self.spaces = ["dxsim-%d-%s" % (os.getpid(), end) for end in "ab"]
        self.made = []

    def __enter__(self):
        try:
            for space in self.spaces:
                run("ip", "netns", "add", space)
                self.made.append(space)
                self.inside(space, "sh", "-c", "! [ -d /proc/sys/net/ipv6 ] || "
                            "echo 1 >/proc/sys/net/ipv6/conf/default/disable_ipv6")
            run("ip", "link", "add", "v0", "netns", self.spaces[0], "type", "veth", "peer", "name", "v1",
                "netns", self.spaces[1])
            for space, interface in zip(self.spaces, ("v0", "v1")):
                self.inside(space, "ip", "link", "set", interface, "up")
        except NotHere:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        for space in self.made:
            subprocess.run(["ip", "netns", "del", space])

    def inside(self, space, *command):
        return run("ip", "netns", "exec", space, *command)

    def start(self, space, *command):
        return subprocess.Popen(["ip", "netns", "exec", space] + list(command), stdout=subprocess.PIPE, text=True)


def kernel(network, case):
    """What came through: [number, time since the first]; how many tbf says it dropped; how long sending took."""
    a, b = network.spaces
    network.inside(a, "tc", "qdisc", "replace", "dev", "v0", "root", "tbf", *case["tc"])
    receiver = network.start(b, sys.executable, __file__, "--receive", "v1")
    receiver.stdout.readline()
    took_s = float(network.inside(a, sys.executable, __file__, "--send", "v0"))
    got = json.loads(receiver.communicate()[0])
    stats = json.loads(network.inside(a, "tc", "-s", "-j", "qdisc", "show", "dev", "v0"))[0]
    network.inside(a, "tc", "qdisc", "del", "dev", "v0", "root")
    return [[i, t - got[0][1]] for i, t in got], stats["drops"], took_s


def model(dxsim, case):
    """The same of dxsim: a line so fast that it adds nothing, and frames a ps apart."""
    scenario = {
        "dxsim": 1, "name": "tbf", "run": {"duration": "1 s"},
        "nodes": {"a": {"kind": "router"}, "b": {"kind": "router"}},
        "links": {"l": {"ends": ["a", "b"], "rate": "100 Tbps", "framing": "none",
                        "insert": [dict({"model": "shaper", "at": "ingress", "counts": "tc"}, **case["insert"])]}},
        "flows": {"f": {"from": "a", "to": "b", "size": "%d B" % (SIZE - HEADER), "interval": "1 ps", "frames": N}},
    }
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "tbf.json")
        with open(path, "w") as file:
            json.dump(scenario, file)
        subprocess.run([dxsim, "run", path, "--quiet", "--trace", "-o", os.path.join(folder, "out")], check=True)
        with open(os.path.join(folder, "out", "trace.csv")) as file:
            names = file.readline().strip().split(",")
            rows = [dict(zip(names, line.strip().split(","))) for line in file]
    got = [[int(row["seq"]), float(row["time_s"])] for row in rows if row["fate"] == "delivered"]
    return [[i, t - got[0][1]] for i, t in got], len(rows) - len(got)


def compare(case, expected, dropped, got, drops, took_s):
    """What is wrong, in words; None: nothing."""
    room = int(took_s / case["interval_s"])
    if not len(expected) <= len(got) <= len(expected) + room:
        return "%d came through, the model says %d" % (len(got), len(expected))
    if len(got) + drops != N or len(expected) + dropped != N:
        return "%d came through and %d were dropped, of %d" % (len(got), drops, N)
    same = [i for i, _ in got if i < len(expected)]
    if same != list(range(len(expected)))[:len(same)] or [i for i, _ in got] != sorted(i for i, _ in got):
        return "the order is not that of the model"
    late = [there[1] - here[1] for there, here in zip(got, expected)]
    if min(late) < -EARLY_S:
        return "one came %.3f ms early" % (-1e3 * min(late))
    if max(late) > LATE_S or sorted(late)[len(late) // 2] > LATE_MEDIAN_S:
        return "up to %.3f ms late, half of them more than %.3f ms" % (1e3 * max(late),
                                                                       1e3 * sorted(late)[len(late) // 2])
    return None


def check(network, dxsim, case):
    expected, dropped = model(dxsim, case)
    fair = wrong = None
    for _ in range(TRIES):          # late, too, may only mean that somebody else had the processor
        got, drops, took_s = kernel(network, case)
        if took_s > SENDING_S:
            continue
        fair, wrong = (got, drops, took_s), compare(case, expected, dropped, got, drops, took_s)
        if not wrong:
            break
    if not fair:
        raise NotHere("sending %d frames took more than 1 ms, %d times; the machine is busy" % (N, TRIES))
    got, drops, took_s = fair
    late = sorted(there[1] - here[1] for there, here in zip(got, expected))
    print("%s: %s" % ("FAIL" if wrong else "ok", case["name"]))
    print("    model: %d through, %d dropped; kernel: %d, %d, sent within %.0f us" %
          (len(expected), dropped, len(got), drops, 1e6 * took_s))
    print("    kernel's stamps against the model's: %+.0f to %+.0f us, median %+.0f" %
          (1e6 * late[0], 1e6 * late[-1], 1e6 * late[len(late) // 2]))
    if wrong:
        print("    " + wrong)
    return not wrong


def main():
    if sys.argv[1:2] == ["--send"]:
        return send(sys.argv[2])
    if sys.argv[1:2] == ["--receive"]:
        return receive(sys.argv[2])
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    try:
        if os.geteuid():
            raise NotHere("this needs root")
        if not (shutil.which("ip") and shutil.which("tc")):
            run("apt-get", "install", "-y", "--no-install-recommends", "iproute2")
        with Network() as network:
            network.inside(network.spaces[0], "tc", "qdisc", "add", "dev", "v0", "root", "tbf", *CASES[0]["tc"])
            passed = [check(network, os.path.abspath(sys.argv[1]), case) for case in CASES]
    except (NotHere, FileNotFoundError) as why:
        print("not possible here: %s" % why)
        sys.exit(77)
    sys.exit(not all(passed))


if __name__ == "__main__":
    main()
