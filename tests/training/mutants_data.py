"""Planted bugs of seqlib.training.data."""

FILE = "seqlib/training/data.py"
TESTS = ["tests/training/test_data.py", "tests/training/test_evaluate.py", "tests/training/test_fit.py"]
MUTANTS = {
    "same-batch-again": ("np.random.default_rng([seed, step])", "np.random.default_rng([seed, 0])"),
    "list-twenty-times": ('len(data) if hasattr(data, "__len__") else 20', "20"),
    "first-batch-only": ("data[step % len(data)]", "data[0]"),
    "mask-as-index": ('check_mask("batch.mask", given, y.shape[:2])', "given"),
    "mask-of-any-shape": ("given, y.shape[:2])", "given, given.shape)"),
    "byte-order-kept": ('array.dtype.newbyteorder("=")', "array.dtype"),
    "long-doubles-kept": ("array.dtype.itemsize > 8", "False"),
    "empty-mask": ("if not bool(mask.any()):", "if False:"),
    "ids-made-floats": ("if tensor.is_floating_point() else tensor.to(like.device)", ""),
    "tensors-of-inference": ("tensor.clone() if tensor.is_inference() else tensor", "tensor"),
}
