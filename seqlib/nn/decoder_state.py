"""What a decoder knows between two words."""

from __future__ import annotations

from typing import Any, NamedTuple

import torch
from torch import Tensor

__all__ = ["DecoderState"]


class DecoderState(NamedTuple):
    """The state of N targets, which lie along the first axis of everything; what there is not is None.

    s: the states of the recurrent layers, h and for an LSTM c, each (N, layers, width).
    Of attention: keys (N, S, width), the outputs of the encoder; projected, the form in which the score takes them;
    mask (N, S), True = a word; of (N,), the number of each target's source; fed (N, H), the attentional vector that
    goes into the next step; weights (N, T, S), of the T words that were read last, the alignment of a heat map.
    """

    s: tuple[Tensor, ...]
    keys: Tensor | None = None
    projected: Tensor | None = None
    mask: Tensor | None = None
    of: Tensor | None = None
    fed: Tensor | None = None
    weights: Tensor | None = None

    def select(self, rows: Any) -> DecoderState:
        """The state of some of the targets, in any order and as often as is asked: row i of it is row rows[i].

        What was read of the sources, the largest part, is copied only where a row gets another source: a beam that
        reorders the hypotheses of each sentence copies the small parts alone.

        Shapes:  rows (M,) -> state of M targets
        """
        chosen = torch.as_tensor(rows, device=self.s[0].device)

        def those(part: Tensor | None) -> Tensor | None:
            return None if part is None else part.index_select(0, chosen)

        keys, projected, mask, of = self.keys, self.projected, self.mask, those(self.of)
        if of is not None and self.of is not None and not torch.equal(of, self.of):
            keys, mask = those(self.keys), those(self.mask)
            projected = keys if self.projected is self.keys else those(self.projected)
        s = tuple(part.index_select(0, chosen) for part in self.s)
        return DecoderState(s, keys, projected, mask, of, those(self.fed), those(self.weights))
