"""Planted bugs of seqlib/reference/multi_head.py."""

FILE = "seqlib/reference/multi_head.py"
TESTS = ["tests/reference/test_multi_head.py", "tests/reference/test_transformer.py"]
MUTANTS = {
    "scale-missing": ("ScaledDot() if scaled else Dot()", "Dot()"),
    "always-scaled": ("ScaledDot() if scaled else Dot()", "ScaledDot()"),
    "heads-interleaved": (
        "x.reshape(B, T, n, width // n).swapaxes(1, 2)",
        "x.reshape(B, T, width // n, n).transpose(0, 3, 1, 2)",
    ),
    "heads-without-swap": ("x.reshape(B, T, n, width // n).swapaxes(1, 2)", "x.reshape(B, n, T, width // n)"),
    "merged-without-swap": ("x.swapaxes(1, 2).reshape(B, T, n * d)", "x.reshape(B, T, n * d)"),
    "values-of-the-keys": (
        "values = heads(_projected(params.W_v, params.b_v, asked), n_kv)",
        "values = heads(_projected(params.W_v, params.b_v, asked) * 0 + 1, n_kv)",
    ),
    "values-of-x": ("_projected(params.W_v, params.b_v, asked)", "_projected(params.W_v, params.b_v, asked[:, ::-1])"),
    "rotary-on-values": (
        "query, keys = rotated(query, **rotary._asdict()), rotated(keys, **rotary._asdict())",
        "query, keys, values = (\n            rotated(each, rotary.positions, base=rotary.base, pairs=rotary.pairs)"
        " if each.shape[3] % 2 == 0 else each[:, :, ::-1]\n            for each in (query, keys, values)\n        )",
    ),
    "rotary-on-queries-alone": (
        "rotated(query, **rotary._asdict()), rotated(keys, **rotary._asdict())",
        "rotated(query, **rotary._asdict()), keys",
    ),
    "rotary-ignored": ("    if rotary is not None:\n        query, keys", "    if False:\n        query, keys"),
    "rotary-not-turned-back": ("    if rotary is not None:\n        dquery", "    if False:\n        dquery"),
    "rotary-with-a-source": ("if causal or rotary is not None:", "if causal:"),
    "causal-with-a-source": ("if causal or rotary is not None:", "if rotary is not None:"),
    "causal-ignored": ("    if causal:\n        allowed", "    if False:\n        allowed"),
    "causal-the-wrong-way": ("allowed & np.tri(T, dtype=bool)", "allowed & np.tri(T, dtype=bool).T"),
    "causal-without-itself": ("np.tri(T, dtype=bool)", "np.tri(T, k=-1, dtype=bool)"),
    "causal-one-ahead": ("np.tri(T, dtype=bool)", "np.tri(T, k=1, dtype=bool)"),
    "causal-replaces-the-mask": (
        "allowed = allowed & np.tri(T, dtype=bool)",
        "allowed = np.repeat(np.tri(T, dtype=bool)[None], B, 0)",
    ),
    "mask-of-other-heads": ("np.repeat(allowed, n_heads, 0)", "np.concatenate([allowed] * n_heads)"),
    "mask-ignored": ("if mask is None else _for_each_query", "if True else _for_each_query"),
    "shared-keys-in-turn": ("np.repeat(shared, n_heads // n_kv, 1)", "np.concatenate([shared] * (n_heads // n_kv), 1)"),
    "shared-keys-back-in-turn": (
        "shared.reshape(B, n_kv, n_heads // n_kv, S, -1).sum(2)",
        "shared.reshape(B, n_heads // n_kv, n_kv, S, -1).sum(1)",
    ),
    "shared-keys-of-one-head": ("n_heads // n_kv, S, -1).sum(2)", "n_heads // n_kv, S, -1)[:, :, 0]"),
    "no-output-projection": (
        "dcontext = heads(dout @ params.W_o, n_heads)",
        "dcontext = heads(dout @ params.W_o * 0 + 1, n_heads)",
    ),
    "no-cotangent-of-weights": ("attended, dweights)\n    assert", "attended)\n    assert"),
    "no-biases-back": ("None if bias is None else d.sum((0, 1))", "None if bias is None else d.mean((0, 1))"),
    "biases-out-of-nothing": ("None if bias is None else d.sum((0, 1))", "d.sum((0, 1))"),
    "no-bias": ("return x @ W.T + (0 if b is None else b)", "return x @ W.T"),
    "dW_o-of-dout": ("outer(dout, joined)", "outer(dout, joined * 0 + 1)"),
    "dW_k-of-x": ("outer(dk, asked), outer(dv", "outer(dv[..., : dk.shape[2]], asked), outer(dv"),
    "dsource-of-the-keys": ("dk @ params.W_k + dv @ params.W_v\n", "dk @ params.W_k\n"),
    "dx-without-the-keys": ("Grads(dparams, dx + dsource, None)", "Grads(dparams, dx, None)"),
    "source-ignored": (
        "asked = x if source is None else source\n    S",
        "asked = x if source is None else source[:, ::-1]\n    S",
    ),
    "weights-of-heads-mixed": (
        "self.attended.weights.reshape(len(self.x), self.n_heads, ",
        "self.attended.weights.reshape(self.n_heads, len(self.x), ",
    ),
    "x-shared": ('x = np.array(real_array("x", x, ("B", "T", "D")))', 'x = real_array("x", x, ("B", "T", "D"))'),
    "weights-shared": ("Params(*(np.array(matrix) for matrix in matrices)", "Params(*(matrix for matrix in matrices)"),
    "any-W_q": ("if not q or q % n_heads:", "if not q:"),
    "no-W_q": ("if not q or q % n_heads:", "if q % n_heads:"),
    "any-W_k": ("if not k or k % d_k or n_heads % (k // d_k):", "if not k or k % d_k:"),
    "no-W_k": ("if not k or k % d_k or", "if k % d_k or"),
    "rows-of-W_k": ("if not k or k % d_k or n_heads % (k // d_k):", "if not k or n_heads % max(k // d_k, 1):"),
    "any-W_v": ("if not v or v % n_kv:", "if False:"),
    "any-W_o": ("if o != v // n_kv * n_heads:", "if False:"),
    "any-bias": ('real_array(f"{name}.{field}", value, (size,))', 'real_array(f"{name}.{field}", value)'),
    "dout-of-any-shape": ('real_array("dout", dout, (B, T, D))', 'real_array("dout", dout)'),
    "dweights-of-any-shape": (
        'real_array("dweights", dweights, (B, n_heads, T, S))',
        'real_array("dweights", dweights)',
    ),
}
