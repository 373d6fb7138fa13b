"""The practice of chapter 6 that walks back through a gated recurrent unit."""

from __future__ import annotations

from typing import Any

import numpy as np

from seqlib.exercises.checker import Exercise

__all__ = ["bias_gradients", "gate_gradients"]

_RNG = np.random.default_rng(7)


def _gates(
    dh: np.ndarray, h: np.ndarray, r: np.ndarray, z: np.ndarray, n: np.ndarray, q: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    da_n = dh * (1 - z) * (1 - n**2)
    return da_n * q * r * (1 - r), dh * (h - n) * z * (1 - z)


def _slope(a: np.ndarray) -> np.ndarray:
    return np.exp(-a) / (1 + np.exp(-a)) ** 2


def _kept(H: int) -> tuple[np.ndarray, ...]:
    """dh, h, r, z, n, q."""
    dh, h, q = _RNG.choice([-1, 1], size=(3, H)) * _RNG.uniform(0.5, 2, size=(3, H))  # away from 0, to be read
    r, z = _RNG.uniform(0.1, 0.45, size=(2, H))
    return dh, h, r, z, np.tanh(_RNG.normal(size=H)), q


gate_gradients = Exercise(
    "gate_gradients",
    _gates,
    [_kept(3), _kept(1), _kept(4)],
    wrong={
        "sign of dz": (
            lambda dh, h, r, z, n, q: (_gates(dh, h, r, z, n, q)[0], dh * (n - h) * z * (1 - z)),
            "The sign of da_z is wrong. More z means more of the old state: its factor is h - n.",
        ),
        "n forgotten": (
            lambda dh, h, r, z, n, q: (_gates(dh, h, r, z, n, q)[0], dh * h * z * (1 - z)),
            "z occurs twice in z * h + (1 - z) * n, so its factor is h - n, not h alone.",
        ),
        "z and 1 - z": (
            lambda dh, h, r, z, n, q: (dh * z * (1 - n**2) * q * r * (1 - r), dh * (h - n) * z * (1 - z)),
            "On the way to r you took z for 1 - z: the candidate enters h with the factor 1 - z.",
        ),
        "no slope of tanh": (
            lambda dh, h, r, z, n, q: (dh * (1 - z) * q * r * (1 - r), dh * (h - n) * z * (1 - z)),
            "On the way to r the slope of the tanh is missing, 1 - n².",
        ),
        "no slope of the gates": (
            lambda dh, h, r, z, n, q: (dh * (1 - z) * (1 - n**2) * q, dh * (h - n)),
            "Those are dr and dz. To the sums inside the gates leads one link more, r (1 - r) and z (1 - z).",
        ),
        "slope of tanh in the gates": (
            lambda dh, h, r, z, n, q: (dh * (1 - z) * (1 - n**2) * q * (1 - r**2), dh * (h - n) * (1 - z**2)),
            "You gave the gates the slope of tanh. That of the logistic function is r (1 - r).",
        ),
        "one slope missing": (
            (
                lambda dh, h, r, z, n, q: (_gates(dh, h, r, z, n, q)[0], dh * (h - n)),
                lambda dh, h, r, z, n, q: (dh * (1 - z) * (1 - n**2) * q, _gates(dh, h, r, z, n, q)[1]),
            ),
            "The slope of one of the gates is missing: da_r = dr * r (1 - r) and da_z = dz * z (1 - z).",
        ),
        "slope at the gate": (
            lambda dh, h, r, z, n, q: (dh * (1 - z) * (1 - n**2) * q * _slope(r), dh * (h - n) * _slope(z)),
            "You put r and z into the logistic function once more. They are its values: the slope is r (1 - r).",
        ),
        "slope of tanh at n": (
            lambda dh, h, r, z, n, q: (
                dh * (1 - z) * (1 - np.tanh(n) ** 2) * q * r * (1 - r),
                dh * (h - n) * z * (1 - z),
            ),
            "You took the tanh of n. n is its value already, so its slope is 1 - n².",
        ),
        "other sense of z": (
            lambda dh, h, r, z, n, q: (dh * z * (1 - n**2) * q * r * (1 - r), dh * (n - h) * z * (1 - z)),
            "That belongs to a GRU in which z takes the new state, as in Chung et al. 2014. Here z keeps the old one.",
        ),
        "h for q": (
            lambda dh, h, r, z, n, q: (dh * (1 - z) * (1 - n**2) * h * r * (1 - r), dh * (h - n) * z * (1 - z)),
            "r multiplies q in the candidate, so its factor is q. With h it would be the reset before the product.",
        ),
        "no q": (
            lambda dh, h, r, z, n, q: (dh * (1 - z) * (1 - n**2) * r * (1 - r), dh * (h - n) * z * (1 - z)),
            "On the way to r the factor q is missing: n sees r * q, so dr = da_n * q.",
        ),
        "r for q": (
            lambda dh, h, r, z, n, q: (dh * (1 - z) * (1 - n**2) * r * r * (1 - r), dh * (h - n) * z * (1 - z)),
            "You took r for q: of the product r * q, dr has the factor q, and dq the factor r.",
        ),
        "straight to r": (
            lambda dh, h, r, z, n, q: (dh * q * r * (1 - r), dh * (h - n) * z * (1 - z)),
            "To r the way leads through the candidate: da_n = dh (1 - z) (1 - n²) comes first.",
        ),
        "order": (
            lambda dh, h, r, z, n, q: _gates(dh, h, r, z, n, q)[::-1],
            "The pair is the wrong way round: da_r first, then da_z.",
        ),
        "r alone": (
            lambda dh, h, r, z, n, q: _gates(dh, h, r, z, n, q)[0],
            "That is da_r alone. Return a pair: da_r and da_z.",
        ),
    },
    prompt="Return the pair da_r, da_z and run the cell again.",
)


def _biases(da: np.ndarray, r: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    H = r.shape[1]
    da_h = np.concatenate([da[:, : 2 * H], da[:, 2 * H :] * r], 1)
    return da.sum(0), da_h.sum(0)


def _of_blocks(da: np.ndarray, r: np.ndarray, *factors: Any) -> tuple[np.ndarray, np.ndarray]:
    """db_hh with a factor for each block."""
    blocks = np.split(da, 3, 1)
    return da.sum(0), np.concatenate([(block * f).sum(0) for block, f in zip(blocks, factors, strict=True)])


def _gate_case(T: int, H: int) -> tuple[np.ndarray, np.ndarray]:
    return _RNG.normal(size=(T, 3 * H)), _RNG.uniform(0.1, 0.9, size=(T, H))


bias_gradients = Exercise(
    "bias_gradients",
    _biases,
    [_gate_case(4, 2), _gate_case(1, 3), _gate_case(5, 1)],
    wrong={
        "merged": (
            lambda da, r: (da.sum(0), da.sum(0)),
            "You treat b_hn as a copy of b_xn. It stands inside the reset gate: its gradient is Σ r_t da_n.",
        ),
        "r everywhere": (
            lambda da, r: _of_blocks(da, r, r, r, r),
            "r stands in all blocks of db_hh. The reset gate multiplies in the candidate alone, the last block.",
        ),
        "last block alone": (
            lambda da, r: (da.sum(0), _biases(da, r)[1][2 * r.shape[1] :]),
            "You return the block of n alone for db_hh. The blocks of r and z, without a factor, stand before it.",
        ),
        "last blocks alone": (
            lambda da, r: tuple(db[2 * r.shape[1] :] for db in _biases(da, r)),
            "You return the blocks of n alone. Both have 3H entries: r, z, n.",
        ),
        "first block": (
            lambda da, r: _of_blocks(da, r, r, 1, 1),
            "r stands in the first block. That is the gate's own; it multiplies in the candidate, the last block.",
        ),
        "swapped": (
            lambda da, r: _biases(da, r)[::-1],
            "The two are swapped: r belongs to db_hh, for b_hn is what the reset gate multiplies.",
        ),
        "both": (
            lambda da, r: (_biases(da, r)[1], _biases(da, r)[1]),
            "b_xn stands in front of the reset gate: in db_xh the last block has no r.",
        ),
        "r outside the sum": (
            lambda da, r: (
                da.sum(0),
                np.concatenate([da.sum(0)[: 2 * r.shape[1]], da.sum(0)[2 * r.shape[1] :] * r.sum(0)]),
            ),
            "A sum of products is not a product of sums: multiply by r_t at each step, then add.",
        ),
        "mean of r": (
            lambda da, r: (
                da.sum(0),
                np.concatenate([da.sum(0)[: 2 * r.shape[1]], da.sum(0)[2 * r.shape[1] :] * r.mean(0)]),
            ),
            "You multiply the sum by the mean of r. Multiply by r_t at each step, then add.",
        ),
        "mean": (
            lambda da, r: (da.mean(0), _biases(da, r)[1] / len(da)),
            "You took the mean over the steps. The bias is used at each step, so the steps are added.",
        ),
        "not summed": (
            lambda da, r: (da, np.concatenate([da[:, : 2 * r.shape[1]], da[:, 2 * r.shape[1] :] * r], 1)),
            "Those are the shares of the single steps. The bias is the same at each, so add over axis 0.",
        ),
        "1 - r": (
            lambda da, r: _of_blocks(da, r, 1, 1, 1 - r),
            "You multiply by 1 - r. The candidate sees r * q, so the factor is r.",
        ),
        "slope of r": (
            lambda da, r: _of_blocks(da, r, 1, 1, r * (1 - r)),
            "r (1 - r) is the slope of the gate. Here the gate is a factor: dq = r * da_n.",
        ),
    },
    prompt="Return the pair db_xh, db_hh and run the cell again.",
)
