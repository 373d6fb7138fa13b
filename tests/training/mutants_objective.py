"""Planted bugs of seqlib.training.objective."""

FILE = "seqlib/training/objective.py"
TESTS = ["tests/training/test_objective.py", "tests/training/test_padding.py"]
MUTANTS = {
    "lengths-dropped": ("model(*batch.inputs)", "model(batch.inputs[0])"),
    "mask-dropped": ("return out[batch.mask], batch.y[batch.mask]", "return out.flatten(0, 1), batch.y.flatten(0, 1)"),
    "ids-unchecked": ("if outside.numel():", "if False:"),
    "negative-ids": ("(target < 0) | (target >= size)", "target >= size"),
    "ids-of-one-dtype": ("target, size = target.long(), logits", "target, size = target, logits"),
    "shapes-broadcast": ("if prediction.shape != target.shape:", "if False:"),
}
