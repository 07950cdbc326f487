#!/usr/bin/env python3
"""explain bgp, explain policy: what a router recorded, and what is wrong with a line.

    test_bgp.py DXSIM SOURCE_DIR
"""
import copy
import json
import os
import tempfile

from command import SOURCE, Measured, acts_on_terminal, check, dxsim, main, slowness

DATA = SOURCE + "/test/data/"


def recorded(name):
    with open(DATA + name) as file:
        return [json.loads(line) for line in file]


def explained(*arguments):
    status, text, errors = dxsim(None, "explain", *arguments, "--json")
    check("explain %s: fine" % " ".join(arguments), status == 0 and not errors, status, errors)
    return [json.loads(line) for line in text.splitlines()]


def explain_lines(lines, *arguments, what=("bgp", "--paths")):
    """Of lines (objects, or bytes as they are): status, results, errors by line."""
    with tempfile.TemporaryDirectory(prefix="dxsim-bgp-") as root:
        with open(os.path.join(root, "l.jsonl"), "wb") as file:
            for line in lines:
                file.write(line if isinstance(line, bytes) else json.dumps(line).encode())
                file.write(b"\n")
        status, text, errors = dxsim(root, "explain", *what, "l.jsonl", "--json", *arguments)
    check("one clear line each", not acts_on_terminal(errors) and all(len(e) < 400 for e in errors.splitlines()), errors)
    return status, [json.loads(line) for line in text.splitlines()], errors.splitlines()


# -- what a router recorded ------------------------------------------------------------------------------------

def test_decisions():
    wanted, found = recorded("bgp-examples.jsonl"), explained("bgp", "--paths", DATA + "bgp-examples.jsonl")
    relaxed = explained("bgp", "--paths", DATA + "bgp-examples.jsonl", "--knob", "multipath-relax")
    literal = explained("bgp", "--paths", DATA + "bgp-examples.jsonl", "--profile", "briefing-literal")
    check("decisions: 68 of them", len(wanted) == len(found) == len(relaxed) == len(literal) == 68)
    for want, got, loose, word in zip(wanted, found, relaxed, literal):
        name = want["id"]
        candidates = {i for i, path in enumerate(want["paths"]) if not path["ineligible"]}
        steps = {loser["path"]: loser for loser in got["losers"]}
        check("%s: id, best" % name, got["id"] == name and got["best"] == want["best"], got)
        check("%s: after each arrival" % name, got["best_after_each_arrival"] == want["best_after_each_arrival"])
        check("%s: as the briefing has it" % name, word["best"] == want["literal_seed"]["best"], word)
        check("%s: multipath" % name, got["multipath"] == want["multipath"]["same_as"], got)
        check("%s: relaxed" % name, loose["multipath"] == got["multipath_relaxed"] == want["multipath"]["relaxed"], loose)
        check("%s: no candidates" % name, {e["path"] for e in got["ineligible"]} == set(range(len(want["paths"]))) - candidates)
        check("%s: all others lost" % name, set(steps) == candidates - {got["best"]})
        check("%s: order" % name, got["order_dependent"] or not any("beats_best" in loser for loser in want["losers"])
              or want["config"]["deterministic_med"], got)
        if want["comparable"]:
            check("%s: step" % name, got["step"] == want["step"], got)
        for loser in want["losers"] if want["comparable"] else []:
            # against the winner alone; why those lost that would beat it, nobody has recorded
            mine = steps.get(loser["path"], {"step": "none"})
            check("%s: loser %d" % (name, loser["path"]), mine["step"] == (loser["step"] or mine["step"]), mine)
            check("%s: loser %d beats the best" % (name, loser["path"]), mine.get("beats_best", False) == loser.get("beats_best", False))


def test_events():
    wanted, found = recorded("bgp-events.jsonl"), explained("bgp", "--events", DATA + "bgp-events.jsonl")
    check("events: 6 of them", len(wanted) == len(found) == 6)
    for want, got in zip(wanted, found):
        check("%s: events" % want["id"], got == {"id": want["id"], "best_after": [e["best"] for e in want["events"]]}, got)


def test_prefix_lists():
    wanted = recorded("bgp-prefix-lists.jsonl")
    found = explained("policy", "--prefix-lists", DATA + "bgp-prefix-lists.jsonl")
    check("prefix lists: 10 of them", len(wanted) == len(found) == 10)
    for want, got in zip(wanted, found):
        check("%s: verdicts" % want["id"], got == {"id": want["id"], "queries": want["queries"]}, got)


def test_route_maps():
    wanted = recorded("bgp-route-maps.jsonl")
    found = explained("policy", "--route-maps", DATA + "bgp-route-maps.jsonl")
    check("route maps: 15 of them", len(wanted) == len(found) == 15)
    for want, got in zip(wanted, found):
        check("%s: as many routes" % want["id"], len(want["routes"]) == len(got["routes"]))
        for asked, answer in zip(want["routes"], got["routes"]):
            check("%s: route" % want["id"], answer["result"] == asked["result"] and answer.get("after") == asked.get("after"),
                  asked, answer)


def test_help():
    for what in ("bgp", "policy"):
        status, text, errors = dxsim(None, "explain", what, "--help")
        check("help: %s is no wider than a screen" % what, status == 0 and not errors and text.startswith("Usage:\n  dxsim explain " + what)
              and max(map(len, text.splitlines())) <= 80, text)


def test_text():
    for arguments in (("bgp", "--paths", "bgp-examples"), ("bgp", "--events", "bgp-events"),
                      ("policy", "--prefix-lists", "bgp-prefix-lists"), ("policy", "--route-maps", "bgp-route-maps")):
        status, text, errors = dxsim(None, "explain", *arguments[:2], DATA + arguments[2] + ".jsonl")
        check("text: " + arguments[2], status == 0 and not errors and not acts_on_terminal(text))
        check("text: no line ends with a space", not any(line.endswith(" ") for line in text.splitlines()))
    text = dxsim(None, "explain", "bgp", "--paths", DATA + "bgp-examples.jsonl")[1]
    check("text: a column per step", "weight  lpref  local  aspath  origin" in text)
    for words in ("would win with", "is no candidate: AS path loop", "Multipath:", "by the order of comparison"):
        check("text: " + words, words in text)


# -- sets of our own -------------------------------------------------------------------------------------------

def path(number, **more):
    return {"source": "ebgp", "neighbor_ip": "10.0.0.%d" % number, "neighbor_as": 64500, "router_id": "1.0.0.%d" % number,
            "as_path": [64500], **more}


def path_set(*paths, **config):
    return {"id": "own", "config": {"local_as": 65000, "router_id": "10.255.0.1", **config},
            "paths": list(paths) or [path(1), path(2)]}


def test_what_it_would_take():
    asked = [path_set(path(1, med=60), path(2, med=50)), path_set(path(1, as_path=[64500, 64500, 64500]), path(2)),
             path_set(path(1, origin="egp"), path(2)), path_set(path(1), path(2, local_pref=150)),
             path_set(path(1, igp_metric=3), path(2)), path_set(path(2, neighbor_as=64501, as_path=[64501]), path(1),
                                                                compare_routerid=True)]
    answers = [{"attribute": "med", "value": 50, "text": "MED 50 or less"},
               {"attribute": "as_path", "prepends_less": 2, "text": "2 prepends less"},
               {"attribute": "origin", "value": "igp", "text": "origin igp"},
               {"attribute": "local_pref", "value": 150, "text": "local preference 150"},
               {"attribute": "igp_metric", "value": 0, "text": "IGP metric 0"},
               {"attribute": "local_pref", "value": 101, "text": "local preference 101"}]
    status, found, errors = explain_lines(asked)
    check("would win: fine", status == 0 and len(found) == len(asked), errors)
    for answer, got in zip(answers, found):
        check("would win: " + answer["text"], got["best"] == 1 and got["losers"][0]["would_win"] == answer, got)


def test_knobs_and_communities():
    two_as = path_set(path(1, med=9), path(2, neighbor_as=64501, as_path=[64501], med=5), path(3, med=9))
    tagged = path_set(path(1, communities=["7224:7100"]), path(2, communities=["7224:7300"]))
    check("knob: off", explain_lines([two_as])[1][0]["best"] == 0)
    check("knob: on the line", explain_lines([path_set(*two_as["paths"], always_compare_med=True)])[1][0]["best"] == 1)
    check("knob: on the command line", explain_lines([two_as], "--knob", "always-compare-med")[1][0]["best"] == 1)
    check("profile", explain_lines([two_as], "--profile", "briefing")[1][0]["best"] == 1)
    check("maximum paths", explain_lines([path_set(*[path(i) for i in range(1, 7)])], "--knob", "maximum_paths=3")[1][0]
          ["multipath"] == [0, 1, 2])
    check("communities: none", explain_lines([tagged])[1][0]["step"] == "oldest")
    for table in ("briefing", "documented"):
        got = explain_lines([tagged], "--communities", table)[1][0]
        check("communities: " + table, got["best"] == 1 and got["step"] == "local_pref", got)
    got = explain_lines([path_set(*tagged["paths"], community_local_pref=[["7224:7100", 400], ["7224:7300", 300]])])[1][0]
    check("communities: of the line", got["best"] == 0 and got["step"] == "local_pref", got)
    for arguments in (["--knob", "always_compare_mad"], ["--knob", "maximum_paths=0"], ["--profile", "defalt"],
                      ["--communities", "breifing"], ["more.jsonl"]):
        status, found, errors = explain_lines([two_as], *arguments)
        check("usage: " + " ".join(arguments), status == 2 and len(errors) == 1 and not found, errors)
    check("a knob that was meant", "did you mean \"always_compare_med\"" in
          explain_lines([two_as], "--knob", "always-compare-mad")[2][0])


def test_example():
    """What the comments of the example say."""
    file = SOURCE + "/examples/bgp-paths.jsonl"
    check("example", [(a["best"], a["step"]) for a in explained("bgp", "--paths", file)] ==
          [(0, "local_pref"), (0, "as_path_length"), (0, "router_id")])
    check("example: communities", explained("bgp", "--paths", file, "--communities", "briefing")[1]["best"] == 1)
    check("example: MED", explained("bgp", "--paths", file, "--knob", "always-compare-med")[2]["best"] == 2)


def test_ipv6():
    six = [path(i, neighbor_ip="2001:db8::%x" % (20 - i), next_hop="2001:db8:1::%d" % i, router_id="1.1.1.1") for i in (9, 10)]
    got = explain_lines([path_set(*six, compare_routerid=True)])[1][0]
    check("IPv6: neighbors", got["best"] == 1 and got["step"] == "neighbor_ip" and got["multipath"] == [0, 1], got)
    maps = {"id": "6", "peer_as": 7224, "prefix_lists": {"P": [{"seq": 5, "action": "permit", "prefix": "2001:db8::/32", "le": 48}]},
            "entries": [{"seq": 10, "action": "permit", "match": [{"type": "prefix_list", "name": "P"}],
                         "set": [{"type": "next_hop", "value": "2001:db8::1"}, {"type": "prepend_last_as", "count": 2}]}],
            "routes": [{"route": {"prefix": p}} for p in ("2001:db8:1::/48", "2001:db8:1:1::/64", "::/0")]}
    routes = explain_lines([maps], what=("policy", "--route-maps"))[1][0]["routes"]
    check("IPv6: route map", [r["result"] for r in routes] == ["permit", "deny", "deny"], routes)
    check("IPv6: an empty path is prepended with the peer's AS", routes[0]["after"]["as_path"] == [7224, 7224] and
          routes[0]["after"]["next_hop"] == "2001:db8::1", routes[0])


def test_who_is_no_candidate():
    odd = [path(1, next_hop_reachable=False), path(2, as_path=[64500, 65000]), path(3, denied=True), path(4, damped=True),
           path(5, source="ibgp", neighbor_as=65000, originator_id="10.255.0.1"),
           path(6, source="ibgp", neighbor_as=65000, cluster_list=["1.2.3.4", "10.255.0.1"])]
    got = explain_lines([path_set(*odd)])[1][0]
    check("no candidate at all", got["best"] is None and got["step"] is None and got["multipath"] == [] and
          [e["path"] for e in got["ineligible"]] == list(range(6)) and len({e["why"] for e in got["ineligible"]}) == 6, got)
    check("no path at all", explain_lines([{**path_set(), "paths": []}])[1][0]["best"] is None)


# -- what is wrong with a line ----------------------------------------------------------------------------------

def changed(way, value, of=None):
    line = copy.deepcopy(of or path_set())
    *steps, last = way.split("/")
    here = line
    for step in steps:
        here = here[int(step)] if isinstance(here, list) else here[step]
    if value is None:
        del here[last]
    else:
        here[int(last) if isinstance(here, list) else last] = value
    return line


WRONG = [
    (changed("paths/0/as_path", [64500, 0]), "AS 0 is nobody's number", 1203),
    (changed("config/local_as", 0), "AS 0 is nobody's number", 1203),
    (changed("config/local_as", 23456), "AS 23456 stands for", 1203),
    (changed("config/local_as", 4294967296), "is outside", 1203),
    (changed("config/local_as", None), "\"local_as\" is missing", 1102),
    (changed("config/local_as", "65000"), "a number is due here, not a string", 1103),
    (changed("config/router_id", "10.0.0.256"), "is no identifier", 1201),
    (changed("config/router_id", "0.0.0.0"), "nobody's identifier", 1203),
    (changed("config/always_compare_mad", True), "unknown knob \"always_compare_mad\"; did you mean \"always_compare_med\"", 1101),
    (changed("config/always_compare_med", 1), "is due here", 1103),
    (changed("config/maximum_paths", 0), "is outside 1 to", 1203),
    (changed("config", {**path_set()["config"], "multipath_relax": True, "multipath_exact": True}), "contradict", 1204),
    (changed("config/confederation", {"identifier": 65000}), "\"member_as\" is missing", 1102),
    (changed("config/community_local_pref", [["7224:7300"]]), "a pair is due", 1201),
    (changed("paths/1/communities", ["65536:1"]), "at most 65535", 1203),
    (changed("paths/1/communities", ["7224"]), "is no community", 1201),
    (changed("paths/1/weight", 65536), "outside 0 to 65535", 1203),
    (changed("paths/1/med", -1), "outside 0 to", 1203),
    (changed("paths/1/med", 1.5), "no whole number", 1201),
    (changed("paths/1/origin", "ipg"), "is not one of", 1202),
    (changed("paths/1/source", "bgp"), "is not one of", 1202),
    (changed("paths/1/source", None), "\"source\" is missing", 1102),
    (changed("paths/1/router_id", None), "\"router_id\" is missing", 1102),
    (changed("paths/1/neighbor_ip", "10.0.0.1"), "have one neighbor", 1204),
    (changed("paths/1/received_order", 1), "have one received_order", 1204),
    (changed("paths/1/neighbor_as", 65000), "from our own AS", 1204),
    (changed("paths/1/source", "ibgp"), "this router is in AS 65000", 1204),
    (changed("paths/1", path(2, source="ibgp", neighbor_as=65000, router_id="10.255.0.1")), "must be unique", 1204),
    (changed("paths/1/as_path", [{"type": "sequence", "asns": []}]), "a segment without a number", 1203),
    (changed("paths/1/as_path", [{"type": "sequel", "asns": [1]}]), "is not one of", 1202),
    (changed("paths/1/as_path", [1] * 1001), "at most 1000", 1003),
    (changed("paths/1/locl_pref", 5), "did you mean \"local_pref\"", 1101),
    (changed("paths", [path(i % 250 + 1) for i in range(257)]), "at most 256", 1003),
    (b"", "this line is empty", 1002),
    (b"  \t\r", "this line is empty", 1002),
    (b"{\"id\": \"x\"", "", 1002),
    (b"[]", "an object is due here", 1103),
    (b"{\"id\": \"\xff\"}", "", 1002),
    (b"\xef\xbb\xbf{}", "", 1002),
    (b"{\"id\": 1, \"id\": 2}", "", 1002),
    (b"[" * 100000, "", 1003),
    (b"{\"id\": \"" + b"x" * (1 << 20) + b"\"}", "more than 1048576 bytes", 1003),
    (b"\x00" * 10, "", 1002),
]


def test_wrong_lines():
    """Each between two good ones, which are explained all the same."""
    for number, (line, words, code) in enumerate(WRONG):
        status, found, errors = explain_lines([path_set(), line, path_set()])
        name = "wrong %d (%s)" % (number, words)
        check(name + ": status, the others", status == 3 and len(found) == 2, status, len(found), errors)
        check(name + ": one line at its place", len(errors) == 1 and errors[0].startswith("l.jsonl:2:") and
              words in errors[0] and errors[0].endswith("[DX%d]" % code), errors)


def test_wrong_places():
    status, found, errors = explain_lines([path_set(), changed("paths/1/med", -1)])
    column = json.dumps(changed("paths/1/med", -1)).index("-1") + 1
    check("wrong: line and column", errors[0].startswith("l.jsonl:2:%d: error: " % column) and "(/paths/1/med)" in errors[0],
          errors)
    status, found, errors = explain_lines([changed("paths/1/med", -1)] * 50 + [path_set()])
    check("wrong: up to 20, then how many more", status == 3 and len(errors) == 21 and "30 more" in errors[-1] and
          len(found) == 1, errors)
    status, found, errors = explain_lines([])
    check("wrong: nothing in it", status == 3 and len(errors) == 1 and "[DX1002]" in errors[0], errors)
    status, text, errors = dxsim(None, "explain", "bgp", "--paths", "/nowhere.jsonl")
    check("wrong: no file", status == 3 and errors.count("\n") == 1 and "[DX1001]" in errors, errors)
    for arguments in (["bgp"], ["policy"], ["bgp", "--paths", "a", "--events", "b"], ["bgp", "--nonsense"]):
        check("usage: " + " ".join(arguments), dxsim(None, "explain", *arguments)[0] == 2)


def route_map(**more):
    return {"id": "m", "peer_as": 64600, "prefix_lists": {"PREFIXES": []}, "community_lists": {}, "as_path_lists": {},
            "entries": [{"seq": 10, "action": "permit"}], "routes": [{"route": {"prefix": "10.0.0.0/8"}}], **more}


def entry(**more):
    return [{"seq": 10, "action": "permit", **more}]


def test_route_map_entries():
    """Of several sets for one attribute the last counts; with on_match_next the last entry looked at decides."""
    routes = [{"route": {"prefix": "10.0.0.0/8", "as_path": [64600], "med": 7}}]
    sets = [{"type": "metric", "value": 500}, {"type": "metric_add", "value": 1}, {"type": "prepend", "asns": [1, 2]},
            {"type": "prepend_last_as", "count": 1}, {"type": "community", "communities": ["1:1"]},
            {"type": "community_add", "communities": ["2:2", "1:2"]}]
    after = explain_lines([route_map(entries=entry(set=sets), routes=routes)], what=("policy", "--route-maps"))[1][0]["routes"][0]["after"]
    check("sets: the last of a kind", after["med"] == 8 and after["as_path"] == [64600, 64600] and
          after["communities"] == ["1:2", "2:2"], after)
    first = {"seq": 10, "action": "permit", "on_match_next": True, "set": [{"type": "weight", "value": 5}]}
    other = {"seq": 20, "action": "permit", "match": [{"type": "metric", "value": 8}]}
    for entries, verdict in (([first], "permit"), ([first, other], "deny"), ([first, {**other, "match": []}], "permit"), ([], "deny")):
        got = explain_lines([route_map(entries=entries, routes=routes)], what=("policy", "--route-maps"))[1][0]["routes"][0]
        check("on_match_next: %d entries, %s" % (len(entries), verdict), got["result"] == verdict and
              (verdict == "deny" or got["after"]["weight"] == 5), got)
    ends = [{"type": "metric_subtract", "value": 9}], [{"type": "metric_add", "value": 4294967295}]
    meds = [explain_lines([route_map(entries=entry(set=s), routes=routes)], what=("policy", "--route-maps"))[1][0]["routes"][0]
            ["after"]["med"] for s in ends]
    check("metric: its ends", meds == [0, 4294967295], meds)


def test_wrong_policies():
    rule = {"seq": 5, "action": "permit", "prefix": "10.0.0.0/8"}
    lists = {"entries": [rule], "queries": [{"prefix": "10.1.0.0/16"}]}
    for line, words, code in [
            ({**lists, "entries": [{**rule, "prefix": "10.1.2.3/16"}]}, "10.1.2.3/16: host bits are set; did you mean 10.1.0.0/16?", 1201),
            ({**lists, "queries": [{"prefix": "10.1.0.0/33"}]}, "only 32 bits", 1203),
            ({**lists, "queries": [{"prefix": "10.1.0.0"}]}, "is no prefix", 1201),
            ({**lists, "entries": [{**rule, "le": 33}]}, "le 33 is outside 8 to 32", 1203),
            ({**lists, "entries": [{**rule, "ge": 24, "le": 16}]}, "no prefix is like that", 1204),
            ({**lists, "entries": [rule, rule]}, "two entries have seq 5", 1204),
            ({**lists, "entries": [{**rule, "action": "allow"}]}, "is not one of", 1202)]:
        status, found, errors = explain_lines([lists, line, lists], what=("policy", "--prefix-lists"))
        check("wrong list: " + words, status == 3 and len(found) == 2 and len(errors) == 1 and words in errors[0] and
              errors[0].endswith("[DX%d]" % code), errors)
    for line, words, code in [
            (route_map(entries=entry(match=[{"type": "prefix_list", "name": "PREFIXS"}])),
             "there is no prefix list \"PREFIXS\"; did you mean \"PREFIXES\"?", 1301),
            (route_map(entries=entry(match=[{"type": "as_path", "name": "A"}])), "there is no AS-path list \"A\"", 1301),
            (route_map(entries=entry(set=[{"type": "community_delete", "name": "C"}])), "there is no community list", 1301),
            (route_map(entries=entry(set=[{"type": "metrik", "value": 1}])), "is not one of", 1202),
            (route_map(entries=entry(set=[{"type": "weight", "value": 65536}])), "outside 0 to 65535", 1203),
            (route_map(entries=entry(set=[{"type": "prepend", "asns": [0]}])), "AS 0", 1203),
            (route_map(entries=entry(set=[{"type": "prepend", "asns": []}])), "1 to 1000 numbers", 1203),
            (route_map(as_path_lists={"A": [{"action": "permit", "regex": "(1"}]}), "\"(\" without \")\"", 1201),
            (route_map(as_path_lists={"A": [{"action": "permit", "regex": "1" * 300}]}), "at most 256", 1003),
            (route_map(community_lists={"C": [{"action": "permit", "communities": ["1:65536"]}]}), "at most 65535", 1203),
            (route_map(entries=entry() * 2), "two entries have seq 10", 1204),
            (route_map(routes=[{"route": {"prefix": "10.0.0.1/8"}}]), "host bits are set", 1201),
            (route_map(local_as=23456), "AS 23456", 1203)]:
        status, found, errors = explain_lines([route_map(), line, route_map()], what=("policy", "--route-maps"))
        check("wrong map: " + words, status == 3 and len(found) == 2 and len(errors) == 1 and words in errors[0] and
              errors[0].endswith("[DX%d]" % code), errors)


def test_large_lines_are_quick():
    """What a stranger writes neither hangs it nor fills the memory."""
    with tempfile.TemporaryDirectory(prefix="dxsim-bgp-") as root:
        full = path_set(*[path(i % 250 + 1, neighbor_ip="10.%d.0.%d" % (i // 250, i % 250 + 1), next_hop="10.9.0.1",
                               as_path=[64500 + i % 7], neighbor_as=64500 + i % 7, med=i) for i in range(256)])
        wild = route_map(as_path_lists={"A": [{"action": "permit", "regex": "(((1*)*)*|(_*)*)*x"}] * 50},
                         entries=entry(match=[{"type": "as_path", "name": "A"}]),
                         routes=[{"route": {"prefix": "10.0.0.0/8", "as_path": [11111] * 200}}] * 10)
        for name, line, arguments in (("paths", full, ("bgp", "--paths")), ("maps", wild, ("policy", "--route-maps"))):
            with open(os.path.join(root, name), "w") as file:
                file.write(json.dumps(line) + "\n")
            ran = Measured(root, "explain", *arguments, name, "--json")
            check("large %s: done" % name, ran.status == 0 and not ran.err, ran.status, ran.err[:200])
            check("large %s: soon, in little" % name, ran.cpu_s < 5 * slowness() and ran.rss_mb < 200 * slowness(), ran.cpu_s,
                  ran.rss_mb)
            print("large %s: %.2f s" % (name, ran.cpu_s))


# -- a network that runs ----------------------------------------------------------------------------------------

def at(*arguments, scenario="bgp-two-routers"):
    return dxsim(None, "explain", "bgp", SOURCE + "/test/scenarios/%s.json" % scenario, *arguments)


def test_routers_explain_themselves():
    """The first line by local preference; without it the second, at once; and by address as by prefix."""
    status, text, errors = at("--at", "1s", "--prefix", "10.2.0.0/16", "--node", "hq", "--json")
    said = json.loads(text)
    check("running: before", (status, said["id"], said["step"], len(said["losers"])) == (0, "hq 10.2.0.0/16", "local_pref", 1), said, errors)
    check("running: why", said["losers"][0]["why"].startswith("local preference 100 < 200") and
          said["losers"][0]["would_win"]["text"] == "local preference 201", said)
    status, text, _ = at("--at", "3 s", "--prefix", "10.2.0.0/16", "--node", "hq", "--json")
    check("running: after", status == 0 and json.loads(text)["losers"] == [] and json.loads(text)["best"] == 0, text)
    status, text, _ = at("--at", "1s", "--prefix", "10.2.7.9", "--node", "hq")
    check("running: the longest prefix", status == 0 and text.startswith("hq 10.2.7.0/24\n") and "Path 0: bgp1 from 169.254.1.2" in text, text)
    status, text, _ = at("--prefix", "10.2.0.0/16", "--node", "hq")
    check("running: at the end it is withdrawn", status == 1 and not text, status, text)
    status, text, _ = at("--at", "4s", "--prefix", "10.2.0.0/16", "--json", scenario="bgp-ibgp")
    ids = [json.loads(line)["id"].split()[0] for line in text.splitlines()]
    check("running: all routers", ids == ["core", "west", "east", "cloud"], ids)
    check("running: the IGP decides", json.loads(text.splitlines()[0])["step"] == "igp_metric", text)


def test_mistakes_about_a_network():
    for arguments, words in (
            (("--prefix", "10.2.0.1/16"), "did you mean 10.2.0.0/16?"), (("--prefix", "house"), "10.1.0.0/16"),
            (("--prefix", "10.2.0.0/16", "--node", "nobody"), "no router"), (("--prefix", "10.2.0.0/16", "--at", "soon"), "--at"),
            (("--prefix", "10.2.0.0/16", "--knob", "x"), "please"), ((), "please"), (("--at", "3s"), "please")):
        status, text, errors = at(*arguments)
        check("running: %s" % " ".join(arguments), status == 2 and not text and words in errors and errors.count("\n") == 1, status, text, errors)
    status, text, errors = at("--prefix", "10.2.0.0/16", scenario="pipe")
    check("running: no BGP", status == 2 and "asn" in errors, errors)


main(globals())
