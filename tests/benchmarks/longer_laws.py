"""Laws of scale: fitted to what models of several sizes have lost after several amounts of data, and judged.

Every fit is a least-squares solution that is looked for on a whole grid of exponents. No optimiser can stop too early.
"""

import itertools

import numpy as np

COARSE = np.arange(0.02, 2.5, 0.02)  # exponents
FINE = np.arange(-0.02, 0.0205, 0.001)  # around the best of them


def straight(N, excess):
    """The line log y = log A - α log N, by least squares. Returns α and A."""
    slope, intercept = np.polyfit(np.log(N), np.log(excess), 1)
    return {"alpha": -slope, "A": np.exp(intercept)}


def with_floor(N, loss):
    """The curve L = E + A N^-α whose floor E is fitted as well, by least squares in L. Returns α, A and E."""

    def best(exponents):
        found = []
        for alpha in exponents:
            columns = np.stack([np.ones(len(N)), np.asarray(N, float) ** -alpha], 1)
            (E, A), *_ = np.linalg.lstsq(columns, loss, rcond=None)
            found.append((np.sum((columns @ (E, A) - loss) ** 2), alpha, A, E))
        return min(found)

    _, alpha, A, E = best(best(COARSE)[1] + FINE)
    return {"alpha": alpha, "A": A, "E": E}


def both(N, D, excess):
    """The law y = A N^-α + B D^-β, by least squares of relative errors; A and B are not below 0.

    For given exponents A and B are the solution of two linear equations: the residual is (A N^-α + B D^-β) / y - 1.
    """
    N, D, y = (np.asarray(values, float) for values in (N, D, excess))

    def best(alphas, betas):
        a, d = N ** -alphas[:, None] / y, D ** -betas[:, None] / y  # exponents, cells
        aa, dd, ad, a1, d1 = (a * a).sum(1)[:, None], (d * d).sum(1)[None], a @ d.T, a.sum(1)[:, None], d.sum(1)[None]
        det = np.maximum(aa * dd - ad**2, 1e-12 * aa * dd)
        A, B = (dd * a1 - ad * d1) / det, (aa * d1 - ad * a1) / det
        A, B = np.where(B < 0, a1 / aa, np.where(A < 0, 0, A)), np.where(A < 0, d1 / dd, np.where(B < 0, 0, B))
        rest = A * A * aa + B * B * dd + 2 * A * B * ad - 2 * A * a1 - 2 * B * d1 + len(y)
        i, j = np.unravel_index(rest.argmin(), rest.shape)
        return alphas[i], betas[j], A[i, j], B[i, j]

    alpha, beta, *_ = best(COARSE, COARSE)
    alpha, beta, A, B = best(np.maximum(alpha + FINE, 1e-3), np.maximum(beta + FINE, 1e-3))
    return {"alpha": alpha, "beta": beta, "A": A, "B": B}


def said(law, N, D):
    """The excess that a law says of N parameters and D tokens."""
    return law["A"] * float(N) ** -law["alpha"] + (law["B"] * float(D) ** -law["beta"] if "B" in law else 0.0)


def resampled(values, draws=200):
    """Draws, with replacement, among the seeds of each size: values (sizes, …, seeds) -> arrays of the same shape."""
    rng = np.random.default_rng(0)
    values = np.asarray(values, float)
    for _ in range(draws):
        yield np.stack([of[..., rng.integers(0, of.shape[-1], of.shape[-1])] for of in values])


def spread(found):
    """From the 2.5th to the 97.5th of hundred of some fits, for each of their numbers."""
    return {name: np.quantile([fit[name] for fit in found], (0.025, 0.975)) for name in found[0]}


def leaving_one_out(fit, sizes):
    """The least and the largest of each number of a fit, when each size in turn is left out; fit(kept indices)."""
    found = [fit([i for i in range(sizes) if i != left]) for left in range(sizes)]
    return {name: np.array([f(of[name] for of in found) for f in (min, max)]) for name in found[0]}


def one_ahead(fit, say, truth, first):
    """log(truth / said) of each size from the `first` on, said by a fit to those before it."""
    return np.array([np.log(truth[i] / say(fit(list(range(i))), i)) for i in range(first, len(truth))])


def margin(errors):
    """The interval of a prediction, as a factor: twice the root of the mean square of errors one size ahead."""
    return float(np.exp(2 * np.sqrt(np.mean(np.square(errors)))))


def at_budget(C, costs, excess):
    """What each size would have lost for C FLOP, log-log between its runs, if these enclose C.

    `costs` and `excess`: size -> one number per run, costs rising.
    """
    found = {}
    for size, of in costs.items():
        for (c0, c1), (y0, y1) in zip(itertools.pairwise(of), itertools.pairwise(excess[size]), strict=True):
            if c0 < c1 and c0 <= C <= c1:
                way = np.log(C / c0) / np.log(c1 / c0)
                found[size] = float(np.exp((1 - way) * np.log(y0) + way * np.log(y1)))
    return found
