#!/usr/bin/env python3
"""What goes wrong with BGP in a scenario, and the one line that says so.

    test_bgp_mistakes.py DXSIM SOURCE_DIR

Each mistake is one change of a scenario that is in order: what is said, where, and its code.
"""
import copy
import re

from command import check, dxsim, main, place, put

HQ = {"kind": "customer-router", "asn": 65000, "loopback": "10.255.9.1/32", "bgp": {"networks": ["10.1.0.0/16"]}}
NETWORK = {
    "dxsim": 1, "name": "bgp", "run": {"duration": "100 s"}, "catalog": "aws-dx-2026-09", "quota": "error",
    "nodes": {
        "hq": HQ,
        "hq2": {"kind": "customer-router", "asn": 65000, "bgp": {"networks": ["10.1.0.0/16"]}},
        "aws": {"kind": "cloud-device", "asn": 64512, "region": "us-west-2", "bgp": {"networks": ["172.31.0.0/16"]}},
        "vpc": {"kind": "vpc"},
        "server": {"kind": "host"},
    },
    "defaults": {"link": {"rate": "1 Gbps", "fiber": {"length": "10 km"}}},
    "links": {
        "dx1": {"ends": ["hq", "aws"]},
        "dx2": {"ends": ["hq2", "aws"]},
        "i": {"ends": ["hq", "hq2"], "metric": 5},
        "v": {"ends": ["aws", "vpc"]},
        "s": {"ends": ["server", "hq"]},
    },
    "vifs": {
        "vif-a": {"on": "dx1", "type": "private", "vlan": 100, "addresses": ["169.254.100.1/30", "169.254.100.2/30"]},
        "vif-b": {"on": "dx2", "type": "private", "vlan": 100},
    },
    "policies": {
        "prefix_lists": {"OURS": [{"action": "permit", "prefix": "10.1.0.0/16", "le": 24}]},
        "community_lists": {"LOW": [{"action": "permit", "communities": ["7224:7100"]}]},
        "as_path_lists": {"DIRECT": [{"action": "permit", "regex": "^64512$"}]},
        "route_maps": {
            "FROM-AWS": [{"action": "permit", "match": [{"type": "as_path", "name": "DIRECT"}], "set": [{"type": "local_pref", "value": 200}]}],
            "TO-AWS": [{"action": "permit", "match": [{"type": "prefix_list", "name": "OURS"}], "set": [{"type": "community", "communities": ["7224:7300"]}]}],
        },
    },
    "sessions": {
        "a": {"ends": ["hq", "aws"], "on": "vif-a", "bfd": {}, "at": {"hq": {"in": "FROM-AWS", "out": "TO-AWS"}}},
        "b": {"ends": ["hq2", "aws"], "addresses": ["169.254.200.1/30", "169.254.200.2/30"]},
        "i": {"ends": ["hq", "hq2"]},
    },
    "flows": {"up": {"from": "server", "to": "aws", "rate": "1 Mbps", "addresses": ["10.1.0.5", "172.31.0.5"]}},
    "events": [
        {"at": "1 s", "do": "shutdown", "target": "sessions.a", "from": "aws", "for": "1 s"},
        {"at": "2 s", "do": "withdraw", "target": "nodes.hq", "network": "10.1.0.0/16"},
    ],
    "monitor": {"side": "aws"},
}


def alarm(metric, threshold, **select):
    return {"x": {"metric": "VirtualInterfaceBgp" + metric, "op": "<", "threshold": threshold, "select": select}}



VIFS = "AWS Direct Connect User Guide, virtual interfaces"
BGP = "AWS Direct Connect User Guide, BGP-specific settings and quotas"
RULE = "policies/route_maps/FROM-AWS/0/"

# Way, value (None: taken away), then what is said: text, pointer, code.
MISTAKES = [
    # alarms on sessions
    ("alarms", alarm("Status", 1, vif="vif-c"), 'there is no vif "vif-c"; did you mean "vif-a"?', "alarms/x/select/vif", 1301),
    ("alarms", alarm("Status", 1), 'there is more than one vif, or none; select one: "select": { "vif": ... }', "alarms/x", 1102),
    ("alarms", alarm("Status", 1, vif="vif-a", family="ipv6"), 'VIF "vif-a" has no ipv6 BGP session that the cloud\'s side sees',
     "alarms/x/select/vif", 1204),
    ("alarms", alarm("Status", 1, vif="vif-a", family="IPv6"), '"IPv6" is not one of "ipv4", "ipv6"; did you mean "ipv6"?', "alarms/x/select/family", 1202),
    ("alarms", alarm("Status", 1, link="dx1"), 'metric "VirtualInterfaceBgpStatus" has no such dimension; select by "vif" and "family"',
     "alarms/x/select/link", 1204),
    ("alarms", alarm("PrefixesAdvertised", "80 %", vif="vif-a"), '80 % of what? Nothing limits this metric; name a number here: 80',
     "alarms/x/threshold", 1204),
    # numbers of ASes
    ("nodes/hq/asn", 0, "AS 0 is nobody's number (RFC 7607)", 1203),
    ("nodes/aws/asn", 23456, "AS 23456 stands for 32-bit numbers towards old speakers (RFC 6793); nobody can have it", 1203),
    ("nodes/aws/asn", 65535, "AS 65535 is reserved (RFC 7300); nobody can have it", 1203),
    ("nodes/aws/asn", 4294967295, "AS 4294967295 is reserved (RFC 7300); nobody can have it", 1203),
    ("nodes/aws/asn", 4294967296, "4294967296 is outside 1 to 4294967295", 1203),
    ("nodes/aws/asn", -1, "-1 is outside 1 to 4294967295", 1203),
    ("nodes/aws/asn", 64512.5, "64512.5 is not a whole number of 64 bits", 1201),
    ("nodes/aws/asn", "64512", "this is a string, expected a number: 64512, without quotes", 1103),
    ("nodes/vpc/bgp", {}, '"bgp" goes with an "asn": this node speaks no BGP', 1204),
    ("nodes/vpc/router_id", "1.1.1.1", '"router_id" goes with an "asn": this node speaks no BGP', 1204),
    ("nodes/server/asn", 65001, 'a host speaks no BGP; what does is a "router"', 1204),
    ("nodes/hq/bgp/confederation", {"identifier": 0}, "AS 0 is nobody's number (RFC 7607)", "nodes/hq/bgp/confederation/identifier", 1203),
    ("nodes/hq/bgp/confederation", {"identifier": 23456},
     "AS 23456 stands for 32-bit numbers towards old speakers (RFC 6793); nobody can have it", "nodes/hq/bgp/confederation/identifier", 1203),
    # identifiers
    ("nodes/hq2/router_id", "0.0.0.0", "0.0.0.0 is nobody's identifier (RFC 6286)", 1203),
    ("nodes/hq2/router_id", "10.1", '"10.1" is no identifier such as "10.0.0.1"', 1201),
    ("nodes/hq2/router_id", "10.255.9.1", 'router ID 10.255.9.1 is that of node "hq", line 10, too; each has its own', 1204),
    ("nodes/hq2/loopback", "10.255.9.1/32", 'router ID 10.255.9.1 is that of node "hq", line 10, too; each has its own', 1204),
    ("nodes/hq2/loopback", "10.255.9.2/24", 'a loopback is one address: "10.255.9.2/32"', 1203),
    ("nodes/hq2/loopback", "lo0", '"lo0" is no address such as "10.255.0.1/32"', 1201),
    ("nodes/hq2/bgp/cluster_id", "0.0.0.0", "0.0.0.0 is nobody's identifier (RFC 6286)", 1203),
    # networks
    ("nodes/hq/bgp/networks", ["10.1.2.0/16"], "10.1.2.0/16: host bits are set; did you mean 10.1.0.0/16?", "nodes/hq/bgp/networks/0", 1201),
    ("nodes/hq/bgp/networks", ["10.1.0.0"], '"10.1.0.0" is no prefix such as "10.1.0.0/16" or "2001:db8::/32"', "nodes/hq/bgp/networks/0", 1201),
    ("nodes/hq/bgp/networks", ["10.1.0.0/33"], "10.1.0.0/33: the address has only 32 bits", "nodes/hq/bgp/networks/0", 1203),
    ("nodes/hq/bgp/networks", ["10.1.0.0/16", "10.1.0.0/16"], "10.1.0.0/16 is here twice", "nodes/hq/bgp/networks/1", 1204),
    ("nodes/aws/bgp/networks", ["172.30.0.0/16"],
     'warning: no router announces 172.31.0.5, the destination: its frames are dropped (no_route); add it to the "networks" of one',
     "flows/up/addresses", 1303),
    ("flows/up/addresses", ["172.31.0.5", "10.1.0.10"],
     'warning: "hq", which the flow comes to first, announces its destination 10.1.0.10 itself: its frames end there (no_route); do the addresses stand the wrong way round?',
     "flows/up/addresses", 1303),
    ("nodes/hq2/bgp/networks", ["10.1.%d.0/24" % i for i in range(101)],
     'warning: "hq2" announces 101 networks of its own, and "aws" takes 100: the session goes down', "sessions/b", 1203),
    # knobs
    ("nodes/hq/bgp/maximum_paths", 0, '"0" is outside "1" to "256"', 1203),
    ("nodes/hq/bgp/always_compared_med", True, 'unknown key "always_compared_med"; did you mean "always_compare_med"?', 1101),
    ("nodes/hq/bgp/profile", "frr", '"frr" is not one of "default", "cisco", "briefing-literal"', 1202),
    ("nodes/hq/bgp/dampening", {"reuse": 2000}, 'must be below "suppress": a route would be back at once', "nodes/hq/bgp/dampening/reuse", 1204),
    ("nodes/aws/bgp/communities", "documentd", 'the catalog has no table of communities "documentd"; did you mean "documented"?', 1301),
    ("nodes/hq/kind", "costumer-router",
     '"costumer-router" is not one of "router", "customer-router", "cloud-device", "dx-gateway", "transit-gateway", "vpc", "host", "internet"; did you mean "customer-router"?', 1202),
    # sessions: between whom
    ("sessions/i/ends", ["hq"], "a session has two ends, this has 1", 1302),
    ("sessions/i/ends", ["hq", "hq"], "both ends are the same node", 1302),
    ("sessions/i/ends", ["hq", "vpc"], 'node "vpc" speaks no BGP: give it an "asn"', "sessions/i/ends/1", 1302),
    ("sessions/i/ends", ["hq", "hq3"], 'there is no node "hq3"; did you mean "hq2"?', "sessions/i/ends/1", 1301),
    ("sessions/i/type", "ebgp", "both ends are in AS 65000: that is iBGP; eBGP is between two ASes", 1204),
    ("sessions/a/type", "ibgp", "the ends are in AS 65000 and AS 64512: that is eBGP; iBGP is within one AS", 1204),
    ("sessions/a/at/aw", {}, '"aw" is no end of this session; "hq" and "aws" are', 1302),
    ("sessions/a/at/aws", {"route_reflector_client": True}, "clients of a route reflector are in its own AS (RFC 4456)",
     "sessions/a/at/aws/route_reflector_client", 1204),
    ("sessions/a/passive", True, "both ends are passive: each waits for the other to connect", "sessions/a", 1204),
    ("sessions/a/at/aws", {"password": "other"}, "warning: the ends have two passwords: the session never comes up", "sessions/a", 1204),
    ("sessions/a/password", "", "a password has 1 to 80 characters; this has 0", 1203),
    ("sessions/b/at", {"aws": {"bfd": {}}}, 'warning: only "aws" has BFD: nobody answers, and nothing comes of it', "sessions/b", 1204),
    # over what
    ("sessions/a/on", "dx2", '"dx2" does not join "hq" and "aws"', 1302),
    ("sessions/a/on", "vif-c", 'there is no link, LAG or VIF "vif-c"; did you mean "vif-a"?', 1301),
    ("vifs/vif-c", {"on": "dx2", "type": "private", "vlan": 101}, '"on" is missing: "hq2" and "aws" are joined by "vif-b", "vif-c"', "sessions/b", 1102),
    ("links/i/igp", False,
     'warning: no line of the IGP leads from "hq" to "hq2": the session never comes up; lines of other ASes or of nodes without an asn need "igp": true',
     "sessions/i", 1303),
    ("links/i/metric", 0, "a metric is a whole number from 1 to 65535", 1203),
    ([("links/i2", {"like": "i"}), ("lags", {"inner": {"members": ["i", "i2"]}})], None, 'the link is a member of LAG "inner"; say it there',
     "links/i/metric", 1204),
    ("igp", {"convergence": "2 h"}, 'an IGP converges within "0 s" to "1 h"', "igp/convergence", 1203),
    # addresses
    ("sessions/b/addresses", ["169.254.200.1/30"], "a session has two ends: expected two addresses, this has 1", 1204),
    ("sessions/b/addresses", ["169.254.200.1/30", "169.254.201.2/30"], "both ends must be in one subnet; these are in two", 1204),
    ("sessions/b/addresses", ["169.254.200.1/30", "169.254.200.1/30"], "both ends have the same address", 1204),
    ("sessions/b/addresses", ["169.254.200.1/30", "2001:db8::2/126"], "one end has an IPv4 address, the other an IPv6 address", 1204),
    ("sessions/b/addresses", ["169.254.200.0/30", "169.254.200.2/30"], "this is the network address of its /30", "sessions/b/addresses/0", 1204),
    ("sessions/b/addresses", ["169.254.200.1", "169.254.200.2/30"],
     'the length of the prefix is missing; expected one such as "169.254.100.1/30" or "2001:db8::1/126"', "sessions/b/addresses/0", 1201),
    ("sessions/b/addresses", ["169.254.100.1/30", "169.254.100.2/30"],
     'overlaps with the subnet of VIF "vif-a", line 88, on the same router', "sessions/b/addresses/0", 1204),
    ("sessions/a/addresses", ["169.254.1.1/30", "169.254.1.2/30"], 'VIF "vif-a", line 88, has addresses, which are the session\'s', 1204),
    ("sessions/i/addresses", ["10.0.0.1/30", "10.0.0.2/30"], 'within an AS a session goes between loopbacks, unless it is "on" a link', 1204),
    ("sessions/c", {"ends": ["hq2", "hq"]}, 'session "i", line 195, is between the same two addresses, 10.255.0.2 and 10.255.9.1', "sessions/c/ends", 1204),
    # timers
    ("sessions/b/timers", {"hold": "2 s", "keepalive": "1 s"},
     "a hold time of 1 s or 2 s is refused (RFC 4271 4.2); at least 3 s, or 0 s for none", "sessions/b/timers/hold", 1204),
    ("sessions/a/at/aws", {"timers": {"hold": "1 s"}},
     "a hold time of 1 s or 2 s is refused (RFC 4271 4.2); at least 3 s, or 0 s for none", "sessions/a/at/aws/timers/hold", 1204),
    ("sessions/b/timers", {"hold": "30 s", "keepalive": "11 s"},
     "warning: keepalive 11 s is more than a third of hold 30 s: 10 s is what counts", "sessions/b/timers/keepalive", 1203),
    ("sessions/b/timers", {"hold": "10 s"}, "warning: keepalive 30 s is more than a third of hold 10 s: 3.333 s is what counts",
     "sessions/b/timers/hold", 1203),
    ("sessions/b/timers", {"hold": "60 s"}, "warning: keepalive 30 s is more than a third of hold 1 min: 20 s is what counts",
     "sessions/b/timers/hold", 1203),
    ("sessions/b/timers", {"hold": "90.5 s"}, "an OPEN has room for whole seconds", "sessions/b/timers/hold", 1204),
    ("sessions/b/timers", {"hold": "0 s"}, "no hold time on a VIF; at least 3 s (%s)" % BGP, 1205),
    ("sessions/b/timers", {"holdtime": "90 s"}, 'unknown key "holdtime"', "sessions/b/timers/holdtime", 1101),
    ("sessions/a/bfd", {"interval": "50 ms"}, "BFD every 50 ms on a VIF; at least 300 ms (%s)" % BGP, 1205),
    ("sessions/a/bfd", {"multiplier": 2}, "a BFD multiplier of 2 on a VIF; at least 3 (%s)" % BGP, 1205),
    ("sessions/a/bfd", {"interval": "300.0005 ms"}, "a BFD packet has room for whole microseconds", "sessions/a/bfd/interval", 1204),
    ("sessions/a/preset", "briefng", 'the catalog has no preset of this name; did you mean "briefing"?', 1301),
    ("sessions/a/like", "z", "there is no session of this name to be like", 1301),
    # what providers say
    ([("nodes/hq2/asn", 64512), ("sessions/b/on", "vif-b")], None,
     "iBGP on a VIF, in AS 64512; a VIF has eBGP, between two ASes (%s)" % BGP, "sessions/b/ends", 1205),
    ([("nodes/aws/kind", "vpc"), ("vifs/vif-b/type", "transit")], None,
     'a transit VIF to "aws" (vpc); it leads to one of cloud-device, dx-gateway, transit-gateway (%s)' % VIFS, "vifs/vif-b/type", 1205),
    ([("nodes/aws/kind", "internet"), ("vifs/vif-b/type", "public")], None,
     'a private VIF to "aws" (internet); it leads to one of cloud-device, dx-gateway, vpc (%s)' % VIFS, "vifs/vif-a/type", 1205),
    ([("quota", "warn"), ("sessions/a/bfd", {"interval": "50 ms"})], None, "warning: BFD every 50 ms on a VIF; at least 300 ms (%s)" % BGP,
     "sessions/a/bfd", 1205),
    # policies
    ("sessions/a/at/hq/in", "FROM-AWZ", 'there is no route map "FROM-AWZ"; did you mean "FROM-AWS"?', 1301),
    (RULE + "match/0/name", "DIRCT", 'there is no AS-path list "DIRCT"; did you mean "DIRECT"?', 1301),
    (RULE + "match/0/type", "aspath",
     '"aspath" is not one of "prefix_list", "community", "as_path", "metric", "origin", "local_pref"; did you mean "as_path"?', 1202),
    (RULE + "match/0", {"type": "origin", "value": 5}, "a string is due here, not a number", RULE + "match/0/value", 1103),
    (RULE + "set/0/value", 4294967296, "4294967296 is outside 0 to 4294967295", 1203),
    (RULE + "set/0", {"type": "community", "communities": ["7224:70000"]}, '"7224:70000": each half of a community is at most 65535',
     RULE + "set/0/communities/0", 1203),
    (RULE + "set/0", {"type": "community", "communities": ["7224"]}, '"7224" is no community such as "7224:7300"', RULE + "set/0/communities/0", 1201),
    (RULE + "set/0", {"type": "prepend", "asns": [0]}, "AS 0 is nobody's number (RFC 7607)", RULE + "set/0/asns/0", 1203),
    (RULE + "set/0", {"type": "local_pref"}, '"value" is missing', RULE + "set/0", 1102),
    (RULE + "action", None, '"action" is missing', RULE[:-1], 1102),
    ("policies/as_path_lists/DIRECT/0/regex", "^(64512$", '"^(64512$": "(" without ")", at character 9', 1201),
    ("policies/as_path_lists/DIRECT/0/regex", "[0-9", '"[0-9": "[" without "]", at character 5', 1201),
    ("policies/as_path_lists/DIRECT/0/regex", "*1", '"*1": nothing to repeat, at character 1', 1201),
    ("policies/prefix_lists/OURS/0/le", 12, "le 12 is outside 16 to 32", 1203),
    ("policies/prefix_lists/OURS/0/prefix", "10.1.0.1/16", "10.1.0.1/16: host bits are set; did you mean 10.1.0.0/16?", 1201),
    ("policies/prefix_lists", {"OURS": [{"seq": 5, "action": "permit", "prefix": "10.1.0.0/16"}, {"seq": 5, "action": "deny", "prefix": "10.2.0.0/16"}]},
     "two entries have seq 5", "policies/prefix_lists/OURS", 1204),
    # events
    ("events/0/target", "sessions.x", 'there is no "sessions.x"; this is done to "sessions.NAME", or "nodes.NAME" with an asn', 1301),
    ("events/0/target", "a", 'there is no "a"; did you mean "sessions.a"?', 1301),
    ("events/0/target", "links.dx1", 'there is no "links.dx1"; this is done to "sessions.NAME", or "nodes.NAME" with an asn', 1301),
    ("events/0/from", "hq2", 'session "a" does not end there', 1302),
    ("events/0/soft", True, '"soft" goes with "do": "clear" only', 1204),
    ([("events/0/do", "fail"), ("events/0/from", None)], None,
     'there is no "sessions.a"; expected "links.NAME", "nodes.NAME" or "groups.NAME"', "events/0/target", 1301),
    ("events/1/network", None, '"network" is missing: the prefix, such as "10.1.0.0/16"', "events/1", 1102),
    ("events/1/network", "10.1.0.0/8", "10.1.0.0/8: host bits are set; did you mean 10.0.0.0/8?", 1201),
    ("events/1/target", "nodes.vpc", '"nodes.vpc" announces nothing; expected "nodes.NAME" with an asn', 1301),
    ("events/1/target", "sessions.a", '"sessions.a" announces nothing; expected "nodes.NAME" with an asn', 1301),
]


def test_mistakes():
    with place(NETWORK) as root:
        check("it is in order", dxsim(root, "validate", "s.json") == (0, "s.json: in order\n", ""), dxsim(root, "validate", "s.json"))
    for way, value, says, *rest in MISTAKES:
        where, code = rest if len(rest) == 2 else (way, rest[0])
        scenario = copy.deepcopy(NETWORK)
        for place_of, what in way if isinstance(way, list) else [(way, value)]:
            put(scenario, place_of, what)
        with place(scenario) as root:
            status, _, err = dxsim(root, "validate", "--quiet", "s.json")
            kind = "warning" if says.startswith("warning: ") else "error"
            want = "%s: %s (/%s) [DX%d]\n" % (kind, says.replace("warning: ", "", 1), where, code)
            check("%s: %r" % (way, str(value)[:40]), re.fullmatch(r"s\.json:\d+:\d+: " + re.escape(want), err) and status == (0 if kind == "warning" else 3),
                  status, "\n  got  " + err.rstrip() + "\n  want " + want.rstrip())


PASSWORD = "correct horse battery staple"


def test_no_password_is_shown():
    scenario = copy.deepcopy(NETWORK)
    scenario["sessions"]["a"]["password"] = PASSWORD
    scenario["sessions"]["b"]["at"] = {"hq2": {"password": PASSWORD}, "aws": {"password": PASSWORD}}
    with place(scenario) as root:
        for arguments in (("explain", "s.json"), ("explain", "--json", "s.json"), ("validate", "s.json")):
            status, out, err = dxsim(root, *arguments)
            check("no password in what %s says" % " ".join(arguments), status == 0 and PASSWORD not in out + err, status, err)


def test_what_was_assumed_is_explained():
    with place(NETWORK) as root:
        _, out, _ = dxsim(root, "explain", "s.json")
        for line in (r"hq2\s+65000\s+10\.255\.0\.2\s+10\.255\.0\.2\s+10\.1\.0\.0/16",
                     r"a\s+ebgp\s+vif-a\s+hq 169\.254\.100\.1\s+aws 169\.254\.100\.2\s+1\.5 min\s+900 ms",
                     r"b\s+ebgp\s+vif-b\s+hq2 169\.254\.200\.1\s+aws 169\.254\.200\.2\s+1\.5 min\s+none",
                     r"i\s+ibgp\s+the IGP\s+hq 10\.255\.9\.1\s+hq2 10\.255\.0\.2\s+1\.5 min\s+none"):
            check("explain says " + line, re.search(line, out), out)


def test_a_share_of_no_limit_is_refused():
    scenario = copy.deepcopy(NETWORK)
    scenario["sessions"]["b"]["at"] = {"aws": {"prefix_limit": 0}}
    scenario["alarms"] = alarm("PrefixesAccepted", "80 %", vif="vif-b")
    wanted = '80 % of what? The cloud\'s end of the session has no "prefix_limit"; name a number here: 80 (/alarms/x/threshold) [DX1204]'
    with place(scenario) as root:
        status, _, err = dxsim(root, "validate", "s.json")
        check("it is said", status == 3 and wanted in err, status, err)


# The least there is: three lines, and all of it is default.
SMALL = {
    "dxsim": 1, "name": "small", "run": {"duration": "1 s"},
    "nodes": {"hq": {"kind": "router", "asn": 65000}, "aws": {"kind": "router", "asn": 64512}},
    "links": {"dx": {"ends": ["hq", "aws"], "rate": "1 Gbps", "fiber": {"length": "1 km"}}},
    "sessions": {"s": {"ends": ["hq", "aws"]}},
    "flows": {"f": {"from": "hq", "to": "aws", "rate": "1 Mbps"}},
}


def test_two_routers_need_little():
    with place(SMALL) as root:
        check("it is in order", dxsim(root, "validate", "s.json") == (0, "s.json: in order\n", ""), dxsim(root, "validate", "s.json"))


main(globals())
