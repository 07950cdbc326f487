"""Closed forms of queueing theory, each with its source. Time is in units of whoever asks; nothing here has seen
the simulator.

    Kleinrock   L. Kleinrock, Queueing Systems, volume I: Theory, Wiley 1975; volume II 1976
    Cobham      A. Cobham, Priority assignment in waiting line problems, Operations Research 2 (1954) 70-76
    Crommelin   C. D. Crommelin, Delay probability formulae when the holding times are constant, Post Office
                Electrical Engineers' Journal 25 (1932) 41-50
    Friedman    H. D. Friedman, Reduction methods for tandem queuing systems, Operations Research 13 (1965) 121-131
    Boxma       O. J. Boxma, On a tandem queueing model with identical service times at both counters, I, Advances in
                Applied Probability 11 (1979) 616-643
    Burke       P. J. Burke, The output of a queuing system, Operations Research 4 (1956) 699-704
    Kuczura     A. Kuczura, The interrupted Poisson process as an overflow process, Bell System Technical Journal 52
                (1973) 437-448
    Anick       D. Anick, D. Mitra, M. M. Sondhi, Stochastic theory of a data-handling system with multiple sources,
                Bell System Technical Journal 61 (1982) 1871-1894
"""
import math


def moment(mix, order):
    """E[S^order] of a mix of services: a list of (probability, service)."""
    return sum(p * s ** order for p, s in mix)


def mg1_wait(rate, mix):
    """Mean wait of M/G/1, FIFO: Pollaczek and Khinchin, Kleinrock I, chapter 5."""
    return rate * moment(mix, 2) / 2 / (1 - rate * moment(mix, 1))


def mm1_wait(rate, mean):
    """Mean wait of M/M/1, Kleinrock I, chapter 3."""
    return mg1_wait(rate, [(0.5, 0), (0.5, 2 * mean)])  # E[S^2] = 2 mean^2


def md1_waits_at_most(rho, t):
    """P(wait <= t) of M/D/1, service 1: Crommelin. An alternating sum: for t up to about 15."""
    return (1 - rho) * sum((rho * (k - t)) ** k / math.factorial(k) * math.exp(-rho * (k - t))
                           for k in range(int(t) + 1))


def priority_waits(classes):
    """Mean wait by class, the first goes first, no pre-emption: Cobham; Kleinrock II, chapter 3. A class is a
    pair (rate, mix)."""
    residual = sum(rate * moment(mix, 2) for rate, mix in classes) / 2
    waits, before = [], 0
    for rate, mix in classes:
        load = before + rate * moment(mix, 1)
        waits.append(residual / (1 - before) / (1 - load))
        before = load
    return waits


def busy_period_below(rate, mix, x):
    """G(x): no service of a busy period exceeds x. The least root of G = E[exp(-rate S (1 - G)); S <= x]: frames that
    come during the first service begin busy periods of their own."""
    below, g = [(p, s) for p, s in mix if s <= x], 0.0
    while True:
        root = sum(p * math.exp(-rate * s * (1 - g)) for p, s in below)
        if root - g < 1e-15:
            return root
        g = root


def tandem_same_sojourn(rate, mix):
    """Mean time at the second of two queues in a row, M/G/1 first, every frame with the same service at both: Boxma.

    In a busy period of the first queue the second holds each frame for the longest service so far, and what it holds
    falls with time when the first is idle. With B the services' distribution and G as above
        P(longest left when a busy period begins <= x) = K(x) = exp(-rate * integral from x of (1 - G(u)))
        P(time at the second <= x) = (1 - rho) K(x) (1 - G(x)) B(x) / (1 - B(x)).
    """
    mix = sorted(mix, key=lambda pair: pair[1])
    rho, services, total = rate * moment(mix, 1), [s for _, s in mix], 0.0
    longer = [1 - busy_period_below(rate, mix, s) for s in services]  # constant from one service to the next
    for i in range(len(mix) - 1):
        b = sum(p for p, _ in mix[:i + 1])
        beyond = sum((services[k + 1] - services[k]) * longer[k] for k in range(i + 1, len(mix) - 1))
        weight = (1 - rho) * longer[i] * b / (1 - b)
        # integral of 1 - weight * exp(-rate (beyond + (next - x) longer)) over x
        width, slope = services[i + 1] - services[i], rate * longer[i]
        total += width - weight * math.exp(-rate * beyond) * -math.expm1(-slope * width) / slope
    return services[0] + total


def mm1_sojourns_at_most(rho, t):
    """P(time in system <= t) of M/M/1, mean service 1: Kleinrock I, chapter 5."""
    return -math.expm1(-(1 - rho) * t)


def tandem_same_sojourn_exponential(rho, step=0.01, most=60.0):
    """tandem_same_sojourn() for exponential services of mean 1, by Simpson's rule."""
    n, longer = int(most / step), []  # longer: h = 1 - G, from h = (rho h + exp(-(1 + rho h) x)) / (1 + rho h)
    for i in range(n + 1):
        h, root = 2.0, longer[-1] if longer else 1.0
        while h - root > 1e-13 * h:
            h = root
            root = (rho * h + math.exp(-(1 + rho * h) * i * step)) / (1 + rho * h)
        longer.append(root)
    total, integral = [0.0] * (n + 1), 0.0
    for i in range(n, -1, -1):
        x = i * step
        integral += (longer[i] + longer[i + 1]) / 2 * step if i < n else 0.0
        odds = math.expm1(x)  # B / (1 - B)
        total[i] = 1 - (1 - rho) * math.exp(-rho * integral) * longer[i] * odds
    return step / 3 * (total[0] + total[n] + 4 * sum(total[1:n:2]) + 2 * sum(total[2:n:2]))


def interrupted_poisson_wait(rate, mean_on, mean_off):
    """Mean wait in services of mean 1, exponential: what an interrupted Poisson process (@rate while on) brings has
    independent gaps of Laplace transform A (Kuczura), so this is GI/M/1: wait = r / (1 - r), r = A(1 - r), Kleinrock I,
    chapter 6."""
    end, begin = 1 / mean_on, 1 / mean_off

    def transform(s):
        return rate * (s + begin) / (s * s + (rate + end + begin) * s + rate * begin)

    root, before = 0.5, 0.0
    while abs(root - before) > 1e-15:
        root, before = transform(1 - root), root
    return root / (1 - root)
