#!/usr/bin/env python3
"""Spans, cross connects, tables of levels: what `dxsim explain` says of them, and what they take from others.

    test_spans.py DXSIM SOURCE_DIR
"""
import copy
import json
import math

from command import check, dxsim, main, place

CROSS = {"length": "35 m", "panels": 2, "panel": "0.25 dB", "facility": "DC 1", "connection": "dxcon-EXAMPLE",
         "customer": {"company": "Example Corp", "cage": "12", "rack": "3", "panel": "PP1", "ports": "5/6"},
         "provider": {"company": "Example Cloud", "cage": "99"},
         "loa": {"number": "LOA-7", "issued": "2026-09-01", "expires": "2026-11-30",
                 "to": {"company": "Example Corp", "contact": "noc@example.com"}}}
SCENARIO = {
    "dxsim": 1, "name": "spans", "run": {"duration": "1 ms"},
    "nodes": {"a": {"kind": "router"}, "b": {"kind": "router"}},
    "links": {
        "dx1": {"ends": ["a", "b"], "rate": "400 Gbps", "optic": "400ZR", "cross_connect": CROSS,
                "fiber": {"spans": [{"length": "60 km", "amplifier": "low-gain", "connectors": 2}, {"length": "25 km"}],
                          "levels": "briefing-levels"}},
        "dx2": {"like": "dx1", "fiber": {"length": "80 km", "amplifiers": 1}},
        "plain": {"ends": ["a", "b"], "rate": "10 Gbps", "optic": ["10GBASE-LR", "10GBASE-LR"], "fiber": {"length": "5 km"}},
    },
    "flows": {"f": {"from": "a", "to": "b", "via": "dx1", "rate": "1 Mbps"}},
}


def run(root, *arguments):
    return dxsim(root, *arguments)


def sheets(root):
    light = json.loads(run(root, "explain", "s.json", "--json")[1])["light"]
    return {sheet["link"]: {row["what"]: row for row in sheet["rows"]} for sheet in light}


def near(what, row, value, tolerance=1e-9):
    check(what, row is not None and abs(row["value"] - value) <= tolerance, row, "expected", value)


def test_worksheet():
    """60 km and 2 connectors: 13 dB, within 8 to 16 of the class. Its noise figure: least 6.5 dB at 16, most 11 at 8."""
    least, most = 10 ** .65, 10 ** 1.1
    figure = 10 * math.log10(least + (most - least) * (10 ** -2.6 - 10 ** -3.2) / (10 ** -1.6 - 10 ** -3.2))
    noise = -57.95344952801763 - 10 * math.log10(1530 / 1550)
    osnr = [34, -10 - 5.5 - noise, -13 - figure - noise]  # transmitter; booster from -10 dBm; amplifier
    osnr_db = -10 * math.log10(sum(10 ** (-x / 10) for x in osnr))
    with place(SCENARIO) as root:
        all_rows = sheets(root)
        rows = all_rows["dx1"]
        for what, value in {"span 1 in": 0, "span 1 loss": -13, "span 1 gain": 13, "span 1 out": 0, "span 1 OSNR": osnr_db,
                            "span 2 in": 0, "span 2 loss": -5, "span 2 out": -5, "span 2 OSNR": osnr_db,
                            "cross connect": -(.5 + .035 * .2), "received": -5.507, "margin": 12 - 5.507,
                            "OSNR received": osnr_db, "OSNR margin": osnr_db - 26,
                            "level of the table": -30, "difference": 30 - 5.507}.items():
            near("worksheet: " + what, rows.get(what), value)
        check("worksheet: the last span has no amplifier", "span 2 gain" not in rows, rows.keys())
        check("worksheet: which amplifier", "low-gain, noise figure 7.07 dB" == rows["span 1 gain"]["how"], rows["span 1 gain"])
        check("worksheet: none without spans", "span 1 in" not in all_rows["plain"] and "level of the table" not in all_rows["plain"])
        text = run(root, "explain", "s.json")[1]
        check("worksheet: as text", "span 2 OSNR" in text and "60 km of cable at 0.2 dB/km, 2 connectors" in text)
        dot = run(root, "explain", "s.json", "--dot")[1]
        check("dot: spans", "400 Gbps, 2 spans" in dot, dot)


def test_inheritance():
    """dx2 is like dx1 and has a length: no spans. The table goes on with it, and so does the cross connect."""
    with place(SCENARIO) as root:
        rows = sheets(root)["dx2"]
        check("like: a length in place of spans", "span 1 in" not in rows and "fiber" in rows, rows.keys())
        near("like: the table", rows.get("level of the table"), -20)
        near("like: the cross connect", rows.get("cross connect"), -(.5 + .035 * .2))
    scenario = copy.deepcopy(SCENARIO)
    scenario["links"] = {"dx1": {"ends": ["a", "b"], "rate": "1 Gbps"},
                         "dx2": {"like": "dx1", "fiber": {"length": "7 km"}},
                         "dx3": {"like": "dx1", "fiber": {"spans": [{"length": "3 km"}]}}}
    scenario["defaults"] = {"link": {"fiber": {"spans": [{"length": "10 km"}, {"length": "20 km"}]}}}
    for link, km in (("dx1", 30), ("dx2", 7), ("dx3", 3)):
        scenario["flows"]["f"]["via"] = link
        with place(scenario) as root:
            status, out, err = run(root, "explain", "s.json", "--json")
            got = json.loads(out)["flows"][0]["propagation_ps"] if status == 0 else err
            check("defaults: " + link, got == round(km * 1.468 / 299792.458 * 1e12), got)


def test_letter():
    with place(SCENARIO) as root:
        status, text, err = run(root, "explain", "s.json", "--loa")
        check("loa: text", status == 0 and not err, err)
        for words in ("illustrative: made by a simulation, no authorisation", "LOA-7", "2026-11-30", "Example Corp, noc@example.com",
                      "cage 12, rack 3, panel PP1, ports 5/6", "cage 99", "400ZR at a", "400ZR at b", "400 Gbps", "35.00 m", "0.51 dB",
                      "plain: no cross_connect, nothing to authorise"):
            check("loa: " + words, words in text, text)
        check("loa: two letters", text.count("Letter of Authorization") == 2, text)
        check("loa: one link", run(root, "explain", "s.json", "--loa", "--link", "dx2")[1].count("\nlink dx2\n") == 1)
        check("loa: a link without", run(root, "explain", "s.json", "--loa", "--link", "plain")[:2] ==
              (0, "plain: no cross_connect, nothing to authorise\n"))
        data = json.loads(run(root, "explain", "s.json", "--loa", "--json")[1])
        check("loa: JSON says what it is", data["notice"].startswith("illustrative"), data)
        letter = data["letters"][0]
        check("loa: JSON", (letter["link"], letter["number"], letter["authorised_by"], letter["valid_until"], letter["length_m"]) ==
              ("dx1", "LOA-7", "Example Cloud", "2026-11-30", 35), letter)
        # received -5.507, needed -12, wanted 1 dB: 5.493 more than the 0.507 there are
        near("loa: what the budget allows", {"value": letter["loss_that_the_budget_allows_db"]}, 6)
        near("loa: insertion loss", {"value": letter["insertion_loss_db"]}, .507)
        check("loa: only links that have one", [x["link"] for x in data["letters"]] == ["dx1", "dx2"])
        status, out, err = run(root, "explain", "s.json", "--loa", "--link", "dx3")
        check("loa: no such link", status == 3 and not out and err == 's.json: there is no link "dx3"; did you mean "dx1"?\n', status, err)
        for wrong in (["--link", "dx1"], ["--loa", "--dot"]):
            check("loa: usage", run(root, "explain", "s.json", *wrong)[0] == 2)


main(globals())
