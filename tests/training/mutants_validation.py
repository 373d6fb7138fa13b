"""Planted bugs of seqlib.training.validation."""

FILE = "seqlib/training/validation.py"
TESTS = ["tests/training/test_validation.py"]
MUTANTS = {
    "nan-is-best": (
        "math.isfinite(value) and (self.best is None or value < self.best.loss)",
        "self.best is None or not value >= self.best.loss",
    ),
    "infinite-is-best": ("math.isfinite(value) and", "not math.isnan(value) and"),
    "last-of-equals": ("value < self.best.loss)", "value <= self.best.loss)"),
    "highest-is-best": ("value < self.best.loss)", "value > self.best.loss)"),
    "last-is-best": ("(self.best is None or value < self.best.loss)", "True"),
    "best-trains-on": ("copy.deepcopy(model.state_dict())", "model.state_dict()"),
    "best-copied-by-reference": ("copy.deepcopy(model.state_dict())", "dict(model.state_dict())"),
    "patience-a-step-long": ("return since >= self.patience", "return since > self.patience"),
    "patience-without-best-endless": ("since = len(self.steps) if self.best is None", "since = 0 if self.best is None"),
    "patience-in-steps": (
        "len(self.steps) - 1 - self.steps.index",
        "self.steps[-1] - self.best.step + 0 * self.steps.index",
    ),
    "patience-alone": ("if data is None and self.patience is not None:", "if False:"),
    "on-the-training-data": ("if data is not None and data is training_data and", "if False and"),
    "seed-of-training": ("data, seed + 2**96, loss", "data, seed, loss"),
    "random-states-moved": ("with random_state.kept():", "if True:"),
    "buffers-moved": ("                    buffer.copy_(value)", "                    pass"),
    "buffers-replaced": ("                place[name] = buffer\n", "                pass\n"),
    "before-the-first-step": ("step > 0 and self.steps[-1:] != [step]", "self.steps[-1:] != [step]"),
    "the-end-twice": ("step > 0 and self.steps[-1:] != [step]", "step > 0"),
    "every-step-but-one": ("step > 0 and step % self.every == 0", "step > 0 and (step - 1) % self.every == 0"),
}
