"""Planted bugs of seqlib.training.scheduled_sampling."""

FILE = "seqlib/training/scheduled_sampling.py"
TESTS = ["tests/training/test_scheduled_sampling.py", "tests/nn/test_encoder_decoder_training.py"]
MUTANTS = {
    "true-and-own-swapped": ("< probability)", ">= probability)"),
    "draws-for-nothing": ("if self.probability == 0:", "if False:"),
    "never-own": ("if self.probability == 0:", "if True:"),
    "one-coin-for-a-row": (
        "torch.rand(asked.shape, device=asked.device)",
        "torch.rand((len(asked), 1), device=asked.device)",
    ),
    "one-coin-for-a-batch": ("torch.rand(asked.shape, device=asked.device)", "torch.rand((), device=asked.device)"),
    "the-one-before": ("mixed[:, t : t + 1], **state", "batch.inputs[0][:, t : t + 1].long(), **state"),
    "memory-lost": ('state = {"state": after}', "pass"),
    "drawn-one-late": (
        "torch.where(own[:, t + 1], drawn, mixed[:, t + 1])",
        "torch.where(own[:, t], drawn, mixed[:, t + 1])",
    ),
    "padding-replaced": ("asked[:, 1:] = mask[:, :-1] & mask[:, 1:]", "asked[:, 1:] = True"),
    "what-was-not-asked-replaced": ("asked[:, 1:] = mask[:, :-1] & mask[:, 1:]", "asked[:, 1:] = mask[:, 1:]"),
    "next-symbols-unchecked": ("if not torch.equal(x[:, 1:]", "if False and torch.equal(x[:, 1:]"),
    "sampled-when-greedy": ("if self.greedy else", "if False else"),
    "greedy-when-sampled": ("if self.greedy else", "if True else"),
    "uniform-draws": ("p = logits.float().softmax(-1)", "p = logits.float().softmax(-1) ** 0"),
    "drawn-with-dropout": ("with evaluating(model):", "with torch.no_grad():"),
    "not-detached": ("with evaluating(model):", "model.eval()\n        if True:"),
    "targets-replaced": (
        "batch._replace(inputs=self._mixed(model, batch, self.probability))",
        "batch._replace(inputs=(x := self._mixed(model, batch, self.probability)), "
        "y=torch.where(batch.mask, x[0].roll(-1, 1), batch.y))",
    ),
    "batch-changed-in-place": ("batch.inputs[place].long().clone()", "batch.inputs[place]"),
    "padding-read": (")[:, None]] = 0", ")[:, None]] += 0"),
    "lengths-dropped": ("mixed, *batch.inputs[place + 1 :])", "mixed)"),
    "always-the-first-probability": ("self.probability(step)", "self.probability(0)"),
    "greedy-forgotten-at-a-step": ("self.loss, self.greedy)", "self.loss)"),
    "smoothing-forgotten-at-a-step": ("self.loss, self.greedy)", "CrossEntropy(), self.greedy)"),
    "any-probability": ('check_number("probability", self.probability, low=0, high=1)', "pass"),
    "judged-by-itself": ("return self.loss.judged_by", "return self"),
    "function-taken-for-a-number": (
        '            raise ValueError("probability must',
        '            return self.loss(model, batch)\n            raise ValueError("probability must',
    ),
    "source-taken-for-the-target": ("return 2 if len(batch.inputs) == 3 else 0", "return 0"),
    "words-of-a-translation-lost": ('state = {"state": translator.encode', '{"state": translator.encode'),
    "true-words-of-a-translation": ("translator.step(mixed[:, t], ", "translator.step(batch.inputs[place][:, t], "),
}
