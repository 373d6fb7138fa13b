"""The registry of mixers, and the same layers in seqlib.reference. A new mixer joins by a row in MIXERS."""

import numpy as np
import torch
from blocks import DOUBLE

from seqlib.nn import (
    GRU,
    LSTM,
    CausalConvolution,
    DiagonalStateSpace,
    LinearAttention,
    Mamba,
    MinGRU,
    MinLSTM,
    MultiHeadAttention,
    SelectiveScan,
)
from seqlib.nn.adapted import as_mixer
from seqlib.reference import diagonal_state_space, linear_attention, mingru, minlstm, selective_scan

D, N = 6, 3

# name -> a function of the keyword arguments that makes a layer which reads vectors of D numbers
MIXERS = {
    "minGRU": lambda **kind: MinGRU(D, 5, **kind),
    "minGRU-positive": lambda **kind: MinGRU(D, 5, candidate="positive", method="tree", **kind),
    "minGRU-negative": lambda **kind: MinGRU(D, 5, negative_eigenvalues=True, bias=False, **kind),
    "minLSTM": lambda **kind: MinLSTM(D, 5, method="doubling", **kind),
    "minLSTM-positive": lambda **kind: MinLSTM(D, 5, candidate="positive", **kind),
    "minLSTM-negative": lambda **kind: MinLSTM(D, 5, negative_eigenvalues=True, **kind),
    "S4D": lambda **kind: DiagonalStateSpace(D, N, fastest=0.8, slowest=0.1, **kind),
    "S4D-scan": lambda **kind: DiagonalStateSpace(D, N, fastest=0.8, method="chunked", **kind),
    "S4D-euler": lambda **kind: DiagonalStateSpace(D, N, rule="euler", **kind),
    "S4D-mixed": lambda **kind: DiagonalStateSpace(D, N, rule="mixed", method="loop", **kind),
    "S6": lambda **kind: SelectiveScan(D, N, 2, fastest=0.8, **kind),
    "S6-paper": lambda **kind: SelectiveScan(D, N, rule="zero-order hold", method="tree", **kind),
    "S6-euler": lambda **kind: SelectiveScan(D, N, rule="euler", **kind),
    "S6-negative": lambda **kind: SelectiveScan(D, N, negative_eigenvalues=True, **kind),
    "Mamba": lambda **kind: Mamba(D, N, fastest=0.8, **kind),
    "Mamba-other": lambda **kind: Mamba(
        D, N, hidden_size=7, convolution=1, step_rank=3, bias=True, convolution_bias=False, **kind
    ),
    "linear attention": lambda **kind: LinearAttention(D, 2, chunk=5, **kind),
    "linear attention-sum": lambda **kind: LinearAttention(D, 3, normalised=False, bias=False, **kind),
    "linear attention-feature": lambda **kind: LinearAttention(D, 2, feature=_pair, **kind),
    "convolution": lambda **kind: CausalConvolution(D, 3, **kind),
    "LSTM": lambda **kind: as_mixer(LSTM(D, D, batch_first=True, **kind), D),
    "torch-GRU": lambda **kind: as_mixer(torch.nn.GRU(D, D, 2, batch_first=True, **kind), D),
    "GRU": lambda **kind: as_mixer(GRU(D, D, batch_first=True, **kind), D),
    "attention": lambda **kind: as_mixer(MultiHeadAttention(D, 3, rotary=100.0, **kind), D),
    "attention-without-positions": lambda **kind: as_mixer(MultiHeadAttention(D, 3, n_kv_heads=1, **kind), D),
}


def _pair(x):
    """A feature map into twice as many dimensions, all positive."""
    return torch.cat([x, -x], -1).exp()


def made(name, seed=0, **kind):
    """The mixer in float64, with weights that tell everything apart, near those it starts with."""
    torch.manual_seed(seed)
    mixer = MIXERS[name](**DOUBLE | kind)
    with torch.no_grad():
        for parameter in mixer.parameters():
            parameter.add_(torch.randn_like(parameter) * 0.3)
    return mixer


def vectors(T, B=3, seed=1):
    torch.manual_seed(seed)
    return torch.randn(B, T, D, **DOUBLE)


def flat(state):
    """All tensors of a state."""
    return [state] if isinstance(state, torch.Tensor) else [part for piece in state for part in flat(piece)]


def first_state(mixer, B=3, seed=2):
    """A state that is not zero: what a short prompt leaves, and something random on it where that is a state too."""
    torch.manual_seed(seed)
    _, state = mixer(vectors(2, B, seed))
    return mapped(lambda part: part if part.dtype == torch.bool else part + 0.3 * torch.rand_like(part), state)


def mapped(change, state):
    return change(state) if isinstance(state, torch.Tensor) else tuple(mapped(change, part) for part in state)


def array(tensor):
    return tensor.detach().numpy().copy()


def gates(module):
    """minGRU and minLSTM: outputs, final state and gradients, in the order of the layer's parameters."""

    def run(mixer, x, h0, dout, dstate):
        params = mingru.Params(array(mixer.weight), array(mixer.bias))
        hs, cache = module.forward(params, x, h0, candidate=mixer.candidate)
        grads = module.backward(dout, cache, dh_T=dstate)
        return hs, cache.h_T, {"weight": grads.params.W_xh, "bias": grads.params.b_h}, grads.x, grads.h0

    return run


def diagonal(mixer, x, h0, dout, dstate):
    """S4D."""
    names = ("A_log", "B", "C", "skip", "log_delta")
    params = diagonal_state_space.Params(*(array(getattr(mixer, name)) for name in names))
    y, cache = diagonal_state_space.forward(params, x, h0, rule=mixer.rule)
    grads = diagonal_state_space.backward(dout, cache, dh_T=dstate)
    return y, cache.h_T, dict(zip(names, grads.params, strict=True)), grads.x, grads.h0


def selective(mixer, x, h0, dout, dstate):
    """S6."""
    R = mixer.step_rank
    W_down, W_B, W_C = np.split(array(mixer.x_proj.weight), [R, R + N])
    up, bias = array(mixer.dt_proj.weight), array(mixer.dt_proj.bias)
    params = selective_scan.Params(array(mixer.A_log), W_down, up, bias, W_B, W_C, array(mixer.skip))
    y, cache = selective_scan.forward(params, x, h0, rule=mixer.rule)
    grads = selective_scan.backward(dout, cache, dh_T=dstate)
    d = grads.params
    named = {"A_log": d.A_log, "skip": d.skip, "x_proj.weight": np.concatenate([d.W_down, d.W_B, d.W_C])}
    return y, cache.h_T, named | {"dt_proj.weight": d.W_up, "dt_proj.bias": d.b_delta}, grads.x, grads.h0


def attending(mixer, x, state, dout, dstate):
    """Linear attention: each head by itself, between the projections."""
    W, b, W_o = array(mixer.in_proj_weight), mixer.in_proj_bias, array(mixer.out_proj.weight)
    b = np.zeros(len(W)) if b is None else array(b)
    b_o = np.zeros(D) if mixer.out_proj.bias is None else array(mixer.out_proj.bias)
    heads = np.split(x @ W.T + b, 3 * mixer.n_heads, -1)
    dheads = np.split(dout @ W_o, mixer.n_heads, -1)
    n, outs, finals, dsums, dstates = mixer.n_heads, [], [], [None] * 3 * mixer.n_heads, []
    for i in range(n):
        query, keys, values = heads[i], heads[n + i], heads[2 * n + i]
        y, cache = linear_attention.forward(query, keys, values, state[:, i], normalised=mixer.normalised)
        grads = linear_attention.backward(dheads[i], cache, dstate=dstate[:, i])
        outs, finals, dstates = [*outs, y], [*finals, cache.state], [*dstates, grads.state]
        dsums[i], dsums[n + i], dsums[2 * n + i] = grads.query, grads.keys, grads.values
    together, da = np.concatenate(outs, -1), np.concatenate(dsums, -1)
    named = {
        "in_proj_weight": np.einsum("bti,btj->ij", da, x),
        "in_proj_bias": da.sum((0, 1)),
        "out_proj.weight": np.einsum("bti,btj->ij", dout, together),
        "out_proj.bias": dout.sum((0, 1)),
    }
    return together @ W_o.T + b_o, np.stack(finals, 1), named, da @ W, np.stack(dstates, 1)


# name -> a function of mixer, x, first state and cotangents: out, last state, and gradients, those of the parameters by
# their names, of x, of the first state
REFERENCES = {
    "minGRU": gates(mingru),
    "minGRU-positive": gates(mingru),
    "minLSTM": gates(minlstm),
    "minLSTM-positive": gates(minlstm),
    "S4D": diagonal,
    "S4D-scan": diagonal,
    "S4D-euler": diagonal,
    "S4D-mixed": diagonal,
    "S6": selective,
    "S6-paper": selective,
    "S6-euler": selective,
    "linear attention": attending,
    "linear attention-sum": attending,
}
