"""Planted bugs of seqlib.nn.recurrent_model."""

FILE = "seqlib/nn/recurrent_model.py"
TESTS = ["tests/nn/test_recurrent_model.py"]
MUTANTS = {
    "post-norm": ("read(self.mixer, self.norm1(x), h)", "read(self.mixer, x, h)", "equations"),
    "convolution-without-norm": (
        "read(self.convolution, self.norm0(x), before)",
        "read(self.convolution, x, before)",
        "equations",
    ),
    "no-residual": (
        "        out, h = read(self.mixer, self.norm1(x), h)\n        x = x + self._dropped(out)",
        "        out, h = read(self.mixer, self.norm1(x), h)\n        x = self._dropped(out)",
        "equations",
    ),
    "feed-forward-without-norm": ("self.linear1(self.norm2(x))", "self.linear1(x)", "equations"),
    "no-last-norm": ("        h = self.norm(h)\n        if", "        if", "equations"),
    "relu-is-gelu": ('if self.activation == "relu":', 'if self.activation == "none":', "equations"),
    "gate-and-value-swapped": ("return silu(gate) * up", "return silu(up) * gate", "transformer"),
    "gelu-by-tanh": (
        'approximate="tanh" if self.activation == "gelu_tanh" else "none"',
        'approximate="tanh"',
        "transformer",
    ),
    "lengths-kept-from-the-mixers": ("h, state = block(h, before, lengths)", "h, state = block(h, before)", "padding"),
    "padding-answered": ("            h = h.masked_fill(~real[..., None], 0)\n", "            pass\n", "padding"),
    "ids-of-padding-looked-up": (
        "            x = torch.where(real if x.ndim == 2 else real[..., None], x, 0)\n",
        "",
        "padding",
    ),
    "state-of-convolution-lost": ("return x, (before, h)", "return x, (None, h)", "pieces"),
    "first-axis-missing": (
        "part.unsqueeze(0), state) for state in after)",
        "part, state) for state in after)",
        "pieces",
    ),
    "rows-of-the-wrong-axis": ("part.index_select(0, chosen)", "part.flip(0).index_select(0, chosen)", "pieces"),
    "prefill-answers-first": ("return out[:, -1], state", "return out[:, 0], state", "pieces"),
    "dropout-in-a-step": (
        "with torch.no_grad(), evaluating(self):\n            h, after",
        "with torch.no_grad():\n            h, after",
        "dropout",
    ),
    "graph-in-a-step": (
        "with torch.no_grad(), evaluating(self):\n            h, after",
        "with evaluating(self):\n            h, after",
        "pieces",
    ),
    "never-tied": (
        "        if tied:\n            _tie(self)\n            self",
        "        if False:\n            _tie(self)\n            self",
        "tied",
    ),
    "untied-by-loading": ("            self.register_load_state_dict_post_hook(_tie)\n", "", "tied"),
    "untied-by-moving": ("        if self.tied:\n            _tie(self)\n", "", "tied"),
    "no-dropout-in-the-network": (
        "self.linear2(self._dropped(self._activated(",
        "self.linear2((self._activated(",
        "dropout",
    ),
    "any-depth-of-state": ("        if len(state) != len(self.blocks):", "        if False:", "bad"),
    "biases-always": ("norm, activation, p, eps, bias, kind)", "norm, activation, p, eps, True, kind)", "switches"),
}
