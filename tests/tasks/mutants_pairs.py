"""Planted bugs of seqlib.tasks.pairs."""

FILE = "seqlib/tasks/pairs.py"
TESTS = ["tests/tasks/test_pairs.py"]
MUTANTS = {
    "taught-with-the-word-itself": ("[[BOS, *target] for target in targets]", "[[*target, EOS] for target in targets]"),
    "eos-not-counted": ("mask_from_lengths(n))", "mask_from_lengths(n) & (y != EOS))"),
    "no-eos": ("[[*target, EOS] for target in targets]", "[[*target, PAD] for target in targets]"),
    "length-of-the-target": ("(source, lengths, previous), y", "(source, n, previous), y"),
    "padding-is-real": ("previous != PAD", "previous >= PAD"),
    "padding-of-the-source-unseen": ("source[~mask_from_lengths", "source[mask_from_lengths"),
    "sizes-swapped": ("inputs[2], n_out, shape)", "inputs[2], vocab_size, shape)"),
    "any-beginning": ("previous[:, 0] != BOS).any()", "previous[:, 0] == PAD).any()"),
}
