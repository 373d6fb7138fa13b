"""Planted bugs of seqlib.nn.decoder_state."""

FILE = "seqlib/nn/decoder_state.py"
TESTS = ["tests/nn/test_decoder_state.py"]
MUTANTS = {
    "keys-stay": ("not torch.equal(of, self.of)", "False"),
    "always-copied": ("not torch.equal(of, self.of)", "True"),
    "mask-stays": ("keys, mask = those(self.keys), those(self.mask)", "keys = those(self.keys)"),
    "projected-stays": ("keys if self.projected is self.keys else those(self.projected)", "self.projected"),
    "projected-taken-for-keys": ("keys if self.projected is self.keys else those(self.projected)", "keys"),
    "sources-forgotten": ("those(self.of)\n", "self.of\n"),
    "what-is-fed-stays": ("of, those(self.fed)", "of, self.fed"),
    "weights-stay": ("those(self.weights))", "self.weights)"),
    "states-by-layer": (
        "part.index_select(0, chosen) for part in self.s",
        "part.index_select(0, chosen.sort().values) for part in self.s",
    ),
    "first-state-for-all": (
        "part.index_select(0, chosen) for part in self.s",
        "self.s[0].index_select(0, chosen) for part in self.s",
    ),
}
