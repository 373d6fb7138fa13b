"""Planted bugs of seqlib.training.fit."""

FILE = "seqlib/training/fit.py"
TESTS = ["tests/training/test_fit.py", "tests/training/test_identity.py", "-k", "not kills"]
MUTANTS = {
    "gradients-add-up": ("optimizer.zero_grad(set_to_none=True)", "pass"),
    "clip-always": ("if scale < 1:", "if True:"),
    "value-before-norm": ("grad.clamp_(-clip_value, clip_value)", "grad.clamp_(max=clip_value)"),
    "norm-after-clipping": ("norms.append(norm)", "norms.append(_norm(parameters))"),
    "norm-overflows": ("if 1e-15 < norm < 1e15:", "if norm < 1e30 or norm > 0:"),
    "small-norms-lost": ("if 1e-15 < norm < 1e15:", "if norm < 1e15:"),
    "clip-factor-lost": ("if scale < torch.finfo(grad.dtype).tiny:", "if False:"),
    "imaginary-part-lost": ("grad.to(torch.promote_types(grad.dtype, torch.float64))", "grad.real.double()"),
    "nan-unseen": ("(torch.isfinite(value).item() and np.isfinite(norm))", "torch.isfinite(value).item()"),
    "modes-lost": ("module.training = training", "pass"),
    "frozen-part-thawed": ("if not net.training:", "if True:"),
    "momentum-0.5": ("momentum=0.9)", "momentum=0.5)"),
    "clip-as-given": ('check_number("clip_norm", clip_norm, above=0)', "clip_norm"),
}
