"""Planted bugs of seqlib.nn.masks."""

FILE = "seqlib/nn/masks.py"
TESTS = ["tests/nn/test_masks.py"]
MUTANTS = {
    "inverted": ("torch.arange(longest, device=device) < torch", "torch.arange(longest, device=device) >= torch"),
    "one-more": ("torch.arange(longest, device=device) < torch", "torch.arange(longest, device=device) <= torch"),
    "given-width-ignored": ("if S is None else S", "if True else S"),
    "lengths-not-checked": (
        'check_lengths("lengths", lengths.cpu() if isinstance(lengths, Tensor) else lengths, S)',
        "torch.as_tensor(lengths).numpy()",
    ),
    "future-instead-of-past": (".tril(S - T)", ".triu(S - T)"),
    "itself-hidden": (".tril(S - T)", ".tril(S - T - 1)"),
    "queries-at-the-beginning": (".tril(S - T)", ".tril()"),
    "fewer-keys-than-queries": ('check_integer("S", S, low=T)', 'check_integer("S", S)'),
    "any-instead-of-all": ("combined & other", "combined | other"),
    "last-one-alone": ("combined & other", "other"),
    "numbers-taken-for-truth": ("if mask.dtype != torch.bool:", "if False:"),
    "sizes-not-compared": ("and 1 not in (a, b)", "and False"),
    "keys-spread": ("combined.shape[2] != other.shape[2]", "False"),
    "mask-of-another-batch": ("if spread.shape[0] not in (1, B)", "if False"),
    "mask-of-other-queries": ("spread.shape[1] not in (1, T)", "False"),
    "mask-of-other-keys": ("or spread.shape[2] != S", ""),
    "queries-and-sequences-swapped": ("mask[:, None] if", "mask[None] if"),
}
