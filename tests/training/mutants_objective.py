"""Planted bugs of seqlib.training.objective."""

FILE = "seqlib/training/objective.py"
TESTS = ["tests/training/test_objective.py", "tests/training/test_padding.py"]
MUTANTS = {
    "lengths-dropped": ("model(*batch.inputs)", "model(batch.inputs[0])"),
    "mask-dropped": ("return out[batch.mask], batch.y[batch.mask]", "return out.flatten(0, 1), batch.y.flatten(0, 1)"),
    "ids-unchecked": ('check_ids("batch.y", ids, logits.shape[-1], mask.shape, mask=mask)', 'ids.astype("int64")'),
    "masked-ids-checked": ("mask.shape, mask=mask)", "mask.shape)"),
    "shapes-broadcast": ("if prediction.shape != target.shape:", "if False:"),
}
