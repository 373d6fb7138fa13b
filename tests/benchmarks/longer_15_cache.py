"""What chapter 15 says of a cache of keys and values: the time of the next token, and the memory that it takes.

    python tests/benchmarks/longer_training.py 15_cache$

A GPT, and Hugging Face's GPT2LMHeadModel with the same weights, in float32, read the same random ids: each with a
cache, where a token is read behind keys and values that are there, and without, where all are read again. Asked for are
the scores behind the last token, in which all four ways agree. The tokens are given: nothing is drawn or chosen. Time
is that of the processor, on one thread.

The sequence grows by a token with each turn: the first is not counted, and in the middle one of the others T are read.
So what seqlib pays in the first, to move its keys and values to where there is room behind them, is not in the median;
it comes back when half as many tokens more are there, and not before 32 are. Without a cache a large batch is not read
again at every length: `again` says up to which, by the number of sequences.

Asked of the slope of log time over log T, fitted seed by seed to the lengths from 64 to 1024, of seqlib and one
sequence, with bounds set before the recording:

    no cache    above 0.9 supports that all T are paid for again with each token, below 0.6 refutes
    cache       below 0.6 supports that they are not, above 0.9 refutes

and of memory, that what is held is 2 L N T d numbers of four bytes, exactly. The storage in which they lie is told
beside it, with the room behind them.

In a first recording the lengths came one after another, and other work on the machine fell upon one of them: without a
cache one of 15 seeds, ten of them others than those recorded, had a slope of 0.89. Since then all lengths take turns;
and in an order drawn for each turn, for in a second one the shortest always came after the longest, and took longer
than the next, perhaps because nothing of it was in the processor's caches any more. The bounds are the same.
"""

import time

import numpy as np
import torch

from seqlib.evidence import rounded
from seqlib.nn import GPT, gpt2_options, to_gpt2

CHAPTER = "15"
OURS, THEIRS = "seqlib", "Hugging Face"
NEAR = 1e-4  # scores that differ by more are not those of the same network


def about(T, seed):
    """A length near T, drawn by the seed."""
    return round(T * 2 ** np.random.default_rng([seed, T]).uniform(-0.25, 0.25))


def networks(seed, vocab_size, d, n_heads, n_layers, longest):
    """Who -> the network; both have the same weights."""
    from transformers.models.gpt2.modeling_gpt2 import GPT2Config, GPT2LMHeadModel

    torch.manual_seed(seed)
    net = GPT(vocab_size, d, n_heads, n_layers, longest=longest)
    other = GPT2LMHeadModel(GPT2Config(**gpt2_options(net)))
    other.load_state_dict(to_gpt2(net))
    return {OURS: net.eval(), THEIRS: other.eval()}


@torch.no_grad()
def ours(net, x, read, cache):
    """One token more of x (N, T) with each turn, the first behind so many read ones: scores (N, V), and the state."""
    state = net.prefill(x[:, :read])[1] if cache else None
    for end in range(read + 1, x.shape[1] + 1):
        scores, state = net.step(x[:, end - 1], state) if cache else (net.prefill(x[:, :end])[0], None)
        yield scores, state


@torch.no_grad()
def theirs(net, x, read, cache):
    """The same; their state is written on, and stays one object."""
    state = net(input_ids=x[:, :read], use_cache=True).cache if cache else None
    for end in range(read + 1, x.shape[1] + 1):
        seen = x[:, end - 1 : end] if cache else x[:, :end]
        out = net(input_ids=seen, cache=state, use_cache=cache, logits_to_keep=1)
        yield out.logits[:, -1], state


READERS = {OURS: ours, THEIRS: theirs}


def memory(state):
    """Bytes of the keys and values of a state, and of the storages that it keeps, each once."""
    layers = state if isinstance(state, tuple) else state.layers
    parts = [part for layer in layers for part in (layer.keys, layer.values)]
    storages = {part.untyped_storage().data_ptr(): part.untyped_storage().nbytes() for part in parts}
    return {"held": sum(part.nbytes for part in parts), "storage": sum(storages.values())}


def turns(ways, steps):
    """Length and way -> the median CPU time in ms of `steps` turns after one that is not counted. In the middle one all
    ways of a length have to agree, and the memory of those that have a state is told.
    """
    took, scores, kept, order = {each: [] for each in ways}, {}, {}, np.random.default_rng(0)
    for turn in range(steps + 1):
        for place in order.permutation(len(ways)):
            each, reads = list(ways.items())[place]
            begun = time.process_time()
            scores[each], state = next(reads)
            took[each].append(1000 * (time.process_time() - begun))
            if turn == (steps + 1) // 2 and state is not None:
                kept[each] = memory(state)
        if turn == (steps + 1) // 2:
            for (T, way), found in scores.items():
                first = next(of for (other, _), of in scores.items() if other == T)
                if not (found - first).abs().max() < NEAR:
                    raise ValueError(f"{way} comes to other scores at T = {T}")
    return {each: rounded(np.median(values[1:])) for each, values in took.items()}, kept


def tokens(steps, seeds, d, n_heads, n_layers, vocab_size, longest, again, lengths):
    """ "T": length -> those drawn, by seed; "token": sequences at once -> way -> length -> ms, by seed; "memory":
    sequences at once -> way, or "configured", -> length -> bytes, by seed, of ways as "held" and "storage".
    """
    found = {"T": {f"{T}": [about(T, seed) for seed in seeds] for T in lengths}, "token": {}, "memory": {}}
    for seed in seeds:
        nets = networks(seed, vocab_size, d, n_heads, n_layers, longest)
        for N, farthest in again.items():
            token, kept = (found[what].setdefault(N, {}) for what in ("token", "memory"))
            ways = {}
            for nominal in lengths:
                T = about(nominal, seed)
                x = torch.randint(vocab_size, (int(N), T + steps // 2))
                for who, net in nets.items():
                    for cache in (True, False):
                        if cache or nominal <= farthest:
                            way = f"{who}, {'cache' if cache else 'no cache'}"
                            ways[f"{nominal}", way] = READERS[who](net, x, T - 1 - (steps + 1) // 2, cache)
                configured = 2 * n_layers * int(N) * T * d * 4
                kept.setdefault("configured", {}).setdefault(f"{nominal}", []).append(configured)
            took, used = turns(ways, steps)
            for (place, way), ms in took.items():
                token.setdefault(way, {}).setdefault(place, []).append(ms)
            for (place, way), of in used.items():
                for what, value in of.items():
                    kept.setdefault(way, {}).setdefault(what, {}).setdefault(place, []).append(value)
    return found


MEASUREMENTS = {
    "cache": {
        "what": "the next token behind T that are read, with a cache and without, seqlib and Hugging Face in turn",
        "unit": "ms of CPU; bytes",
        "measure": tokens,
        "settings": {
            "steps": 9,
            "seeds": list(range(60, 65)),
            "d": 128,
            "n_heads": 4,
            "n_layers": 4,
            "vocab_size": 256,
            "longest": 2048,
            "again": {"1": 1024, "16": 256},
            "lengths": [16, 64, 256, 1024],
        },
    },
}
