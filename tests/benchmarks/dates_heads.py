"""The heads of a Transformer that translates dates: what each attends to, and what is lost when it is switched off."""

import contextlib

import numpy as np
import torch

from seqlib.evidence import rounded
from seqlib.text import BOS, EOS


def attentions(model):
    """Name -> the attention: of the encoder, of the decoder to what it has written ("decoder"), to the source."""
    found = {f"encoder {k}": block.self_attn for k, block in enumerate(model.encoder.layers, 1)}
    for name, part in (("decoder", "self_attn"), ("cross", "multihead_attn")):
        found |= {f"{name} {k}": getattr(block, part) for k, block in enumerate(model.decoder.layers, 1)}
    return found


@contextlib.contextmanager
def switched_off(attention, heads):
    """These heads add nothing: the columns of W_o that read them are 0 for a while."""
    before = attention.out_proj.weight.detach().clone()
    with torch.no_grad():
        for head in heads:
            attention.out_proj.weight[:, head * attention.d_k : (head + 1) * attention.d_k] = 0
    try:
        yield
    finally:
        with torch.no_grad():
            attention.out_proj.weight.copy_(before)


def maps(model, task, one):
    """Name of the attention -> its weights (heads, T, S) where a sentence is read, and its true translation written."""
    source = torch.tensor([[*task.source.encode(one.source), EOS]])
    previous = torch.tensor([[BOS, *task.target.encode(one.target)]])
    with torch.no_grad():
        h, read = model.encoder.read(model.source_embedding("source", source), need_weights=True)
        written = model.target_embedding("previous", previous)
        _, wrote = model.decoder.read(written, model.decoder.key_values(h), causal=True, need_weights=True)
    found = {f"encoder {k}": part.weights[0].numpy() for k, part in enumerate(read, 1)}
    found |= {f"decoder {k}": part.weights[0].numpy() for k, part in enumerate(wrote, 1)}
    return found | {f"cross {k}": part.cross[0].numpy() for k, part in enumerate(wrote, 1)}


def percent(weights):
    """A line of whole percents for each query of each head: what the page draws."""
    return [[" ".join(f"{round(100 * float(w))}" for w in row) for row in head] for head in weights]


def chosen(task, forms):
    """The first sentence of each form, of another day each."""
    days, found = set(), []
    for form in forms:
        found.append(next(one for one in task.sentences if one.form == form and one.concept not in days))
        days.add(found[-1].concept)
    return found


def drawn(model, task, forms):
    """Sentences with their tokens, links, and the maps of all heads in percents."""
    told = []
    for one in chosen(task, forms):
        found = {name: percent(weights) for name, weights in maps(model, task, one).items()}
        tokens = {"source": [*one.source, "<eos>"], "target": [*one.target, "<eos>"]}
        told.append(tokens | {"form": one.form, "sure": sorted(one.sure), "maps": found})
    return told


def on_gold(model, task, every):
    """Head of the attention to the source -> the share of linked words whose largest weight is at their word."""
    found = {}
    for one in task.sentences[::every]:
        words = [(s, t) for s, t in one.sure if one.roles[1][t]]
        for name, weights in maps(model, task, one).items():
            for head, of_head in enumerate(weights if name.startswith("cross") else [], 1):
                looked = of_head.argmax(1)
                found.setdefault(f"{name}, head {head}", []).extend(looked[t] == s for s, t in words)
    return {name: rounded(np.mean(hits)) for name, hits in found.items()}


def effects(model, scores):
    """What is switched off -> scores(model): nothing, each head alone, and all heads of an attention together."""
    found = {"nothing": scores(model)}
    for name, attention in attentions(model).items():
        n = attention.n_heads
        for heads in [*([head] for head in range(n)), range(n)]:
            with switched_off(attention, heads):
                which = "all heads" if len(heads) == n else f"head {heads[0] + 1}"
                found[f"{name}, {which}"] = scores(model)
    return found
