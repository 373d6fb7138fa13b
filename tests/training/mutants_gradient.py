"""Planted bugs of seqlib.training.gradient."""

FILE = "seqlib/training/gradient.py"
TESTS = ["tests/training/test_gradient.py", "tests/training/test_fit.py"]
MUTANTS = {
    "clip-always": ("elif scale < 1:", "else:"),
    "value-before-norm": ("grad.clamp_(-clip_value, clip_value)", "grad.clamp_(max=clip_value)"),
    "norm-overflows": ("if 1e-15 < length < 1e15:", "if length < 1e30 or length > 0:"),
    "small-norms-lost": ("if 1e-15 < length < 1e15:", "if length < 1e15:"),
    "clip-factor-lost": ("if scale < torch.finfo(grad.dtype).tiny:", "if False:"),
    "imaginary-part-lost": ("grad.to(torch.promote_types(grad.dtype, torch.float64))", "grad.real.double()"),
    "mean-of-means": ("share = n / sum(counts)", "share = 1 / len(counts)"),
    "sum-of-means": ("share = n / sum(counts)", "share = 1.0"),
    "counts-sequences": ("int(batch.mask.sum()) for", "len(batch.mask) for"),
    "counts-padding": ("int(batch.mask.sum()) for", "batch.mask.numel() for"),
    "loss-of-the-last-part": ("mean += share * value.item()", "mean = value.item()"),
    "autocast-forgotten": ('nullcontext() if precision == "full"', "nullcontext() if True"),
    "stale-weights-under-autocast": ("torch.clear_autocast_cache()", "pass"),
    "double-precision-in-silence": ('if precision != "full" and other is not None:', "if False:"),
    "coarse-losses": ('if precision != "full" and value.dtype != torch.float32:', "if False:"),
    "constants-are-trained": ("if not (check_value(value).requires_grad and torch.is_grad_enabled()):", "if False:"),
    "gradients-left-off": ("requires_grad and torch.is_grad_enabled()):", "requires_grad):"),
    "why-is-always-the-loss": ("            if torch.is_grad_enabled()\n", "            if True\n"),
}
