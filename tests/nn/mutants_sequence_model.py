"""Planted bugs of seqlib.nn.sequence_model."""

FILE = "seqlib/nn/sequence_model.py"
TESTS = ["tests/nn/test_sequence_model.py", "tests/nn/test_padding.py"]
MUTANTS = {
    "projections-unseen": ('getattr(core, "proj_size", 0) or core.hidden_size', "core.hidden_size"),
    "empty-batch-packed": ("if B == 0:", "if False:"),
    "id-wrapped-in-the-report": ("given = x.detach().cpu().numpy()", "given = ids"),
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
}
