"""The Transformer: blocks on top of each other, an encoder or a decoder."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor, nn

from seqlib.arguments import check_integer
from seqlib.nn.key_values import KeyValues
from seqlib.nn.transformer_block import Read, TransformerBlock, check_flag, check_reading, made_norm

__all__ = ["TransformerDecoder", "TransformerEncoder"]


class _Stack(nn.Module):
    """Blocks on top of each other, and the norm at the end of the residual stream."""

    decodes = False

    def __init__(
        self,
        n_layers: int,
        d_model: int,
        n_heads: int,
        hidden_size: int | None = None,
        *,
        final_norm: bool | None = None,
        norm_first: bool = True,
        norm: str = "layer",
        eps: float = 1e-5,
        bias: bool = True,
        device: Any = None,
        dtype: torch.dtype | None = None,
        **options: Any,
    ) -> None:
        super().__init__()
        n_layers = check_integer("n_layers", n_layers, low=1)
        if not self.decodes and options.get("source_size") is not None:
            raise ValueError("source_size must be None in an encoder, which has no source to attend to")
        kind: dict[str, Any] = {"device": device, "dtype": dtype}
        options |= {"norm_first": norm_first, "norm": norm, "eps": eps, "bias": bias, **kind}
        blocks = [TransformerBlock(d_model, n_heads, hidden_size, **options) for _ in range(n_layers)]
        self.layers = nn.ModuleList(blocks)
        final = norm_first if final_norm is None else check_flag("final_norm", final_norm)
        self.norm = made_norm(norm, d_model, eps, bias, kind) if final else None

    @property
    def blocks(self) -> Sequence[TransformerBlock]:
        """The blocks, from the first to the last."""
        found: Any = self.layers
        return found

    def read(
        self,
        x: Tensor,
        memory: Sequence[KeyValues] | None = None,
        mask: Tensor | None = None,
        source_mask: Tensor | None = None,
        *,
        causal: bool = False,
        positions: Any = None,
        past: Sequence[KeyValues] | None = None,
        need_weights: bool = False,
        only_last: bool = False,
    ) -> tuple[Tensor, tuple[Read, ...]]:
        """What the blocks make of x, for keys and values that are known; nothing but `positions` is checked, which are
        those after the `past` unless given. Else as `TransformerBlock.read`, for all blocks. `only_last`: only what
        comes out at the last position, for which the last block computes no other.

        Shapes:  x (B, T, d_model); memory and past: of each block -> (B, T or 1, d_model), what each block has read
        """
        first = self.blocks[0].self_attn
        if past is not None and positions is None and first.rotary is not None:
            start = past[0].keys.shape[2]
            positions = torch.arange(start, start + x.shape[1], device=x.device)
        turn = first.turn(positions, x)  # once, for all of them
        found = []
        for i, block in enumerate(self.blocks):
            x, read = block.read(
                x,
                None if memory is None else memory[i],
                mask,
                source_mask,
                causal=causal,
                turn=turn,
                past=None if past is None else past[i],
                need_weights=need_weights,
                only_last=only_last and i + 1 == len(self.blocks),
            )
            found.append(read)
        return x if self.norm is None else self.norm(x), tuple(found)

    def key_values(self, source: Tensor) -> tuple[KeyValues, ...]:
        """What each block of a decoder reads of the source, (B, S, source_size), whatever it writes."""
        attentions = [block.multihead_attn for block in self.blocks]
        return tuple(attention.key_values(source) for attention in attentions if attention is not None)


class TransformerEncoder(_Stack):
    """Blocks that attend to the whole sequence, one after another.

        x_0 = x        x_{l+1} = block_l(x_l)        out = norm(x_L)

    The last norm is there with norm_first, unless `final_norm` says otherwise. The other options are those of
    TransformerBlock, for each block alike. The state_dict of a torch.nn.TransformerEncoder loads unchanged.

    Shapes:  x (B, T, d_model); mask (B, T) or (B, T, T), True = may attend -> (B, T, d_model)
    Raises:  TypeError or ValueError naming the argument, what it is and what is needed
    Source:  Vaswani et al. 2017, section 3.1; Xiong et al. 2020 (the last norm)
    Differs: torch's layers are copies of one: they begin with the same weights, these with weights of their own
    Book:    chapters/13_transformer
    """

    def forward(self, x: Tensor, mask: Tensor | None = None, *, causal: bool = False, positions: Any = None) -> Tensor:
        """Read. `causal` and `positions` are those of MultiHeadAttention.

        Shapes:  x (B, T, d_model) -> the same
        Raises:  TypeError or ValueError naming the argument
        """
        mask, _ = check_reading(self.blocks, x, None, mask, None)
        return self.read(x, None, mask, causal=causal, positions=positions)[0]


class TransformerDecoder(_Stack):
    """Blocks of which no position attends to a later one; with `source_size` each also attends to a source.

        x_0 = x        x_{l+1} = block_l(x_l, source)        out = norm(x_L)

    Without a source this is the stack of a language model (GPT), with one that of a translator, whose source is what an
    encoder put out. The options are those of TransformerEncoder. The state_dict of a torch.nn.TransformerDecoder loads
    unchanged.

    Shapes:  x (B, T, d_model); source (B, S, source_size); mask (B, T) or (B, T, T); source_mask (B, S) or (B, T, S),
             True = may attend -> (B, T, d_model)
    Raises:  TypeError or ValueError naming the argument, what it is and what is needed
    Source:  Vaswani et al. 2017, section 3.1; Xiong et al. 2020 (the last norm)
    Differs: torch's is causal only with a tgt_mask; its layers are copies of one, these have weights of their own
    Book:    chapters/13_transformer
    """

    decodes = True

    def forward(
        self,
        x: Tensor,
        source: Tensor | None = None,
        mask: Tensor | None = None,
        source_mask: Tensor | None = None,
        *,
        positions: Any = None,
    ) -> Tensor:
        """Read. `positions` are those of MultiHeadAttention.

        Shapes:  x (B, T, d_model) -> the same
        Raises:  TypeError or ValueError naming the argument
        """
        mask, source_mask = check_reading(self.blocks, x, source, mask, source_mask)
        memory = None if source is None else self.key_values(source)
        return self.read(x, memory, mask, source_mask, causal=True, positions=positions)[0]
