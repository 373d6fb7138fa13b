"""Planted bugs of seqlib.batching."""

FILE = "seqlib/batching.py"
TESTS = ["tests/test_batching.py"]
MUTANTS = {
    "padding-mask-off-by-one": ("np.arange(longest) < checked[:, None]", "np.arange(longest) <= checked[:, None]"),
    "padding-in-front": ("row[: len(array)] = array", "row[len(row) - len(array) :] = array"),
    "filler-rounded": ('if dtype.kind in "biu" and stored != given:', "if False:"),
    "losses-of-all-words": ("np.where(self.mask, asked, 0.0)", "asked"),
    "losses-negative": ("return -np.where(self.mask", "return np.where(self.mask"),
    "losses-by-step": ("asked, 0.0).sum(1)", "asked, 0.0).sum(0)"),
    "zero-times-infinity": ("np.where(self.mask, asked, 0.0)", "(self.mask * asked)"),
    "any-shape-of-log-p": ("if np.ndim(log_p) != 3 or", "if"),
    "the-next-word-seen": ("Batch((x[:, :t],)", "Batch((x[:, : t + 1],)"),
    "the-word-itself-asked": ("x[:, 1 : t + 1], np.tile", "x[:, :t], np.tile"),
    "all-words-asked": ("np.tile(np.arange(t) == t - 1,", "np.tile(np.arange(t) < t,"),
    "padding-asked": ("ids[n > t])", "ids[n >= t])"),
    "the-last-word-left-out": ("range(1, int(n.max(initial=0)))", "range(1, int(n.max(initial=0)) - 1)"),
    "the-first-left-out": ("for t in range(1,", "for t in range(2,"),
    "any-number-of-lengths": ("if len(n) != len(ids):", "if False:"),
    "last-bucket-dropped": ("range(0, len(order), batch_size)", "range(0, len(order) - batch_size + 1, batch_size)"),
}
