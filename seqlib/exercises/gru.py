"""The practice of chapter 6, the gated recurrent unit: right answers, and the usual wrong ones."""

from __future__ import annotations

from typing import Any

import numpy as np

from seqlib.exercises.checker import Exercise
from seqlib.exercises.gru_gradients import bias_gradients, gate_gradients
from seqlib.reference import gru
from seqlib.reference.recurrence import sigmoid

__all__ = ["bias_gradients", "flip_z", "gate_gradients", "gru_step", "keras_to_torch"]

_RNG = np.random.default_rng(6)


def _weights(D: int, H: int) -> tuple[np.ndarray, ...]:
    """W_xh, W_hh, b_xh, b_hh, x, h."""
    shapes: list[tuple[int, ...]] = [(3 * H, D), (3 * H, H), (3 * H,), (3 * H,), (D,), (H,)]
    return tuple(_RNG.normal(size=shape) for shape in shapes)


def _step(
    W_xh: np.ndarray, W_hh: np.ndarray, b_xh: np.ndarray, b_hh: np.ndarray, x: np.ndarray, h: np.ndarray
) -> np.ndarray:
    return gru.step(gru.Params(W_xh, W_hh, b_xh, b_hh), x[None], h[None])[0]


def _mistaken(
    *,
    order: str = "rzn",
    door: str = "after",
    keep: str = "z",
    gate: Any = sigmoid,
    bend: Any = np.tanh,
    biases: tuple[int, int] = (1, 1),
) -> Any:
    """A step with a mistake: another order of blocks, another place of the reset gate, another mixture."""

    def step(
        W_xh: np.ndarray, W_hh: np.ndarray, b_xh: np.ndarray, b_hh: np.ndarray, x: np.ndarray, h: np.ndarray
    ) -> np.ndarray:
        b_xh, b_hh = biases[0] * b_xh, biases[1] * b_hh
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
        mixed = z * h + (1 - z) * n
        return {"z": mixed, "1 - z": (1 - z) * h + z * n, "added": z * h + n, "only": n, "bent": np.tanh(mixed)}[keep]

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
        "of 2014": (
            _mistaken(door="before", keep="1 - z"),
            "That is the GRU of Chung et al. 2014. PyTorch's differs twice: r multiplies W_hn @ h + b_hn after the "
            "product, and z keeps the old state, z * h + (1 - z) * n.",
        ),
        "a bias forgotten": (
            (_mistaken(biases=(1, 0)), _mistaken(biases=(0, 1))),
            "One of the two biases is missing. b_xh goes to W_xh @ x, and b_hh to W_hh @ h.",
        ),
        "biases forgotten": (
            _mistaken(biases=(0, 0)),
            "Both biases are missing: W_xh @ x + b_xh, and W_hh @ h + b_hh.",
        ),
        "sign in the gates": (
            _mistaken(gate=lambda a: sigmoid(-a)),
            "Your gates are 1 / (1 + exp(a)). The logistic function has a minus: 1 / (1 + exp(-a)).",
        ),
        "bent once more": (
            _mistaken(keep="bent"),
            "You took tanh of the new state. A mixture of numbers between -1 and 1 needs none.",
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
            _mistaken(bend=sigmoid),
            "The candidate needs a tanh, which can be negative. The logistic function is for the gates.",
        ),
        "no tanh": (_mistaken(bend=lambda a: a), "The candidate is a tanh of its sum, and yours has none."),
    },
    prompt="Return the new state, a vector of length H, and run the cell again.",
)


def _flipped(
    *weights: np.ndarray,
    blocks: tuple[int, ...] = (1,),
    which: tuple[int, ...] = (0, 1, 2, 3),
    other: Any = np.negative,
) -> tuple[np.ndarray, ...]:
    """The four arrays; in those of `which`, `other` is done to the rows of some blocks."""
    copies = [array.copy() for array in weights]
    for k in which:
        H = len(copies[k]) // 3
        for block in blocks:
            copies[k][block * H : (block + 1) * H] = other(copies[k][block * H : (block + 1) * H])
    return tuple(copies)


def _flip(**mistake: Any) -> Any:
    return lambda *weights: _flipped(*weights, **mistake)


flip_z = Exercise(
    "flip_z",
    _flipped,
    [_weights(2, 3)[:4], _weights(3, 2)[:4], _weights(1, 1)[:4]],
    wrong={
        "biases forgotten": (
            _flip(which=(0, 1)),
            "The biases of z stand inside the logistic function as well, and change their sign too.",
        ),
        "a bias forgotten": (
            (_flip(which=(0, 1, 2)), _flip(which=(0, 1, 3))),
            "z has two biases, one in b_xh and one in b_hh. Both change their sign.",
        ),
        "biases alone": (
            _flip(which=(2, 3)),
            "You changed the biases alone. All that is added up inside the logistic function changes its sign.",
        ),
        "state forgotten": (
            _flip(which=(0, 2)),
            "The old state's share of z, in W_hh and b_hh, stands inside the logistic function too.",
        ),
        "input forgotten": (
            _flip(which=(1, 3)),
            "The input's share of z, in W_xh and b_xh, stands inside the logistic function too.",
        ),
        "input alone": (_flip(which=(0,)), "You changed W_xh alone. W_hh and both biases belong to z as well."),
        "state alone": (_flip(which=(1,)), "You changed W_hh alone. W_xh and both biases belong to z as well."),
        "r": (_flip(blocks=(0,)), "You changed the first block, which is r's. z has the second."),
        "n": (_flip(blocks=(2,)), "You changed the last block, which is that of the candidate n. z has the second."),
        "both gates": (_flip(blocks=(0, 1)), "r has kept its meaning. Only the rows of z change."),
        "all": (_flip(blocks=(0, 1, 2)), "You changed all rows. Only those of z, the second block, change their sign."),
        "1 - w": (
            _flip(other=lambda w: 1 - w),
            "It is the gate that becomes 1 - z. The weights stand inside it: σ(-a) = 1 - σ(a).",
        ),
        "nothing": (
            _flip(which=()),
            "Nothing is changed. 1 - z has to come out where z did: σ(-a) = 1 - σ(a).",
        ),
    },
    prompt="Return the four arrays and run the cell again.",
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
