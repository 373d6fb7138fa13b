"""Planted bugs of seqlib.nn.derived."""

FILE = "seqlib/nn/derived.py"
TESTS = [
    "tests/nn/test_derived.py",
    "tests/nn/test_autograd.py",
    "tests/nn/test_recurrent.py",
    "tests/nn/test_tools.py",
]
MUTANTS = {
    "hooks-unseen": ("torch.is_inference_mode_enabled() or _hooked()", "torch.is_inference_mode_enabled()", "hooks"),
    "tracer-unseen": ("        or torch.jit.is_tracing()\n", "", "traced"),
    "version-unchecked": ("if out is None or out._version != version:", "if out is None:"),
    "loop-for-every-length": ("(len(steps.sizes) == 1 and not", "(len(steps.sizes) >= 1 and not"),
    "loop-for-one-step-with-a-graph": (" and not torch.is_grad_enabled())", ")"),
    "kept-forever": (
        "ctx.kept = ctx.kept or (None, 0, None), None",
        "ctx.kept = ctx.kept or (None, 0, None), ctx.kept",
    ),
    "no-second-derivative": ("if torch.is_grad_enabled() or _transformed(dout, *dfinals):", "if False:"),
    "many-cotangents-unseen": ("any(map(torch._C._functorch.is_legacy_batchedtensor, cotangents))", "False"),
    "transforms-unseen": ("torch._C._are_functorch_transforms_active()", "False"),
    "forward-mode-unseen": ("forward_ad._current_level >= 0", "False"),
    "compiler-unseen": ("or torch.compiler.is_compiling()", "or False", "compiled"),
    "autocast-in-the-walk-back": ("        with full_precision(dout):", "        with nullcontext():"),
    "autocast-everywhere": ("return torch.autocast(kind, enabled=False)", "return nullcontext()"),
    "tied-inputs-share": ("tensor.view_as(tensor) if graph", "tensor if graph"),
    "needed-shifted": ("ctx.needs_input_grad[3:]", "ctx.needs_input_grad[2:-1]"),
    "states-miscounted": ("flat[1 : 1 + states], flat[1 + states :]", "flat[1:2], flat[2:]"),
    "cotangents-swapped-in-the-loop": (
        "(cotangents.out, *cotangents.finals), create_graph",
        "(cotangents.out, *cotangents.finals[::-1]), create_graph",
        "gradcheck",
    ),
    "option-ignored": ('if gradient == "autograd" or _transformed():', "if _transformed():"),
    "one-bias-gradient-for-two": ("None if db is None else db.clone(), *more", "db, *more"),
    "bias-gradient-halved": ("self.db.add_(da.sum(0))", "self.db.add_(da.sum(0) / 2)"),
    "bias-gradient-of-the-last-stretch": ("self.db.add_(da.sum(0))", "self.db.copy_(da.sum(0))"),
    "inputs-of-another-stretch": ("addmm_(da.t(), self.data[part])", "addmm_(da.t(), self.data[: len(da)])"),
    "input-gradient-of-another-stretch": ("out=self.dx[part])", "out=self.dx[: len(da)])"),
    "further-gradients-dropped": ("db.clone(), *more))", "db.clone()))"),
    "gradient-by-the-other-need": ("if need_hh else None", "if need_ih else None"),
    "bias-frozen-with-the-other": ("if any(need_bias) else None", "if all(need_bias) else None"),
    "input-gradient-transposed": ("da.t() @ inputs.data if need_ih", "(da.t() @ inputs.data).flip(0) if need_ih"),
    "inference-mode-keeps": ("torch.is_inference_mode_enabled() or _hooked()", "_hooked()"),
}
