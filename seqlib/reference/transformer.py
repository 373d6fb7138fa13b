"""The Transformer, of chapter 13: blocks of attention and a feed-forward network, on a residual stream."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from seqlib.arguments import real_array
from seqlib.reference import feed_forward, multi_head, normalisation
from seqlib.reference.multi_head import Rotary

__all__ = [
    "Block",
    "BlockCache",
    "BlockGrads",
    "Cache",
    "Grads",
    "Options",
    "Stack",
    "backward",
    "block",
    "block_backward",
    "forward",
]


class Block(NamedTuple):
    """The parameters of one block: attention, feed-forward network, and a norm for each.

    With `cross` it is a block of a decoder, which also attends to a source. The types of the norms and of the network
    say which block it is: LayerNorm and FeedForward that of 2017, RMSNorm and SwiGLU a modern one.
    """

    attention: multi_head.Params
    norm_attention: normalisation.Norm
    feed_forward: feed_forward.Network
    norm_feed_forward: normalisation.Norm
    cross: multi_head.Params | None = None
    norm_cross: normalisation.Norm | None = None


class Stack(NamedTuple):
    """Blocks on top of each other, and the norm at the end of the residual stream, which post-norm does without."""

    blocks: Sequence[Block]
    norm: normalisation.Norm | None = None


class Options(NamedTuple):
    """What is no parameter, for every block alike.

    n_heads heads of self- and cross-attention; norm_first: pre-norm, x + f(norm(x)), or post-norm, norm(x + f(x));
    causal: no position attends to a later one; activation: of FeedForward; eps: of the norms; rotary: turns queries
    and keys of self-attention by their positions.
    """

    n_heads: int
    norm_first: bool = True
    causal: bool = False
    activation: str | None = None
    eps: float = 1e-5
    rotary: Rotary | None = None


class BlockGrads(NamedTuple):
    """Gradients of the loss: `params`, a Block, `x` (B, T, D), `source` (B, S, Ds) or None."""

    params: Block
    x: np.ndarray
    source: np.ndarray | None


class Grads(NamedTuple):
    """Gradients of the loss: `params`, a Stack, `x` (B, T, D), `source` (B, S, Ds) or None."""

    params: Stack
    x: np.ndarray
    source: np.ndarray | None


class BlockCache(NamedTuple):
    """What `block_backward` needs: the caches of the parts, in the order in which they ran, and of their norms."""

    parts: list[Any]
    norms: list[normalisation.Cache]
    norm_first: bool


class Cache(NamedTuple):
    """What `backward` needs; `stream` (blocks + 1, B, T, D) is the residual stream before, between and after them."""

    blocks: list[BlockCache]
    norm: normalisation.Cache | None
    stream: np.ndarray

    @property
    def weights(self) -> np.ndarray:
        """The self-attention of every block and head (blocks, B, n_heads, T, T)."""
        return np.stack([kept.parts[0].weights for kept in self.blocks])


def block(
    params: Block,
    x: np.ndarray,
    source: np.ndarray | None = None,
    mask: np.ndarray | None = None,
    source_mask: np.ndarray | None = None,
    *,
    options: Options,
) -> tuple[np.ndarray, BlockCache]:
    """Two parts, or three in a decoder, each of which adds to the stream what it read from it.

        pre-norm    x ← x + f(norm(x))        post-norm   x ← norm(x + f(x))
        f = self-attention, then cross-attention to the source (in a decoder), then the feed-forward network

    Shapes:  x (B, T, D); source (B, S, Ds); mask (B, T) or (B, T, T); source_mask (B, S) or (B, T, S), True = may
             attend -> (B, T, D), cache
    Raises:  TypeError or ValueError naming the argument, what it is and what is needed
    Source:  Vaswani et al. 2017, section 3.1 (post-norm); Xiong et al. 2020 (pre-norm)
    Book:    chapters/13_transformer
    """
    if not isinstance(params, Block):
        raise TypeError(f"params must be a transformer.Block, got {type(params).__name__}")
    if (params.cross is None) != (source is None) or (params.cross is None) != (params.norm_cross is None):
        raise ValueError("cross, norm_cross and source go together: give all three, or none")
    if source_mask is not None and source is None:
        raise ValueError("source_mask must be None without a source")
    n_heads, causal, rotary = options.n_heads, options.causal, options.rotary

    def attend(x: np.ndarray) -> Any:
        return multi_head.forward(params.attention, x, mask=mask, n_heads=n_heads, causal=causal, rotary=rotary)

    def look(x: np.ndarray) -> Any:
        assert params.cross is not None
        return multi_head.forward(params.cross, x, source, source_mask, n_heads=n_heads)

    def think(x: np.ndarray) -> Any:
        return feed_forward.forward(params.feed_forward, x, activation=options.activation)

    steps = [(attend, params.norm_attention), (think, params.norm_feed_forward)]
    if params.norm_cross is not None:
        steps.insert(1, (look, params.norm_cross))
    kept = BlockCache([], [], options.norm_first)
    x = real_array("x", x, ("B", "T", "D"))
    for part, norm in steps:
        if options.norm_first:
            read, of_norm = normalisation.forward(norm, x, eps=options.eps)
            out, of_part = part(read)
            x = x + out
        else:
            out, of_part = part(x)
            x, of_norm = normalisation.forward(norm, x + out, eps=options.eps)
        kept.parts.append(of_part)
        kept.norms.append(of_norm)
    return x, kept


def block_backward(dout: np.ndarray, cache: BlockCache) -> BlockGrads:
    """From the last part to the first: the gradient goes around each part, and through it.

        pre-norm    dx = dout + norm backward(f backward(dout))
        post-norm   dx = d + f backward(d),  d = norm backward(dout)

    Around a part it passes unchanged before a norm, and through a norm after it: with post-norm each block scales
    what goes around, too.

    Shapes:  dout (B, T, D) -> BlockGrads
    Raises:  TypeError or ValueError naming the argument, what it is and what is needed
    Source:  derived in the chapter
    Book:    chapters/13_transformer
    """
    dx, dsource = dout, None
    dparts, dnorms = list[Any](), list[normalisation.Norm]()
    for of_part, of_norm in zip(reversed(cache.parts), reversed(cache.norms), strict=True):
        if not cache.norm_first:
            dnorm, dx = normalisation.backward(dx, of_norm)
        of = multi_head if isinstance(of_part, multi_head.Cache) else feed_forward
        grads = of.backward(dx, of_part)
        if cache.norm_first:
            dnorm, through = normalisation.backward(grads.x, of_norm)
        else:
            through = grads.x
        dx = dx + through
        if isinstance(grads, multi_head.Grads) and grads.source is not None:
            dsource = grads.source
        dparts.append(grads.params)
        dnorms.append(dnorm)
    if len(dparts) == 2:
        return BlockGrads(Block(dparts[1], dnorms[1], dparts[0], dnorms[0]), dx, None)
    return BlockGrads(Block(dparts[2], dnorms[2], dparts[0], dnorms[0], dparts[1], dnorms[1]), dx, dsource)


def forward(
    params: Stack,
    x: np.ndarray,
    source: np.ndarray | None = None,
    mask: np.ndarray | None = None,
    source_mask: np.ndarray | None = None,
    *,
    options: Options,
) -> tuple[np.ndarray, Cache]:
    """An encoder, a decoder without a source (as GPT) or a decoder with one: blocks, and a norm at the end.

        x_0 = x        x_{l+1} = block_l(x_l, source)        out = norm(x_L)

    Every block of a decoder attends to the same source, which is what the encoder put out.

    Shapes:  x (B, T, D); source (B, S, Ds); mask (B, T) or (B, T, T); source_mask (B, S) or (B, T, S)
             -> (B, T, D), cache; cache.weights (blocks, B, n_heads, T, T)
    Raises:  TypeError or ValueError naming the argument and the block, what it is and what is needed
    Source:  Vaswani et al. 2017, section 3.1
    Book:    chapters/13_transformer
    """
    if not isinstance(params, Stack):
        raise TypeError(f"params must be a transformer.Stack, got {type(params).__name__}")
    x = real_array("x", x, ("B", "T", "D"))
    stream, kept, norm = [x], list[BlockCache](), None
    for number, weights in enumerate(params.blocks, 1):
        try:
            x, of_block = block(weights, x, source, mask, source_mask, options=options)
        except (TypeError, ValueError) as error:
            raise type(error)(f"in block {number}: {error}") from None
        stream.append(x)
        kept.append(of_block)
    if params.norm is not None:
        x, norm = normalisation.forward(params.norm, x, eps=options.eps)
    return x, Cache(kept, norm, np.stack(stream))


def backward(dout: np.ndarray, cache: Cache) -> Grads:
    """From the last block to the first; the source gets the sum of what the blocks send.

    Shapes:  dout (B, T, D) -> Grads
    Raises:  TypeError or ValueError naming the argument, what it is and what is needed
    Source:  derived in the chapter
    Book:    chapters/13_transformer
    """
    dx, dnorm = real_array("dout", dout, cache.stream.shape[1:]), None
    if cache.norm is not None:
        dnorm, dx = normalisation.backward(dx, cache.norm)
    dblocks, dsource = list[Block](), None
    for kept in reversed(cache.blocks):
        grads = block_backward(dx, kept)
        dx = grads.x
        if grads.source is not None:
            dsource = grads.source if dsource is None else dsource + grads.source
        dblocks.insert(0, grads.params)
    return Grads(Stack(dblocks, dnorm), dx, dsource)
