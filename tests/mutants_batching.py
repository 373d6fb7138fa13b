"""Planted bugs of seqlib.batching."""

FILE = "seqlib/batching.py"
TESTS = ["tests/test_batching.py"]
MUTANTS = {
    "padding-mask-off-by-one": ("np.arange(longest) < checked[:, None]", "np.arange(longest) <= checked[:, None]"),
    "padding-in-front": ("row[: len(array)] = array", "row[len(row) - len(array) :] = array"),
    "filler-rounded": ('if dtype.kind in "biu" and stored != given:', "if False:"),
    "last-bucket-dropped": ("range(0, len(order), batch_size)", "range(0, len(order) - batch_size + 1, batch_size)"),
}
