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
    "option-ignored": ('if gradient == "autograd" or (len', "if (len"),
    "bias-gradient-halved": ("self.db_ih.add_(db)", "self.db_ih.add_(db / 2)"),
    "hidden-gradient-of-the-last-stretch": (
        "self.dw_hh.addmm_(du.t(), before)",
        "torch.mm(du.t(), before, out=self.dw_hh)",
    ),
    "bias-gradient-of-the-last-stretch": ("self.db_hh.add_(db_hh)", "self.db_hh.copy_(db_hh)"),
    "inputs-of-another-stretch": ("addmm_(da.t(), self.data[part])", "addmm_(da.t(), self.data[: len(da)])"),
    "input-gradient-of-another-stretch": ("out=self.dx[part])", "out=self.dx[: len(da)])"),
    "further-gradients-dropped": ("self.db_hh, *more))", "self.db_hh))"),
    "gradients-nobody-needs": ("torch.zeros_like(weight) if need else None", "torch.zeros_like(weight)"),
    "input-gradient-transposed": ("torch.mm(da, self.w_ih, out", "torch.mm(da.flip(1), self.w_ih, out"),
    "inference-mode-keeps": ("torch.is_inference_mode_enabled() or _hooked()", "_hooked()"),
}
