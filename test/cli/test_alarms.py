#!/usr/bin/env python3
"""What is wrong with an alarm, in one line; and where alarms are told.

    test_alarms.py DXSIM SOURCE_DIR
"""
import copy
import csv
import io
import json

from command import check, contents, dxsim, main, place, put

WATCHED = {
    "dxsim": 1, "name": "watched", "run": {"duration": "40 ms"},
    "nodes": {"office": {"kind": "router"}, "aws": {"kind": "router"}, "branch": {"kind": "router"}},
    "links": {
        "dx1": {"ends": ["office", "aws"], "rate": "1 Gbps", "optic": "1000BASE-LX10", "fiber": {"length": "5 km"}},
        "dx2": {"ends": ["office", "aws"], "rate": "1 Gbps", "fiber": {"length": "5 km"}},
        "four": {"ends": ["office", "aws"], "rate": "100 Gbps", "optic": "100GBASE-LR4", "fiber": {"length": "2 km"}},
        "wan": {"ends": ["branch", "office"], "rate": "1 Gbps", "fiber": {"length": "30 km"}},
        "share": {"ends": ["office", "aws"], "rate": "1 Gbps", "fiber": {"length": "5 km"},
                  "connection": {"kind": "hosted", "capacity": "100 Mbps"}},
    },
    "flows": {
        "up": {"from": "office", "to": "aws", "via": "dx1", "rate": "900 Mbps", "size": "1500 B"},
        "down": {"from": "aws", "to": "office", "via": "dx1", "rate": "10 Mbps", "size": "1500 B"},
    },
    "monitor": {"side": "aws", "time_scale": 30000, "truth": "1 ms"},
    "alarms": {"busy": {"metric": "ConnectionBpsIngress", "select": {"link": "dx1"}, "op": ">", "threshold": "80 %", "period": "1 min",
                        "actions": [{"do": "page", "who": "oncall"}]}},
    "outputs": {"cloudwatch": {}},
}

SCALE = {"do": "auto_scale", "add": "1 Gbps", "after": "5 ms"}

# What is put where, what is said of it, and where.
MISTAKES = [
    ("metric", "ConnectionBpsIngres", 'there is no metric "ConnectionBpsIngres"; did you mean "ConnectionBpsIngress"? (/alarms/busy/metric) [DX1202]'),
    ("metric", "ConnectionBandwidth", 'there is no metric "ConnectionBandwidth"; docs/cloudwatch.md lists them (/alarms/busy/metric) [DX1202]'),
    ("threshold", "9.5 Gb", '"9.5 Gb" is not a rate such as "10 Gbps"; did you mean "9.5 Gbps"? (/alarms/busy/threshold) [DX1201]'),
    ("threshold", 9500000000, '9500000000 is a bare number; give it a unit: "10 Gbps" (bps, kbps, Mbps, Gbps, Tbps) (/alarms/busy/threshold) [DX1103]'),
    ("threshold", "-7 dBm", '"-7 dBm" is a power; expected a rate such as "10 Gbps" (/alarms/busy/threshold) [DX1201]'),
    ("threshold", None, 'an alarm needs a "threshold", or for light a "margin"; one of them (/alarms/busy) [DX1102]'),
    ("margin", "1 dB", 'an alarm needs a "threshold", or for light a "margin"; one of them (/alarms/busy) [DX1102]'),
    ("op", "=>", '"=>" is not one of "<", "<=", ">=", ">"; did you mean ">="? (/alarms/busy/op) [DX1202]'),
    ("select", {"link": "dx3"}, 'there is no link "dx3"; did you mean "dx1"? (/alarms/busy/select/link) [DX1301]'),
    ("select", {"link": "wan"}, 'this link does not end at the cloud\'s side ("monitor": "side") (/alarms/busy/select/link) [DX1204]'),
    ("select", {"link": "dx1", "lane": 1},
     'metric "ConnectionBpsIngress" has no such dimension; select by "link" (/alarms/busy/select/lane) [DX1204]'),
    ("select", {"vif": "prod"},
     'metric "ConnectionBpsIngress" has no such dimension; select by "link" (/alarms/busy/select/vif) [DX1204]'),
    ("select", None, 'there is more than one link, or none; select one: "select": { "link": ... } (/alarms/busy) [DX1102]'),
    ("period", "45 s", 'a period is a whole number of samples, which are 30 s ("monitor": "sample") (/alarms/busy/period) [DX1204]'),
    ("period", "10 s", 'a period is a whole number of samples, which are 30 s ("monitor": "sample") (/alarms/busy/period) [DX1204]'),
    ("period", "0 s", "a period is longer than 0, and shorter than 53 days (/alarms/busy/period) [DX1203]"),
    ("datapoints", "3 of 2", "at least 1 of so many, and at most all of 100 (/alarms/busy/datapoints) [DX1203]"),
    ("datapoints", "0 of 2", "at least 1 of so many, and at most all of 100 (/alarms/busy/datapoints) [DX1203]"),
    ("datapoints", "2/3", 'expected how many points of how many: "2 of 3" (/alarms/busy/datapoints) [DX1201]'),
    ("missing", "bad", '"bad" is not one of "missing", "ignore", "breaching", "notBreaching" (/alarms/busy/missing) [DX1202]'),
    ("statistic", "Mean", '"Mean" is not one of "Average", "Sum", "Minimum", "Maximum", "SampleCount" (/alarms/busy/statistic) [DX1202]'),
    ("actions/0", {"do": "page"}, 'whom to page? "who" is missing (/alarms/busy/actions/0) [DX1102]'),
    ("actions/0", {"do": "log", "who": "me"}, '"who" does not go with "do": "log" (/alarms/busy/actions/0/who) [DX1204]'),
    ("actions/0", dict(SCALE, link="dx9"), 'there is no link "dx9"; did you mean "dx1"? (/alarms/busy/actions/0/link) [DX1301]'),
    ("actions/0", dict(SCALE, link="share"),
     "a hosted connection has no rate of its own to add to; its capacity is fixed (/alarms/busy/actions/0) [DX1204]"),
    ("actions/0", {"do": "auto_scale"}, 'how much capacity? "add": "10 Gbps" is missing (/alarms/busy/actions/0) [DX1102]'),
    ("actions/0", dict(SCALE, cool_down="106 d"),
     "from 0 to 53 days, which is longer than any run (/alarms/busy/actions/0/cool_down) [DX1203]"),
    ("actions/0", dict(SCALE, add="101 Tbps"), 'a line has at most "100 Tbps" (/alarms/busy/actions/0/add) [DX1203]'),
    ("actions/0", dict(SCALE, maximum="9000000 Tbps"),
     'a line has at most "100 Tbps" (/alarms/busy/actions/0/maximum) [DX1203]'),
    ("actions/0", {"do": "shift_traffic", "to": "wan"},
     '"dx1" and "wan" do not join the same two nodes (/alarms/busy/actions/0/to) [DX1302]'),
    ("actions/0", {"do": "shift_traffic", "to": "dx1"}, "that is where they are (/alarms/busy/actions/0/to) [DX1204]"),
    ("actions/0", {"do": "shift_traffic", "to": "lag1"}, 'there is no link or LAG "lag1" (/alarms/busy/actions/0/to) [DX1301]'),
]

# The whole alarm.
ALARMS = [
    ({"metric": "ConnectionLightLevelRx", "select": {"link": "four"}, "op": "<", "margin": "1 dB"},
     'the light of link "four" has 4 lanes; select one: "lane": 1 (/alarms/busy) [DX1102]'),
    ({"metric": "ConnectionLightLevelRx", "select": {"link": "four", "lane": 5}, "op": "<", "margin": "1 dB"},
     'the light of link "four" has lanes 1 to 4 (/alarms/busy/select/lane) [DX1203]'),
    ({"metric": "ConnectionLightLevelRx", "select": {"link": "dx2"}, "op": "<", "threshold": "-7 dBm"},
     'link "dx2" has no light level: give it an "optic" (/alarms/busy) [DX1204]'),
    ({"metric": "ConnectionPpsIngress", "select": {"link": "dx1"}, "op": ">", "threshold": "80 %"},
     '"80 %" is a percentage; expected a frequency such as "100 M/day" (/alarms/busy/threshold) [DX1201]'),
    ({"metric": "link.throughput", "select": {"link": "dx1"}, "op": ">", "threshold": "80 %"},
     'both directions carry frames; select one: "from": NODE (/alarms/busy) [DX1102]'),
    ({"metric": "link.throughput", "select": {"link": "dx1", "from": "branch"}, "op": ">", "threshold": "80 %"},
     '"dx1" does not end there (/alarms/busy/select/from) [DX1302]'),
    ({"metric": "ConnectionErrorCount", "select": {"link": "dx1"}, "op": ">", "threshold": "5 bps"},
     '"5 bps" is a rate; expected a frame count such as "1000 frames" (/alarms/busy/threshold) [DX1201]'),
]


def refused(scenario, what, want):
    with place(scenario) as root:
        status, _, err = dxsim(root, "validate", "--quiet", "s.json")
        line = err.rstrip("\n")
        check("%r" % (what,), status == 3 and line.startswith("s.json:") and line.endswith("error: " + want) and "\n" not in line, status,
              "\n  got  " + line + "\n  want " + want)


def test_mistakes():
    for path, value, want in MISTAKES:
        scenario = copy.deepcopy(WATCHED)
        put(scenario, "alarms/busy/" + path, value)
        refused(scenario, (path, value), want)


def test_alarms():
    for alarm, want in ALARMS:
        scenario = copy.deepcopy(WATCHED)
        scenario["alarms"]["busy"] = alarm
        refused(scenario, alarm, want)


def test_nobody_watches():
    scenario = copy.deepcopy(WATCHED)
    del scenario["monitor"]
    del scenario["outputs"]
    refused(scenario, "no monitor", 'nobody watches; say which end of the links is the cloud\'s: "monitor": { "side": "aws" } (/alarms) [DX1204]')


def test_an_expectation_of_an_alarm():
    """Offered is 90 % of the line and more, with Ethernet's headers: 900 x 1518 / 1500 = 911 Mbps. A point ends at 2 ms, nothing is lost."""
    scenario = copy.deepcopy(WATCHED)
    scenario["expectations"] = [
        {"name": "it fires", "metric": "alarm.fired", "select": {"alarm": "busy"}, "op": "=", "value": 1},
        {"name": "in time", "metric": "alarm.fired_at", "op": "=", "value": "2 ms"},
        {"name": "late", "metric": "alarm.after_loss", "op": "<", "value": "1 s"},
    ]
    with place(scenario) as root:
        status, out, err = dxsim(root, "run", "s.json", "-o", "out")
        files = contents(root)
        summary = json.loads(files["out/summary.json"])
        events = list(csv.DictReader(io.StringIO(files["out/events.csv"].decode())))
        check("the third has nothing to tell, so it fails", status == 1, status, err)
        check("and says why", "late: nothing had been lost when it fired" in out, out)
        check("two pass", out.count("pass  ") == 2, out)
        check("the table", any(line.split() == ["busy", "ALARM", "1", "2.000", "ms", "-"] for line in out.splitlines()), out)
        check("and how fast the clock runs", "the cloud's clock runs 30000 times as fast as this one" in out, out)
        check("the summary", summary["alarms"]["busy"]["fired_at_ps"] == 2 * 10**9 and summary["alarms"]["busy"]["after_loss_ps"] is None,
              summary["alarms"])
        check("events", [(e["time_s"], e["event"]) for e in events if e["object"] == "busy"] == [("0.002", "alarm"), ("0.002", "page")], events)
        value = next(e["detail"] for e in events if e["object"] == "busy").split(" of dx1 is ")[1].split()[0]
        check("with the value, the first 40 us being empty", 0.97 * 911e6 < float(value) < 911e6, value)


def test_the_picture():
    """What gnuplot draws is in dashboard.csv: 900 Mbps of 1500 octets are 911 of frames, and 91 % of the line. Without the file, no picture."""
    with place(WATCHED) as root:
        status, _, err = dxsim(root, "run", "s.json", "-o", "out", "--quiet")
        check("it runs", status == 0, err)
        status, _, err = dxsim(root, "plot", "out", "dashboard", "-o", "pictures")
        if status == 7 and "gnuplot" in err:
            return  # not there: that is another test
        files = contents(root)
        rows = list(csv.DictReader(io.StringIO(files["pictures/plots/dashboard.csv"].decode())))
        periods = [row for row in rows if row["start_s"]]
        check("it draws", status == 0 and b"<svg" in files["pictures/plots/dashboard.svg"], err)
        check("four periods of 10 ms", [row["start_s"] for row in periods] == ["0", "0.01", "0.02", "0.03"], periods)
        check("the mean", abs(float(periods[1]["average_bps"]) - 910.8e6) < 1e6, periods[1])
        check("the worst is not below it", float(periods[1]["worst_bps"]) >= float(periods[1]["average_bps"]), periods[1])
        check("all frames have a latency", abs(sum(float(row["share"] or 0) for row in rows) - 1) < 1e-9, rows)
    scenario = copy.deepcopy(WATCHED)
    del scenario["outputs"]
    with place(scenario) as root:
        dxsim(root, "run", "s.json", "-o", "out", "--quiet")
        status, _, err = dxsim(root, "plot", "out", "dashboard", "-o", "pictures")
        check("without a file no picture", status != 0 and "there is no cloudwatch.csv" in err, err)


def test_the_dashboard():
    """Amazon CloudWatch, Dashboard Body Structure: a grid of 24 columns; six widgets, side by side, none upon another."""
    scenario = copy.deepcopy(WATCHED)
    scenario["nodes"]["aws"]["region"] = "eu-central-1"
    scenario["vifs"] = {"prod": {"on": "dx2", "type": "private", "vlan": 7}}
    with place(scenario) as root:
        status, _, err = dxsim(root, "run", "s.json", "-o", "out", "--quiet")
        body = json.loads(contents(root)["out/dashboard.json"])
    widgets = body["widgets"]
    taken = [(w["x"] + dx, w["y"] + dy) for w in widgets for dx in range(w["width"]) for dy in range(w["height"])]
    titles = [w["properties"].get("title") for w in widgets]
    metrics = [m for w in widgets for m in w["properties"].get("metrics", [])]
    named = {m[1] for m in metrics if m[0] == "AWS/DX"}
    connections = {m[3] for m in metrics if m[0] == "AWS/DX" and m[2] == "ConnectionId"}
    check("it runs", status == 0, err)
    check("six", titles == ["Bandwidth Utilization", "Packet Rate", "Error Rate", "BGP Session Status", "Light Levels", None], titles)
    check("on the grid", len(taken) == len(set(taken)) and max(x for x, _ in taken) < 24, taken)
    check("every widget has its region and period", all(w["properties"]["region"] == "eu-central-1" and w["properties"]["period"] == 300
                                                        for w in widgets[:5]), widgets[0])
    check("connections, and no other links", connections == {"dx1", "dx2", "four", "share"}, connections)
    check("names", named == {"ConnectionBpsIngress", "ConnectionBpsEgress", "ConnectionPpsIngress", "ConnectionPpsEgress",
                             "ConnectionErrorCount", "ConnectionDiscardsPpsEgress", "ConnectionLightLevelRx", "ConnectionLightLevelTx",
                             "VirtualInterfaceBgpStatus"}, named)
    check("light by lane", sum(m[1] == "ConnectionLightLevelRx" for m in metrics if m[0] == "AWS/DX") == 1 + 4, metrics)
    check("of a hosted connection its capacity", any(isinstance(m[0], dict) and m[0]["expression"].endswith("/ 100000000") for m in metrics), metrics)
    check("no latency in AWS/DX, and it says so", widgets[5]["type"] == "text" and "no latency metric" in widgets[5]["properties"]["markdown"],
          widgets[5])


main(globals())
