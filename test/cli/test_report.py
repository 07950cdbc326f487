#!/usr/bin/env python3
"""dxsim report: one HTML file, whole, escaped, that needs nobody; and explain --dot.

    test_report.py DXSIM SOURCE_DIR
"""
import base64
import copy
import html.parser
import json
import os
import re
import shutil
import subprocess
import xml.dom.minidom

from command import SCENARIO, SOURCE, acts_on_terminal, check, contents, dxsim, main, place, run

VOID = {"meta", "img", "br", "hr", "link", "input"}
HAS_GNUPLOT, HAS_DOT = shutil.which("gnuplot") is not None, shutil.which("dot") is not None


class Page(html.parser.HTMLParser):
    """Tags in balance, attributes of a few kinds, text."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.open, self.wrong, self.tags, self.text, self.pictures, self.ids = [], [], set(), [], [], []
        self.feed(text)
        self.close()
        if self.open:
            self.wrong.append("open at the end: %s" % self.open)

    def handle_starttag(self, tag, attributes):
        self.tags.add(tag)
        if tag not in VOID:
            self.open.append(tag)
        for key, value in attributes:
            if key.startswith("on") or key in ("href", "xlink:href", "action", "srcset", "style", "formaction"):
                self.wrong.append("attribute %s of %s" % (key, tag))
            if key == "id":
                self.ids.append(value)
            if key == "src":
                kind, _, data = value.partition(",")
                if kind != "data:image/svg+xml;base64":
                    self.wrong.append("src " + value[:60])
                else:
                    self.pictures.append(base64.b64decode(data, validate=True))

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.wrong.append("end of %s" % tag)

    def handle_data(self, data):
        if "style" not in self.open:
            self.text.append(data)


def read(what, path):
    with open(path, encoding="utf-8", newline="") as file:
        text = file.read()
    page = Page(text)
    check(what + ": well-formed", not page.wrong, page.wrong[:5])
    check(what + ": each id once", len(page.ids) == len(set(page.ids)), page.ids)
    check(what + ": nobody else is needed", not re.findall(r"(?i)(?:https?|ftp|file):|//[a-z]|@import|url\(",
                                                           text.replace("http://www.w3.org/2000/svg", "")), path)
    check(what + ": no scripts, no frames", not page.tags & {"script", "iframe", "object", "embed", "form", "link", "base", "audio", "video"}, page.tags)
    check(what + ": nothing that does not print", not acts_on_terminal(text), path)
    for picture in page.pictures:
        check(what + ": pictures are XML without scripts", b"<script" not in picture and xml.dom.minidom.parseString(picture))
    return page, "".join(page.text)


def report(root, directory, *arguments, status=0, **options):
    done, out, err = dxsim(root, "report", directory, *arguments, **options)
    check("report %s" % directory, done == (status if HAS_GNUPLOT else 7) and not out, done, err)
    return err


def test_all_that_belongs_in_it():
    with place() as root:
        for name, words in (("scenarios/lag-minlinks", ["LACP notices every failure in 3 s", "holds-if", "lag_degraded", "dx1:office>aws", "min_links", "The books balance"]),
                            ("scenarios/light-fade", ["10GBASE-LR", "fiber.connectors", "bit errors"])):
            base = os.path.basename(name)
            dxsim(root, "run", "%s/%s.json" % (SOURCE, name), "-q", "-o", base)
            before = contents(root + "/" + base)
            check(base + ": says where", report(root, base) == "dxsim: wrote %s.html\n" % base or not HAS_GNUPLOT)
            page, text = read(base, root + "/%s.html" % base)
            check(base + ": the directory stays as it is", contents(root + "/" + base) == before)
            for heading in ("Verdicts", "Topology", "Flows", "Where latency went", "Links", "What happened", "Assumptions", "To do it again"):
                check("%s: %s" % (base, heading), heading in text)
            for word in words:
                check("%s: %r" % (base, word), word in text)
            check(base + ": figures", not HAS_GNUPLOT or len(page.pictures) >= 8 + HAS_DOT, len(page.pictures))
            command = re.search(r"dxsim run (\S+\.json) --seed 1 --duration '[\d.]+ s' -o out", text)
            check(base + ": the command", command and command.group(1) == base + ".json", text[-3000:-2000])
            manifest = before["manifest.json"].decode()
            check(base + ": all hashes", all(sha in text for sha in re.findall(r'"([0-9a-f]{64})"', manifest)))


def test_numbers_are_those_of_the_run():
    with place() as root:
        run(root, "-q", "-o", "o", "--set", "links.fast.rate=3 Gbps", "--set", "expectations.0.value=1 frames")
        with open(root + "/o/summary.json") as file:
            summary = json.load(file)
        report(root, "o")
        _, text = read("numbers", root + "/o.html")
        for flow in summary["flows"].values():
            check("numbers: frames of flows", str(flow["sent_frames"]) in text and str(flow["delivered_frames"]) in text)
        drops = summary["links"]["fast:a>b"]["dropped"]["queue_full"]
        check("numbers: drops", drops > 0 and "queue full %d" % drops in text)
        check("numbers: a missed expectation", "FAIL" in text and "probe arrives" in text)
        check("numbers: settings can be typed", "--set 'links.fast.rate=3 Gbps'" in text and "--set 'expectations.0.value=1 frames'" in text)


def test_sessions_vifs_and_alarms():
    """The same numbers as in summary.json, times in words; a table of what there is none of is not there."""
    states = ["Idle", "Connect", "Active", "OpenSent", "OpenConfirm", "Established"]
    with place() as root:
        dxsim(root, "run", SOURCE + "/test/scenarios/monitor-bgp.json", "-q", "-o", "m")
        run(root, "-q", "-o", "o")
        with open(root + "/m/summary.json") as file:
            summary = json.load(file)
        report(root, "m")
        report(root, "o")
        page, _ = read("sessions", root + "/m.html")
        cells = [cell.strip() for cell in page.text if cell.strip()]
        for kind, heading in (("vifs", "VIFs"), ("alarms", "Alarms"), ("sessions", "BGP sessions"), ("nodes", "Routers")):
            check("sessions: %s" % heading, bool(summary.get(kind)) == (heading in cells), heading, summary.get(kind))
        check("sessions: there are some", summary["sessions"])
        for name, session in summary["sessions"].items():
            at = cells.index(name, cells.index("BGP sessions"))
            check("sessions: state and flaps of " + name, cells[at + 1:at + 3] == [states[session["state"]], str(session["flaps"])], cells[at:at + 8])
            check("sessions: prefixes of " + name, cells[at + 5:at + 7] == [str(session["accepted_prefixes"]), str(session["advertised_prefixes"])], cells[at:at + 8])
        _, plain = read("no sessions", root + "/o.html")
        check("no sessions: no tables of them", "BGP sessions" not in plain and "<h2 id=\"nodes\">" not in plain)


def test_where_it_goes():
    with place() as root:
        run(root, "-q", "-o", "o")
        for arguments, status in (([], 2), (["o", "o"], 2), (["none"], 4), (["s.json"], 4), (["o", "-o", "none/x.html"], 4)):
            done, out, err = dxsim(root, "report", *arguments)
            check("usage: %s" % arguments, done == status and not out and err, done, err)
        with open(root + "/mine.html", "w") as file:
            file.write("precious")
        os.symlink("mine.html", root + "/link.html")
        for name in ("mine.html", "link.html"):
            status, _, err = dxsim(root, "report", "o", "-o", name)
            check("not over " + name, status == 4 and "--force" in err and open(root + "/mine.html").read() == "precious", status, err)
        report(root, "o", "-o", "link.html", "--force")
        check("a link is replaced, not followed", not os.path.islink(root + "/link.html") and open(root + "/mine.html").read() == "precious")
        report(root, "o/", "-o", "mine.html", "--force")
        read("forced", root + "/mine.html")
        with open(root + "/o/summary.csv", "a") as file:
            file.write("x")
        status, _, err = dxsim(root, "report", "o", "-o", "new.html")
        check("not of files that were changed", status == 4 and "summary.csv" in err and not os.path.exists(root + "/new.html"), status, err)


def test_without_helpers():
    with place() as root:
        run(root, "-q", "-o", "o")
        status, _, err = dxsim(root, "report", "o", env={"PATH": "/nowhere"})
        page, text = read("alone", root + "/o.html")
        check("alone: status 7, and why", status == 7 and "could not be drawn" in err and "gnuplot is not installed" in text, status, err)
        check("alone: its own drawing", "svg" in page.tags and not page.pictures and all(word in text for word in ("fast", "slow.1", "10 Gbps, 10 km")))
        many = copy.deepcopy(SCENARIO)
        many["nodes"] = {"n%d" % i: {"kind": "router"} for i in range(70)}
        many["links"] = {"l%d" % i: {"ends": ["n%d" % i, "n%d" % (i + 1)], "rate": "1 Gbps"} for i in range(69)}
        many["flows"] = {"f": {"from": "n0", "to": "n69", "model": "cbr", "rate": "1 Mbps", "size": "100 B"}}
        many["expectations"] = []
    with place(many) as root:
        run(root, "-q", "-o", "o")
        dxsim(root, "report", "o")
        check("many nodes are no picture", "70 nodes and 69 links: too many for a picture" in read("many", root + "/o.html")[1])


HOSTILE = ["<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "' onmouseover='x", "</title></style><script>", "&lt;b&gt;", "]]>", "\u202etxt.exe",
           "<!--", "javascript:alert(1)", "\\N\\n\\\"]; x [label=\"", "x" * 200, "\u05d0\u05d1 \u0627", "{{7*7}}", "`id`$(id)"]


def test_hostile_texts():
    for text in HOSTILE:
        scenario = copy.deepcopy(SCENARIO)
        scenario.update(name=text, description=text)
        scenario["nodes"]["a"].update(location=text, region=text)
        scenario["expectations"][0]["name"] = text
        scenario["claims"] = [{"id": text[:60], "says": text, "metric": "flow.lost", "select": {"flow": "probe"}, "op": "=", "value": "0 frames", "given": text, "bound": text},
                              {"id": "C2", "says": text, "reason": text}]
        scenario["outputs"] = {}
        what = "hostile %r" % text[:30]
        with place(scenario) as root:
            status, _, err = run(root, "-q", "-o", "o", "--set", "x-note=" + json.dumps(text))
            check(what + ": runs", status == 0, status, err)
            for env in (None, {"PATH": "/nowhere"}):
                dxsim(root, "report", "o", "--force", env=env)
                page, shown = read(what, root + "/o.html")
                safe = "".join("?" if acts_on_terminal(c) else c for c in text)
                check(what + ": is there as text", "javascript" in text or shown.count(safe) >= 5, shown.count(safe))
            dot = dxsim(root, "explain", "s.json", "--dot")[1]
            check(what + ": dot has no more lines", dot.count("\n") == 13, dot)
            if HAS_DOT:
                drawn = subprocess.run(["dot", "-Tsvg"], input=dot.encode(), stdout=subprocess.PIPE, stderr=subprocess.PIPE)
                svg = xml.dom.minidom.parseString(drawn.stdout) if drawn.returncode == 0 else None
                check(what + ": dot draws it", svg and not drawn.stderr, drawn.stderr)
                words = " ".join(node.data for span in svg.getElementsByTagName("text") for node in span.childNodes) if svg else ""
                check(what + ": dot shows it", "\\" in text or acts_on_terminal(text) or safe.strip().split(" ")[0][:60] in words.replace("\u00a0", " "), words)


def test_dot():
    with place() as root:
        dot = dxsim(root, "explain", SOURCE + "/scenarios/lag-minlinks.json", "--dot")[1]
        check("dot: members are bold", dot.count("style=bold") == 4 and 'label="dx1 in lag1\\n10 Gbps, 25 km"' in dot, dot)
        check("dot: flows are dashed", dot.count("style=dashed") == 2 and 'label="up\\n200 Mbps"' in dot, dot)
        check("dot: places", 'label="office\\ndata center"' in dot, dot)
        dot = dxsim(root, "explain", SOURCE + "/scenarios/vif-multiplex.json", "--dot")[1]
        check("dot: VIFs", "trading: private, VLAN 100" in dot and "more VIFs" in dot and "more flows" in dot, dot)
        for name in sorted(os.listdir(SOURCE + "/scenarios")):
            if HAS_DOT and name.endswith(".json") and name != "schema.json":
                drawn = subprocess.run(["dot", "-Tsvg"], input=dxsim(root, "explain", "%s/scenarios/%s" % (SOURCE, name), "--dot", raw=True)[1],
                                       stdout=subprocess.PIPE, stderr=subprocess.PIPE)
                check("dot: %s is drawn" % name, drawn.returncode == 0 and not drawn.stderr and b"</svg>" in drawn.stdout, drawn.stderr)


main(globals())
