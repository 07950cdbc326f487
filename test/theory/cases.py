"""The cases: a scenario, what theory says of it, and faults that must not pass.

Unless a case says otherwise a frame of 1250 B on a line of 10 Gbps without framing takes 1 us, the unit of all
times. The first 10 ms of each replication, 10^4 services, are left out.
"""
import dataclasses
import json
import math
import os
import typing

import formulas
from runs import bucket_end

US = 1_000_000  # ps


@dataclasses.dataclass
class Quantity:
    name: str
    formula: str
    source: str
    expected: float
    read: typing.Callable  # of a Result
    bound: float  # the interval's half-width is at most this, relative to what is expected unless that is 0


@dataclasses.dataclass
class Fault:
    what: str
    settings: list
    quantities: list  # names of those that must fall outside


@dataclasses.dataclass
class Case:
    name: str
    system: str
    scenario: dict
    quantities: list
    faults: list
    options: list = dataclasses.field(default_factory=list)


with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "data", "queueing.json")) as file:
    VECTORS = json.load(file)


def vector(table, **key):
    """The row of the reference values with these parameters."""
    for row in VECTORS[table]:
        if all(row[name] == value for name, value in key.items()):
            return row
    raise KeyError((table, key))


def scenario(duration_ms, flows, links=None, limit="1 GB", warmup_ms=10, **link):
    """Nodes n0, n1, ...: link lK from nK-1 to nK; flows from n0 to the last unless they say otherwise."""
    links = links or {"l1": {}}
    nodes = [f"n{i}" for i in range(len(links) + 1)]
    common = {"rate": "10 Gbps", "framing": "none", "queue": {"limit": limit}, **link}
    return {
        "dxsim": 1, "name": "theory", "run": {"duration": f"{duration_ms} ms", "warmup": f"{warmup_ms} ms"},
        "nodes": {node: {"kind": "router"} for node in nodes},
        "links": {name: {"ends": [nodes[i], nodes[i + 1]], **common, **links[name]} for i, name in enumerate(links)},
        "flows": {name: {"from": nodes[0], "to": nodes[-1], "model": "poisson", "size": "1250 B", **flow}
                  for name, flow in flows.items()},
    }


def wait(flow, service_us=1.0, others_us=0.0):
    """Mean wait in services, of a flow that is served once; @others_us: further services and delays."""
    return lambda result: (result.flow(flow)["latency_mean_ps"] / US - service_us - others_us) / service_us


def slower(link="l1", rate="9.95 Gbps"):
    return f"links.{link}.rate={rate}"


LONG = "service 0.5 % too long"


# -- M/D/1 -------------------------------------------------------------------------------------------------

def md1(rho, duration_ms, bound, **flow):
    row = vector("md1", rho=rho)
    quantities = [Quantity("mean wait", "ρ / (2 (1 - ρ))", "Kleinrock I, chapter 5", row["Wq"], wait("f"), bound)]
    for t in (0, 1, 3):
        end_ps = bucket_end(US + t * US)
        quantities.append(Quantity(
            f"P(wait ≤ {t + (end_ps - (t + 1) * US) / US:.6f})", "(1-ρ) Σ (ρ(k-t))^k e^(-ρ(k-t)) / k!, k ≤ t",
            "Crommelin 1932", formulas.md1_waits_at_most(rho, end_ps / US - 1),
            lambda result, end_ps=end_ps: result.latency_at_most("f", end_ps), 0.01))
    faults = [] if flow else [Fault(LONG, [slower()], ["mean wait"])]
    merged = "" if not flow else f", {flow['count']} flows with draws of their own"
    return Case(f"M/D/1 at {rho}{merged}", f"M/D/1, ρ = {rho}{merged}",
                scenario(duration_ms, {"f": {"rate": f"{round(rho * 10000)} Mbps", **flow}}), quantities, faults)


# -- M/D/1/K -----------------------------------------------------------------------------------------------

def md1k(rho, k, duration_ms, bound, limits=()):
    """K counts the frame in service, a queue's limit does not."""
    row = vector("md1k", rho=rho, K=k)
    quantities = [
        Quantity("loss", "1 - 1 / (q0 + ρ)", "embedded chain: Kendall 1953", row["p_block"],
                 lambda result: result.flow("f")["loss_ratio"], bound),
        Quantity("mean time in system", "L / (λ (1 - loss))", "Little 1961", row["W"],
                 lambda result: result.flow("f")["latency_mean_ps"] / US, 0.01),
    ]
    faults = [Fault(LONG, [slower()], ["loss"])]
    faults += [Fault(f"limit of {limit} frames, not {k - 1}", [f"links.l1.queue.limit={limit} frames"],
                     ["loss", "mean time in system"]) for limit in limits]
    return Case(f"M/D/1/{k} at {rho}", f"M/D/1/{k}, ρ = {rho}",
                scenario(duration_ms, {"f": {"rate": f"{round(rho * 10000)} Mbps"}}, limit=f"{k - 1} frames"),
                quantities, faults)


# -- M/M/1 -------------------------------------------------------------------------------------------------

# Exponential sizes of mean 4000 B on 32 Gbps: 1 us. Rounding to octets and the end at 65000 B change the second moment
# by less than 2e-6.
EXPONENTIAL = {"sizes": "exponential", "size": "4000 B"}


def mm1_scenario(rho, duration_ms, links=None, limit="1 GB"):
    return scenario(duration_ms, {"f": {"rate": f"{round(rho * 32000)} Mbps", **EXPONENTIAL}}, links, limit,
                    rate="32 Gbps")


def drawn_wait(flow, link):
    """Mean wait; how long the frames were served is measured."""
    def read(result):
        row = result.link(link)
        return (result.flow(flow)["latency_mean_ps"] - row["service_ps"] / row["tx_frames"]) / US
    return read


def mm1(rho, duration_ms, bound):
    row = vector("mm1", rho=rho)
    quantities = [Quantity("mean wait", "ρ / (1 - ρ)", "Kleinrock I, chapter 3", row["Wq"], drawn_wait("f", "l1:n0>n1"),
                           bound)]
    for percent, key in (("50", "W_p50"), ("90", None), ("99", "W_p99")):
        end_ps = bucket_end(round((row[key] if key else math.log(10) / (1 - rho)) * US))
        quantities.append(Quantity(
            f"P(time in system ≤ {end_ps / US:.6f})", "1 - e^(-(1-ρ)t)", "Kleinrock I, chapter 5",
            formulas.mm1_sojourns_at_most(rho, end_ps / US),
            lambda result, end_ps=end_ps: result.latency_at_most("f", end_ps), 0.01))
    return Case(f"M/M/1 at {rho}", f"M/M/1, ρ = {rho}", mm1_scenario(rho, duration_ms), quantities,
                [Fault(LONG, [slower(rate="31.84 Gbps")], ["mean wait"])])


def mm1k(rho, k, duration_ms, bound, limits=()):
    row = vector("mm1k", rho=rho, K=k)
    quantities = [
        Quantity("loss", "(1-ρ) ρ^K / (1 - ρ^(K+1))", "Kleinrock I, chapter 3", row["p_block"],
                 lambda result: result.flow("f")["loss_ratio"], bound),
        Quantity("mean time in system", "L / (λ (1 - loss))", "Little 1961", row["W"],
                 lambda result: result.flow("f")["latency_mean_ps"] / US, 0.01),
    ]
    faults = [Fault(LONG, [slower(rate="31.84 Gbps")], ["loss"])]
    faults += [Fault(f"limit of {limit} frames, not {k - 1}", [f"links.l1.queue.limit={limit} frames"],
                     ["loss", "mean time in system"]) for limit in limits]
    return Case(f"M/M/1/{k} at {rho}", f"M/M/1/{k}, ρ = {rho}",
                mm1_scenario(rho, duration_ms, limit=f"{k - 1} frames"), quantities, faults)


# -- M/G/1: IMIX -------------------------------------------------------------------------------------------

IMIX = [(46, 84, 7), (576, 614, 4), (1500, 1538, 1)]  # packet, octets on the wire, share in twelfths
IMIX_US = sum(share * wire for _, wire, share in IMIX) / 12 * 8 / 10000
IMIX_MIX = [(share / 12, wire * 8 / 10000 / IMIX_US) for _, wire, share in IMIX]


def imix_flows(rho):
    """Three Poisson flows: their sum is Poisson, and each frame of it has its size independently of all others."""
    return {f"s{size}": {"size": f"{size} B", "rate": f"{round(rho / IMIX_US * share / 12 * size * 8 * 1e6)} bps"}
            for size, _, share in IMIX}


def imix_wait(sizes):
    def read(result):
        total = count = 0
        for size, wire, _ in IMIX:
            if size in sizes:
                flow = result.flow(f"s{size}")
                total += flow["delivered_frames"] * (flow["latency_mean_ps"] / US - wire * 8 / 10000)
                count += flow["delivered_frames"]
        return total / count / IMIX_US
    return read


def imix(rho, duration_ms, bound):
    expected = vector("mg1_imix", rho=rho)["Wq"]
    quantities = [
        Quantity("mean wait", "λ E[S²] / (2 (1 - ρ))", "Kleinrock I, chapter 5", expected,
                 imix_wait({46, 576, 1500}), bound),
        Quantity("mean wait of the largest", "the same: Poisson arrivals see time averages", "Wolff 1982", expected,
                 imix_wait({1500}), 1.5 * bound),
    ]
    return Case(f"IMIX at {rho}", f"M/G/1, IMIX in Ethernet frames, ρ = {rho}",
                scenario(duration_ms, imix_flows(rho), framing="ethernet"), quantities,
                [Fault(LONG, [slower()], ["mean wait"])] if rho < 0.9 else [])


def imix_drawn(rho, duration_ms, bound):
    """One flow that draws its sizes: 40 B, not 46, but Ethernet pads both to 64 octets."""
    rate = rho / IMIX_US * (7 * 40 + 4 * 576 + 1500) / 12 * 8 * 1e6
    link = "l1:n0>n1"
    quantities = [
        Quantity("mean wait", "λ E[S²] / (2 (1 - ρ))", "Kleinrock I, chapter 5", vector("mg1_imix", rho=rho)["Wq"],
                 lambda result: drawn_wait("f", link)(result) / IMIX_US, bound),
        Quantity("mean octets on the wire", "(7 · 84 + 4 · 614 + 1538) / 12", "IEEE 802.3", VECTORS["imix"]["mean_wire"],
                 lambda result: result.link(link)["tx_wire_bytes"] / result.link(link)["tx_frames"], 0.005),
    ]
    return Case(f"IMIX drawn at {rho}", f"M/G/1, IMIX drawn by one flow, ρ = {rho}",
                scenario(duration_ms, {"f": {"sizes": "imix", "rate": f"{round(rate)} bps"}}, framing="ethernet"),
                quantities, [Fault(LONG, [slower()], ["mean wait"])])


# -- strict priority ---------------------------------------------------------------------------------------

def priority(name, what, high, low, duration_ms):
    """@high, @low: load and size in B."""
    services = [size / 1250 for _, size in (high, low)]
    waits = formulas.priority_waits([(load / s, [(1, s)]) for (load, _), s in zip((high, low), services)])
    flows = {flow: {"rate": f"{round(load * 10000)} Mbps", "size": f"{size} B", "pcp": pcp}
             for flow, (load, size), pcp in (("high", high, 5), ("low", low, 0))}
    spec = scenario(duration_ms, flows, queue={"limit": "1 GB", "scheduler": "strict-priority"})
    formula = {"high": "R / (1-ρ₁), R = Σ λᵢE[Sᵢ²] / 2", "low": "R / ((1-ρ₁)(1-ρ₁-ρ₂))"}
    quantities = [Quantity(f"mean wait, {flow}", formula[flow], "Cobham 1954; Kleinrock II, chapter 3", expected,
                           lambda result, flow=flow, s=s: result.flow(flow)["latency_mean_ps"] / US - s, 0.01)
                  for flow, expected, s in zip(flows, waits, services)]
    names = [quantity.name for quantity in quantities]
    return Case(name, what, spec, quantities,
                [Fault(LONG, [slower()], names), Fault("no priority", ["links.l1.queue.scheduler=fifo"], names)])


# -- queues in a row ---------------------------------------------------------------------------------------

def tandem_constant(name, slow, duration_ms):
    """Three links, the @slow one of 8 Gbps: 1.25 us, load 0.8."""
    links = {link: {"rate": "8 Gbps"} if link == slow else {} for link in ("l1", "l2", "l3")}
    quantities = [Quantity("sum of mean waits", "ρ / (2 (1 - ρ)) of the slowest alone", "Friedman 1965",
                           vector("md1", rho=0.8)["Wq"], wait("f", 1.25, 2.0), 0.01)]
    if slow != "l3":
        quantities.append(Quantity("longest wait at the last", "0", "it is faster than what comes", 0.0,
                                   lambda result: result.link("l3:n2>n3")["wait_max_ps"] / US, 0.0))
    return Case(name, f"M/D/1 → D → D, ρ = 0.64 each but 0.8 at {slow}",
                scenario(duration_ms, {"f": {"rate": "6400 Mbps"}}, links), quantities,
                [Fault(LONG + f" at {slow}", [slower(slow, "7.96 Gbps")], ["sum of mean waits"])])


def tandem_imix(rho, duration_ms, bound):
    quantities = [Quantity("mean wait at the second", "∫ 1 - (1-ρ) K(x) (1-G(x)) B(x) / (1-B(x)) dx - E[S]",
                           "Boxma 1979", formulas.tandem_same_sojourn(rho, IMIX_MIX) - 1,
                           lambda result: result.link("l2:n1>n2")["wait_mean_ps"] / US / IMIX_US, bound)]
    return Case(f"tandem IMIX at {rho}", f"M/G/1 → G, IMIX, the same frames at both, ρ = {rho}",
                scenario(duration_ms, imix_flows(rho), {"l1": {}, "l2": {}}, framing="ethernet"), quantities,
                [Fault(LONG + " at l2", [slower("l2")], ["mean wait at the second"])])


def tandem_mm1(rho, duration_ms, bound):
    spec = mm1_scenario(rho, duration_ms, {"l1": {}, "l2": {}})
    quantities = [
        Quantity("mean wait at the first", "ρ / (1 - ρ)", "Kleinrock I, chapter 3", vector("mm1", rho=rho)["Wq"],
                 lambda result: result.link("l1:n0>n1")["wait_mean_ps"] / US, 2 * bound),
        Quantity("mean wait at the second", "as above, exponential", "Boxma 1979",
                 formulas.tandem_same_sojourn_exponential(rho) - 1,
                 lambda result: result.link("l2:n1>n2")["wait_mean_ps"] / US, bound)]
    return Case(f"tandem M/M/1 at {rho}", f"M/M/1 → M, the same frames at both, ρ = {rho}", spec, quantities,
                [Fault(LONG + " at l2", [slower("l2", "31.84 Gbps")], ["mean wait at the second"])])


# -- on and off --------------------------------------------------------------------------------------------

# 25 Gbps while on, onto 10 Gbps. Frames of 3000 B are 0.024 Mbit: small beside the queue.
ON_OFF = {"model": "on-off", "peak": "25 Gbps", "size": "3000 B"}


def on_off_flow(row):
    return {**ON_OFF, "on": f"{row['mean_on']} ms", "off": f"{row['mean_off']} ms"}


def fluid_loss(on, off, buffer_mbit, duration_ms, bound):
    row = vector("fluid_onoff_exponential", mean_on=on, mean_off=off, buffer=buffer_mbit)
    quantity = Quantity("loss", "(h - c) (p_on - F_on(B)) / (p_on h)", "Anick, Mitra, Sondhi 1982",
                        row["loss_fraction"], lambda result: result.flow("f")["loss_ratio"], bound)
    return Case(f"on-off, {on:g} and {off:g} ms, {buffer_mbit:g} Mbit",
                f"on-off fluid, {on:g} and {off:g} ms, queue of {buffer_mbit:g} Mbit",
                scenario(duration_ms, {"f": on_off_flow(row)}, limit=f"{buffer_mbit / 8:g} MB", warmup_ms=100), [quantity],
                [Fault("queue a tenth shorter", [f"links.l1.queue.limit={buffer_mbit * 0.9 / 8:g} MB"], ["loss"])])


def fluid_tail(on, off, levels_mbit, duration_ms, bound):
    """Without losses: how much of the time more than so much waits, by samples of the series."""
    def share(level_mbit):
        def read(result):
            levels = [level for at, level in result.queue if at > 0.1]
            return sum(level > level_mbit * 125000 for level in levels) / len(levels)
        return read

    rows = [vector("fluid_onoff_exponential", mean_on=on, mean_off=off, buffer=level) for level in levels_mbit]
    spec = scenario(duration_ms, {"f": on_off_flow(rows[0])}, warmup_ms=100)
    spec["outputs"] = {"series": {"period": "1 ms"}}
    quantities = [Quantity(f"P(queue > {row['buffer']:g} Mbit)", "ρ e^(-zx), z = β/(h-c) - α/c",
                           "Anick, Mitra, Sondhi 1982", row["p_queue_gt_buffer_infinite"], share(row["buffer"]), bound)
                  for row in rows]
    return Case(f"on-off, {on:g} and {off:g} ms", f"on-off fluid, {on:g} and {off:g} ms", spec, quantities, [])


def interrupted_poisson(on_us, off_us, duration_ms, bound):
    rate = 2.5
    flow = {**EXPONENTIAL, "model": "on-off", "within": "poisson", "peak": f"{round(rate * 32000)} Mbps",
            "on": f"{on_us:g} us", "off": f"{off_us:g} us"}
    quantity = Quantity("mean wait", "r / (1 - r), r = A(1 - r)", "Kuczura 1973; Kleinrock I, chapter 6",
                        formulas.interrupted_poisson_wait(rate, on_us, off_us), drawn_wait("f", "l1:n0>n1"), bound)
    return Case(f"IPP/M/1, {on_us:g} and {off_us:g}", f"IPP/M/1, {rate} while on, on {on_us:g}, off {off_us:g}",
                scenario(duration_ms, {"f": flow}, rate="32 Gbps"), [quantity],
                [Fault(LONG, [slower(rate="31.84 Gbps")], ["mean wait"])])


# -- what leaves -------------------------------------------------------------------------------------------

def correlation(pairs):
    n = len(pairs)
    mean_x, mean_y = (math.fsum(values) / n for values in zip(*pairs))
    xy = math.fsum((x - mean_x) * (y - mean_y) for x, y in pairs)
    xx, yy = math.fsum((x - mean_x) ** 2 for x, _ in pairs), math.fsum((y - mean_y) ** 2 for _, y in pairs)
    return xy / math.sqrt(xx * yy)


def departures(result):
    """Gap before each departure and its frame's time in system, in services; without the warm-up."""
    return [((at - before) * 1e6, (at - birth) * 1e6)
            for (before, _), (at, birth) in zip(result.trace, result.trace[1:]) if birth > 0.002]


def burke(rho, duration_ms):
    """The output of M/M/1 is Poisson, and independent of how long frames were there: gaps of what leaves are exponential,
    independent of each other and of the time in system of the frame behind them."""
    def share(result):
        gaps = departures(result)
        return sum(gap > 1 / rho for gap, _ in gaps) / len(gaps)

    def neighbours(result):
        gaps = [gap for gap, _ in departures(result)]
        return correlation(list(zip(gaps, gaps[1:])))

    spec = mm1_scenario(rho, duration_ms)
    spec["run"]["warmup"] = "2 ms"  # a trace is large
    quantities = [
        Quantity("share of gaps above their mean", "1 / e", "Burke 1956", math.exp(-1), share, 0.01),
        Quantity("correlation of neighbouring gaps", "0", "Burke 1956", 0.0, neighbours, 0.006),
        Quantity("correlation of gap and time in system", "0", "Burke 1956", 0.0,
                 lambda result: correlation(departures(result)), 0.006),
    ]
    return Case(f"departures at {rho}", f"departures of M/M/1, ρ = {rho}", spec, quantities,
                [Fault("M/D/1", ["flows.f.sizes=fixed"], [quantity.name for quantity in quantities])],
                options=["--trace"])


CASES = [
    mm1(0.5, 400, 0.01),
    mm1(0.8, 1200, 0.01),
    mm1k(0.8, 5, 500, 0.01, limits=[5]),
    mm1k(1.2, 2, 200, 0.01),
    md1(0.5, 400, 0.01),
    md1(0.8, 800, 0.01),
    md1(0.9, 1000, 0.015),
    md1(0.8, 600, 0.01, count=100, draws="splitmix64"),
    md1k(0.9, 1, 400, 0.005, limits=[1]),
    md1k(0.9, 5, 500, 0.01, limits=[3, 5]),
    md1k(1.2, 5, 400, 0.005),
    md1k(0.8, 10, 800, 0.03),
    imix(0.5, 120, 0.01),
    imix(0.8, 300, 0.01),
    imix(0.9, 400, 0.02),
    imix_drawn(0.8, 300, 0.015),
    priority("priority, equal", "strict priority, equal frames, ρ = 0.3 and 0.5", (0.3, 1250), (0.5, 1250), 500),
    priority("priority, small first", "strict priority, 250 B before 2500 B, ρ = 0.2 and 0.6", (0.2, 250), (0.6, 2500),
             700),
    tandem_constant("tandem, slowest first", "l1", 600),
    tandem_constant("tandem, slowest second", "l2", 600),
    tandem_imix(0.8, 100, 0.01),
    tandem_mm1(0.8, 400, 0.01),
    burke(0.8, 26),
    interrupted_poisson(2, 4.25, 800, 0.02),
    fluid_loss(1.0, 2.125, 8.0, 5000, 0.015),
    fluid_loss(1.0, 1.0, 15.0, 4000, 0.015),
    fluid_tail(1.0, 4.0, [8.0, 15.0], 12000, 0.03),
]
