"""Random scenarios that ns-3 can express exactly. Scenario N depends on N alone.

Half keep to a grid of 100 ns, so that births, arrivals and ends of service meet all the time; the others have odd times.
Queues are short and flows together ask for about as much as the lines give: much is dropped, and what is dropped hangs
on every order.
"""
import random

# of these every octet takes a whole number of ps
RATES = {"1 Gbps": 10**9, "2 Gbps": 2 * 10**9, "5 Gbps": 5 * 10**9, "10 Gbps": 10**10, "25 Gbps": 25 * 10**9,
         "40 Gbps": 4 * 10**10, "100 Gbps": 10**11, "400 Gbps": 4 * 10**11}
ON_GRID = ["1 Gbps", "2 Gbps", "5 Gbps", "10 Gbps"]
GRID_PS = 100_000


class Maker:
    def __init__(self, seed):
        self.random = random.Random(seed)
        self.on_grid = self.random.random() < 0.5
        self.nodes = [chr(ord("a") + i) for i in range(self.random.randint(2, 6))]
        self.links, self.rate_bps = {}, {}

    def time(self, low_ps, high_ps):
        at = self.random.randint(low_ps, high_ps)
        if self.on_grid:
            at = max(at // GRID_PS, 1) * GRID_PS
        return f"{at} ps"

    def size(self):
        if self.on_grid:
            return self.random.choice([125, 250, 500, 1000, 1500])
        return self.random.randint(20, self.random.choice([46, 1500]))  # up to 46 octets Ethernet pads

    def link(self, a, b):
        r = self.random
        name = f"l{len(self.links)}"
        rate = r.choice(ON_GRID if self.on_grid else list(RATES))
        limit = f"{r.randint(1, 12)} frames" if r.random() < 0.5 else f"{r.randint(1600, 15000)} B"
        self.rate_bps[name] = RATES[rate]
        self.links[name] = {
            "ends": [a, b], "rate": rate, "framing": "none" if self.on_grid else r.choice(["none", "ethernet"]),
            "queue": {"limit": limit, "scheduler": r.choice(["fifo", "strict-priority"])},
            "fiber": {"delay": self.time(1, r.choice([200_000, 5_000_000, 100_000_000]))}}

    def way(self):
        """From a node over links to others, never to one twice."""
        r = self.random
        at = r.choice(self.nodes)
        seen, via = [at], []
        for _ in range(r.randint(1, 5)):
            nexts = [(name, end) for name, link in self.links.items() for end in link["ends"]
                     if at in link["ends"] and end not in seen]
            if not nexts:
                break
            name, at = r.choice(nexts)
            seen.append(at)
            via.append(name)
        return seen[0], at, via

    def flow(self, n_flows):
        r = self.random
        source, sink, via = self.way()
        size, bps = self.size(), self.rate_bps[via[0]]
        service_ps = size * 8 * 10**12 // bps
        flow = {"from": source, "to": sink, "via": via, "size": f"{size} B", "pcp": r.choice([0, 0, 3, 4, 7]),
                "start": self.time(0, 3_000_000), "frames": r.randint(50, 600)}
        gap_ps = int(service_ps * n_flows * r.uniform(0.2, 1.2)) + 1
        if r.random() < 0.6:
            return {**flow, "model": "cbr", "interval": self.time(gap_ps, gap_ps)}
        burst = self.time(5 * service_ps, 30 * service_ps)
        period = int(burst.split()[0]) + gap_ps * r.randint(5, 50)
        peaks = [rate for rate, value in RATES.items() if value >= bps and (not self.on_grid or rate in ON_GRID)]
        return {**flow, "model": "microburst", "peak": r.choice(peaks), "burst": burst,
                "period": self.time(period, period + GRID_PS)}

    def scenario(self, number):
        r = self.random
        for i in range(1, len(self.nodes)):
            self.link(self.nodes[r.randrange(i)], self.nodes[i])
        for _ in range(r.randint(0, 3)):
            self.link(*r.sample(self.nodes, 2))
        n_flows = r.randint(2, 9)
        return {"dxsim": 1, "name": f"random-{number}", "run": {"duration": "1 s"},
                "nodes": {node: {"kind": "router"} for node in self.nodes}, "links": self.links,
                "flows": {f"f{i}": self.flow(n_flows) for i in range(n_flows)}}


def random_scenario(number):
    return Maker(number).scenario(number)
