#!/usr/bin/env python3
"""Sessions of BGP and BFD as octets: another reader finds in them what was said, and nothing to complain of.

    test_conversation.py DXSIM SOURCE_DIR CONVERSATION

CONVERSATION DIR writes them. Where there is no tshark there is nobody to ask.
"""
import os
import shutil
import subprocess
import sys
import tempfile

from command import check, main

OPTIONS = ["-o", "eth.fcs:Always", "-o", "eth.check_fcs:TRUE", "-o", "ip.check_checksum:TRUE",
           "-o", "tcp.check_checksum:TRUE", "-o", "udp.check_checksum:TRUE"]
FIELDS = ["_ws.expert.severity", "_ws.malformed", "tcp.analysis.flags", "eth.fcs.status", "ip.checksum.status",
          "tcp.checksum.status", "udp.checksum.status", "ip.version", "ip.dsfield.dscp", "ip.ttl", "ipv6.tclass.dscp",
          "ipv6.hlim", "tcp.flags", "tcp.options.mss_val", "tcp.options.md5.digest", "udp.srcport", "udp.dstport",
          "bgp.type", "bgp.open.myas", "bgp.open.holdtime", "bgp.open.identifier", "bgp.cap.type", "bgp.cap.4as",
          "bgp.notify.major_error", "bgp.notify.communication", "bgp.nlri_prefix", "bgp.withdrawn_prefix",
          "bgp.mp_reach_nlri_ipv6_prefix", "bgp.mp_unreach_nlri_ipv6_prefix",
          "bgp.update.path_attribute.multi_exit_disc", "bgp.update.path_attribute.as_path_segment.as4", "bfd.sta",
          "bfd.flags.p", "bfd.flags.f", "bfd.my_discriminator", "bfd.desired_min_tx_interval"]
N_PREFIXES = 2000
WARNING = 0x600000


def tshark(path):
    """A row for each frame: field to its values."""
    arguments = ["tshark", "-r", path, *OPTIONS, "-T", "fields"]
    for field in FIELDS:
        arguments += ["-e", field]
    out = subprocess.run(arguments, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True).stdout.decode()
    return [{field: [value for value in text.split(",") if value] for field, text in zip(FIELDS, line.split("\t"))}
            for line in out.splitlines()]


def column(rows, field):
    """Every value of a field, in order."""
    return [value for row in rows for value in row[field]]


def test_another_reader_agrees():
    if not shutil.which("tshark"):
        return
    with tempfile.TemporaryDirectory(prefix="dxsim-conversation-") as root:
        place = os.path.join(root, "out")
        subprocess.run([os.path.abspath(sys.argv[3]), place], check=True)
        rows = tshark(os.path.join(place, "conversation.pcapng"))
    nothing_to_complain_of(rows)
    segments(rows)
    messages(rows)
    bfd(rows)


def nothing_to_complain_of(rows):
    check("no warning", max(int(severity, 0) for severity in column(rows, "_ws.expert.severity")) < WARNING,
          set(column(rows, "_ws.expert.severity")))
    check("nothing is malformed", not column(rows, "_ws.malformed"))
    check("nothing was lost, or came twice", not column(rows, "tcp.analysis.flags"))
    for field in ("eth.fcs.status", "ip.checksum.status", "tcp.checksum.status", "udp.checksum.status"):
        check(field + " is good", set(column(rows, field)) == {"1"}, set(column(rows, field)))
    check("control is CS6", set(column(rows, "ip.dsfield.dscp") + column(rows, "ipv6.tclass.dscp")) == {"48"})


def segments(rows):
    flags = column(rows, "tcp.flags")
    tcp = [row for row in rows if row["tcp.flags"]]
    check("SYN, SYN-ACK, twice", [f for f in flags if int(f, 16) & 2] == ["0x0002", "0x0012"] * 2, flags)
    check("MSS", column(rows, "tcp.options.mss_val") == ["1460", "1460", "1440", "1440"])
    check("all of IPv4 is signed, and nothing else",
          all(bool(row["tcp.options.md5.digest"]) == (row["ip.version"] == ["4"]) for row in tcp), len(tcp))
    check("both versions", {version for row in tcp for version in row["ip.version"]} >= {"4"} and len(tcp) > 40)
    check("FIN both ways", sum(int(f, 16) & 1 for f in flags) == 4)
    check("BGP's hops", set(column(tcp, "ip.ttl") + column(tcp, "ipv6.hlim")) == {"1"})


def messages(rows):
    types = column(rows, "bgp.type")
    for name, number, n in (("OPEN", "1", 4), ("NOTIFICATION", "3", 2), ("KEEPALIVE", "4", 4), ("ROUTE-REFRESH", "5", 2)):
        check(name, types.count(number) == n, types)
    check("AS", column(rows, "bgp.open.myas") == ["23456", "7224"] * 2)
    check("AS of four octets", column(rows, "bgp.cap.4as") == ["4200000001", "7224"] * 2)
    check("hold time", set(column(rows, "bgp.open.holdtime")) == {"30"})
    check("identifier", column(rows, "bgp.open.identifier") == ["10.0.0.1", "10.0.0.2"] * 2)
    check("capabilities", column(rows, "bgp.cap.type") == ["1", "1", "2", "64", "65"] * 4, column(rows, "bgp.cap.type"))
    check("why it ends", column(rows, "bgp.notify.major_error") == ["6", "6"] and
          column(rows, "bgp.notify.communication") == ["at noon"] * 2)
    check("prefixes of IPv4", len(column(rows, "bgp.nlri_prefix")) == N_PREFIXES)
    check("withdrawn", len(column(rows, "bgp.withdrawn_prefix")) == 10)
    check("prefixes of IPv6", len(column(rows, "bgp.mp_reach_nlri_ipv6_prefix")) == N_PREFIXES)
    check("withdrawn of IPv6", len(column(rows, "bgp.mp_unreach_nlri_ipv6_prefix")) == 10)
    check("MED", set(column(rows, "bgp.update.path_attribute.multi_exit_disc")) == {"50"})
    check("path", set(column(rows, "bgp.update.path_attribute.as_path_segment.as4")) ==
          {"4200000001", "64500", "64501", "64502"})


def bfd(rows):
    udp = [row for row in rows if row["udp.dstport"]]
    check("states", column(rows, "bfd.sta") == ["0x01", "0x02", "0x03", "0x03"] * 2, column(rows, "bfd.sta"))
    check("Poll", column(rows, "bfd.flags.p") in (["0", "0", "1", "0"] * 2, ["False", "False", "True", "False"] * 2))
    check("Final", column(rows, "bfd.flags.f") in (["0", "0", "0", "1"] * 2, ["False", "False", "False", "True"] * 2))
    check("discriminators", column(rows, "bfd.my_discriminator") == ["0x00000001", "0x00000002"] * 4)
    check("interval", set(column(rows, "bfd.desired_min_tx_interval")) == {"1000000", "300000"},
          column(rows, "bfd.desired_min_tx_interval"))
    check("BFD's hops", set(column(udp, "ip.ttl") + column(udp, "ipv6.hlim")) == {"255"})
    check("ports", set(column(rows, "udp.dstport")) == {"3784"} and set(column(rows, "udp.srcport")) == {"49152", "49153"})


if __name__ == "__main__":
    main(globals())
