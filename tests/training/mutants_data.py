"""Planted bugs of seqlib.training.data."""

FILE = "seqlib/training/data.py"
TESTS = ["tests/training/test_data.py"]
MUTANTS = {
    "same-batch-again": ("np.random.default_rng([seed, step])", "np.random.default_rng([seed, 0])"),
    "first-batch-only": ("data[step % len(data)]", "data[0]"),
    "mask-as-index": ("if mask.dtype != torch.bool:", "if False:"),
    "mask-of-any-shape": ('check_shape("the mask that data gave", mask, y.shape[:2])', "pass"),
    "empty-mask": ("if not bool(mask.any()):", "if False:"),
    "ids-made-floats": ("if tensor.is_floating_point() else tensor.to(like.device)", ""),
}
