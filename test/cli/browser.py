#!/usr/bin/env python3
"""A report in a browser: does Chromium show and print it, without asking anybody for anything?

    browser.py DXSIM SOURCE_DIR        exit status 77: there is no Chromium
"""
import os
import re
import shutil
import struct
import subprocess
import sys

from command import SOURCE, check, dxsim, main, place

CHROMIUM = shutil.which("chromium")
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync", "--enable-logging=stderr", "--v=0", "--window-size=1100,3000"]
if not CHROMIUM:
    sys.exit(77)


def browse(root, *arguments):
    done = subprocess.run([CHROMIUM, *FLAGS, "--user-data-dir=%s/profile" % root, *arguments, "file://%s/o.html" % root], stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, timeout=120)
    said = [line for line in done.stderr.decode(errors="replace").splitlines() if "CONSOLE" in line]
    check("browser %s: no complaint" % arguments[0], done.returncode == 0 and not said, done.returncode, said)
    return done.stdout.decode(errors="replace")


def test_a_report():
    for name in ("lag-minlinks", "light-fade"):
        with place() as root:
            dxsim(root, "run", "%s/scenarios/%s.json" % (SOURCE, name), "-q", "-o", "o")
            check(name + ": report", dxsim(root, "report", "o")[0] == 0)
            shown = browse(root, "--dump-dom")
            with open(root + "/o.html") as file:
                written = file.read()
            headings = re.findall(r"<h2 id=\"(\w+)\">", written)
            check(name + ": every section is there", headings and headings == re.findall(r"<h2 id=\"(\w+)\">", shown), headings)
            check(name + ": every picture is there", written.count("<img ") == shown.count("<img ") >= 8)
            browse(root, "--screenshot=%s/shown.png" % root, "--hide-scrollbars")
            with open(root + "/shown.png", "rb") as file:
                head = file.read(24)
            check(name + ": a picture of it", struct.unpack(">II", head[16:24]) == (1100, 3000) and os.path.getsize(root + "/shown.png") > 100000)
            browse(root, "--print-to-pdf=%s/printed.pdf" % root)
            with open(root + "/printed.pdf", "rb") as file:
                printed = file.read()
            check(name + ": on paper", printed.startswith(b"%PDF-") and 3 <= len(re.findall(rb"/Type /Page\b", printed)) <= 60,
                  len(re.findall(rb"/Type /Page\b", printed)))


main(globals())
