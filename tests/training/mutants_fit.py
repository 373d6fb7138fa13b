"""Planted bugs of seqlib.training.fit."""

FILE = "seqlib/training/fit.py"
TESTS = [
    "tests/training/test_fit.py",
    "tests/training/test_gradient.py",
    "tests/training/test_resume.py",
    "tests/training/test_callback.py",
    "tests/training/test_identity.py",
    "tests/training/test_loader.py",
    "-k",
    "not kills and not bfloat16",
]
MUTANTS = {
    "gradients-add-up": ("self.rate.optimizer.zero_grad(set_to_none=True)", "pass"),
    "nan-unseen": (
        "if not (math.isfinite(value) and math.isfinite(length)):",
        "if not math.isfinite(value):",
    ),
    "modes-lost": ("module.training = training", "pass"),
    "frozen-part-thawed": ("if not net.training:", "if True:"),
    "clip-as-given": ('check_number("clip_norm", clip_norm, above=0)', "clip_norm"),
    "parts-overlap": ("first = step * self.accumulate", "first = step"),
    "one-part-too-few": ("range(first, first + self.accumulate)", "range(first, first + max(1, self.accumulate - 1))"),
    "schedule-a-step-late": ("eta = self.rate.set(step)", "eta = self.rate.set(max(0, step - 1))"),
    "schedule-by-part": ("eta = self.rate.set(step)", "eta = self.rate.set(step * self.accumulate)"),
    "stopped-goes-on": ("                if watch.stopped:\n                    break\n", ""),
    "stop-not-saved": (" or step + 1 == steps or watch.stopped)", " or step + 1 == steps)"),
    "end-in-the-file": (
        "measured = watch.measure(net, step + 1) if watch.due(step + 1) else None",
        "measured = watch.measure(net, step + 1) if watch.due(step + 1) or step + 1 == steps else None",
    ),
    "callback-before-the-file": ("callback.Step(step + 1, value", "callback.Step(step, value"),
    "decay-outside-the-identity": ('plain |= {"weight_decay": weight_decay, "accumulate": accumulate, ', "plain |= {"),
    "looking-draws": ("with random_state.kept():  # a first batch is looked at", "if True:"),
    "any-loader-resumed": ("(reason := loader.not_resumable(data))", "(reason := None)"),
    "without-gradients-in-silence": ("    if not torch.is_grad_enabled():\n", "    if False:\n"),
    "any-mode-is-no-grad": ('"inference_mode()" if torch.is_inference_mode_enabled()', '"inference_mode()" if False'),
    "weights-of-inference": ("if any(p.is_inference() for p in net.parameters()):", "if False:"),
}
