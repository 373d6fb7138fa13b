"""Planted bugs of seqlib.training.evaluate."""

FILE = "seqlib/training/evaluate.py"
TESTS = ["tests/training/test_evaluate.py", "tests/training/test_gradient.py", "-k", "not bfloat16"]
MUTANTS = {
    "mean-of-means": ("n = int(batch.mask.sum())", "n = 1"),
    "counts-sequences": ("n = int(batch.mask.sum())", "n = len(batch.mask)"),
    "dropout-on": ("model.eval()", "pass"),
    "modes-lost": ("module.training = training", "module.training = True"),
    "with-gradients": ("with torch.no_grad():", "if True:"),
    "any-value-of-the-loss": ("check_value(mean(model, batch)).item()", "mean(model, batch).item()"),
}
