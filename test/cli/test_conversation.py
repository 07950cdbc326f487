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
N_PREFIXES = 2000


def tshark(path, *fields, only=""):
    arguments = ["tshark", "-r", path, *OPTIONS, "-T", "fields"] + (["-Y", only] if only else [])
    for field in fields:
        arguments += ["-e", field]
    out = subprocess.run(arguments, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True).stdout.decode()
    return [line.split("\t") for line in out.splitlines()]


def column(path, field, only=""):
    """Every value of a field, in order; several in one frame come one after another."""
    return [value for row in tshark(path, field, only=only) for value in row[0].split(",") if value]


def test_another_reader_agrees():
    if not shutil.which("tshark"):
        return
    with tempfile.TemporaryDirectory(prefix="dxsim-conversation-") as root:
        place = os.path.join(root, "out")
        subprocess.run([os.path.abspath(sys.argv[3]), place], check=True)
        path = os.path.join(place, "conversation.pcapng")
        nothing_to_complain_of(path)
        segments(path)
        messages(path)
        bfd(path)


def nothing_to_complain_of(path):
    for filter_ in ("_ws.malformed", "_ws.expert.severity >= 6291456", "tcp.analysis.retransmission",
                    "tcp.analysis.lost_segment", "tcp.analysis.out_of_order"):
        found = tshark(path, "frame.number", "_ws.expert.message", only=filter_)
        check("nothing that is " + filter_, not found, found[:3])  # 6291456: warning
    for field, good in (("eth.fcs.status", "1"), ("ip.checksum.status", "1"), ("tcp.checksum.status", "1"),
                        ("udp.checksum.status", "1")):
        found = column(path, field)
        check(field + " is good", found and set(found) == {good}, set(found), len(found))
    check("control is CS6", set(column(path, "ip.dsfield.dscp") + column(path, "ipv6.tclass.dscp")) == {"48"})


def segments(path):
    flags = column(path, "tcp.flags", only="tcp.flags.syn == 1")
    check("SYN, SYN-ACK, twice", flags == ["0x0002", "0x0012"] * 2, flags)
    check("MSS", column(path, "tcp.options.mss_val") == ["1460", "1460", "1440", "1440"])
    signed, of_ipv4 = (tshark(path, "frame.number", only=only) for only in ("tcp.options.md5", "ip && tcp"))
    check("all of IPv4 is signed, and nothing else", signed == of_ipv4 and len(signed) > 20, len(signed))
    check("FIN both ways", len(column(path, "tcp.flags", only="tcp.flags.fin == 1")) == 4)
    check("BGP's hops", set(column(path, "ip.ttl", only="ip && tcp")) == {"1"})


def messages(path):
    types = column(path, "bgp.type")
    for name, number, n in (("OPEN", "1", 4), ("NOTIFICATION", "3", 2), ("KEEPALIVE", "4", 4), ("ROUTE-REFRESH", "5", 2)):
        check(name, types.count(number) == n, types)
    check("AS", column(path, "bgp.open.myas") == ["23456", "7224"] * 2)
    check("AS of four octets", column(path, "bgp.cap.4as") == ["4200000001", "7224"] * 2)
    check("hold time", set(column(path, "bgp.open.holdtime")) == {"30"})
    check("identifier", column(path, "bgp.open.identifier") == ["10.0.0.1", "10.0.0.2"] * 2)
    check("capabilities", column(path, "bgp.cap.type") == ["1", "1", "2", "64", "65"] * 4, column(path, "bgp.cap.type"))
    check("why it ends", column(path, "bgp.notify.major_error") == ["6", "6"] and
          column(path, "bgp.notify.communication") == ["at noon"] * 2)
    check("prefixes of IPv4", len(column(path, "bgp.nlri_prefix", only="ip")) == N_PREFIXES)
    check("withdrawn", len(column(path, "bgp.withdrawn_prefix", only="ip")) == 10)
    check("prefixes of IPv6", len(column(path, "bgp.mp_reach_nlri_ipv6_prefix", only="ipv6")) == N_PREFIXES)
    check("withdrawn of IPv6", len(column(path, "bgp.mp_unreach_nlri_ipv6_prefix", only="ipv6")) == 10)
    check("MED", set(column(path, "bgp.update.path_attribute.multi_exit_disc")) == {"50"})
    check("path", set(column(path, "bgp.update.path_attribute.as_path_segment.as4")) ==
          {"4200000001", "64500", "64501", "64502"})


def bfd(path):
    check("states", column(path, "bfd.sta") == ["0x01", "0x02", "0x03", "0x03"] * 2, column(path, "bfd.sta"))
    check("Poll", column(path, "bfd.flags.p") in (["0", "0", "1", "0"] * 2, ["False", "False", "True", "False"] * 2))
    check("Final", column(path, "bfd.flags.f") in (["0", "0", "0", "1"] * 2, ["False", "False", "False", "True"] * 2))
    check("discriminators", column(path, "bfd.my_discriminator") == ["0x00000001", "0x00000002"] * 4)
    check("interval", set(column(path, "bfd.desired_min_tx_interval")) == {"1000000", "300000"},
          column(path, "bfd.desired_min_tx_interval"))
    check("BFD's hops", set(column(path, "ip.ttl", only="ip && udp") + column(path, "ipv6.hlim", only="ipv6 && udp")) == {"255"})
    check("ports", set(column(path, "udp.dstport")) == {"3784"} and set(column(path, "udp.srcport")) == {"49152", "49153"})


if __name__ == "__main__":
    main(globals())
