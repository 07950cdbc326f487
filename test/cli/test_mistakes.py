#!/usr/bin/env python3
"""What a network engineer gets wrong at 2 a.m., and the one line that says so.

    test_mistakes.py DXSIM SOURCE_DIR

Each mistake is one change of a scenario that is in order. The line is exact: place, what was found, what was expected.
Only lists that grow with the program are left open: {any}.
"""
import copy
import re

from command import check, contents, dxsim, main, place, put

OFFICE = {
    "dxsim": 1, "name": "office", "run": {"duration": "1 s", "warmup": "100 ms"},
    "catalog": "aws-dx-2026-09",
    "nodes": {"office": {"kind": "router"}, "aws": {"kind": "router"}, "branch": {"kind": "router"}},
    "links": {
        "dx1": {"ends": ["office", "aws"], "rate": "10 Gbps", "queue": {"limit": "10 MB"}, "fiber": {"length": "40 km"}},
        "dx2": {"like": "dx1"},
        "wan": {"ends": ["branch", "office"], "rate": "1 Gbps", "fiber": {"length": "300 km"}},
    },
    "lags": {"lag1": {"members": ["dx1", "dx2"], "hash": "src-dst-ip-port"}},
    "flows": {
        "backup": {"from": "office", "to": "aws", "via": "lag1", "model": "poisson", "rate": "4 Gbps", "size": "1500 B"},
        "voice": {"from": "branch", "to": "aws", "rate": "10 Mbps", "size": "200 B", "pcp": 5},
    },
    "events": [{"at": "500 ms", "do": "fail", "target": "links.dx1", "for": "100 ms"}],
    "expectations": [{"name": "voice in time", "metric": "flow.latency", "select": {"flow": "voice"}, "stat": "p99", "op": "<=",
                      "value": "5 ms"}],
    "outputs": {"series": {"period": "10 ms"}},
}

# What is put where (None: taken away), and what is said. Lines are those of the file with an indent of 1.
MISTAKES = [
    ("links/dx1/rate", "10G",
     '26:12: error: "10G" is not a rate such as "10 Gbps"; did you mean "10 Gbps"? (/links/dx1/rate) [DX1201]'),
    ("links/dx1/rate", "10 Gbit/s",
     '26:12: error: "10 Gbit/s" is not a rate such as "10 Gbps"; did you mean "10 Gbps"? (/links/dx1/rate) [DX1201]'),
    ("links/dx1/rate", "10 gbps",
     '26:12: error: "10 gbps" is not a rate such as "10 Gbps"; did you mean "10 Gbps"? (/links/dx1/rate) [DX1201]'),
    ("links/dx1/rate", 10000000000,
     '26:12: error: 10000000000 is a bare number; give it a unit, such as "10 Gbps" (/links/dx1/rate) [DX1103]'),
    ("links/dx1/rate", "1.25 GB/s",
     '26:12: error: "1.25 GB/s" is not a rate such as "10 Gbps"; did you mean "1.25 Gbps" (bits per second)? (/links/dx1/rate) [DX1201]'),
    ("links/dx1/rate", "10,5 Gbps",
     '26:12: error: "10,5 Gbps" is not a rate such as "10 Gbps"; did you mean "10.5 Gbps"? (/links/dx1/rate) [DX1201]'),
    ("run/duration", "1s",
     '5:15: error: "1s" is not a time such as "1.5 ms"; did you mean "1 s"? (/run/duration) [DX1201]'),
    ("run/duration", "1000",
     '5:15: error: "1000" has no unit; expected a time such as "1.5 ms" (ps, ns, us, ms, s, min, h, d) (/run/duration) [DX1201]'),
    ("run/duration", 1,
     '5:15: error: 1 is a bare number; give it a unit, such as "1.5 ms" (/run/duration) [DX1103]'),
    ("run/warmup", "2 s",
     '6:13: error: the warm-up must end before the run does (/run/warmup) [DX1203]'),
    ("run/seed", "42",
     '7:11: error: this is a string, expected a number: 42, without quotes (/run/seed) [DX1103]'),
    ("links/dx1/fiber/length", "40km",
     '31:15: error: "40km" is not a length such as "80 km"; did you mean "40 km"? (/links/dx1/fiber/length) [DX1201]'),
    ("links/dx1/fiber/length", "25 miles",
     '31:15: error: "25 miles" is not a length; expected a number, one space and a unit, such as "80 km" (mm, m, km) (/links/dx1/fiber/length) [DX1201]'),
    ("links/dx1/fiber/length", "200 us",
     '31:15: error: "200 us" is a time; expected a length such as "80 km" (/links/dx1/fiber/length) [DX1201]'),
    ("links/dx1/fiber", {"length": "1 km", "delay": "1 ms"},
     '32:14: error: give either a length or a delay (/links/dx1/fiber/delay) [DX1204]'),
    ("links/dx1/optic", "10GBASE-LX",
     '33:13: error: there is no optic "10GBASE-LX"; did you mean "10GBASE-LR"? There are {any}10GBASE-ZR{any} (/links/dx1/optic) [DX1301]'),
    ("links/dx1/optic", ["10GBASE-ER"],
     '33:13: error: one optic for both ends, or two: that of the first end and that of the second; this has 1 (/links/dx1/optic) [DX1203]'),
    # 40 km at 0.35 dB/km * (1310 / 1260)^4 are 16.36 dB; -8.2 dBm less that
    ("links/dx1/optic", "10GBASE-LR",
     '33:13: error: the line does not close: -24.6 dBm arrive, 10GBASE-LR needs -14.4; the reach of 10GBASE-LR is 10 km, this line has 40; an optic that does: 10GBASE-ER (3.1 dB margin); possible with 3 regenerators on the way (/links/dx1/optic) [DX1601]'),
    # 40 km at 0.2 dB/km: 4 dBm less 8 dB is 3 dB above -7 dBm
    ("links/dx1/optic", "10GBASE-ZR",
     '33:13: error: too much light: up to -4.0 dBm arrive, 10GBASE-ZR takes -7.0; an attenuator of 3.0 to 15.0 dB mends it; an optic that does: 10GBASE-ER (3.1 dB margin) (/links/dx1/optic) [DX1601]'),
    ("links/dx1/optic", "100GBASE-ER4",
     '33:13: error: 100GBASE-ER4 is for 100 Gbps, and this link has 10 Gbps; for that: 10GBASE-LR, 10GBASE-ER, 10GBASE-ZR (/links/dx1/optic) [DX1601]'),
    ("links/dx1/optic", ["10GBASE-LR", "10GBASE-ER"],
     '33:13: error: 10GBASE-LR and 10GBASE-ER do not understand each other: they have no wavelength in common (/links/dx1/optic) [DX1601]'),
    ("links/dx1", {"ends": ["office", "aws"], "rate": "10 Gbps", "optic": "10GBASE-ER", "fiber": {"delay": "1 ms"}},
     '27:13: error: with an optic, give the fiber a length in place of a delay: what arrives depends on it (/links/dx1/optic) [DX1204]'),
    # spans
    ("links/dx1/fiber/spans", [{"length": "20 km"}],
     '31:15: error: give either length or spans (/links/dx1/fiber/length) [DX1204]'),
    ("links/dx1/fiber", {"spans": [{"length": "20 km"}], "amplifiers": 2},
     '36:19: error: give either amplifiers or spans, which have their own (/links/dx1/fiber/amplifiers) [DX1204]'),
    ("links/dx1/fiber", {"spans": []},
     '31:14: error: a fiber has at least one span (/links/dx1/fiber/spans) [DX1203]'),
    ("links/dx1/fiber", {"spans": [{"length": "20 km", "amplifer": "any"}]},
     '34:7: error: unknown key "amplifer"; did you mean "amplifier"? (/links/dx1/fiber/spans/0/amplifer) [DX1101]'),
    ("links/dx1/fiber", {"spans": [{"amplifier": "any"}]},
     '32:6: error: "length" is missing (/links/dx1/fiber/spans/0) [DX1102]'),
    ("links/dx1/fiber", {"spans": [{"length": "20 km", "amplifier": "medium"}]},
     '34:20: error: there is no amplifier "medium"; did you mean "medium-gain"? There are {any}, any (/links/dx1/fiber/spans/0/amplifier) [DX1301]'),
    ("links/dx1/fiber", {"spans": [{"length": "20 km", "noise_figure": "2 dB"}]},
     '34:23: error: no amplifier has a noise figure below 3 dB (/links/dx1/fiber/spans/0/noise_figure) [DX1204]'),
    ("links/dx1/fiber", {"spans": [{"length": "20 km", "gain": 20}]},
     '34:15: error: 20 is a bare number; give it a unit, such as "20 dB" (dB) (/links/dx1/fiber/spans/0/gain) [DX1103]'),
    # 60 km at 0.2 dB/km are 12 dB; 70 km in one are 14
    ("links/dx1", {"ends": ["office", "aws"], "rate": "10 Gbps", "optic": "10GBASE-ZR",
                   "fiber": {"spans": [{"length": "60 km", "amplifier": "medium-gain"}, {"length": "10 km"}]}},
     '27:13: error: span 1 asks for a gain of 12.0 dB, medium-gain has 15 at least; pad the span with an attenuator of 3.0 dB; possible with 1 amplifier of 14.0 dB at equal distances; possible with 1 regenerator on the way (/links/dx1/optic) [DX1601]'),
    ("links/dx1", {"ends": ["office", "aws"], "rate": "10 Gbps", "optic": "10GBASE-ZR",
                   "fiber": {"spans": [{"length": "30 km", "amplifier": "any"}, {"length": "200 km", "amplifier": "any"}]}},
     '27:13: error: span 2 asks for a gain of 40.0 dB, an amplifier has 35 at most; divide the span; possible with 2 regenerators on the way (/links/dx1/optic) [DX1601]'),
    # 15 dBm less 16 dB, and 25 dB more
    ("links/dx1", {"ends": ["office", "aws"], "rate": "10 Gbps", "optic": "10GBASE-ZR",
                   "fiber": {"launch": "15 dBm", "spans": [{"length": "80 km", "amplifier": "medium-gain", "gain": "25 dB"}]}},
     '27:13: error: the amplifier of span 1 would have to put out 24.0 dBm, medium-gain has 23 at most; less "launch" or "gain"; possible with 1 amplifier of 16.0 dB at equal distances; possible with 1 regenerator on the way (/links/dx1/optic) [DX1601]'),
    # the reach of 10 km that is met as a rule for routers is that of their optics
    ("links/dx1", {"ends": ["office", "aws"], "rate": "10 Gbps", "optic": "10GBASE-LR", "fiber": {"length": "12 km"}},
     '27:13: warning: the line is marginal: 10GBASE-LR is specified for 10 km, not 12; its power suffices, 1.3 dB are left; possible with 1 regenerator on the way (/links/dx1/optic) [DX1602]'),
    ("links/dx1/fiber/levels", "briefing-level",
     '32:15: error: there is no table of levels "briefing-level"; did you mean "briefing-levels"? There are {any} (/links/dx1/fiber/levels) [DX1301]'),
    ("links/dx1/fiber", {"length": "200 km", "levels": "briefing-levels"},
     '32:15: error: briefing-levels is for 0 to 160 km, this fiber has 200 (/links/dx1/fiber/levels) [DX1203]'),
    # cross connects
    ("links/dx1/cross_connect", {"lenght": "35 m"},
     '34:5: error: unknown key "lenght"; did you mean "length"? (/links/dx1/cross_connect/lenght) [DX1101]'),
    ("links/dx1/cross_connect", {"length": "35 km"},
     '34:15: error: "35 km" is outside "0 m" to "10 km" (/links/dx1/cross_connect/length) [DX1203]'),
    ("links/dx1/cross_connect", {"panels": 2, "insertion_loss": "0.5 dB"},
     '35:23: error: give either panels or an insertion_loss, which is the whole (/links/dx1/cross_connect/insertion_loss) [DX1204]'),
    ("links/dx1/cross_connect", {"loa": {"issued": "2026-02-30"}},
     '35:16: error: "2026-02-30" is no date such as "2026-09-30" (/links/dx1/cross_connect/loa/issued) [DX1201]'),
    ("links/dx1/cross_connect", {"loa": {"expires": "01.02.2026"}},
     '35:17: error: "01.02.2026" is no date such as "2026-09-30" (/links/dx1/cross_connect/loa/expires) [DX1201]'),
    ("links/dx1/cross_connect", {"loa": {"issued": "2026-09-30", "expires": "2026-09-29"}},
     '36:17: error: this letter expires before it is issued, on 2026-09-30 (/links/dx1/cross_connect/loa/expires) [DX1203]'),
    ("links/dx1/cross_connect", {"customer": {"cages": "1"}},
     '35:6: error: unknown key "cages"; did you mean "cage"? (/links/dx1/cross_connect/customer/cages) [DX1101]'),
    ("links/dx1/budget", "maybe",
     '33:14: error: "maybe" is not one of "error", "warn", "off" (/links/dx1/budget) [DX1202]'),
    ("links/dx1/queue/limit", "10 Mb",
     '28:14: error: a limit in bytes ("10 MB") or frames ("1000 frames"): "10 Mb" is not a size such as "1500 B"; did you mean "10 MB" (bytes)? (/links/dx1/queue/limit) [DX1201]'),
    ("links/dx1/queue/limit", "1000 packets",
     '28:14: error: "1000 packets" is not a frame count such as "1000 frames"; did you mean "1000 frames"? (/links/dx1/queue/limit) [DX1201]'),
    ("links/dx1/queue/limit", 1000,
     '28:14: error: 1000 is a bare number; give it a unit, such as "10 MB" or "1000 frames" (/links/dx1/queue/limit) [DX1103]'),
    ("flows/voice/size", 200,
     '70:12: error: 200 is a bare number; give it a unit, such as "1500 B" (/flows/voice/size) [DX1103]'),
    ("flows/voice/pcp", 8,
     '71:11: error: "8" is outside "0" to "7" (/flows/voice/pcp) [DX1203]'),
    ("flows/voice/dscp", 46,
     '72:4: error: unknown key "dscp"; did you mean "pcp"? (/flows/voice/dscp) [DX1101]'),
    ("flows/voice/model", "possion",
     '72:13: error: "possion" is not one of {any}; did you mean "poisson"? (/flows/voice/model) [DX1202]'),
    ("flows/voice/rate", None,
     '66:12: error: "rate" is missing: give one such as "8 Gbps", or transactions such as "100 M/day" (/flows/voice) [DX1102]'),
    ("links/dx1/bandwidth", "10 Gbps",
     '33:4: error: unknown key "bandwidth"; did you mean "rate"? (/links/dx1/bandwidth) [DX1101]'),
    ("links/dx1/fibre", {"length": "1 km"},
     '33:4: error: unknown key "fibre"; did you mean "fiber"? (/links/dx1/fibre) [DX1101]'),
    ("links/dx1/latency", "1 ms",
     '33:4: error: unknown key "latency"; did you mean "fiber"? (/links/dx1/latency) [DX1101]'),
    ("links/dx1/ends", ["office", "AWS"],
     '24:5: error: there is no node "AWS"; did you mean "aws"? (/links/dx1/ends/1) [DX1301]'),
    ("links/dx1/ends", ["office", "office"],
     '22:12: error: both ends are the same node (/links/dx1/ends) [DX1302]'),
    ("links/dx1/ends", ["office"],
     '22:12: error: a link has two ends, this has 1 (/links/dx1/ends) [DX1302]'),
    ("links/wan/rate", None,
     '37:10: error: "rate" is missing (/links/wan) [DX1102]'),
    ("flows/voice/to", "wan",
     '68:10: error: there is no node "wan"; did you mean "aws"? (/flows/voice/to) [DX1301]'),
    ("flows/voice/from", "brnach",
     '67:12: error: there is no node "brnach"; did you mean "branch"? (/flows/voice/from) [DX1301]'),
    ("flows/voice/via", "dx1",
     '72:11: error: link "dx1" is a member of LAG "lag1"; name the LAG (/flows/voice/via) [DX1204]'),
    ("links/wan", None,
     '56:3: error: no link leads from "branch" to "aws" (/flows/voice) [DX1303]'),
    ("lags/lag1/members", ["dx1", "wan"],
     '52:5: error: link "wan" does not join the same two nodes as the others (/lags/lag1/members/1) [DX1302]'),
    ("lags/lag1/members", ["dx1", "dx3"],
     '52:5: error: there is no link "dx3"; did you mean "dx1"? (/lags/lag1/members/1) [DX1301]'),
    ("lags/lag1/lacp", {"rate": "fasst"},
     '56:13: error: "fasst" is not one of "fast", "slow"; did you mean "fast"? (/lags/lag1/lacp/rate) [DX1202]'),
    ("lags/lag1/lacp", {"timer": "1 s"},
     '56:5: error: unknown key "timer" (/lags/lag1/lacp/timer) [DX1101]'),
    ("lags/lag1/lacp", {"pcp": 8},
     '56:12: error: "8" is outside "0" to "7" (/lags/lag1/lacp/pcp) [DX1203]'),
    ("lags/lag1/lacp", {"ends": {"awz": {"rate": "slow"}}},
     '{any}: error: "awz" is no end of this LAG; it joins "office" and "aws" (/lags/lag1/lacp/ends/awz) [DX1302]'),
    ("lags/lag1/lacp", {"ends": {"aws": {"start": "cold"}}},
     '{any}: error: both ends start alike; say it for the whole of "lacp" (/lags/lag1/lacp/ends/aws/start) [DX1204]'),
    ("lags/lag1/lacp", {"ends": {"aws": {"mode": "active-passive"}}},
     '{any}: error: one end is "active" or "passive" (/lags/lag1/lacp/ends/aws/mode) [DX1204]'),
    ("lags/lag1/lacp", {"ends": {"aws": {"key": 0}}},
     '{any}: error: "0" is outside "1" to "65535" (/lags/lag1/lacp/ends/aws/key) [DX1203]'),
    ("lags/lag1/lacp", {"marker": True},
     '56:15: error: this is a boolean, expected a string (/lags/lag1/lacp/marker) [DX1103]'),
    ("lags/lag1", {"members": ["dx1", "dx2"], "lacp": {}, "heartbeat": {}},
     '54:4: error: a LAG has either lacp or a heartbeat (/lags/lag1/lacp) [DX1204]'),
    ("lags/lag1", {"members": ["dx1", "dx2"], "lacp": {}, "min_links": 3},
     '55:17: error: 3 of 2 members: the LAG would never be up (/lags/lag1/min_links) [DX1204]'),
    ("lags/lag1/min_links", 1,
     '55:4: error: min_links goes with lacp; add "lacp": {} (/lags/lag1/min_links) [DX1204]'),
    ("lags/lag1", {"members": ["dx1", "dx2"], "lacp": {}, "hold_off": "1 s"},
     '55:4: error: hold_off goes with min_links of 1 or more: without them the LAG is never down (/lags/lag1/hold_off) [DX1204]'),
    ("flows/backup/backup", "wan",
     '65:4: error: a backup is for a flow whose "via" begins with a LAG that can be down: one with "min_links" of 1 or more (/flows/backup/backup) [DX1204]'),
    ("lags/lag1/hash", "l3+l4",
     '54:12: error: "l3+l4" is not one of {any} (/lags/lag1/hash) [DX1202]'),
    ("events/0/at", 0.5,
     '76:10: error: 0.5 is a bare number; give it a unit, such as "1.5 ms" (/events/0/at) [DX1103]'),
    ("events/0/target", "dx1",
     '78:14: error: there is no "dx1"; did you mean "links.dx1"? (/events/0/target) [DX1301]'),
    ("events/0/do", "down",
     '77:10: error: "down" is not one of {any}; did you mean "fail"? (/events/0/do) [DX1202]'),
    ("events/0", {"at": "500 ms", "do": "set", "target": "links.dx1", "loss": "12 dB"},
     '75:3: error: what light does to link "dx1" is not known: give it an "optic" (/events/0) [DX1204]'),
    ("events/0", {"at": "500 ms", "do": "set", "target": "links.dx1"},
     '75:3: error: what to set is missing: "rate", "loss", "tx" or "temperature" (/events/0) [DX1102]'),
    ("events/0", {"at": "500 ms", "do": "set", "target": "links.dx1", "rate": "1 Gbps", "temperature": "30 C"},
     '75:3: error: one event sets one thing: "rate", "loss", "tx" or "temperature" (/events/0) [DX1204]'),
    ("events/0", {"at": "500 ms", "do": "set", "target": "links.dx1", "temperature": "303 K"},
     '79:19: error: "303 K" is not a temperature; expected a number, one space and a unit, such as "25 C" (C) (/events/0/temperature) [DX1201]'),
    ("events/0", {"at": "500 ms", "do": "set", "target": "links.dx1", "temperature": "30 C", "from": "branch"},
     '80:12: error: link "dx1" does not end there (/events/0/from) [DX1302]'),
    ("events/0", {"at": "500 ms", "do": "set", "target": "links.dx1", "rate": "1 Gbps", "from": "aws"},
     '80:12: error: both directions of a link have the same rate (/events/0/from) [DX1204]'),
    ("events/0/ramp", "1 s",
     '80:4: error: "ramp" goes with "do": "set" only (/events/0/ramp) [DX1204]'),
    ("events/0", {"at": "500 ms", "do": "attack", "target": "links.dx1"},
     '75:3: error: "kind" is missing: what is done to frames (/events/0) [DX1102]'),
    ("events/0", {"at": "500 ms", "do": "attack", "target": "links.dx1", "kind": "reply"},
     '79:12: error: "reply" is not one of {any}; did you mean "replay"? (/events/0/kind) [DX1202]'),
    ("events/0", {"at": "500 ms", "do": "attack", "target": "links.dx1", "kind": "replay", "ratio": "101 %"},
     '80:13: error: more than none of the frames, and at most "100 %" of them (/events/0/ratio) [DX1203]'),
    ("events/0", {"at": "500 ms", "do": "attack", "target": "links.dx1", "kind": "replay", "frames": 0},
     '80:14: error: an attack is one on at least 1 frame (/events/0/frames) [DX1203]'),
    ("events/0", {"at": "500 ms", "do": "attack", "target": "links.dx1", "kind": "replay", "from": "branch"},
     '80:12: error: link "dx1" does not end there (/events/0/from) [DX1302]'),
    ("events/0", {"at": "500 ms", "do": "fail", "target": "links.dx1", "from": "branch", "how": "silent"},
     '79:12: error: link "dx1" does not end there (/events/0/from) [DX1302]'),
    ("events/0", {"at": "500 ms", "do": "fail", "target": "links.dx1", "from": "office"},
     '79:12: error: a port without light tells the other end, so both directions go: "from" goes with "how": "silent" (/events/0/from) [DX1204]'),
    ("events/0", {"at": "500 ms", "do": "attack", "target": "links.dx1", "kind": "replay", "how": "silent"},
     '80:4: error: "how" goes with "do": "fail" only (/events/0/how) [DX1204]'),
    ("events/0", {"at": "500 ms", "do": "attack", "target": "links.dx1", "kind": "replay", "for": "1 ms", "every": "1 ms"},
     '75:3: error: it would begin again before it ends: "every" must be longer than "for" (/events/0) [DX1204]'),
    ("events/0", {"at": "500 ms", "do": "set", "target": "links.dx1", "rate": "1 Gbps", "for": "1 ms"},
     '80:4: error: "for" goes with "do": "fail", "attack", "shutdown", "announce" or "withdraw" only (/events/0/for) [DX1204]'),
    ("events/0/kind", "replay",
     '80:4: error: "kind" goes with "do": "attack" only (/events/0/kind) [DX1204]'),
    ("expectations/0", {"name": "x", "metric": "attack.accepted", "select": {"attack": "dx1.replay"}, "op": "=", "value": 0},
     '87:15: error: there is no attack "dx1.replay" (/expectations/0/select/attack) [DX1301]'),
    ("links/dx1/debounce", "10",
     '33:16: error: "10" has no unit; expected a time such as "1.5 ms" (ps, ns, us, ms, s, min, h, d) (/links/dx1/debounce) [DX1201]'),
    ("events/0/at", "2 s",
     '76:10: warning: the run has ended by then: this never happens (/events/0/at) [DX1203]'),
    ("expectations/0/stat", "99",
     '85:14: error: there is no metric and statistic "flow.latency 99"; did you mean "flow.latency p99"? (/expectations/0/metric) [DX1202]'),
    ("expectations/0/op", "=<",
     '90:10: error: "=<" is not one of {any}; did you mean "<="? (/expectations/0/op) [DX1202]'),
    ("expectations/0/value", "5",
     '91:13: error: "5" has no unit; expected a time such as "1.5 ms" (ps, ns, us, ms, s, min, h, d) (/expectations/0/value) [DX1201]'),
    ("expectations/0/value", "10 Mbps",
     '91:13: error: "10 Mbps" is a rate; expected a time such as "1.5 ms" (/expectations/0/value) [DX1201]'),
    ("expectations/0/select", {"flow": "voip"},
     '87:13: error: there is no flow "voip"; did you mean "voice"? (/expectations/0/select/flow) [DX1301]'),
    ("expectations/0/select", {"link": "dx1"},
     '87:5: error: metric "flow.latency" is that of a flow; select one by "flow" (/expectations/0/select/link) [DX1204]'),
    ("outputs/plots", ["latency"],
     '99:4: error: "latency" is not one of {any} (/outputs/plots/0) [DX1202]'),
    ("outputs/series/period", "1 ns",
     '96:14: error: a series needs a period of at least "1 us" (/outputs/series/period) [DX1203]'),
    ("outputs/capture", {"links": ["dx3"]},
     '100:5: error: there is no link "dx3"; did you mean "dx1"? (/outputs/capture/links/0) [DX1301]'),
    ("outputs/capture", {"snap": "128"},
     '99:12: error: "128" has no unit; expected a size such as "1500 B" {any} (/outputs/capture/snap) [DX1201]'),
    ("outputs/cloudwatch", {},
     '98:17: error: nobody watches; say which end of the links is the cloud\'s: "monitor": { "side": "aws" } (/outputs/cloudwatch) [DX1204]'),
    ("monitor", {"side": "asw"},
     '100:11: error: there is no node "asw"; did you mean "aws"? (/monitor/side) [DX1301]'),
    ("monitor", {"side": "aws", "time_scale": 7},
     '99:13: error: a sample takes 4285714285.714 ns here, which is no whole number of "truth", 1 ms; choose "sample", "time_scale" and '
     '"truth" so that it is (/monitor) [DX1204]'),
    ("monitor", {"side": "aws", "truth": "1 ns"},
     '101:12: error: the truth is measured over at least "1 us" (/monitor/truth) [DX1203]'),
    ("outputs/capture", {"max_frames": -1},
     '99:18: error: a capture holds at least 1 frame (/outputs/capture/max_frames) [DX1203]'),
    ("catalog", "aws",
     '8:13: error: there is no catalog of this name; there is {any} (/catalog) [DX1301]'),
    ("links/dx1/preset", "dedicated-10",
     '33:14: error: the catalog has no preset of this name; did you mean "dedicated-10G"? (/links/dx1/preset) [DX1301]'),
    ("nodes/office/kind", "switch",
     '11:12: error: "switch" is not one of {any} (/nodes/office/kind) [DX1202]'),
    ("nodes/data center", {"kind": "router"},
     '19:3: error: "data center" is no name: a letter or "_", then up to 63 letters, digits, "_", "." or "-" (/nodes/data center) [DX1104]'),
    ("dxsim", 2,
     '2:11: error: this program reads version 1 of the format (/dxsim) [DX1105]'),
    ("dxsim", None,
     '1:1: error: "dxsim" is missing: the version of the format, "dxsim": 1 [DX1102]'),
    ("nodes", [{"name": "a"}],
     '9:11: error: this is an array, expected an object (/nodes) [DX1103]'),
]

# Virtual interfaces: what a provider refuses is an error here.
CONNECTED = {
    "dxsim": 1, "name": "connected", "run": {"duration": "1 s"}, "catalog": "aws-dx-2026-09", "quota": "error",
    "nodes": {"office": {"kind": "router"}, "aws": {"kind": "router"}},
    "links": {
        "dx1": {"ends": ["office", "aws"], "rate": "10 Gbps"},
        "dx2": {"ends": ["office", "aws"], "rate": "1 Gbps", "connection": {"kind": "hosted", "capacity": "500 Mbps"}},
    },
    "vifs": {
        "prod": {"on": "dx1", "type": "private", "vlan": 100, "mtu": "9001 B",
                 "addresses": ["169.254.100.1/30", "169.254.100.2/30"]},
        "store": {"on": "dx1", "type": "public", "vlan": 200, "addresses": ["2001:db8::1/126", "2001:db8::2/126"]},
        "hub": {"on": "dx1", "type": "transit", "vlan": 1},
        "share": {"on": "dx2", "type": "private", "vlan": 100},
    },
    "flows": {"backup": {"from": "office", "to": "aws", "via": "prod", "rate": "1 Gbps"}},
}


def many(n, kind="private", **more):
    """So many VIFs on dx1, from VLAN 1 on."""
    return {"v%d" % i: dict({"on": "dx1", "type": kind, "vlan": i}, **more) for i in range(1, n + 1)}


UG = "AWS Direct Connect User Guide, "

# Several changes, and the line; its number is left open where a change moves much.
CONNECTIONS = [
    ([("vifs/prod/vlan", 0)],
     '41:12: error: VLAN 0 is a tag that carries a priority only and belongs to no VLAN; take 1 to 4094 (/vifs/prod/vlan) [DX1204]'),
    ([("vifs/prod/vlan", 4095)],
     '41:12: error: VLAN 4095 is reserved (IEEE 802.1Q); take 1 to 4094 (/vifs/prod/vlan) [DX1204]'),
    ([("links/dx1/queue", {"scheduler": "strict-priority", "classes": "0123456"})],
     '26:16: error: "0123456" is no map of priorities; expected the class, 0 to 7, of each PCP from 0 to 7, such as "00001111" (/links/dx1/queue/classes) [DX1201]'),
    ([("links/dx1/framing", "none"),
      ("events", [{"at": "100 ms", "do": "attack", "target": "links.dx1", "kind": "replay"}])],
     '78:3: error: attacks are made on Ethernet frames; link "dx1" has "framing": "none" (/events/0) [DX1204]'),
    ([("links/dx1/queue", {"classes": "10234567"})],
     '25:16: error: a "fifo" queue has no classes; take "scheduler": "strict-priority" (/links/dx1/queue/classes) [DX1204]'),
    ([("vifs/prod/vlan", 4096)], '41:12: error: "4096" is outside "0" to "4095" (/vifs/prod/vlan) [DX1203]'),
    ([("vifs/store/vlan", 100)],
     '51:12: error: VLAN 100 of "dx1" is taken by VIF "prod", line 38 (/vifs/store/vlan) [DX1204]'),
    ([("vifs/prod/addresses/0", "169.254.300.1/30")],
     '44:5: error: octet 300 is above 255 (/vifs/prod/addresses/0) [DX1201]'),
    ([("vifs/prod/addresses/0", "169.254.100/30")],
     '44:5: error: an IPv4 address has 4 octets, this has 3 (/vifs/prod/addresses/0) [DX1201]'),
    ([("vifs/prod/addresses/0", "169.254.100.01/30")],
     '44:5: error: octet 01 begins with a zero; write 1 (/vifs/prod/addresses/0) [DX1201]'),
    ([("vifs/prod/addresses/0", "169.254.100.1")],
     '44:5: error: the length of the prefix is missing; expected one such as "169.254.100.1/30" or "2001:db8::1/126" (/vifs/prod/addresses/0) [DX1201]'),
    ([("vifs/prod/addresses/0", "169.254.100.1/33")],
     '44:5: error: an IPv4 address has 32 bits, no prefix is longer (/vifs/prod/addresses/0) [DX1201]'),
    ([("vifs/prod/addresses/0", "169.254.100.1/32")],
     '44:5: error: a subnet of /32 has no room for two ends; /31 has (/vifs/prod/addresses/0) [DX1203]'),
    ([("vifs/prod/addresses/0", "169.254.100.0/30")],
     '44:5: error: this is the network address of its /30 (/vifs/prod/addresses/0) [DX1204]'),
    ([("vifs/prod/addresses/1", "169.254.100.3/30")],
     '45:5: error: this is the broadcast address of its /30 (/vifs/prod/addresses/1) [DX1204]'),
    ([("vifs/prod/addresses/1", "169.254.100.1/30")],
     '43:17: error: both ends have the same address (/vifs/prod/addresses) [DX1204]'),
    ([("vifs/prod/addresses/1", "169.254.100.6/30")],
     '43:17: error: both ends must be in one subnet; these are in two (/vifs/prod/addresses) [DX1204]'),
    ([("vifs/prod/addresses/1", "2001:db8::2/126")],
     '43:17: error: one end has an IPv4 address, the other an IPv6 address (/vifs/prod/addresses) [DX1204]'),
    ([("vifs/prod/addresses", ["169.254.100.1/29", "169.254.100.2/30"])],
     '43:17: error: both ends are in one subnet: its prefix has one length (/vifs/prod/addresses) [DX1204]\n'
     's.json:44:5: warning: a VIF has two ends: /30 is enough for them, /29 takes more (/vifs/prod/addresses/0) [DX1203]'),
    ([("vifs/store/addresses", ["169.254.100.1/31", "169.254.100.0/31"])],
     '{any}: error: overlaps with the subnet of VIF "prod", line 38, on the same router (/vifs/store/addresses/{any}) [DX1204]'),
    ([("vifs/store/addresses/0", "2001:db8::g/126")],
     '53:5: error: this is no IPv6 address; expected one such as "169.254.100.1/30" or "2001:db8::1/126" (/vifs/store/addresses/0) [DX1201]'),
    ([("vifs/prod/on", "dx3")], '39:10: error: there is no link or LAG "dx3"; did you mean "dx1"? (/vifs/prod/on) [DX1301]'),
    ([("vifs/prod/type", "hosted")],
     '40:12: error: "hosted" is not one of "private", "public", "transit" (/vifs/prod/type) [DX1202]'),
    ([("flows/backup/via", "prd")],
     '72:11: error: there is no link, LAG or VIF "prd"; did you mean "prod"? (/flows/backup/via) [DX1301]'),
    ([("flows/backup/size", "9002 B"), ("vifs/prod/mtu", "9001 B")],
     '74:12: warning: packets of 9002 B never pass: the MTU of VIF "prod" is 9001 B (/flows/backup/size) [DX1203]'),
    ([("vifs/dx1", {"on": "dx2", "type": "private", "vlan": 7})],
     '{any}: error: a link has this name too; the way of a flow could not tell them apart (/vifs/dx1) [DX1204]'),
    ([("vifs/store/mtu", "9001 B")],
     '56:11: error: an MTU of 9001 B on a public VIF; it takes 1500 B (' + UG + 'virtual interfaces) (/vifs/store/mtu) [DX1205]'),
    ([("vifs/hub/mtu", "9001 B")],
     '61:11: error: an MTU of 9001 B on a transit VIF; it takes 1500 B, 8500 B (' + UG + 'virtual interfaces) (/vifs/hub/mtu) [DX1205]'),
    ([("catalog", "briefing")],
     '60:12: error: VLAN 1 on a transit VIF; it takes 2 to 4094 (the briefing, part 2) (/vifs/hub/vlan) [DX1205]'),
    ([("vifs", many(50)), ("flows/backup/via", "v1")], None),
    ([("vifs", many(51)), ("flows/backup/via", "v1")],
     '{any}: error: 51 private and public VIFs on "dx1"; at most 50 (' + UG + 'quotas) (/vifs/v51) [DX1205]'),
    ([("vifs", many(52)), ("flows/backup/via", "v1")],
     '{any}: error: 52 private and public VIFs on "dx1"; at most 50 (' + UG + 'quotas) (/vifs/v51) [DX1205]\n'
     's.json:{any}: error: 52 VIFs on "dx1"; at most 51 (' + UG + 'quotas) (/vifs/v52) [DX1205]'),
    ([("vifs", many(5, "transit")), ("flows/backup/via", "v1")],
     '{any}: error: 5 transit VIFs on "dx1"; at most 4 (' + UG + 'quotas) (/vifs/v5) [DX1205]'),
    ([("vifs", many(11, rate_limit="1 Gbps")), ("flows/backup/via", "v1")],
     '{any}: error: 11 VIFs with a rate limit on "dx1"; at most 10 (' + UG + 'rate limiters of virtual interfaces) (/vifs/v11) [DX1205]'),
    ([("vifs/prod/rate_limit", "49 Mbps")],
     '47:18: error: a rate limit is 50 Mbps to 1.6 Tbps (' + UG + 'rate limiters of virtual interfaces) (/vifs/prod/rate_limit) [DX1205]'),
    ([("vifs/prod/rate_limit", "1 Gbps"), ("vifs/prod/burst", "9000 B")],
     '48:13: error: shorter than the MTU: the longest packets would never pass (/vifs/prod/burst) [DX1204]'),
    ([("vifs/share/rate_limit", "100 Mbps")],
     '66:18: error: only VIFs of dedicated connections have rate limits (' + UG + 'rate limiters of virtual interfaces) (/vifs/share/rate_limit) [DX1205]'),
    ([("vifs/other", {"on": "dx2", "type": "private", "vlan": 7})],
     '{any}: error: 2 VIFs on a hosted connection on "dx2"; at most 1 (' + UG + 'quotas) (/vifs/other) [DX1205]'),
    ([("links/dx2/connection/capacity", "600 Mbps")],
     '25:10: error: no hosted connection has this capacity; there are 50 Mbps, {any}, 25 Gbps (' + UG + 'hosted connections) (/links/dx2) [DX1205]'),
    ([("links/dx2/connection/capacity", "2 Gbps")],
     '33:17: error: a capacity is more than 0 and at most the rate of the link (/links/dx2/connection/capacity) [DX1203]'),
    ([("links/dx2/connection", {"kind": "hosted"})],
     '31:18: error: "capacity" is missing: what was bought of the port, such as "500 Mbps" (/links/dx2/connection) [DX1102]'),
    ([("links/dx2/connection/kind", "dedicated")],
     '33:5: error: a dedicated connection has all of its port; only a "hosted" one has a capacity (/links/dx2/connection/capacity) [DX1204]'),
    ([("links/dx1/insert", [{"model": "vif"}])],
     '25:5: error: "vlan" is missing (/links/dx1/insert/0) [DX1102]\n'
     's.json:26:15: error: "vif" cannot be put into a link; those that can: {any}vlan{any} (/links/dx1/insert/0/model) [DX1301]'),
]



def bundle(*rates, **lag):
    """A LAG of links with these rates, and a flow over it."""
    links = {"m%d" % i: {"ends": ["office", "aws"], "rate": rate} for i, rate in enumerate(rates, 1)}
    return [("vifs", None), ("links", links), ("lags", {"bond": dict({"members": list(links)}, **lag)}),
            ("flows/backup/via", "bond")]


LAG = " (" + UG + "link aggregation groups) "

KEYS = ("links/m2/macsec", {"mka": {}})

BUNDLES = [
    (bundle(*4 * ["10 Gbps"]), None),
    (bundle(*2 * ["10 Gbps"]) + [KEYS],
     '{any}: warning: member "m2" passes nothing while it has no key, and nobody takes it out of the LAG; add "lacp": {} (/lags/bond) [DX1204]'),
    (bundle(*2 * ["10 Gbps"], lacp={}) + [KEYS], None),
    (bundle(*2 * ["10 Gbps"], heartbeat={}) + [KEYS], None),
    (bundle(*2 * ["10 Gbps"]) + [("links/m2/macsec", {"mka": {}, "mode": "should_encrypt"})], None),
    (bundle(*5 * ["10 Gbps"]), '{any}: error: 5 members; at most 4 at this rate' + LAG + '(/lags/bond) [DX1205]'),
    (bundle(*2 * ["100 Gbps"]), None),
    (bundle(*3 * ["100 Gbps"]), '{any}: error: 3 members; at most 2 at this rate' + LAG + '(/lags/bond) [DX1205]'),
    (bundle(*4 * ["400 Gbps"]), '{any}: error: 4 members; at most 2 at this rate' + LAG + '(/lags/bond) [DX1205]'),
    (bundle("10 Gbps", "1 Gbps"),
     '{any}: error: members of a LAG must have the same rate' + LAG + '(/lags/bond) [DX1205]'),
    (bundle(*5 * ["10 Gbps"]) + [("quota", "warn")],
     '{any}: warning: 5 members; at most 4 at this rate' + LAG + '(/lags/bond) [DX1205]'),
    (bundle(*5 * ["10 Gbps"]) + [("quota", "off")], None),
    (bundle("1 Gbps", "1 Gbps") + [("links/m2/connection", {"kind": "hosted", "capacity": "500 Mbps"})],
     '{any}: error: link "m2" is a hosted connection; a LAG takes dedicated ones' + LAG + '(/lags/bond) [DX1205]'),
    (bundle("10 Gbps", hash="layer4+3"),
     '{any}: error: "layer4+3" is not one of {any}; did you mean "layer{any}"? (/lags/bond/hash) [DX1202]'),
    (bundle("10 Gbps", hash="src-dst-ip-ports"),
     '{any}: error: "src-dst-ip-ports" is not one of {any}; did you mean "src-dst-ip-port"? (/lags/bond/hash) [DX1202]'),
    (bundle("10 Gbps", hash="layer2+3", function="xor"),
     '{any}: error: layer2+3 has a hash of its own, not xor (/lags/bond/function) [DX1204]'),
    (bundle("10 Gbps", byte_order="big-endian"),
     '{any}: error: src-dst-ip-port is hashed octet by octet; only layer2+3 and layer3+4 depend on the host (/lags/bond/byte_order) [DX1204]'),
    (bundle("10 Gbps", distribution="rendezvous", buckets=64),
     '{any}: error: rendezvous has no buckets; distributions buckets and resilient have (/lags/bond/buckets) [DX1204]'),
    (bundle("10 Gbps", distribution="resiliant"),
     '{any}: error: "resiliant" is not one of {any}; did you mean "resilient"? (/lags/bond/distribution) [DX1202]'),
    (bundle("10 Gbps", seed=-1), '{any}: error: "-1" is outside "0" to "4294967295" (/lags/bond/seed) [DX1203]'),
]

TEXTS = [
    ('{"dxsim": 1,\n "name": "x",\n}', '3:1: error: trailing comma before "}" [DX1002]'),
    ('{"dxsim": 1 // version\n}', '1:13: error: expected "," or "}", found "/": JSON has no comments, use a "$comment" key [DX1002]'),
    ("{'dxsim': 1}", '1:2: error: expected a key, found "\'": strings take double quotes [DX1002]'),
    ('{"dxsim": 1\n "name": "x"}', '2:2: error: expected "," or "}", found a string: a comma is missing [DX1002]'),
    ('{"dxsim": 1,\n "dxsim": 1}', '2:2: error: duplicate key "dxsim", first on line 1 [DX1002]'),
    ('{"dxsim": 1', '1:12: error: the document ends before the "{" of line 1 is closed [DX1002]'),
    ("{dxsim: 1}", '1:2: error: expected a key, found "dxsim": keys take double quotes [DX1002]'),
    ('{"rate": 10 Gbps}',
     '1:13: error: expected "," or "}", found "Gbps": a comma is missing, or quotes around the value [DX1002]'),
    ('{"silent": TRUE}', '1:12: error: expected a value, found "TRUE": true is written in lower case [DX1002]'),
    ("dxsim: 1\n", '1:1: error: expected a value, found "dxsim": a string needs double quotes [DX1002]'),
    ("\ufeff{}", '1:1: error: the document starts with a byte order mark (BOM): save it as UTF-8 without BOM [DX1002]'),
    ("", '1:1: error: the document is empty [DX1002]'),
]


def is_like(line, expected):
    return re.fullmatch(".+".join(re.escape(part) for part in expected.split("{any}")), line) is not None


def test_mistakes():
    check("there are forty", len(MISTAKES) + len(TEXTS) >= 40, len(MISTAKES))
    with place(OFFICE) as root:
        check("it is in order", dxsim(root, "validate", "s.json") == (0, "s.json: in order\n", ""))
    for way, value, line in MISTAKES:
        scenario = copy.deepcopy(OFFICE)
        put(scenario, way, value)
        with place(scenario) as root:
            status, _, err = dxsim(root, "validate", "--quiet", "s.json")
            check("%s: %r" % (way, value), is_like(err, "s.json:%s\n" % line) and status == (0 if "warning" in line else 3), status,
                  "\n  got  " + err.rstrip() + "\n  want s.json:" + line)


def test_connections():
    with place(CONNECTED) as root:
        check("it is in order", dxsim(root, "validate", "s.json") == (0, "s.json: in order\n", ""))
    for changes, line in CONNECTIONS + BUNDLES:
        scenario = copy.deepcopy(CONNECTED)
        for way, value in changes:
            put(scenario, way, value)
        with place(scenario) as root:
            status, _, err = dxsim(root, "validate", "--quiet", "s.json")
            wanted = "s.json:%s\n" % line if line else ""
            check("%s: %r" % (changes[0][0], str(changes[0][1])[:40]),
                  is_like(err, wanted) and status == (3 if " error: " in wanted else 0), status,
                  "\n  got  " + err.rstrip() + "\n  want " + wanted.rstrip())


KEY = "00112233445566778899aabbccddeeff" * 2

# MACsec: no message shows a key.
SECURED = {
    "dxsim": 1, "name": "secured", "run": {"duration": "1 s"}, "catalog": "aws-dx-2026-09", "quota": "error",
    "nodes": {"office": {"kind": "router"}, "aws": {"kind": "router"}},
    "links": {
        "dx1": {"ends": ["office", "aws"], "rate": "10 Gbps",
                "macsec": {"suite": "GCM-AES-XPN-256", "cak": KEY, "ckn": KEY}},
    },
    "flows": {"backup": {"from": "office", "to": "aws", "rate": "1 Gbps"}},
}
MACSEC_MISTAKES = [
    ([("links/dx1/macsec/suite", "GCM-AES-XPN256")],
     '25:14: error: "GCM-AES-XPN256" is not one of "GCM-AES-128", "GCM-AES-256", "GCM-AES-XPN-128", "GCM-AES-XPN-256"; did you mean "GCM-AES-XPN-256"? (/links/dx1/macsec/suite) [DX1202]'),
    ([("links/dx1/macsec/cak", KEY[:62])],
     '26:12: error: the key of this suite has 64 hexadecimal digits, this has 62 (/links/dx1/macsec/cak) [DX1203]'),
    ([("links/dx1/macsec/cak", "0x" + KEY[2:])],
     '26:12: error: something in it is no hexadecimal digit: 0 to 9 and a to f, no spaces, no 0x (/links/dx1/macsec/cak) [DX1201]'),
    ([("links/dx1/macsec/ckn", "abc")],
     '27:12: error: the name of a key has 2 to 64 hexadecimal digits, two an octet; this has 3 (/links/dx1/macsec/ckn) [DX1203]'),
    ([("links/dx1/macsec/ckn", None)],
     '24:14: error: a key and its name go together: "cak" and "ckn" (/links/dx1/macsec) [DX1204]'),
    ([("links/dx1/macsec/cak", 5)], '26:12: error: this is a number, expected a string (/links/dx1/macsec/cak) [DX1103]'),
    ([("links/dx1/macsec/confidentiality_offset", 30)],
     '28:31: error: suites with XPN encrypt all of a frame; take GCM-AES-128 or GCM-AES-256 (/links/dx1/macsec/confidentiality_offset) [DX1204]'),
    ([("links/dx1/macsec/suite", "GCM-AES-256"), ("links/dx1/macsec/confidentiality_offset", 31)],
     '28:31: error: expected 0, 30 or 50 (/links/dx1/macsec/confidentiality_offset) [DX1204]'),
    ([("links/dx1/macsec/rekey_pn", -1)],
     '28:17: error: "-1" is outside "0" to "9223372036854775807" (/links/dx1/macsec/rekey_pn) [DX1203]'),
    ([("links/dx1/framing", "none")],
     '24:14: error: MACsec protects Ethernet frames; this link has "framing": "none" (/links/dx1/macsec) [DX1204]'),
    ([("links/dx1/rate", "1 Gbps")],
     '24:14: error: ports of 1 Gbps have no MACsec, those of 10, 100 and 400 Gbps do (AWS Direct Connect User Guide, MAC security) (/links/dx1/macsec) [DX1205]'),
    ([("links/dx1/rate", "100 Gbps"), ("links/dx1/macsec/suite", "GCM-AES-256")],
     '24:14: error: GCM-AES-256 on a port of 100 Gbps; it takes GCM-AES-XPN-256 (AWS Direct Connect User Guide, MAC security) (/links/dx1/macsec) [DX1205]'),
    ([("links/dx1/connection", {"kind": "hosted", "capacity": "500 Mbps"})],
     '24:14: error: hosted connections have no MACsec, dedicated ones of 10 Gbps and more do (AWS Direct Connect User Guide, MAC security) (/links/dx1/macsec) [DX1205]'),
    ([("links/dx1/macsec/sci", False)],
     '24:14: error: the SCI must be in the SecTAG (AWS Direct Connect User Guide, MAC security) (/links/dx1/macsec) [DX1205]'),
]


def test_macsec():
    with place(SECURED) as root:
        check("it is in order", dxsim(root, "validate", "s.json") == (0, "s.json: in order\n", ""))
    for changes, line in MACSEC_MISTAKES:
        scenario = copy.deepcopy(SECURED)
        for way, value in changes:
            put(scenario, way, value)
        with place(scenario) as root:
            status, _, err = dxsim(root, "validate", "--quiet", "s.json")
            check("%s: %r" % changes[0], is_like(err, "s.json:%s\n" % line) and status == 3, status,
                  "\n  got  " + err.rstrip() + "\n  want s.json:" + line)
            check("and no key is shown", KEY[:16] not in err, err)


def test_no_key_is_explained():
    scenario = copy.deepcopy(SECURED)
    scenario["links"]["dx1"]["macsec"]["ckn"] = "aa"
    with place(scenario) as root:
        for arguments in (("explain", "s.json"), ("explain", "--json", "s.json")):
            status, out, err = dxsim(root, *arguments)
            check("no key in what %s says" % " ".join(arguments), status == 0 and KEY[:16] not in out + err, status, err)


OTHER_KEY = "0f1e2d3c4b5a69788796a5b4c3d2e1f0"


def chain(*keys, **more):
    return [("links/dx1/macsec/mka", dict({"keys": [dict({"ckn": "01", "cak": OTHER_KEY}, **key) for key in keys]}, **more))]


# Of each what it says, and where.
MKA_MISTAKES = [
    (chain({"ckn": "0"}), "the name of a key has 2 to 64 hexadecimal digits, two an octet; this has 1", "keys/0/ckn", 1203),
    (chain({"ckn": "00" * 33}), "the name of a key has 2 to 64 hexadecimal digits, two an octet; this has 66", "keys/0/ckn", 1203),
    (chain({"ckn": "0g"}), "something in it is no hexadecimal digit: 0 to 9 and a to f, no spaces, no 0x", "keys/0/ckn", 1201),
    (chain({"cak": "0011"}), "a key has 32 or 64 hexadecimal digits; this has 4", "keys/0/cak", 1203),
    (chain({}, {}), "an end has this name already, for key 1 of the list; give each its own", "keys/1/ckn", 1204),
    (chain({}, {"at": "aws"}), "an end has this name already, for key 1 of the list; give each its own", "keys/1/ckn", 1204),
    (chain(*({"ckn": "0%d" % i} for i in range(4))), "an end has at most 3 keys; this is one more", "keys/3", 1203),
    (chain({"at": "nowhere"}), 'there is no node "nowhere"', "keys/0/at", 1301),
    (chain({"start": "2 s", "stop": "2 s"}), "a key stops after it starts", "keys/0/stop", 1203),
    (chain({}, priority_first=255, priority_second=255), "with 255 at both ends nobody makes keys; give one of them less",
     "priority_second", 1204),
    (chain({}, hello="1 us"), '"1 us" is outside "100 us" to "1 h"', "hello", 1203),
]


def test_mka():
    for changes, says, where, code in MKA_MISTAKES:
        scenario = copy.deepcopy(SECURED)
        for way, value in changes:
            put(scenario, way, value)
        with place(scenario) as root:
            status, _, err = dxsim(root, "validate", "--quiet", "s.json")
            want = "error: %s (/links/dx1/macsec/mka/%s) [DX%d]\n" % (says, where, code)
            check("%r" % changes[0][1], status == 3 and err.startswith("s.json:") and err.endswith(want) and err.count("\n") == 1,
                  status, "\n  got  " + err.rstrip() + "\n  want " + want)
            check("and no key is shown", OTHER_KEY[:16] not in err, err)
    scenario = copy.deepcopy(SECURED)
    put(scenario, "links/dx1/macsec/mka", {"hello": "2 s", "life": "2 s", "keys": [{"ckn": "01", "cak": OTHER_KEY}]})
    put(scenario, "links/dx1/fiber", {"length": "1 km"})
    with place(scenario) as root:
        status, _, err = dxsim(root, "validate", "s.json")
        check("a short life is a warning", status == 0 and "warning: a peer is gone before its next message" in err, err)
        _, out, _ = dxsim(root, "explain", "s.json")
        check("explain shows no key", "keys[0].cak" in out and OTHER_KEY[:16] not in out, out)
    put(scenario, "links/dx1/macsec/keys", "static")
    with place(scenario) as root:
        status, _, err = dxsim(root, "validate", "--quiet", "s.json")
        check("keys have one source", status == 3 and 'keys come from "mka"; say it there (/links/dx1/macsec/keys) [DX1204]' in err, err)


def test_no_key_is_written_anywhere():
    scenario = copy.deepcopy(SECURED)
    scenario["run"]["duration"] = "1 ms"
    scenario["outputs"] = {"capture": {}}
    del scenario["links"]["dx1"]["macsec"]["cak"]
    with place(scenario) as root:
        status, out, err = dxsim(root, "run", "s.json", "-o", "out", "--set", "links.dx1.macsec.cak=" + KEY, "--set",
                                 "links.dx1.macsec.ckn=" + KEY)
        written = {name: data for name, data in contents(root).items() if name.startswith("out/")}
        check("it runs", status == 0, err)
        for name, data in dict(written, out=out.encode(), err=err.encode()).items():
            found = [key for key in (KEY.encode(), KEY[:16].encode(), bytes.fromhex(KEY)[:16]) if key in data]
            check("no key in " + name, not found, found)


def test_texts():
    for text, line in TEXTS:
        with place(text.encode()) as root:
            status, _, err = dxsim(root, "validate", "s.json")
            check("%r" % text, (status, err) == (3, "s.json:%s\n" % line), status, "\n  got  " + err.rstrip() + "\n  want s.json:" + line)


main(globals())
