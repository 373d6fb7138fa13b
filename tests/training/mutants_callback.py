"""Planted bugs of seqlib.training.callback."""

FILE = "seqlib/training/callback.py"
TESTS = ["tests/training/test_callback.py"]
MUTANTS = {
    "random-states-moved": ("with random_state.kept():", "if True:"),
    "values-unwatched": (
        "_equal(before[name], after[name])",
        'name.startswith("the values") or _equal(before[name], after[name])',
    ),
    "values-by-reference": ("tensor.detach().clone()", "tensor.detach()"),
    "nan-unseen": ("((a == b) | ((a != a) & (b != b))).all()", "((a == b) | (b != b)).all()"),
    "modes-unwatched": ("module.training for name", "None for name"),
    "optimiser-unwatched": (" | of_optimiser(optimizer)", ""),
    "model-unwatched": ("of_model(model) | ", ""),
    "buffers-unwatched": (", *model.named_buffers()]", "]"),
    "not-frozen": ("@dataclass(frozen=True)", "@dataclass"),
    "gradients-unwatched": (' | {"torch.is_grad_enabled()": torch.is_grad_enabled()}', ""),
}
