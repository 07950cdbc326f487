"""A scenario of dxsim as the input of ns3/network.cc: births, ways and inputs worked out here, in whole picoseconds.

Only what ns-3 can express exactly is understood; any other key, unit or value is refused, so nothing is compared that
one side has ignored.
"""
import math
import re
from fractions import Fraction

PS = 10**12
TIME = {"ps": 1, "ns": 10**3, "us": 10**6, "ms": 10**9, "s": PS}
RATE = {"bps": 1, "kbps": 10**3, "Mbps": 10**6, "Gbps": 10**9}
SIZE = {"B": 1, "kB": 10**3, "MB": 10**6}

# IEEE 802.3: header and FCS, the shortest frame, preamble and gap
OVERHEAD, MINIMUM, GAP = 18, 64, 20


class Unknown(Exception):
    """ns-3 is not told of this."""


def quantity(text, units):
    match = re.fullmatch(r"([0-9.]+) (\w+)", text)
    if not match or match.group(2) not in units:
        raise Unknown(f"quantity {text!r}")
    value = Fraction(match.group(1)) * units[match.group(2)]
    if value.denominator != 1:
        raise Unknown(f"{text!r} is no whole number")
    return value.numerator


def take(what, where, **known):
    """The values of an object, in the order of @known, whose values are the defaults; ... is none."""
    for key in what:
        if key not in known:
            raise Unknown(f"{where}: key {key!r}")
    values = [what.get(key, default) for key, default in known.items()]
    if ... in values:
        raise Unknown(f"{where}: {list(known)[values.index(...)]!r} is missing")
    return values


# -- births -----------------------------------------------------------------------------------------------------------

def splitmix64(state):
    state = (state + 0x9E3779B97F4A7C15) % 2**64
    z = (state ^ state >> 30) * 0xBF58476D1CE4E5B9 % 2**64
    z = (z ^ z >> 27) * 0x94D049BB133111EB % 2**64
    return state, z ^ z >> 31


def poisson(seed, mean_ns, stop_ns):
    """Times in ns; the generator and the rounding are those of ns3/lag4.cc."""
    state, at = seed, 0
    while True:
        state, draw = splitmix64(state)
        at += math.floor(-mean_ns * math.log(((draw >> 11) + 1) / 2**53) + 0.5)
        if at >= stop_ns:
            return
        yield at


class Flow:
    def __init__(self, name, spec, seed):
        (self.source, self.sink, self.via, model, rate, interval, size, self.count, peak, burst, period, start, stop, frames,
         self.pcp, draws, addresses, ports, self.protocol) = take(
             spec, name, **{"from": ..., "to": ...}, via=None, model="cbr", rate=None, interval=None, size="1500 B", count=1,
             peak=None, burst=None, period=None, start="0 ps", stop=None, frames=0, pcp=0, draws="merged",
             addresses=None, ports=[49152, 443], protocol=17)
        self.name, self.addresses, self.port = name, addresses, ports
        self.size = quantity(size, SIZE)
        self.start = quantity(start, TIME)
        self.stop = quantity(stop, TIME) if stop else None
        if not stop and not frames:
            raise Unknown(f"{name}: it never ends")
        bits = self.size * 8 * PS
        if model == "poisson":
            if draws != "splitmix64" or frames or not stop or self.start:
                raise Unknown(f"{name}: poisson")
            mean_ns = self.count * self.size * 8 / (quantity(rate, RATE) / 1e9)
            self.births = [[at * 1000 for at in poisson(1000003 * i + seed, mean_ns, -(-self.stop // 1000))]
                           for i in range(self.count)]
            return
        if self.count > 1:
            raise Unknown(f"{name}: several flows")
        if model == "cbr":
            step = Fraction(quantity(interval, TIME)) if interval else Fraction(bits, quantity(rate, RATE))
            births = self.constant(step, frames)
        elif model == "microburst":
            births = self.bursts(Fraction(bits, quantity(peak, RATE)), quantity(burst, TIME), quantity(period, TIME), frames)
        else:
            raise Unknown(f"{name}: model {model!r}")
        self.births = [births]

    def constant(self, step, frames):
        births = []
        while not frames or len(births) < frames:
            at = self.start + math.floor(len(births) * step)
            if self.stop is not None and at >= self.stop:
                break
            births.append(at)
        return births

    def bursts(self, step, burst, period, frames):
        births, begin = [], self.start
        each = [math.floor(j * step) for j in range(math.ceil(burst / step) + 1)]
        each = [offset for offset in each if offset < burst]
        while (self.stop is None or begin < self.stop) and (not frames or len(births) < frames):
            births += [begin + offset for offset in each]
            begin += period
        return births[:frames] if frames else births


def trains(births):
    """Times as (first, gap, count)."""
    found = []
    i = 0
    while i < len(births):
        gap = births[i + 1] - births[i] if i + 1 < len(births) else 0
        n = 1
        while i + n < len(births) and births[i + n] - births[i + n - 1] == gap:
            n += 1
        found.append((births[i], gap, n))
        i += n
    return found


# -- ways -------------------------------------------------------------------------------------------------------------

def fnv1a(flow, index):
    """Member of a LAG of four: ns3/lag4.cc."""
    source, sink = (bytes(int(part) for part in text.split(".")) for text in flow.addresses)
    key = source + sink + (flow.port[0] + index).to_bytes(2, "big") + flow.port[1].to_bytes(2, "big")
    value = 0xCBF29CE484222325
    for byte in key + bytes([flow.protocol]):
        value = (value ^ byte) * 0x100000001B3 % 2**64
    return value ^ value >> 32


class Network:
    """Ports are the two directions of each link, in the order of the file; so are the inputs of a node, flows last."""

    def __init__(self, scenario):
        _, name, _, run, nodes, links, lags, flows, _ = take(
            scenario, "scenario", dxsim=..., name=..., description="", run=..., nodes=..., links=..., lags={}, flows=...,
            expectations=[])
        _, seed = take(run, "run", duration=..., seed=1)
        self.name, self.nodes = name, list(nodes)
        for node, spec in nodes.items():
            take(spec, node, kind=...)
        self.ports, self.ends, self.lags = [], {}, {}
        for link, spec in links.items():
            self.add_link(link, spec)
        for lag, spec in lags.items():
            members, what, function = take(spec, lag, members=..., hash="src-dst-ip-port", function="crc32")
            if (len(members), what, function) != (4, "5-tuple", "fnv1a-64"):
                raise Unknown(f"{lag}: hash")
            self.lags[lag] = members
            self.ends[lag] = self.ends[members[0]]
            for member in members:
                del self.ends[member]
        self.flows = [Flow(flow, spec, seed) for flow, spec in flows.items()]

    def add_link(self, name, spec):
        ends, rate, framing, queue, fiber = take(spec, name, ends=..., rate=..., framing="ethernet", queue={}, fiber={})
        limit, scheduler = take(queue, name, limit="10 MB", scheduler="fifo")
        delay, = take(fiber, name, delay="0 ps")
        rate_bps = quantity(rate, RATE)
        in_frames = limit.endswith(" frames")
        overhead, minimum, gap = (OVERHEAD, MINIMUM, GAP) if framing == "ethernet" else (0, 0, 0)
        gap_ps = Fraction(gap * 8 * PS, rate_bps)
        if gap_ps.denominator != 1 or framing not in ("ethernet", "none") or scheduler not in ("fifo", "strict-priority"):
            raise Unknown(f"{name}: gap, framing or scheduler")
        for a, b in (ends, ends[::-1]):
            # here a frame has arrived when its gap has: there when its last octet has
            self.ports.append({
                "name": f"{name}:{a}>{b}", "from": a, "to": b, "rate_bps": rate_bps,
                "delay_ps": quantity(delay, TIME) + int(gap_ps), "gap_ps": int(gap_ps),
                "limit": int(limit.split()[0]) if in_frames else quantity(limit, SIZE), "unit": "p" if in_frames else "b",
                "scheduler": "fifo" if scheduler == "fifo" else "priority", "overhead": overhead, "minimum": minimum})
        self.ends[name] = ends

    def shortest(self, source, sink):
        """Links or LAGs on a path of fewest."""
        ways = {source: []}
        frontier = [source]
        while frontier and sink not in ways:
            reached = []
            for node in frontier:
                for trunk, ends in self.ends.items():
                    if node in ends and (other := ends[1 - ends.index(node)]) not in ways:
                        ways[other] = ways[node] + [trunk]
                        reached.append(other)
            frontier = reached
        return ways[sink]

    def way(self, flow, index):
        """Numbers of ports."""
        via = [flow.via] if isinstance(flow.via, str) else flow.via or self.shortest(flow.source, flow.sink)
        at, ports = flow.source, []
        by_name = {port["name"]: number for number, port in enumerate(self.ports)}
        for trunk in via:
            ends = self.ends[trunk]
            to = ends[1 - ends.index(at)]
            link = self.lags[trunk][fnv1a(flow, index) % 4] if trunk in self.lags else trunk
            ports.append(by_name[f"{link}:{at}>{to}"])
            at = to
        if at != flow.sink:
            raise Unknown(f"{flow.name}: its way ends at {at}")
        return ports

    def text(self, resolution="ps", ties="inputs"):
        """For ns3/network.cc. Flows are numbered as in trace.csv."""
        number = {name: i for i, name in enumerate(self.nodes)}
        lines = [f"resolution {resolution}", f"ties {ties}", f"nodes {len(self.nodes)}", f"ports {len(self.ports)}"]
        for i, port in enumerate(self.ports):
            lines.append(" ".join(str(value) for value in (
                number[port["from"]], number[port["to"]], i, port["rate_bps"], port["delay_ps"], port["gap_ps"],
                port["limit"], port["unit"], port["scheduler"], port["overhead"], port["minimum"])))
        flows = [(flow, i) for flow in self.flows for i in range(flow.count)]
        lines.append(f"flows {len(flows)}")
        for rank, (flow, i) in enumerate(flows):
            ports, births = self.way(flow, i), trains(flow.births[i])
            lines.append(" ".join(str(value) for value in (
                number[flow.source], len(self.ports) + rank, flow.size, int(flow.pcp >= 4), len(ports), *ports,
                len(births))))
            lines += [f"{first} {gap} {count}" for first, gap, count in births]
        return "\n".join(lines + ["end", ""])
