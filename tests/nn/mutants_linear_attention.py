"""Planted bugs of seqlib.nn.linear_attention."""

FILE = "seqlib/nn/linear_attention.py"
TESTS = ["tests/nn/test_linear_attention.py", "tests/nn/test_mixer.py"]
MUTANTS = {
    "later-keys-too": ("(q @ k.mT).tril() @ v", "(q @ k.mT) @ v", "other_weights"),
    "not-its-own-key": ("(q @ k.mT).tril() @ v", "(q @ k.mT).tril(-1) @ v", "other_weights"),
    "state-forgotten": (" + q @ before", "", "chunks"),
    "its-own-chunk-twice": (" + q @ before", " + q @ after", "chunks"),
    "first-state-forgotten": ("after = S.unsqueeze(2) + added.cumsum(2)", "after = added.cumsum(2)", "chunks"),
    "chunk-not-added-up": ("added.cumsum(2)", "added", "chunks"),
    "values-padded-with-one-behind-the-end": (
        "pad(part, (0, 0, 0, -T % C))",
        "pad(part, (0, 0, 0, -T % C), value=1.0)",
        "chunks",
    ),
    "padding-is-a-key": (
        "            k = k.masked_fill(~real[:, None, :, None], 0)\n",
        "            pass\n",
        "padding and linear",
    ),
    "never-normalised": ("if self.normalised else sums[..., :-1]", "if False else sums[..., :-1]", "other_weights"),
    "always-normalised": ("if self.normalised else sums[..., :-1]", "", "other_weights"),
    "queries-as-they-are": (
        "q, k, v = self.feature(q), self.feature(k),",
        "q, k, v = q, self.feature(k),",
        "other_weights",
    ),
    "step-forgets": ("        S = S + self.feature(k)", "        S = self.feature(k)", "step_by_step and linear"),
    "feature-zero-far-below": ("x.clamp(max=0).exp())", "x.clamp(max=0).expm1() + 1)", "test_feature"),
    "feature-without-one": ("torch.where(x > 0, x + 1,", "torch.where(x > 0, x,", "test_feature"),
    "feature-forgotten": (
        "self.feature = elu_feature if feature is None else feature",
        "self.feature = elu_feature",
        "asked_for",
    ),
    "one-square": ("C = T if chunk is None else min(chunk, T)", "C = T", "square"),
}
