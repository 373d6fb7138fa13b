"""Planted bugs of seqlib.training.schedules."""

FILE = "seqlib/training/schedules.py"
TESTS = ["tests/training/test_schedules.py"]
MUTANTS = {
    "first-step-does-nothing": ("(step + 1) / self.warmup if", "step / self.warmup if"),
    "warm-up-a-step-long": ("if step < self.warmup else 1.0", "if step <= self.warmup else 1.0"),
    "cosine-rises-again": ("way = min(1.0, (step - self.warmup)", "way = ((step - self.warmup)"),
    "cosine-from-step-0": ("(step - self.warmup) / (self.steps - self.warmup)", "step / self.steps"),
    "cosine-ends-a-step-early": ("/ (self.steps - self.warmup))", "/ (self.steps - 1 - self.warmup))"),
    "floor-of-nothing": ("self.floor + (1 - self.floor) *", "self.floor + 1.0 *"),
    "decay-a-step-late": ("((step - self.warmup) // self.every)", "((step - self.warmup - 1) // self.every)"),
    "decay-during-warm-up": (
        "self.factor ** ((step - self.warmup) // self.every)",
        "self.factor ** (step // self.every)",
    ),
    "factor-on-factor": ("_set(group, base * factor)", '_set(group, float(group["lr"]) * factor)'),
    "first-group-only": ("_set(group, base * factor)", "_set(group, self.base[0] * factor)"),
    "tensor-replaced": ('group["lr"].fill_(lr)', 'group["lr"] = lr'),
    "negative-rates": ('check_number(f"schedule({step})", self.schedule(step), low=0)', "self.schedule(step)"),
}
