"""Scheduled sampling: a language model that reads some of its own symbols while it is trained."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor, nn

from seqlib.arguments import check_number
from seqlib.batching import Batch
from seqlib.training.evaluate import evaluating
from seqlib.training.objective import CrossEntropy

__all__ = ["ScheduledSampling"]


@dataclass(frozen=True)
class ScheduledSampling:
    """Cross-entropy of the true next symbols, after inputs of which some are the model's own.

        x̃_1 = x_1;   x̃_{t+1} = ŷ_t with probability ε_i, else x_{t+1} = y_t;   ŷ_t ~ p(· | x̃_1 … x̃_t)
        L = loss(model(x̃), y),   where x̃ is a constant

    ε_i, the `probability` at step i of training, is a number or a function of the step. 0 is teacher forcing, 1 is free
    running, from the first input of every batch on: where batches continue each other, that is a true symbol again.
    Bengio et al. let it rise, with 1 - ε_i = k / (k + exp(i / k)) for instance. A symbol is replaced where it was asked
    for one position before and counted. The model draws it in evaluation mode, with its most probable symbol instead if
    `greedy`; the loss is then that of one ordinary pass over x̃, so nothing is differentiated through a draw.
    A batch of an `EncoderDecoder` has inputs (source, lengths, previous): x is then `previous`, and the model also
    knows the source.

    Raises:  TypeError or ValueError naming the argument, or batch where its inputs are not the targets of before
    Source:  Bengio et al. 2015, section 2.4
    Differs: ε_i is theirs of taking the model's symbol, 1 - ε_i that of the true one
    Book:    chapters/10_language_models
    """

    probability: float | Callable[[int], float]
    loss: CrossEntropy = field(default_factory=CrossEntropy)
    greedy: bool = False

    def __post_init__(self) -> None:
        if not callable(self.probability):
            check_number("probability", self.probability, low=0, high=1)

    def at(self, step: int) -> ScheduledSampling:
        """The loss at a step of training, with the probability that it has there."""
        if not callable(self.probability):
            return self
        return ScheduledSampling(self.probability(step), self.loss, self.greedy)

    @property
    def judged_by(self) -> CrossEntropy:
        """The plain cross-entropy after true symbols."""
        return self.loss.judged_by

    def __call__(self, model: nn.Module, batch: Batch) -> Tensor:
        """The loss of a model on a batch."""
        if callable(self.probability):
            raise ValueError("probability must be a number to measure a loss: take the one of a step, .at(step)")
        if self.probability == 0:  # to the bit: nothing is drawn
            return self.loss(model, batch)
        return self.loss(model, batch._replace(inputs=self._mixed(model, batch, self.probability)))

    def _mixed(self, model: nn.Module, batch: Batch, probability: float) -> tuple[Any, ...]:
        """What the model is called with, x̃ in the place of x."""
        place = _place(batch)
        asked = _asked(batch)
        own = asked & (torch.rand(asked.shape, device=asked.device) < probability)
        mixed: Tensor = batch.inputs[place].long().clone()
        if len(batch.inputs) == 2:  # what stands as padding need not be an id
            mixed[torch.arange(mixed.shape[1], device=mixed.device) >= batch.inputs[1].to(mixed.device)[:, None]] = 0
        state: dict[str, Any] = {}
        with evaluating(model):
            if place:
                translator: Any = model
                state = {"state": translator.encode(*batch.inputs[:place])}
            for t in range(mixed.shape[1] - 1):
                if place:
                    logits, after = translator.step(mixed[:, t], **state)
                else:
                    out, after = model(mixed[:, t : t + 1], **state)
                    logits = out[:, 0]
                state = {"state": after}
                p = logits.float().softmax(-1)
                drawn = p.argmax(-1) if self.greedy else torch.multinomial(p, 1)[:, 0]
                mixed[:, t + 1] = torch.where(own[:, t + 1], drawn, mixed[:, t + 1])
        return (*batch.inputs[:place], mixed, *batch.inputs[place + 1 :])


def _place(batch: Batch) -> int:
    """Which of the inputs is x: the first, or, where a source and its lengths come before it, the third."""
    return 2 if len(batch.inputs) == 3 else 0


def _asked(batch: Batch) -> Tensor:
    """Which inputs were targets one position before: there the model may read its own symbol instead.

    Raises:  TypeError or ValueError naming batch
    """
    x, y, mask = batch.inputs[_place(batch)], batch.y, batch.mask
    if x.is_floating_point() or x.shape != mask.shape or y.shape != mask.shape:
        raise TypeError(
            f"batch must hold ids, x and y {tuple(mask.shape)}, to be replaced by others, got {tuple(x.shape)}"
        )
    asked = torch.zeros_like(mask)
    asked[:, 1:] = mask[:, :-1] & mask[:, 1:]
    if not torch.equal(x[:, 1:][asked[:, 1:]].long(), y[:, :-1][asked[:, 1:]].long()):
        raise ValueError("batch must ask for the next symbol, x[:, t + 1] = y[:, t] where both count, but it does not")
    return asked
