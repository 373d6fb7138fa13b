"""Planted bugs of seqlib.nn.bert."""

FILE = "seqlib/nn/bert.py"
TESTS = ["tests/nn/test_bert.py"]
MUTANTS = {
    "no-segments": (
        '+ look_up("segments", self.segments, segments) +',
        '+ 0 * look_up("segments", self.segments, segments) +',
    ),
    "no-positions": ("+ self.places.weight[:T]", "+ 0 * self.places.weight[:T]"),
    "positions-from-the-end": ("self.places.weight[:T]", "self.places.weight[-T:]"),
    "embeddings-not-normed": (
        "dropout(self.norm(vectors), self.dropout, self.training)",
        "dropout(vectors, self.dropout, self.training)",
    ),
    "pre-norm": ('"norm_first": False', '"norm_first": True, "final_norm": False'),
    "relu": ('"activation": "gelu"', '"activation": "relu"'),
    "causal": ("self.core.read(vectors, None, attended,", "self.core.read(vectors, None, attended, causal=True,"),
    "eps-of-the-blocks": ('"eps": eps, **kind}', '"eps": 1e-5, **kind}'),
    "dropout-in-evaluation": (
        "dropout(self.norm(vectors), self.dropout, self.training)",
        "dropout(self.norm(vectors), self.dropout)",
    ),
    "embeddings-not-dropped": (
        "vectors = dropout(self.norm(vectors), self.dropout, self.training)",
        "vectors = self.norm(vectors)",
    ),
    "blocks-not-dropped": ('"dropout": dropout, "eps"', '"dropout": 0.0, "eps"'),
    "padding-is-attended-to": ("attended = real[:, None] if attended is None else attended & real[:, None]", "pass"),
    "mask-lost-with-lengths": ("real[:, None] if attended is None else attended & real[:, None]", "real[:, None]"),
    "lengths-lost-with-a-mask": (
        "real[:, None] if attended is None else attended & real[:, None]",
        "real[:, None] if attended is None else attended",
    ),
    "padding-is-read": ("x, segments = x.masked_fill(~real, 0), segments.masked_fill(~real, 0)", "pass"),
    "segments-of-padding-are-read": ("segments.masked_fill(~real, 0)", "segments"),
    "padding-is-answered": ("h = h.masked_fill(~real[..., None], 0)", "pass"),
    "padding-has-weights": ("weights if real is None else weights.masked_fill(~real[:, None, :, None], 0)", "weights"),
    "keys-for-queries": (
        "weights.masked_fill(~real[:, None, :, None], 0)",
        "weights.masked_fill(~real[:, None, None], 0)",
    ),
    "pools-the-last": ("self.pooler(h[:, 0])", "self.pooler(h[:, -1])"),
    "pools-the-mean": ("self.pooler(h[:, 0])", "self.pooler(h.mean(1))"),
    "pooled-without-tanh": ("torch.tanh(self.pooler(h[:, 0]))", "self.pooler(h[:, 0])"),
    "head-without-gelu": ("self.norm(gelu(self.transform(h)))", "self.norm(self.transform(h))"),
    "head-without-norm": ("self.norm(gelu(self.transform(h)))", "gelu(self.transform(h))"),
    "head-without-bias": ("self.bert.words.weight, self.bias)", "self.bert.words.weight)"),
    "pair-not-pooled": (
        "return self.scores(h), self.pair(self.bert.pooled(h))",
        "return self.scores(h), self.pair(h[:, 0])",
    ),
    "class-not-pooled": ("dropout(self.bert.pooled(h), self.head_dropout", "dropout(h[:, 0], self.head_dropout"),
    "class-by-position": ("self.readout(pooled)[:, None].expand(-1, x.shape[1], -1)", "self.readout(h)"),
    "class-never-dropped": (
        "pooled = dropout(self.bert.pooled(h), self.head_dropout, self.training)",
        "pooled = self.bert.pooled(h)",
    ),
    "another-bert": ("    return first\n", "    import copy\n\n    return copy.deepcopy(first)\n"),
    "options-ignored": ("    if sizes or options:\n", "    if sizes and options:\n"),
    "asks-pairs-for-words": ("    words[:, 0] = False\n", ""),
    "pairs-not-asked": ("    if pairs.any():\n", "    if pairs.all() and not words.any():\n"),
    "words-not-asked": ("    if words.any():\n", "    if words.any() and not pairs.any():\n"),
    "sum-for-mean": (
        "cross_entropy(model.scores(h[words]), batch.y[words])",
        'cross_entropy(model.scores(h[words]), batch.y[words], reduction="sum")',
    ),
    "pairs-judged-twice": ("batch.y[pairs, 0])", "batch.y[pairs, 0]) * 2"),
    "pairs-answers-of-words": ("batch.y[pairs, 0])", "batch.y[pairs, 1] % 2)"),
    "start-of-torch": ("        _start(self, start)\n", ""),
    "heads-start-of-torch": (
        "        for part in (self.transform, self.pair):\n            _start(part, self.bert.start)\n",
        "",
    ),
    "readout-starts-of-torch": ("        _start(self.readout, self.bert.start)\n", ""),
    "variance-for-deviation": ("parameter.normal_(0, start)", "parameter.normal_(0, start**2)"),
    "gains-are-zero": ('elif name.endswith("bias"):', "else:"),
    "biases-are-drawn": ('elif name.endswith("bias"):', "elif False:"),
    "longest-not-checked": ("if longest < T:", "if 2 * longest < T:"),
    "one-segment": (
        'check_integer("n_segments", n_segments, low=1)',
        'min(2, check_integer("n_segments", n_segments, low=1))',
    ),
}
