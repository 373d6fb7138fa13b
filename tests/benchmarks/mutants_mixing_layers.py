"""Planted bugs of tests/benchmarks/mixing_layers.py: layers that are not what their names say, or not alike in size."""

FILE = "tests/benchmarks/mixing_layers.py"
TESTS = ["tests/benchmarks/test_mixing_layers.py"]
MUTANTS = {
    "more-units": ("UNITS, EVERY, WIDEST = 64, 8, 256", "UNITS, EVERY, WIDEST = 72, 8, 256"),
    "any-width": ("UNITS, EVERY, WIDEST = 64, 8, 256", "UNITS, EVERY, WIDEST = 64, 16, 256"),
    "not-wide-enough": ("UNITS, EVERY, WIDEST = 64, 8, 256", "UNITS, EVERY, WIDEST = 64, 8, 96"),
    "most-different": ("return min(sizes", "return max(sizes"),
    "weights-forgotten": ("sum(w.numel() for w in net.parameters())", "len([*net.parameters()])"),
    "time-first": ("width, width, batch_first=True", "width, width"),
    "state-forgotten": (
        "return self.core(x, state)\n\n    def step(self, x, state=None):\n        out",
        "return self.core(x)\n\n    def step(self, x, state=None):\n        out",
    ),
    "two-heads": ("MultiHeadAttention(width, 1)", "MultiHeadAttention(width, 2)"),
    "not-causal": ("causal=True, need_weights", "causal=False, need_weights"),
    "own-keys-alone": ("own if state is None else state.extended(own)", "own"),
    "keys-before-forgotten": ("need_weights=self.explicit)[0], state", "need_weights=self.explicit)[0], own"),
    "always-explicit": ("need_weights=self.explicit", "need_weights=True"),
    "always-fused": ("need_weights=self.explicit", "need_weights=False"),
    "explicit-for-fused": (
        '"attention, fused": lambda width: Attention(width, False)',
        '"attention, fused": lambda width: Attention(width, True)',
    ),
    "not-gated": ("glu(self.mix(gelu(out)), -1)", "self.mix(gelu(out)).chunk(2, -1)[0]"),
    "no-gelu": ("glu(self.mix(gelu(out)), -1)", "glu(self.mix(out), -1)"),
    "step-not-mixed": ("self.mixed(*self.core.step(x, state))", "self.core.step(x, state)"),
    "makers-of-lstm": ("Stepped(nn.LSTM, width)", "Stepped(LSTM, width)"),
    "makers-of-gru": ("Stepped(GRU, width)", "Stepped(nn.GRU, width)"),
    "mingru-always-by-scan": ('MinGRU(width, width, method="loop")', "MinGRU(width, width)"),
    "mamba-always-by-loop": ("Mamba(width),", 'Mamba(width, method="loop"),'),
    "convolution-for-scan": ('Diagonal(width, "chunked")', 'Diagonal(width, "convolution")'),
    "scan-for-convolution": ('Diagonal(width, "convolution")', 'Diagonal(width, "chunked")'),
}
