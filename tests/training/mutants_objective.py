"""Planted bugs of seqlib.training.objective."""

FILE = "seqlib/training/objective.py"
TESTS = [
    "tests/training/test_objective.py",
    "tests/training/test_padding.py",
    "tests/training/test_gradient.py",
    "tests/training/test_evaluate.py",
    "-k",
    "not bfloat16",
]
MUTANTS = {
    "lengths-dropped": ("model(*batch.inputs)", "model(batch.inputs[0])"),
    "mask-dropped": (
        "return first[batch.mask], batch.y[batch.mask]",
        "return first.flatten(0, 1), batch.y.flatten(0, 1)",
    ),
    "ids-unchecked": ('check_ids("batch.y", ids, logits.shape[-1], mask.shape, mask=mask)', 'ids.astype("int64")'),
    "masked-ids-checked": ("mask.shape, mask=mask)", "mask.shape)"),
    "shapes-broadcast": ("if prediction.shape != target.shape:", "if False:"),
    "any-object-answers": ("if not isinstance(first, Tensor):", "if False:"),
    "empty-tuples-opened": ("if isinstance(out, tuple) and out else", "if isinstance(out, tuple) else"),
    "second-of-the-tuple": ("first = out[0]", "first = out[-1]"),
    "complex-answers": ("if not first.is_floating_point():", "if first.dtype == torch.int64:"),
    "integer-answers": ("if not first.is_floating_point():", "if first.is_complex():"),
    "no-classes": ("if logits.ndim != 2:", "if logits.ndim > 2:"),
    "axes-of-the-row": ("got {logits.ndim + 1} axes", "got {logits.ndim} axes"),
    "vectors-are-losses": (" or value.numel() != 1 or", " or"),
    "complex-losses": (" or value.is_complex():", ":"),
    "numbers-are-losses": ("if not isinstance(value, Tensor) or value", "if isinstance(value, Tensor) and value"),
    "smoothing-forgotten": ("asked, label_smoothing=smoothing)", "asked)"),
    "smoothing-without-the-mask": (
        "nn.functional.cross_entropy(logits, asked, label_smoothing=smoothing)",
        "(1 - smoothing) * nn.functional.cross_entropy(logits, asked)"
        " - smoothing * model(*batch.inputs).log_softmax(-1).mean()",
    ),
    "smoothing-doubled": ("label_smoothing=smoothing)", "label_smoothing=min(1, 2 * smoothing))"),
}
