#!/usr/bin/env python3
"""Random small scenarios for test_equality: python3 random_scenarios.py FIRST LAST DIRECTORY

Scenario N depends on N alone. Two thirds keep to a coarse grid of times, so that arrivals, ends of service and
events meet. Some have a cycle without delay, which the engine refuses: "the engine failed" is no difference then. Most of
those from 1000000 on put models into the chains of links, and their fibers lose frames; those
from 2000000 on have sources of every kind too, with files of rows beside them; those from 3000000 on have VIFs; those from 4000000 on optics,
whose light changes; those from 5000000 on LAGs of every policy and distribution;
those from 6000000 on MACsec; those from 7000000 on other classes than two.
Those from 8000000 on are of another kind: bundles that speak LACP, over many seconds; those from 9000000 on
with markers, and with ends that are set to different things. Those from 10000000 on are watched: alarms
that order capacity and shift traffic, which changes what they see. Those from 20000000 on are routers that speak BGP,
over half a minute.
"""
import json, os, random, sys


def loss(r):
    """Frames lost: each for itself, or in bursts."""
    x = r.random()
    if x < .5:
        return {"loss": r.choice(["1 %", "10 %", "50 %", "100 %", "3 ppm", "0 %"])}
    g = {"p": r.choice(["1 %", "20 %", "100 %", "0.5 %"]), "r": r.choice(["5 %", "50 %", "100 %"])}
    if r.random() < .4:
        g["loss_good"] = r.choice(["0 %", "1 %", "30 %"])
    if r.random() < .5:
        g["loss_bad"] = r.choice(["0 %", "20 %", "70 %", "100 %"])
    return {"gilbert_elliott": g}


def insert(r, unit):
    """A model for a link's chain. Times of shapers and paths keep to the grid as far as they can."""
    i = {"model": r.choice(["shaper", "shaper", "policer", "policer", "internet", "internet", "vlan", "vlan", "fiber", "port"])}
    rates = ["1 Gbps", "500 Mbps", "100 Mbps", "250 Mbps", "999999937 bps", "333333333 bps"]
    sizes = ["1 B", "125 B", "1000 B", "1500 B", "1514 B", "2 kB", "3001 B", "10 kB", "40 kB"]
    counts = ["packet", "packet", "tc", "frame", "wire"]
    if i["model"] in ("shaper", "policer"):
        i["rate"], i["burst"], i["counts"] = r.choice(rates), r.choice(sizes), r.choice(counts)
        if r.random() < .4:
            i["peak"], i["peak_burst"] = r.choice(["1500 Mbps", "2 Gbps", "1000000007 bps"]), r.choice(sizes)
    if i["model"] == "shaper":
        if r.random() < .6:
            i["limit"] = r.choice(sizes)
        else:
            i["latency"] = r.choice(["1 us", "8 us", "100 us", "1 ms"])
    elif i["model"] == "policer":
        if "peak" not in i and r.random() < .6:
            i["excess_burst"] = r.choice(sizes)
        if r.random() < .5:
            i["colour_aware"] = True
        if r.random() < .5:
            i["red"] = "pass"
    elif i["model"] == "internet":
        i["delay"] = "%d ns" % (r.choice([0, 1, 10, 100]) * unit)
        if r.random() < .5:
            i["reordering"] = "kept"
        if r.random() < .5:
            i.update(loss(r))
        mean = r.choice([1, 8, 1000, 30000])
        j = {"distribution": r.choice(["none", "uniform", "uniform", "normal", "exponential", "pareto"])}
        if j["distribution"] != "none":
            j["mean"] = "%d ps" % mean if r.random() < .5 else "%d ns" % mean
        if j["distribution"] == "normal":
            j["deviation"] = j["mean"]
        if j["distribution"] == "pareto":
            j["shape"] = r.choice([1.01, 1.5, 3])
        if j["distribution"] not in ("none", "uniform") and r.random() < .5:
            j["max"] = j["mean"]
        i["jitter"] = j
    elif i["model"] == "vlan":
        i["action"], i["vid"] = r.choice(["tag", "tag", "untag", "filter"]), r.choice([7, 7, 7, 8, 0])
        if r.random() < .2:
            i["tpid"] = "0x88a8"
        if i["action"] == "tag":
            if r.random() < .4:
                i["remark"], i["pcp"] = True, r.randint(0, 7)
            if r.random() < .3:
                i["dei"] = True
        elif r.random() < .7:
            i["untagged"] = "pass"
    elif i["model"] == "fiber":
        i["delay"] = "%d ns" % r.choice([0, 8, 16, 1000, 100000])
        if r.random() < .5:
            i.update(loss(r))
    else:
        i["rate"] = r.choice(rates)
        i["framing"] = r.choice(["none", "ethernet"])
        i["queue"] = {"limit": r.choice(["2 frames", "5 frames", "3 kB", "100 frames"]), "scheduler": r.choice(["fifo", "strict-priority"]), "on_down": r.choice(["keep", "flush"])}
    i["at"] = r.choice(["ingress", "line", "egress"])
    if r.random() < .6:
        i["direction"] = r.choice(["forward", "reverse"])
    return i


def more_of_source(r, f, t, dur, directory, name):
    """Another source in place of the one in f, or other sizes."""
    size = int(f["size"].split()[0])
    x = r.random()
    if x < .3:
        for k in ("interval", "rate", "draws", "burst", "peak", "period"):
            f.pop(k, None)
        f["model"], f["peak"] = "on-off", r.choice(["100 Mbps", "300 Mbps", "1 Gbps", "999999937 bps"])
        frame_ns = {"100 Mbps": 121000, "300 Mbps": 41000}.get(f["peak"], 13000)
        f["on"] = "%d ns" % max(t(1, dur // 10), frame_ns)
        if r.random() < .5:
            f["off"] = "%d ns" % max(t(1, dur // 10), 8)
        elif r.random() < .5:
            f["rate"] = "%d Mbps" % r.choice([10, 50, 90])
        else:
            f["transactions"] = "%d k/s" % r.choice([1, 5])
            f["peak"], f["on"] = "1 Gbps", "%d ns" % max(t(1, dur // 10), 13000)
        if r.random() < .5:
            f["distribution"], f["shape"] = "pareto", r.choice([1.01, 1.2, 1.5, 3])
        if r.random() < .5:
            f["within"] = "poisson"
        f["frames"] = min(f.get("frames", 5000), 5000)
    elif x < .45:
        for k in ("interval", "rate", "draws", "burst", "peak", "period", "size"):
            f.pop(k, None)
        f["model"], f["trace"] = "replay", name + ".csv"
        columns = ["time_s", "size_bytes"] + [c for c in ("flow", "pcp") if r.random() < .5]
        r.shuffle(columns)
        at = 0
        with open(os.path.join(directory, f["trace"]), "w") as out:
            out.write(",".join(columns) + "\n")
            for _ in range(r.randint(1, 400)):
                at += r.choice([0, 0, 1, 8, 1000, t(0, dur // 50)]) * r.choice([1000, 1000, 1])
                row = {"time_s": "0.%012d" % at, "size_bytes": str(r.choice([1, 125, 1500])), "flow": str(r.randrange(f.get("count", 1))), "pcp": str(r.randrange(8))}
                out.write(",".join(row[c] for c in columns) + "\n")
        return
    elif x < .6 and f["model"] != "microburst":
        for k in ("interval", "rate"):
            f.pop(k, None)
        f["transactions"] = r.choice(["1 M/s", "7 M/min", "999999937 /min", "3 M/s", "77777777 /h"]) if dur < 1000000 else r.choice(["100 k/s", "7 M/min", "77777777 /h"])
    if size >= 64 and r.random() < .5:
        f["sizes"] = r.choice(["exponential", "imix", "list"])
        if f["sizes"] != "exponential":
            f.pop("size", None)
        if f["sizes"] == "list":
            f["mix"] = r.choice(["1 x 125 B", "3 x 125 B, 1 x 250 B", "65535 x 64 B, 1 x 1500 B, 7 x 1000 B"])


def any_lag(r, lag):
    """Any policy, function, seed and table."""
    lag["hash"] = r.choice(["src-mac", "dst-mac", "src-dst-mac", "src-ip", "dst-ip", "src-dst-ip", "src-dst-ip-port", "5-tuple",
                            "layer2", "layer2+3", "layer3+4", "layer3+4", "vlan+srcmac"])
    lag.pop("function")
    if lag["hash"].startswith(("layer", "vlan")):
        if r.random() < .4:
            lag["byte_order"] = "big-endian"
    else:
        lag["function"] = r.choice(["crc32", "crc32", "fnv1a-64", "xor", "random"])
    if r.random() < .5:
        lag["seed"] = r.choice([1, 2, 4294967295, r.randrange(1 << 32)])
    lag["distribution"] = r.choice(["modulo", "buckets", "rendezvous", "resilient"])
    if lag["distribution"] in ("buckets", "resilient") and r.random() < .5:
        lag["buckets"] = r.choice([4, 5, 8, 13, 64, 1000])


def differ(r, lacp, a, b):
    """Markers, and what is different at each end."""
    def markers(of):
        of["marker"] = r.choice(["on", "on", "off"])
        for key, values in (("marker_timeout", ["1 us", "100 us", "30 ms", "7 s"]), ("marker_limit", ["0 B", "2 kB", "10 kB"]),
                            ("marker_pcp", [0, 7])):
            if r.random() < .4:
                of[key] = r.choice(values)
    markers(lacp)
    lacp["ends"] = {}
    for end in (a, b):
        own = {}
        for key, values in (("rate", ["fast", "slow"]), ("mode", ["active", "active", "passive"]), ("control", ["independent", "coupled"]),
                            ("selected_max", [0, 1, 2, 3]), ("pcp", [0, 7]), ("reaction", ["1 us", "10 us", "33 ms"]), ("key", [1, 77]),
                            ("system_priority", [1, 40000]), ("port_priority", [1, 40000])):
            if r.random() < .3:
                own[key] = r.choice(values)
        if r.random() < .3:
            markers(own)
        if own:
            lacp["ends"][end] = own


def bundles(seed):
    """Two or three nodes, bundles with LACP between them, lines that fail and fill up: few frames, many seconds."""
    r = random.Random(seed)
    grid = r.choice([1, 1000, 250000])  # us

    def t(lo, hi):
        return r.randint(lo, hi) * 1000000 // grid * grid
    dur = r.choice([12, 40, 120])
    names = ["a", "b", "c"][:r.randint(2, 3)]
    nodes = {x: {"kind": "router"} for x in names}
    links, lags, flows, events = {}, {}, {}, []

    def link(a, b):
        l = {"ends": [a, b] if r.random() < .5 else [b, a], "rate": r.choice(["100 kbps", "1 Mbps", "1 Mbps", "333333337 bps", "10 Gbps"]),
             "fiber": {"delay": "%d us" % r.choice([10, 10, 1000, 50000])},
             "queue": {"limit": r.choice(["1 frames", "3 frames", "10 kB"]), "scheduler": r.choice(["fifo", "strict-priority"])}}
        if r.random() < .3:
            l["fiber"].update(loss(r))
        if r.random() < .2:
            l.update(optic="10GBASE-LR", rate="10 Gbps", budget="off", fiber={"length": "10 km", "connectors": 2})
            if r.random() < .6:
                l["debounce"] = "%d ms" % r.choice([1, 300, 3100])
        return l
    for i, (a, b) in enumerate(zip(names, names[1:])):
        members = ["l%dm%d" % (i, k) for k in range(r.randint(1, 5))]
        links.update((m, link(a, b)) for m in members)
        c = {}
        for key, values in (("rate", ["fast", "fast", "slow"]), ("mode", ["active", "active-passive", "passive-active"]),
                            ("start", ["cold", "converged"]), ("control", ["independent", "coupled"]), ("selected_max", [1, 2, 3]),
                            ("pcp", [0, 7]), ("reaction", ["1 us", "10 us", "33 ms", "1 s"])):
            if r.random() < .5:
                c[key] = r.choice(values)
        if seed >= 9000000:
            differ(r, c, a, b)
        lags["g%d" % i] = {"members": members, "lacp": c}
        if r.random() < .7:
            lags["g%d" % i]["min_links"] = r.randint(1, len(members))
            if r.random() < .5:
                lags["g%d" % i]["hold_off"] = "%d us" % r.choice([1, 1000000, 7000001])
    for i in range(len(names)):
        links["w%d" % i] = link(*r.sample(names, 2))
    trunks = [(k, links[k]["ends"]) for k in links if k[0] == "w"] + [(k, links[v["members"][0]]["ends"]) for k, v in lags.items()]
    for i in range(r.randint(1, 6)):
        a, b = r.sample(names, 2)
        f = {"from": a, "to": b, "model": r.choice(["cbr", "poisson"]), "rate": "%d kbps" % r.choice([3, 10, 40]),
             "size": "%d B" % r.choice([100, 1000, 1500]), "count": r.randint(1, 20)}
        ways = [k for k, e in trunks if k in lags and a in e]
        if ways and r.random() < .8:
            f["via"] = r.choice(ways)
            others = [k for k, e in trunks if a in e and k != f["via"]]
            if others and lags[f["via"]].get("min_links") and r.random() < .8:
                f["backup"] = r.choice(others)
        flows["f%d" % i] = f
    for _ in range(r.randint(0, 10)):
        l = r.choice(list(links))
        e = {"at": "%d us" % t(0, dur), "do": "fail", "target": "links." + l}
        if r.random() < .5:
            e["how"] = "silent"
            if seed % 2:
                e["from"] = links[l]["ends"][seed // 2 % 2]
        if r.random() < .8:
            e["for"] = "%d us" % r.choice([1, 1000000, 3000000, t(1, dur) or 1])
        if "optic" in links[l] and r.random() < .7:
            e = {"at": e["at"], "do": "set", "target": e["target"], "loss": r.choice(["0 dB", "9 dB", "11.5 dB", "30 dB"])}
            if r.random() < .5:
                e["from"] = r.choice(links[l]["ends"])
        events.append(e)
    s = {"dxsim": 1, "name": "random-%d" % seed, "run": {"duration": "%d s" % dur, "seed": seed}, "nodes": nodes, "links": links,
         "lags": lags, "flows": flows}
    if events:
        s["events"] = events
    if r.random() < .6:
        s["outputs"] = {"series": {"period": r.choice(["1 s", "700 ms"])}}
    return s


def alarm(r, links, lags, flows, backups):
    """One on any metric that there is, with any treatment of what is missing."""
    k = r.choice(list(links))
    end = r.choice(["here", "aws"])
    line = {"link": k}
    metric, select, thresholds = r.choice([
        ("ConnectionBpsIngress", line, ["30 %", "80 %", "7 Mbps", "0 bps"]), ("ConnectionBpsEgress", line, ["10 %", "50 %", "1 Mbps"]),
        ("ConnectionPpsIngress", line, ["1 k/s", "100 /s", "7 k/s"]), ("ConnectionState", line, [1, 0]),
        ("ConnectionErrorCount", line, [0, 3]), ("ConnectionDiscardsPpsEgress", line, ["0 /s", "100 /s"]),
        ("link.loss", dict(line, **{"from": end}), ["0 %", "5 %", "50 %"]), ("link.loss", dict(line, **{"from": end}), ["0 %", "100 %"]),
        ("link.throughput", dict(line, **{"from": end}), ["1 Mbps", "90 %"]), ("link.queue", dict(line, **{"from": end}), ["0 B", "5 kB"]),
        ("link.dropped", dict(line, **{"from": end}), [0, 10]), ("flow.goodput", {"flow": r.choice(list(flows))}, ["1 Mbps", "20 Mbps"])])
    a = {"metric": metric, "select": select, "threshold": r.choice(thresholds), "op": r.choice(["<", "<=", ">=", ">"])}
    for key, values in (("statistic", ["Sum", "Minimum", "Maximum", "SampleCount", "Average"]), ("period", ["30 s", "1 min", "90 s", "2 min"]),
                        ("datapoints", ["1 of 2", "2 of 2", "2 of 3", "3 of 5", "5 of 5"]),
                        ("missing", ["missing", "ignore", "breaching", "notBreaching"])):
        if r.random() < .7:
            a[key] = r.choice(values)
    a.setdefault("period", "1 min")
    for which in ("actions", "ok_actions"):
        a[which] = [action(r, links, lags, backups) for _ in range(r.choice([0, 1, 1, 2]))]
    return a


def action(r, links, lags, backups):
    x, late = r.random(), "%d us" % r.choice([0, 1, 1000, 3700])
    trunks = [k for k in links if k[0] == "l"] + list(lags)
    if x < .2:
        return r.choice([{"do": "log"}, {"do": "page", "who": "me"}])
    if x < .55:
        a = {"do": "auto_scale", "link": r.choice(list(links)), "add": r.choice(["10 Mbps", "333333 bps", "100 Mbps"]), "after": late}
        if r.random() < .6:
            a.update(maximum=r.choice(["100 Mbps", "150 Mbps", "1 Gbps"]), cool_down="%d us" % r.choice([0, 1, 2500, 20000]))
        return a
    here, there = r.sample(trunks, 2)
    if x < .8:
        return dict({"do": "shift_traffic", "link": here, "after": late}, **({} if backups and r.random() < .5 else {"to": there}))
    return {"do": "return_traffic", "link": here, "after": late}


def watched(seed):
    """Parallel lines to the cloud, a load that comes and goes, and alarms that act on what they see."""
    r = random.Random(seed)
    scale, sample = r.choice([(30000, 1000), (30000, 1000), (10000, 3000)])  # sample: us
    dur = sample * r.choice([7, 20, 40])
    links = {k: {"ends": r.choice([["here", "aws"], ["aws", "here"]]), "rate": r.choice(["50 Mbps", "100 Mbps", "99999989 bps", "20 Mbps"]),
                 "framing": r.choice(["none", "ethernet"]), "fiber": {"delay": "%d ns" % r.choice([8, 1000, 80000, 1234567])},
                 "queue": {"limit": r.choice(["2 frames", "10 kB", "50 frames", "100 kB"])}}
             for k in ["l%d" % i for i in range(r.randint(2, 4))] + ["m0", "m1"]}
    for l in links.values():
        if r.random() < .3:
            l["fiber"].update(loss(r))
    lags = {"g": {"members": ["m0", "m1"], "hash": "5-tuple"}}
    trunks = [k for k in links if k[0] == "l"] + ["g"]
    backups = r.random() < .6
    flows = {}
    for i in range(r.randint(2, 6)):
        a, b = r.sample(["here", "aws"], 2)
        f = {"from": a, "to": b, "via": r.choice(trunks), "size": "%d B" % r.choice([200, 1000, 1500]), "count": r.randint(1, 12),
             "model": r.choice(["cbr", "poisson"]), "rate": "%d Mbps" % r.choice([2, 10, 30, 70])}
        if r.random() < .3:
            f.update(model="microburst", peak="200 Mbps", burst="%d us" % r.choice([100, 1000, 3000]))
        if r.random() < .5:
            f["start"] = "%d us" % r.randint(0, dur // 2)
        if r.random() < .5:
            f["stop"] = "%d us" % r.randint(dur // 2, dur)
        if backups and r.random() < .6:
            f["backup"] = r.choice([k for k in trunks if k != f["via"]])
        flows["f%d" % i] = f
    events = []
    for _ in range(r.randint(0, 5)):
        e = {"at": "%d us" % (r.randint(0, dur) // r.choice([1, 1000]) * r.choice([1, 1000]) % dur), "target": "links." + r.choice(list(links))}
        if r.random() < .3:
            e.update(do="set", rate=r.choice(["10 Mbps", "100 Mbps", "1 Gbps"]))
        else:
            e.update(do="fail", **{"for": "%d us" % r.choice([1, 1000, sample, 5 * sample])})
            if r.random() < .6:
                e["how"] = "silent"
        events.append(e)
    alarms = {"a%d" % i: alarm(r, links, lags, flows, backups) for i in range(r.randint(2, 8))}
    if backups:
        alarms["own"] = dict(alarm(r, links, lags, flows, True), actions=[{"do": "shift_traffic", "link": r.choice(trunks)}])
    s = {"dxsim": 1, "name": "random-%d" % seed, "run": {"duration": "%d us" % dur, "seed": seed},
         "nodes": {"here": {"kind": "router"}, "aws": {"kind": "router"}}, "links": links, "lags": lags, "flows": flows, "alarms": alarms,
         "monitor": {"side": "aws", "time_scale": scale, "truth": r.choice(["250 us", "100 us", "1 ms"])}}
    if r.random() < .4:
        s["monitor"]["profile"] = r.choice(["practice", "briefing"])
    if events:
        s["events"] = events
    if r.random() < .7:
        s["outputs"] = {"cloudwatch": {"period": r.choice(["1 min", "90 s", "5 min"])}}
    return s


def route_maps(r, asns, networks):
    """Policies of every kind, mostly harmless."""
    def match():
        return r.choice([
            {"type": "prefix_list", "name": r.choice(["A", "B"])}, {"type": "community", "name": "C"}, {"type": "as_path", "name": "P"},
            {"type": "metric", "value": r.choice([0, 10])}, {"type": "local_pref", "value": 100}, {"type": "origin", "value": "igp"}])

    def change():
        return r.choice([
            {"type": "local_pref", "value": r.choice([50, 100, 200])}, {"type": "weight", "value": r.choice([0, 10])},
            {"type": "metric", "value": r.choice([0, 10, 20])}, {"type": "metric_add", "value": 5}, {"type": "origin", "value": r.choice(["igp", "incomplete"])},
            {"type": "community_add", "communities": [r.choice(["65000:1", "7224:7300", "7224:7100", "7224:8100", "no-export"])]},
            {"type": "community_none"}, {"type": "prepend", "asns": [r.choice(asns)], "count": r.randint(1, 3)}, {"type": "prepend_last_as", "count": r.randint(1, 2)}])

    def entry(seq):
        e = {"seq": seq, "action": "permit" if r.random() < .85 else "deny"}
        if r.random() < .6:
            e["match"] = [match() for _ in range(r.choice([1, 1, 2]))]
        if r.random() < .8:
            e["set"] = [change() for _ in range(r.choice([1, 1, 2]))]
        if r.random() < .15:
            e["on_match_next"] = True
        return e
    some = r.choice(networks)
    return {
        "prefix_lists": {"A": [{"seq": 5, "action": r.choice(["permit", "deny"]), "prefix": some}, {"seq": 10, "action": "permit", "prefix": "10.0.0.0/8", "le": r.choice([16, 24, 32])}],
                         "B": [{"seq": 5, "action": "permit", "prefix": some, "le": 32 if ":" not in some else 64}]},
        "community_lists": {"C": [{"seq": 1, "action": "permit", "communities": [r.choice(["65000:1", "7224:7300"])]}]},
        "as_path_lists": {"P": [{"seq": 1, "action": "permit", "regex": r.choice(["^%d_" % r.choice(asns), "_%d$" % r.choice(asns), "^$", "."])}]},
        "route_maps": {"M%d" % i: [entry(10 * (k + 1)) for k in range(r.randint(1, 3))] + ([{"seq": 90, "action": "permit"}] if r.random() < .8 else []) for i in range(4)}}


def session_end(r):
    e = {}
    if r.random() < .25:
        e[r.choice(["in", "out"])] = "M%d" % r.randrange(4)
    for key, p, values in (("weight", .1, [10]), ("prefix_limit", .12, [1, 2, 3, 5]), ("mrai", .2, ["500 ms", "1 s", "3 s"]), ("next_hop_self", .3, [True]),
                           ("route_reflector_client", .2, [True]), ("soft_reconfiguration", .2, [True]), ("fast_fallover", .15, [False]), ("passive", .1, [True])):
        if r.random() < p:
            e[key] = r.choice(values)
    if "prefix_limit" in e and r.random() < .6:
        e["prefix_restart"] = r.choice(["2 s", "5 s"])
    return e


def a_session(r, ends):
    s = {"ends": ends, "timers": {"keepalive": r.choice(["1 s", "1 s", "2 s", "3 s"]), "hold": r.choice(["3 s", "3 s", "6 s", "9 s", "0 s"]), "connect_retry": r.choice(["1 s", "2 s", "5 s"])}}
    if r.random() < .4:
        s["bfd"] = {"interval": r.choice(["50 ms", "100 ms", "300 ms", "2 s"]), "multiplier": r.choice([1, 2, 3, 5])}
    if r.random() < .2:
        s["password"] = "secret"
    if r.random() < .2:
        s["graceful_restart"] = {"restart": r.choice(["2 s", "10 s"]), "stale": r.choice(["1 s", "5 s"])}
    s["at"] = {n: session_end(r) for n in ends}
    if r.random() < .1:
        s["at"][ends[0]]["password"] = "other"
    if all("passive" in e for e in s["at"].values()):
        del s["at"][ends[0]]["passive"]
    if r.random() < .15:
        s["at"][ends[1]]["timers"] = {"keepalive": "1 s", "hold": r.choice(["3 s", "12 s"])}
    if "bfd" in s and r.random() < .3:
        s["at"][ends[1]]["bfd"] = {"interval": r.choice(["70 ms", "500 ms"]), "multiplier": r.choice([1, 3, 4])}
    return s


def routers(seed):
    """A few routers of a few ASes, some of one; lines that fail, sessions that are shut and cleared, routes that flap."""
    r = random.Random(seed)
    n, is_cold = r.randint(2, 5), r.random() < .4
    names, asns = [chr(97 + i) for i in range(n)], [r.choice([65001, 65002, 65003, 65004]) for _ in range(n)]
    confed = r.random() < .1
    networks = []
    s = {"dxsim": 1, "name": "random-%d" % seed, "run": {"duration": "%d s" % r.choice([12, 20, 30]), "seed": seed}, "nodes": {}, "links": {}, "sessions": {}, "flows": {}, "events": []}
    for i, name in enumerate(names):
        own = ["10.%d.%d.0/24" % (i + 1, k) for k in range(r.randint(0, 3))] + ["10.%d.0.0/16" % (i + 1)] * (r.random() < .5) + ["10.99.0.0/16"] * (r.random() < .3) + ["2001:db8:%d::/48" % (i + 1)] * (r.random() < .3)
        networks += own
        bgp = {"networks": own, "start": "cold" if is_cold or r.random() < .1 else "converged"}
        for key, p, values in (("maximum_paths", .5, [1, 2, 8]), ("multipath", .4, ["exact", "relax"]), ("always_compare_med", .2, [True]), ("deterministic_med", .3, [False]),
                               ("compare_routerid", .2, [True]), ("profile", .2, ["cisco", "briefing-literal"]), ("reaction", .2, ["1 us", "1 ms"]), ("as_path_ignore", .1, [True])):
            if r.random() < p:
                bgp[key] = r.choice(values)
        if r.random() < .3:
            bgp["dampening"] = {"half_life": r.choice(["2 s", "5 s"]), "max_suppress": "10 s", "suppress": r.choice([900, 1500, 2500]), "reuse": 750}
        s["nodes"][name] = {"kind": r.choice(["router", "router", "customer-router", "cloud-device"]), "asn": asns[i], "bgp": bgp}
        if confed:
            bgp["confederation"] = {"identifier": 64600, "peers": sorted(set(asns) - {asns[i]})}
        if r.random() < .5:
            s["nodes"][name]["region"] = r.choice(["us-west-1", "us-west-2", "eu-west-1"])
        if s["nodes"][name]["kind"] == "cloud-device" and r.random() < .5:
            s["catalog"] = "aws-dx-2026-09"
            bgp["communities"] = r.choice(["briefing", "documented"])
    pairs = [(names[i], names[r.randrange(i)]) for i in range(1, n)] + [tuple(r.sample(names, 2)) for _ in range(r.randint(0, 3))]
    lines = []
    for i, pair in enumerate(pairs):
        for k in range(r.choice([1, 1, 2])):
            l = {"ends": list(pair) if r.random() < .7 else list(pair)[::-1], "rate": r.choice(["100 Mbps", "100 Mbps", "10 Mbps"]), "fiber": {"length": "%d km" % r.choice([1, 10, 10, 100, 1000])}}
            if r.random() < .15:
                l["fiber"]["loss"] = r.choice(["0.5 %", "5 %", "20 %"])
            if r.random() < .3:
                l["metric"] = r.choice([1, 5, 20])
            if r.random() < .2:
                l["debounce"] = r.choice(["100 ms", "1 s"])
            s["links"]["l%d%d" % (i, k)] = l
            lines.append(("l%d%d" % (i, k), l["ends"]))
    if r.random() < .25:
        a = r.choice(lines)
        s["lags"] = {"g": {"members": [k for k, e in lines if set(e) == set(a[1])]}}
        for k in s["lags"]["g"]["members"]:
            if "metric" in s["links"][k]:
                s["lags"]["g"]["metric"] = s["links"][k].pop("metric")
        lines = [x for x in lines if x[0] not in s["lags"]["g"]["members"]] + [("g", a[1])]
    s["vifs"] = {}
    asn = dict(zip(names, asns))
    for i, (k, ends) in enumerate(lines):
        if asn[ends[0]] == asn[ends[1]]:
            continue
        for v in range(r.choice([1, 1, 1, 2])):
            one = a_session(r, list(ends) if r.random() < .7 else list(ends)[::-1])
            for e in one["at"].values():
                e.pop("route_reflector_client", None)
            one["on"] = k
            if r.random() < .3 or v:
                vif = "v%d%d" % (i, v)
                s["vifs"][vif] = {"on": k, "type": "private", "vlan": 100 + v}
                one["on"] = vif
            if r.random() < .2:
                one["addresses"] = ["2001:db8:ff%02x:%d::1/125" % (i, v), "2001:db8:ff%02x:%d::2/125" % (i, v)]
            s["sessions"]["e%d%d" % (i, v)] = one
    for i in range(n):
        for k in range(i):
            if asns[i] == asns[k] and r.random() < .9:
                one = a_session(r, [names[i], names[k]] if r.random() < .5 else [names[k], names[i]])
                for e in one["at"].values():
                    e.pop("fast_fallover", None)
                s["sessions"]["i%d%d" % (i, k)] = one
    if not s["sessions"]:
        return routers(seed + 500000)
    s["policies"] = route_maps(r, asns, networks or ["10.1.0.0/16"])
    for i in range(r.randint(1, 4)):
        a, b = r.sample(range(n), 2)
        s["flows"]["f%d" % i] = {"from": names[a], "to": names[b], "addresses": ["10.%d.0.10" % (a + 1), r.choice(["10.%d.%d.10" % (b + 1, r.randint(0, 3)), "10.99.0.1"])],
                                 "count": r.choice([1, 4, 16]), "rate": "%d kbps" % r.choice([40, 200]), "size": "500 B", "ttl": r.choice([64, 3])}
    end = int(s["run"]["duration"].split()[0])
    for _ in range(r.randint(1, 7)):
        e = {"at": "%d ms" % r.choice([500, 1000, 1500, r.randrange(end * 1000), r.randrange(end) * 1000])}
        x = r.random()
        if x < .45:
            e.update(do="fail", target="links." + r.choice(list(s["links"])), **({"how": "silent"} if r.random() < .5 else {}))
            e["for"] = r.choice(["100 ms", "1 s", "4 s", "8 s"])
        elif x < .6:
            e.update(do="shutdown", target="sessions." + r.choice(list(s["sessions"])))
            e["for"] = r.choice(["100 ms", "2 s", "5 s"])
        elif x < .75:
            e.update(do="clear", target=r.choice(["sessions." + r.choice(list(s["sessions"])), "nodes." + r.choice(names)]))
            if r.random() < .6:
                e["soft"] = True
        else:
            k = r.randrange(n)
            e.update(do=r.choice(["announce", "withdraw"]), target="nodes." + names[k], network=r.choice(["10.%d.0.0/24" % (k + 1), "10.99.0.0/16", "10.%d.7.0/24" % (k + 1)]))
            e["for"] = r.choice(["300 ms", "1 s", "3 s"])
            if r.random() < .5:
                e["every"] = r.choice(["2 s", "4 s"])
                e["for"] = "700 ms"
        s["events"].append(e)
    for key in ("vifs",):
        if not s[key]:
            del s[key]
    if r.random() < .4:
        s["outputs"] = {"series": {"period": "1 s"}}
    return s


def gen(seed):
    if seed >= 20000000:
        return routers(seed)
    if seed >= 10000000:
        return watched(seed)
    if seed >= 8000000:
        return bundles(seed)
    r = random.Random(seed)
    grid = r.choice([True, True, False])
    n = r.randint(2, 5)
    names = [chr(97+i) for i in range(n)]
    unit = r.choice([8, 1000, 100000])  # ns grid
    def t(lo, hi):  # ns
        v = r.randint(lo, hi)
        if grid:
            v = v // unit * unit
        return v
    dur = r.choice([20000, 200000, 3000000])
    links = {}; lags = {}
    def rate():
        return r.choice(["1 Gbps"]*4 + ["2 Gbps", "500 Mbps", "3 Gbps", "999999937 bps", "10 Gbps"])
    def link(a, b):
        l = {"ends": [a, b] if r.random() < .5 else [b, a], "rate": rate(), "framing": r.choice(["none"]*3+["ethernet"])}
        q = {}
        if r.random() < .8:
            q["limit"] = r.choice(["2 frames", "5 frames", "1 frames", "10 kB", "3 kB", "100 B", "100 frames"])
        if r.random() < .4:
            q["scheduler"] = "strict-priority"
        if r.random() < .4:
            q["on_down"] = "flush"
        if q:
            l["queue"] = q
        x = r.random()
        if x < .5:
            l["fiber"] = {"delay": "%d ns" % r.choice([8, 16, 80, 1000, 4000, 100000])}
        elif x < .8: l["fiber"] = {"length": "%d m" % r.choice([1, 10, 100, 1234, 10000, 80000])}
        return l
    pairs = [(names[i], names[r.randrange(i)]) for i in range(1, n)]
    for _ in range(r.randint(0, 3)):
        a, b = r.sample(names, 2); pairs.append((a, b))
    for i, (a, b) in enumerate(pairs):
        if r.random() < .35:
            m = []
            for k in range(r.randint(1, 4)):
                nm = "l%dm%d" % (i, k); links[nm] = link(a, b); m.append(nm)
            lag = {"members": m, "hash": r.choice(["src-ip", "dst-ip", "src-dst-ip", "src-dst-ip-port", "5-tuple"]), "function": r.choice(["crc32", "fnv1a-64"])}
            if r.random() < .6:
                hb = {"period": "%d us" % r.choice([10, 20, 50, 100]), "misses": r.choice([1, 2, 3]), "reaction": r.choice(["1 us", "10 us", "33 us"])}
                if r.random() < .5:
                    hb["size"] = r.choice(["1 B", "125 B", "1000 B"])
                if r.random() < .5:
                    hb["pcp"] = r.choice([0, 7])
                lag["heartbeat"] = hb
            if seed >= 5000000:
                any_lag(r, lag)
                if dur < 200000:
                    dur = 200000
            lags["g%d" % i] = lag
        else:
            links["l%d" % i] = link(a, b)
    flows = {}
    for i in range(r.randint(1, 5)):
        a, b = r.sample(names, 2)
        f = {"from": a, "to": b, "model": r.choice(["cbr", "cbr", "poisson", "microburst"])}
        size = r.choice([1, 2, 5, 125, 125, 1000, 1500]) if dur < 100000 else r.choice([64, 125, 125, 250, 1000, 1500])
        f["size"] = "%d B" % size
        ratev = r.choice([100, 300, 500, 900, 1000, 1500]) * 1000000 // r.choice([1, 2, 3, 10])
        maxf = 20000
        ratev = min(ratev, int(maxf * size * 8 / (dur * 1e-9)))
        if f["model"] == "cbr":
            if r.random() < .6:
                iv = max(t(1, 40 * size * 8 // 4), unit if unit == 8 else size * 8, dur // maxf + 1)
                if grid:
                    iv = (iv + 7) // 8 * 8
                f["interval"] = "%d ns" % iv
            else:
                f["rate"] = "%d bps" % ratev
        elif f["model"] == "poisson":
            f["rate"] = "%d bps" % ratev
            if r.random() < .4:
                f["draws"] = "splitmix64"
        else:
            burst = max(t(1, dur // 8), size * 8, 8)
            f["burst"] = "%d ns" % burst
            f["peak"] = r.choice(["1 Gbps", "2 Gbps", "1500 Mbps"])
            if size < 100:
                f["peak"] = "500 Mbps"
            f["period"] = "%d ns" % (burst * r.randint(2, 5))
        if r.random() < .6:
            f["count"] = r.randint(1, 40)
        if r.random() < .3:
            f["start"] = "%d ns" % t(0, dur // 2)
        if r.random() < .3:
            f["stop"] = "%d ns" % t(0, dur)
        if r.random() < .2:
            f["frames"] = r.randint(1, 500)
        if r.random() < .4:
            f["pcp"] = r.randint(0, 7)
        if r.random() < .3:
            f["ttl"] = r.randint(1, 4)
        if r.random() < .3:
            f["ports"] = [r.choice([65530, 65535, 0, 1]), 80]
        if r.random() < .2:
            f["addresses"] = r.choice([["2001:db8::ffff:ffff", "2001:db8::2"], ["10.255.255.255", "1.2.3.4"]])
        flows["f%d" % i] = f
    if seed >= 2000000:
        for i, f in enumerate(flows.values()):
            if r.random() < .7:
                more_of_source(r, f, t, dur, directory, "random-%d-%d" % (seed, i))
    nodes = {x: {"kind": "router"} for x in names}
    trunks = [(k, v["ends"]) for k, v in links.items() if not any(k in g["members"] for g in lags.values())] + [(k, links[v["members"][0]]["ends"]) for k, v in lags.items()]
    if r.random() < .35:
        for _ in range(r.randint(1, 4)):
            k, e = r.choice(trunks); nodes[r.choice(e)].setdefault("routes", {})[r.choice(list(flows))] = k
    events = []
    for _ in range(r.randint(0, 6)):
        l = r.choice(list(links)); at = t(0, dur); kind = r.choice(["fs", "fs", "f", "f", "set", "any"])
        if kind in ("f", "fs"):
            e = {"at": "%d ns" % at, "do": "fail", "target": "links." + l}
            if kind == "fs":
                e["how"] = "silent"
                if seed % 2:
                    e["from"] = links[l]["ends"][seed // 2 % 2]
            events.append(e)
            if r.random() < .85:
                events.append({"at": "%d ns" % min(dur, at + r.choice([0, 8, 16, 1000, t(0, dur // 3)])), "do": "restore", "target": "links." + l})
            if r.random() < .15:
                events.append(dict({k: v for k, v in e.items() if k != "from"}, how=r.choice(["silent", "down"])))
        elif kind == "set":
            events.append({"at": "%d ns" % at, "do": "set", "target": "links." + l, "rate": rate()})
        else:
            events.append({"at": "%d ns" % at, "do": "restore", "target": "links." + l})
    if seed >= 1000000 and r.random() < .8:
        for l in links.values():
            if r.random() < .6:
                l["insert"] = [insert(r, unit) for _ in range(r.choice([1, 1, 2, 3, 6]))]
            if r.random() < .4:
                l.setdefault("fiber", {}).update(loss(r))
    s = {"dxsim": 1, "name": "random-%d" % seed, "run": {"duration": "%d ns" % dur, "seed": seed}, "nodes": nodes, "links": links, "flows": flows}
    if r.random() < .5:
        s["run"]["warmup"] = "%d ns" % t(0, dur // 2)
    if lags:
        s["lags"] = lags
    if events:
        s["events"] = events
    if r.random() < .6:
        s["outputs"] = {"series": {"period": "%d ns" % max(1000, dur // r.choice([2, 5, 20]))}}
    if seed >= 3000000:
        vifs(r, s, trunks)
    if seed >= 4000000:
        light(r, s, t, dur)
    if seed >= 6000000:
        macsec(r, s, dur)
    if seed >= 7000000:
        classes(r, s)
    return s


def macsec(r, s, dur):
    """On some links; numbers begin near their end, and keys are renewed early or late."""
    for l in s["links"].values():
        if r.random() < .4:
            continue
        m = {"suite": r.choice(["GCM-AES-128", "GCM-AES-256", "GCM-AES-256", "GCM-AES-XPN-128", "GCM-AES-XPN-256"])}
        first = 4294967295 - r.choice([0, 3, 50, 500, 20000])
        if r.random() < .8:
            m["first_pn"] = first
        if r.random() < .5:
            m["rekey_pn"] = min(4294967295, first + r.choice([0, 1, 40, 300, 10000]))
        if r.random() < .3:
            m["rekey"] = "%d ns" % r.choice([200000, 345678, max(dur // 2, 200000)])
        if r.random() < .8 or "rekey" in m:
            m["retire"] = r.choice(["600 us", "500 us"])  # no way is longer
        if r.random() < .2 and "rekey" not in m:
            m["keys"] = "none"
        if r.random() < .5:
            m["mode"] = r.choice(["must_encrypt", "should_encrypt", "no_encrypt"])
        if r.random() < .5:
            m["latency"] = "%d ns" % r.choice([0, 8, 1000, 12345])
        if r.random() < .4:
            m["reaction"] = r.choice(["1 us", "8 us", "100 us"])
        if r.random() < .3:
            m["sci"] = False
        if r.random() < .3:
            m["replay_window"] = r.choice([0, 1, 64])
        l["macsec"] = m
        l["framing"] = "ethernet"
        for x in l.get("insert", []):
            if x["model"] in ("internet", "port"):
                x["at"] = "egress"


def classes(r, s):
    """For whoever has priorities at all."""
    for l in s["links"].values():
        for q in [l.get("queue", {})] + [i.get("queue", {}) for i in l.get("insert", []) if i["model"] == "port"]:
            if q.get("scheduler") == "strict-priority" and r.random() < .8:
                q["classes"] = r.choice(["10234567", "".join(r.choice("01234567") for _ in range(8)), "00000000", "77770123"])


def vifs(r, s, trunks):
    """Some on every line; flows that go over it take one, or none."""
    s["vifs"] = {}
    for k, _ in trunks:
        for vlan in r.sample([1, 2, 7, 100, 4094], r.randint(0, 4)):
            v = {"on": k, "type": r.choice(["private", "public", "transit"]), "vlan": vlan, "mtu": r.choice(["1500 B", "9001 B", "1000 B", "68 B"])}
            if r.random() < .5:
                v["pcp"] = r.randint(-1, 7)
            if r.random() < .3:
                v["ends"] = r.choice(["first", "second"])
            if r.random() < .4:
                v.update(rate_limit=r.choice(["1 Gbps", "100 Mbps", "333333333 bps"]), burst=r.choice(["9001 B", "10 kB", "40 kB"]), counts=r.choice(["packet", "tc", "frame", "wire"]))
            s["vifs"]["%s_%d" % (k, vlan)] = v

    def way(k):
        on = [n for n, v in s["vifs"].items() if v["on"] == k]
        return r.choice(on) if on and r.random() < .8 else k
    for n, f in s["flows"].items():
        taken = {}
        for node in s["nodes"].values():
            if n in node.get("routes", {}):
                node["routes"][n] = taken.setdefault(node["routes"][n], way(node["routes"][n]))
        if "via" not in f:
            f["via"] = r.choice([k for k, e in trunks if f["from"] in e] or [None])
        via = [f["via"]] if isinstance(f["via"], str) else f["via"] or []
        f["via"] = [taken.setdefault(k, way(k)) for k in via]
        if not f["via"]:
            del f["via"]
    for l in s["links"].values():
        if r.random() < .3:
            l.setdefault("insert", []).extend([{"model": "vlan", "action": "tag", "tpid": "0x88a8", "vid": 5, "at": "ingress"}] + r.choice([[], [{"model": "vlan", "action": "untag", "tpid": "0x88a8", "vid": 5, "at": "egress", "untagged": "pass"}]]))
        elif r.random() < .2:
            l.setdefault("insert", []).append({"model": "vlan", "action": r.choice(["tag", "filter"]), "vid": r.choice([1, 7, 999]), "at": r.choice(["line", "egress"])})
    return s


def fiber(r):
    """A line near its limits, so that little makes a difference; equal spans, given ones, or none."""
    f = {"length": "%d m" % r.choice([1, 100, 2000, 10000]), "attenuator": "%d.%d dB" % (r.randint(0, 9), r.randint(0, 9)), "connectors": r.randint(0, 3)}
    if r.random() < .3:
        f["tx"] = r.choice(["-8.2 dBm", "0.5 dBm", "-3 dBm"])
    if r.random() < .3:
        f["temperature"] = r.choice(["-40 C", "0 C", "60 C"])
    return f


def light(r, s, t, dur):
    """Optics on most links, whatever their rates; loss, launch and temperature that change, ports that wait."""
    lit = []
    for n, l in s["links"].items():
        if r.random() < .7:
            l["fiber"] = dict({k: v for k, v in l.get("fiber", {}).items() if k in ("loss", "gilbert_elliott")}, **fiber(r))
            l["optic"] = r.choice(["10GBASE-LR", "10GBASE-LR", "400GBASE-LR8", "100GBASE-LR4", ["1000BASE-LX", "1000BASE-LX10"], "100G-ZR4"])
            l["budget"] = r.choice(["off", "off", "off", "warn"]) if isinstance(l["optic"], str) else "off"
            lit.append(n)
        if r.random() < .4:
            l["debounce"] = "%d ns" % t(1, dur // 4)
    events = s.setdefault("events", [])
    for _ in range(r.randint(0, 12)):
        n = r.choice(list(s["links"]))
        e = {"at": "%d ns" % t(0, dur), "do": "set", "target": "links." + n}
        kind = r.choice(["loss", "loss", "loss", "tx", "temperature"]) if n in lit else "temperature"
        e[kind] = {"loss": "%d.%d dB" % (r.choice([0, 0, 2, 5, 12, 30]), r.randint(0, 9)), "tx": r.choice(["-3 dBm", "-8 dBm", "-20.5 dBm"]),
                   "temperature": r.choice(["-40 C", "20 C", "60 C"])}[kind]
        if r.random() < .5:
            e["from"] = r.choice(s["links"][n]["ends"])
        if r.random() < .5:
            e.update(ramp="%d ns" % max(1, t(1, dur // 2)), steps=r.choice([1, 2, 7, 30]))
        events.append(e)
    if not events:
        del s["events"]


first, last, directory = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
os.makedirs(directory, exist_ok=True)
for i in range(first, last + 1):
    json.dump(gen(i), open(os.path.join(directory, "random-%d.json" % i), "w"), indent=1)
