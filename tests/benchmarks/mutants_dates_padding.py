"""Planted bugs of tests/benchmarks/dates_padding.py."""

FILE = "tests/benchmarks/dates_padding.py"
TESTS = ["tests/benchmarks/test_dates_padding.py"]
MUTANTS = {
    "mask-heeded": ("super().attend(query, projected, values, None)", "super().attend(query, projected, values, mask)"),
    "lengths-told": ("super()._read(source, None)", "super()._read(source, lengths)"),
    "longest-too-short": (".inputs[1].max())", ".inputs[1].max()) - 1"),
    "never-padded": ("max(0, (width or 0) - source.shape[1])", "0"),
    "alone-padded": ("encode(source[rows, :S], lengths", "encode(source[rows], lengths"),
    "lengths-of-others": ("lengths[rows])\n", "lengths[: len(rows)])\n"),
    "rows-mixed-up": ("ids[rows, : found.shape[1]] = found", "ids[: len(rows), : found.shape[1]] = found"),
    "alone-not-alone": ("alone = written(model)", "alone = written(model, LONGEST)"),
    "all-alone": ("written(model, width) if width else alone", "alone"),
    "any-token-right": ("np.where(batch.mask, batch.y, 0)).all(1)", "np.where(batch.mask, batch.y, 0)).any(1)"),
    "all-tokens-change": ("(ids != alone).any(1)", "(ids != alone).all(1)"),
    "unchanged-counted": ("(ids != alone).any(1)", "(ids == alone).all(1)"),
}
