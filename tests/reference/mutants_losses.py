"""Planted bugs of seqlib/reference/losses.py."""

FILE = "seqlib/reference/losses.py"
TESTS = ["tests/reference/test_losses.py"]
MUTANTS = {
    "loss-no-factor-2": ("dloss * 2 * cache.weight", "dloss * cache.weight"),
    "ce-no-one-hot": ("cache.target[..., None], -1) - 1", "cache.target[..., None], -1)"),
    "squares-overflow": ("if not np.isfinite(loss):", "if False:"),
    "far-logits-taken": ("if not np.isfinite(shifted).all():", "if False:"),
    "ce-sign": ("return -(weight * picked).sum()", "return (weight * picked).sum()"),
    "masked-logits-count": ("np.where(weight[..., None] > 0, logits, 0)", "logits"),
    "masked-numbers-count": (
        "np.where(weight > 0, prediction, 0), np.where(weight > 0, target, 0)",
        "prediction, target",
    ),
    "masked-ids-count": ("places, mask=weight > 0)", "places)"),
    "numbers-unchecked": ('    check_finite("target", target)', "    pass"),
    "mask-mean-over-all": ("return counts / n", "return counts / counts.size"),
}
