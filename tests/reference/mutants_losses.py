"""Planted bugs of seqlib/reference/losses.py."""

FILE = "seqlib/reference/losses.py"
TESTS = ["tests/reference/test_losses.py"]
MUTANTS = {
    "loss-no-factor-2": ("dloss * 2 * cache.weight", "dloss * cache.weight"),
    "ce-no-one-hot": ("cache.target[..., None], -1) - 1", "cache.target[..., None], -1)"),
    "ce-sign": ("return -(weight * picked).sum()", "return (weight * picked).sum()"),
    "mask-mean-over-all": ("return counts / n", "return counts / counts.size"),
}
