"""Planted bugs of seqlib.nn.sequence_model."""

FILE = "seqlib/nn/sequence_model.py"
TESTS = ["tests/nn/test_sequence_model.py", "tests/nn/test_padding.py"]
MUTANTS = {
    "projections-unseen": ('getattr(core, "proj_size", 0) or core.hidden_size', "core.hidden_size"),
    "empty-batch-packed": ("if B == 0:", "if False:"),
    "id-wrapped-in-the-report": ("shown = given.detach().cpu().numpy()", "shown = ids"),
    "lengths-dropped": ("if lengths is None:", "if True:"),
    "length-one-short": ("torch.from_numpy(real), batch", "torch.from_numpy(real).sub(1).clamp(1), batch"),
    "zero-length-accepted": ('check_lengths("lengths", lengths, T, least=1)', 'check_lengths("lengths", lengths, T)'),
    "lengths-not-counted": ('check_shape("lengths", real, (B,))', "pass"),
    "width-of-the-longest": ("batch_first=True, total_length=T)", "batch_first=True)"),
    "state-forgotten": (
        "packed._replace(data=self._vectors(packed.data)), state)",
        "packed._replace(data=self._vectors(packed.data)))",
    ),
    "ids-of-padding-read": ("packed = pack", "self._vectors(x)\n        packed = pack"),
    "read-out-one-direction": ('(2 if getattr(core, "bidirectional", False) else 1)', "1"),
    "step-with-gradients": ("with torch.no_grad(), evaluating(self):", "with evaluating(self):"),
    "step-with-dropout": ("with torch.no_grad(), evaluating(self):", "with torch.no_grad():"),
    "step-changes-modes": ("module.training = True", "pass"),
    "step-wakes-all-parts": ("for module in training:\n            module.training = True", "model.train()"),
    "step-without-memory": (".to(self.readout.weight.device), state=state)", ".to(self.readout.weight.device))"),
    "first-of-the-prefill": ("return out[:, -1], state", "return out[:, 0], state"),
    "rows-by-layer": ("state.index_select(1,", "state.index_select(0,"),
    "both-directions-step": (
        '        if getattr(self.core, "bidirectional", False):\n            raise',
        "        if False:\n            raise",
    ),
    "dropout-in-evaluation": ("self.dropout, self.training)", "self.dropout, True)"),
    "dropout-nowhere": ("if self.dropout else values", "if False else values"),
    "dropout-not-before": ("return self._dropped(x if", "return (x if"),
    "dropout-not-after": ("self.readout(self._dropped(h))", "self.readout(h)"),
}
