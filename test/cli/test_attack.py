#!/usr/bin/env python3
"""Attacks on links: what comes of them on a line in clear, the same however the run is cut, the books in order.

    test_attack.py DXSIM SOURCE_DIR
"""
import csv
import io
import json
import os
import sys

from command import check, contents, load, main, place, run

with open(os.path.join(sys.argv[2], "test/scenarios/attacks.json")) as file:
    SCENARIO = json.load(file)
KINDS = ("eavesdrop", "modify", "replay", "inject", "spoof_mac", "man_in_the_middle")


def outcome(*arguments, scenario=SCENARIO):
    with place(scenario) as root:
        status, _, err = run(root, "-o", "out", "-q", "--trace", *arguments)
        check("the run is complete", status == 0, status, err)
        return contents(root), load(os.path.join(root, "out/summary.json"))


def test_nothing_keeps_anybody_from_anything():
    _, summary = outcome()
    attacks = summary["attacks"]
    check("every kind has rows", all(any(name.startswith("dx1.%s:" % kind) for name in attacks) for kind in KINDS), list(attacks))
    for name, row in attacks.items():
        n = row["attacked_frames"]
        check(name + " has happened, and everything was read",
              n > 0 and row["observed_frames"] == row["header_frames"] == row["read_frames"] == n, row)
        if "eavesdrop" not in name:
            check(name + " is accepted", row["sent_frames"] == row["accepted_frames"] == n and row["rejected_frames"] == 0, row)
    check("20 frames are 20 frames", attacks["dx1.inject:a>b"]["sent_frames"] == 20)
    check("who listens hears all that the port sends",
          attacks["dx1.eavesdrop:a>b"]["attacked_frames"] == summary["links"]["dx1:a>b"]["tx_frames"], attacks)


def test_the_books_are_in_order():
    files, summary = outcome()
    made = sum(row["sent_frames"] for name, row in summary["attacks"].items()
               if any(kind in name for kind in ("replay", "inject", "spoof_mac")))
    sent = sum(flow["sent_frames"] for flow in summary["flows"].values())
    check("what is made is created", summary["conservation"]["created_frames"] == sent + made, summary["conservation"], sent, made)
    for name, flow in summary["flows"].items():
        check("no statistic of %s counts it" % name,
              flow["sent_frames"] == flow["delivered_frames"] + flow["lost_frames"] + flow["pending_frames"] and
              flow["reordered_frames"] == 0, flow)
    rows = list(csv.DictReader(io.StringIO(files["out/trace.csv"].decode())))
    unborn = [row for row in rows if not row["birth_s"]]
    check("in the trace it has no birth", 0 < len(unborn) <= made and all(row["fate"] in ("delivered", "lost") for row in unborn),
          len(unborn), made)
    vif = summary["vifs"]["v:a>b"]
    check("the line at the far end sees it", vif["rx_frames"] > summary["flows"]["vif"]["delivered_frames"], vif)


def test_events_tell_it():
    files, _ = outcome()
    told = [row for row in csv.DictReader(io.StringIO(files["out/events.csv"].decode())) if row["event"] == "attack"]
    check("the beginning", {"time_s": "0.001", "object": "dx1:a>b", "event": "attack", "detail": "modify begins"} in told, told[:4])
    check("the end, and only in the direction that is attacked",
          [row["object"] for row in told if row["detail"].startswith("modify ends")] == ["dx1:a>b"], told)


def scenario_of(name):
    with open(os.path.join(sys.argv[2], name)) as file:
        return json.load(file)


def attacks_of(scenario):
    with place(scenario) as root:
        status, _, err = run(root, "-o", "out", "-q")
        check("the run is complete", status == 0, status, err)
        return load(os.path.join(root, "out/summary.json"))["attacks"]


def only_for(attack, reason):
    """All that was sent was refused for this reason."""
    return attack["sent_frames"] == attack["rejected_" + reason] == attack["rejected_frames"] > 0


# IEEE 802.1AE, 10.6: the counter that each of them raises.
REASONS = {"modify": "not_valid", "replay": "late", "inject": "no_tag", "spoof_mac": "not_valid", "man_in_the_middle": "no_tag"}


def test_a_protected_line_notices():
    attacks = attacks_of(scenario_of("scenarios/macsec-attacks.json"))
    for link in ("secured", "integrity"):
        for kind, reason in REASONS.items():
            row = attacks["%s.%s:office>aws" % (link, kind)]
            check("%s on %s" % (kind, link), only_for(row, reason), row)
    row = attacks["secured.eavesdrop:office>aws"]
    check("addresses are seen, and nothing else",
          row["observed_frames"] == row["attacked_frames"] > 0 and row["header_frames"] == row["read_frames"] == 0, row)
    row = attacks["integrity.eavesdrop:office>aws"]
    check("integrity alone hides nothing", row["read_frames"] == row["attacked_frames"] > 0, row)
    row = attacks["window.replay:office>aws"]
    check("a window takes copies", row["accepted_frames"] == row["sent_frames"] > 0, row)


def test_keys_come_and_go():
    for macsec, reasons in (
            ({"suite": "GCM-AES-128", "first_pn": 4294967000, "rekey_pn": 4294967200}, REASONS),
            ({"suite": "GCM-AES-256", "sci": False, "rekey": "3 ms", "retire": "9 ms"}, REASONS),
            ({"suite": "GCM-AES-XPN-128", "first_pn": 4294967290}, REASONS),
            ({"suite": "GCM-AES-128", "confidentiality_offset": 30}, REASONS)):
        scenario = scenario_of("scenarios/macsec-attacks.json")
        scenario["links"]["secured"]["macsec"] = macsec
        attacks = attacks_of(scenario)
        for kind, reason in reasons.items():
            row = attacks["secured.%s:office>aws" % kind]
            check("%s with %s" % (kind, macsec), only_for(row, reason), row)
        row = attacks["secured.eavesdrop:office>aws"]
        check("headers are read where an offset leaves them in clear: %s" % macsec,
              (row["header_frames"] > 0) == ("confidentiality_offset" in macsec) and row["read_frames"] == 0, row)


def test_should_encrypt_takes_anybody():
    scenario = scenario_of("scenarios/macsec-attacks.json")
    scenario["links"]["secured"]["macsec"]["mode"] = "should_encrypt"
    attacks = attacks_of(scenario)
    for kind in ("inject", "man_in_the_middle"):
        row = attacks["secured.%s:office>aws" % kind]
        check(kind + " is accepted", row["accepted_frames"] == row["sent_frames"] > 0, row)
    check("what is protected cannot be changed", only_for(attacks["secured.modify:office>aws"], "not_valid"))


def test_however_it_is_run():
    rekeyed = scenario_of("scenarios/macsec-attacks.json")
    rekeyed["links"]["secured"]["macsec"] = {"suite": "GCM-AES-128", "first_pn": 4294967000, "rekey_pn": 4294967200}
    for scenario in (SCENARIO, scenario_of("scenarios/macsec-attacks.json"), rekeyed):
        first, _ = outcome(scenario=scenario)
        names = [name for name in first if name.startswith("out/") and "manifest" not in name]
        for more in (["--burst=1"], ["--burst=7"], ["--window=3 us"], ["--threads=2"], ["--threads=4", "--burst=1"]):
            again, _ = outcome(*more, scenario=scenario)
            different = [name for name in names if first[name] != again.get(name)]
            check("%s: %s does not show" % (scenario["name"], " ".join(more)), names and not different, different)


main(globals())
