"""The practice of chapter 6, the gated recurrent unit: right answers, and the usual wrong ones."""

from __future__ import annotations

from typing import Any

import numpy as np

from seqlib.exercises.checker import Exercise
from seqlib.exercises.gru_gradients import bias_gradients, gate_gradients
from seqlib.reference import gru

__all__ = ["bias_gradients", "gate_gradients", "gru_step", "keras_to_torch", "shares"]

_RNG = np.random.default_rng(6)


def _weights(D: int, H: int) -> tuple[np.ndarray, ...]:
    """W_xh, W_hh, b_xh, b_hh, x, h."""
    shapes: list[tuple[int, ...]] = [(3 * H, D), (3 * H, H), (3 * H,), (3 * H,), (D,), (H,)]
    return tuple(_RNG.normal(size=shape) for shape in shapes)


def _step(
    W_xh: np.ndarray, W_hh: np.ndarray, b_xh: np.ndarray, b_hh: np.ndarray, x: np.ndarray, h: np.ndarray
) -> np.ndarray:
    return gru.step(gru.Params(W_xh, W_hh, b_xh, b_hh), x[None], h[None])[0]


def _sigmoid(a: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-a))


def _mistaken(
    *, order: str = "rzn", door: str = "after", keep: str = "z", gate: Any = _sigmoid, bend: Any = np.tanh
) -> Any:
    """A step with a mistake: another order of blocks, another place of the reset gate, another mixture."""

    def step(
        W_xh: np.ndarray, W_hh: np.ndarray, b_xh: np.ndarray, b_hh: np.ndarray, x: np.ndarray, h: np.ndarray
    ) -> np.ndarray:
        from_x = dict(zip(order, np.split(W_xh @ x + b_xh, 3), strict=True))
        from_h = dict(zip(order, np.split(W_hh @ h + b_hh, 3), strict=True))
        W_n, b_n = (dict(zip(order, np.split(part, 3), strict=True))["n"] for part in (W_hh, b_hh))
        r, z = (gate(from_x[k] + from_h[k]) for k in "rz")
        heard = {
            "after": r * from_h["n"],
            "before": W_n @ (r * h) + b_n,
            "b_hn outside": r * (W_n @ h) + b_n,
            "all": r * (from_x["n"] + from_h["n"]) - from_x["n"],
            "none": from_h["n"],
            "shut": (1 - r) * from_h["n"],
        }[door]
        n = bend(from_x["n"] + heard)
        return {"z": z * h + (1 - z) * n, "1 - z": (1 - z) * h + z * n, "added": z * h + n, "only": n}[keep]

    return step


gru_step = Exercise(
    "gru_step",
    _step,
    [_weights(2, 3), _weights(3, 2), _weights(1, 1)],
    wrong={
        "z swapped": (
            _mistaken(keep="1 - z"),
            "z and 1 - z are swapped. In PyTorch z keeps the old state: z * h + (1 - z) * n.",
        ),
        "reset before": (
            _mistaken(door="before"),
            "You reset h before the product, as in Cho et al. 2014. PyTorch resets what the product made: "
            "r * (W_hn @ h + b_hn).",
        ),
        "b_hn outside": (
            _mistaken(door="b_hn outside"),
            "b_hn stands outside. It belongs to what the reset gate multiplies: r * (W_hn @ h + b_hn).",
        ),
        "z, r, n": (
            _mistaken(order="zrn"),
            "You took the blocks in the order z, r, n, which is Keras's. Here it is r, z, n.",
        ),
        "n first": (
            (_mistaken(order="nrz"), _mistaken(order="nzr")),
            "You took the first block for the candidate. The order is r, z, n: the candidate is the last.",
        ),
        "input reset too": (
            _mistaken(door="all"),
            "The reset gate multiplies the input's share too. It belongs to the old state's share alone.",
        ),
        "no reset": (_mistaken(door="none"), "The reset gate is not used. It multiplies W_hn @ h + b_hn."),
        "1 - r": (
            _mistaken(door="shut"),
            "You multiply by 1 - r. An open reset gate, r = 1, lets the old state through.",
        ),
        "not weighted": (
            _mistaken(keep="added"),
            "The candidate enters in full. What the old state does not keep is its share: (1 - z) * n.",
        ),
        "candidate alone": (
            _mistaken(keep="only"),
            "That is the candidate n. The new state mixes it with the old one: z * h + (1 - z) * n.",
        ),
        "tanh gates": (_mistaken(gate=np.tanh), "Gates need the logistic function, 1 / (1 + exp(-a)); tanh is for n."),
        "logistic candidate": (
            _mistaken(bend=_sigmoid),
            "The candidate needs a tanh, which can be negative. The logistic function is for the gates.",
        ),
        "no tanh": (_mistaken(bend=lambda a: a), "The candidate is a tanh of its sum, and yours has none."),
    },
    prompt="Return the new state, a vector of length H, and run the cell again.",
)


def _shares(z: np.ndarray) -> np.ndarray:
    later = np.cumprod(np.append(z, 1.0)[::-1])[::-1]  # the product of z_t and all after it
    return np.append(later[0], (1 - z) * later[1:])


def _split(z: np.ndarray, own: np.ndarray) -> np.ndarray:
    """The weights, when each step enters with `own`."""
    weights = np.array([1.0])
    for z_t, own_t in zip(z, own, strict=True):
        weights = np.append(weights * z_t, own_t)
    return weights


shares = Exercise(
    "shares",
    _shares,
    [
        (np.array([0.5, 0.9, 0.25]),),
        (np.array([0.75]),),
        (_RNG.uniform(0.05, 0.95, 6),),
    ],
    wrong={
        "no h_0": (
            lambda z: _shares(z)[1:],
            "The weight of h_0 is missing. It is the product of all z, and stands first.",
        ),
        "h_0 last": (
            lambda z: np.roll(_shares(z), -1),
            "The weight of h_0 stands last. It comes first, and the candidates follow in their order.",
        ),
        "backwards": (
            lambda z: _shares(z)[::-1],
            "The weights stand backwards: h_0 first, then the candidate of step 1, and the last one at the end.",
        ),
        "z for 1 - z": (
            lambda z: _split(z, z),
            "A candidate enters with 1 - z, not with z: what the old state does not keep.",
        ),
        "signs of z": (
            lambda z: _shares(1 - z),
            "You swapped z and 1 - z throughout. Here z keeps the old state.",
        ),
        "own z too": (
            lambda z: np.append(np.prod(z), [(1 - z[t]) * np.prod(z[t:]) for t in range(len(z))]),
            "A candidate is multiplied by its own z as well. Only the steps after it shrink it.",
        ),
        "earlier steps": (
            lambda z: np.append(np.prod(z), (1 - z) * np.append(1.0, np.cumprod(z)[:-1])),
            "You multiplied by the z of the steps before. A candidate is shrunk by those that come after it.",
        ),
        "not shrunk": (
            lambda z: np.append(np.prod(z), 1 - z),
            "Each candidate enters with 1 - z, and every later step multiplies it by its z once more.",
        ),
        "h_0 in full": (
            lambda z: np.append(1.0, _shares(z)[1:]),
            "h_0 does not keep the weight 1: every step multiplies it by its z.",
        ),
        "products alone": (
            lambda z: np.append(1.0, np.cumprod(z)),
            "Those are the products of z. A candidate's weight is 1 - z at its own step, times all later z.",
        ),
    },
    prompt="Return the T + 1 weights, that of h_0 first, and run the cell again.",
)


def _reordered(kernel: np.ndarray, order: tuple[int, int, int] = (1, 0, 2)) -> np.ndarray:
    blocks = np.split(kernel.T, 3)
    return np.concatenate([blocks[k] for k in order])


keras_to_torch = Exercise(
    "keras_to_torch",
    _reordered,
    [(np.arange(12.0).reshape(2, 6) + 1,), (_RNG.normal(size=(3, 3)),), (_RNG.normal(size=(6, 6)),)],
    wrong={
        "not swapped": (
            lambda kernel: kernel.T,
            "The blocks are still in Keras's order, z, r, h. PyTorch wants r first.",
        ),
        "not transposed": (
            lambda kernel: np.concatenate([np.split(kernel, 3, 1)[k] for k in (1, 0, 2)], 1),
            "The matrix is not transposed: PyTorch has a row for each unit, and a column for each input.",
        ),
        "reversed": (
            lambda kernel: _reordered(kernel, (2, 1, 0)),
            "You reversed all three blocks. Only z and r change places; h, which PyTorch calls n, stays last.",
        ),
        "rotated": (
            (lambda kernel: _reordered(kernel, (1, 2, 0)), lambda kernel: _reordered(kernel, (2, 0, 1))),
            "The blocks went round by one place. Only z and r change places; h, which PyTorch calls n, stays last.",
        ),
        "last two": (
            lambda kernel: _reordered(kernel, (0, 2, 1)),
            "You swapped the last two blocks. It is the first two, z and r, that change places.",
        ),
        "upside down": (
            lambda kernel: kernel.T[::-1],
            "You turned all rows round, those within a block, too. Whole blocks change places.",
        ),
        "reshaped": (
            lambda kernel: kernel.reshape(kernel.shape[::-1]),
            "reshape keeps the order of the numbers and tears rows apart. The transpose is kernel.T.",
        ),
        "sign of z": (
            lambda kernel: np.concatenate(
                [
                    _reordered(kernel)[: len(kernel.T) // 3],
                    -_reordered(kernel)[len(kernel.T) // 3 : 2 * len(kernel.T) // 3],
                    _reordered(kernel)[2 * len(kernel.T) // 3 :],
                ]
            ),
            "You changed the sign of z. Keras and PyTorch agree about it: z = 1 keeps the old state in both.",
        ),
    },
    prompt="Return an array of shape (3H, D) and run the cell again.",
)
