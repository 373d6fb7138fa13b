"""Planted bugs of seqlib.nn.embedding."""

FILE = "seqlib/nn/embedding.py"
TESTS = ["tests/nn/test_embedding.py", "tests/nn/test_transformer_model.py"]
MUTANTS = {
    "positions-scaled-too": (
        "            vectors = vectors + sinusoids(at, self.d_model, dtype=vectors.dtype)",
        "            vectors = vectors + self.scale * sinusoids(at, self.d_model, dtype=vectors.dtype)",
        "scaled",
    ),
    "not-scaled": ("vectors = vectors * self.scale", "pass", "scaled"),
    "drawn-as-large-as-ever": ("self.words.weight.div_(self.scale)", "pass", "variance"),
    "learned-from-the-first-on": ("self.places.weight[start:end]", "self.places.weight[: end - start]", "scaled"),
    "sinusoids-from-0-on": ("torch.arange(start, end, device", "torch.arange(0, end - start, device", "scaled"),
    "longest-not-checked": ("if end > self.places.num_embeddings:", "if False:", "learned_positions_end"),
    "longest-one-too-few": (
        "if end > self.places.num_embeddings:",
        "if end >= self.places.num_embeddings:",
        "learned_positions_end",
    ),
    "dropout-in-evaluation": ("self.dropout, self.training)", "self.dropout, True)", "dropout"),
    "longest-for-all": ('if (longest is None) != (positions != "learned"):', "if False:", "bad_options"),
    "ids-or-vectors": ("if (vocab_size is None) == (input_size is None):", "if False:", "bad_options"),
    "any-positions": ("if positions not in POSITIONS:", "if False:", "bad_options"),
    "no-step": ("if x.shape[1] == 0:", "if False:", "bad_input"),
    "vectors-of-any-dtype": ("if x.dtype != wanted and", "if False and", "bad_input"),
    "booleans-are-ids": ("or x.dtype == torch.bool:", "or False:", "bad_input"),
}
