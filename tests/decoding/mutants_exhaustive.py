"""Planted bugs of seqlib.decoding.exhaustive. None makes the search endless."""

FILE = "seqlib/decoding/exhaustive.py"
TESTS = ["tests/decoding/test_exhaustive.py", "tests/decoding/test_beam.py", "-k", "exhaustive or room or bad"]
MUTANTS = {
    "cuts-what-may-win": ("self.best[-1].score)", "self.best[-1].score + 0.3)"),
    "cuts-by-the-best-alone": ("self.best[-1].score)", "self.best[0].score)"),
    "cuts-nothing": ("if len(self.best) < self.n_best:", "if True:"),
    "hopes-for-no-length": (
        "self.ranking.hope(total, np.full(len(total), length))",
        "self.ranking.score(total, np.full(len(total), length), None)",
    ),
    "the-end-is-ignored": ("ended = token == self.eos", "ended = token == -1"),
    "finished-ones-are-extended": (
        "hopeful = ~done & ",
        "hopeful = (token >= 0) & (length < self.ranking.max_length) & ",
    ),
    "cut-ones-are-lost": ("row[done], token[done], scored", "row[done & ended], token[done & ended], scored"),
    "later-ones-are-lost": ("getattr(frame, x)[later]", "getattr(frame, x)[later[:0]]"),
    "states-stay-where-they-were": (
        "selected(self.model, frame.state, row, len(frame.ids))",
        "selected(self.model, frame.state, np.sort(row), len(frame.ids))",
    ),
    "state-of-the-first-prompt": ("selected(model, state, np.array([i])", "selected(model, state, np.array([0])"),
    "attention-stays-where-it-was": (
        "(frame.seen[0][row], frame.seen[1][row])",
        "(frame.seen[0][np.sort(row)], frame.seen[1][row])",
    ),
    "attention-not-summed": ("weights if seen is None else seen[0] + weights", "weights if seen is None else weights"),
    "symbols-of-another": ("np.append(ids[row[k]], token[k])", "np.append(ids[row[0]], token[k])"),
    "log-probs-of-another": ("scored[row[k], token[k]])", "scored[row[k], token[0]])"),
    "length-one-too-few": ("np.full(len(row), ids.shape[1] + 1)", "np.full(len(row), ids.shape[1])"),
    "worst-first": ("np.argsort(-score, kind", "np.argsort(score, kind"),
    "not-the-first-of-each": ("[: self.n_best]\n        new", "[1 : self.n_best + 1]\n        new"),
    "limit-is-not-kept": ("if self.read > self.limit:", "if self.read > 10 * self.limit:"),
    "limit-one-too-few": ("if self.read > self.limit:", "if self.read >= self.limit:"),
    "counts-calls": ("self.read += len(ids)", "self.read += 1"),
    "ended-or-not": ("token[done], scored, sums, seen, ended[done]", "token[done], scored, sums, seen, done[done]"),
    "nothing-is-impossible": ("return [_Found(0.0, nothing", "return [_Found(-np.inf, nothing"),
}
