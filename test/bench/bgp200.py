#!/usr/bin/env python3
"""A network of R BGP routers that announce P prefixes between them, as a scenario on standard output.

    bgp200.py [ROUTERS [PREFIXES [START]]]        200, 10000, converged

Every router is an AS of its own, on a ring with a chord across, and so has three sessions. One chord's light goes out at 5 s and is back at 15 s; ten flows cross the ring.
"""
import json
import sys


def main():
    n = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    prefixes = int(sys.argv[2]) if len(sys.argv) > 2 else 10000
    start = sys.argv[3] if len(sys.argv) > 3 else "converged"
    nodes, links, sessions = {}, {}, {}
    for i in range(n):
        own = ["%d.%d.%d.0/24" % (20 + p // 65536, p // 256 % 256, p % 256) for p in range(prefixes * i // n, prefixes * (i + 1) // n)]
        nodes["r%d" % i] = {"kind": "router", "asn": 4200000000 + i,
                            "router_id": "10.255.%d.%d" % (i // 250, i % 250 + 1), "bgp": {"networks": own, "start": start}}
    edges = [(i, (i + 1) % n) for i in range(n)] + [(i, i + n // 2) for i in range(n // 2)]
    for a, b in edges:
        name = "l%d-%d" % (a, b)
        links[name] = {"ends": ["r%d" % a, "r%d" % b], "rate": "1 Gbps", "fiber": {"length": "50 km"}}
        sessions["s%d-%d" % (a, b)] = {"ends": ["r%d" % a, "r%d" % b], "on": name}
    chord = "l0-%d" % (n // 2)
    flows = {"f%d" % k: {"from": "r%d" % (k * n // 10), "to": "r%d" % ((k * n // 10 + n // 2 + 3) % n), "rate": "1 Mbps",
                         "addresses": [nodes["r%d" % at]["bgp"]["networks"][0][:-5] + ".1" for at in (k * n // 10, (k * n // 10 + n // 2 + 3) % n)]}
             for k in range(10)}
    print(json.dumps({"dxsim": 1, "name": "bgp%d" % n, "run": {"duration": "60 s", "seed": 1}, "nodes": nodes, "links": links,
                      "sessions": sessions, "flows": flows,
                      "events": [{"at": "5 s", "do": "fail", "target": "links." + chord, "for": "10 s"}]}))


main()
