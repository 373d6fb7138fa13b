"""Planted bugs of seqlib.nn.conditioned_model."""

FILE = "seqlib/nn/conditioned_model.py"
TESTS = ["tests/nn/test_conditioned_model.py"]
MUTANTS = {
    "start-without-tanh": ("h = torch.tanh(c)", "h = c"),
    "cell-squashed": ("return (h, c) if", "return (h, h) if"),
    "layers-mixed-up": (
        "unflatten(1, (self.layers, -1)).transpose(0, 1).contiguous()",
        "reshape(self.layers, len(given), -1)",
    ),
    "first-answer-kept": ("return out[:, 1:], state", "return out[:, :-1], state"),
    "length-of-the-words-alone": ("x.shape[1], least=1) + 1", "x.shape[1], least=1)"),
    "told-again-and-again": ("torch.zeros_like(x[..., : self.n_given])", "x[..., : self.n_given]"),
    "first-word-beside-the-vector": ("torch.zeros_like(words[:, 0])", "words[:, 0]"),
    "lengths-not-checked-before": (
        'check_lengths("lengths", lengths, x.shape[1], least=1)',
        "torch.as_tensor(lengths)",
    ),
    "both-directions": ('if getattr(core, "bidirectional", False):', "if False:"),
    "start-forgotten": ("self.model(words, lengths, self._start(given))", "self.model(words, lengths)"),
    "control-reads-the-vector": (
        "            return self.model(words, lengths)\n",
        "            return self.model(words + given.mean(), lengths)\n",
    ),
}
