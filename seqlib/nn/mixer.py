"""What all mixers share: one protocol, by which a model trains over whole sequences and writes step by step."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn

from seqlib.arguments import check_lengths, check_shape
from seqlib.nn.masks import padding_mask

__all__ = ["Mixer", "check_sizes", "check_state", "check_vectors", "real_steps"]


class Mixer(nn.Module):
    """A layer over a sequence that no later step reaches into; what it remembers is its state.

        out, state = mixer(x, state, lengths)        all steps at once
        out_t, state = mixer.step(x_t, state)        the same, one after another

    A state is a tensor, or a tuple of them, whose first axis is that of the sequences; None is the beginning. Each
    mixer has these two methods, and says in `input_size` how wide its vectors are.
    """

    input_size: int

    def forward(self, x: Tensor, state: Any = None, lengths: Any = None) -> tuple[Tensor, Any]:
        """Read all steps. With `lengths`, sequence b is x[b, :lengths[b]] and the rest is padding: it is not read, what
        comes out there is 0, and the state is that after each sequence's own last step.

        Shapes:  x (B, T, D); lengths (B,) integers from 1 to T -> out (B, T, H), state
        Raises:  TypeError or ValueError naming the argument, what it is and what is needed, also for T = 0
        """
        raise NotImplementedError(f"{type(self).__name__} must say how it reads a sequence")

    def step(self, x: Tensor, state: Any = None) -> tuple[Tensor, Any]:
        """Read one more step.

        Shapes:  x (B, D) -> out (B, H), state
        Raises:  TypeError or ValueError naming the argument, what it is and what is needed
        """
        raise NotImplementedError(f"{type(self).__name__} must say how it reads a step")


def check_sizes(mixer: Mixer, x: Any, like: Tensor) -> None:
    """TypeError or ValueError naming x unless the mixer may read it."""
    check_vectors("x", x, mixer.input_size, like, ("B", "T"))


def check_vectors(name: str, x: Any, width: int, like: Tensor, axes: tuple[str, ...]) -> None:
    """TypeError or ValueError naming x unless it holds vectors of this width, of the dtype of the weights."""
    if not isinstance(x, Tensor):
        raise TypeError(f"{name} must be a tensor, got {type(x).__name__}")
    check_shape(name, x, (*axes, width))
    if not x.is_floating_point():
        raise TypeError(f"{name} must be real-valued, got dtype {x.dtype}")
    if x.dtype != like.dtype and not torch.is_autocast_enabled(x.device.type):
        raise TypeError(f"{name} must have the dtype of the weights, {like.dtype}, got {x.dtype}")
    if "T" in axes and x.shape[1] == 0:
        raise ValueError(f"{name} must have at least one step, got shape {tuple(x.shape)}")


def check_state(name: str, state: Any, shape: tuple[int, ...], like: Tensor) -> Tensor:
    """The state, or zeros for None; TypeError or ValueError naming it unless it has this shape and dtype."""
    if state is None:
        return like.new_zeros(shape)
    if not isinstance(state, Tensor):
        raise TypeError(f"{name} must be a tensor, got {type(state).__name__}")
    check_shape(name, state, shape)
    if state.dtype != like.dtype:
        raise TypeError(f"{name} must have the dtype of the weights, {like.dtype}, got {state.dtype}")
    return state


def real_steps(x: Tensor, lengths: Any) -> tuple[Tensor, Tensor | None]:
    """x with zeros as padding, and which steps are real, (B, T); None where all are.

    Raises:  TypeError or ValueError naming lengths
    """
    if lengths is None:
        return x, None
    B, T = x.shape[:2]
    lengths = check_lengths("lengths", lengths.cpu() if isinstance(lengths, Tensor) else lengths, T, least=1)
    check_shape("lengths", lengths, (B,))
    if not (lengths < T).any():
        return x, None
    real = padding_mask(lengths, T, device=x.device)
    return torch.where(real if x.ndim == 2 else real[..., None], x, 0), real
