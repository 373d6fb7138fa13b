"""Planted bugs of seqlib.decoding.hypotheses."""

FILE = "seqlib/decoding/hypotheses.py"
TESTS = ["tests/decoding/test_hypotheses.py", "tests/decoding/test_beam.py"]
MUTANTS = {
    "path-backwards": ("return nodes[::-1]", "return nodes"),
    "path-without-its-end": (
        "nodes.append(node)\n            node = int(self.parent[node])",
        "node = int(self.parent[node])\n            nodes.append(node)",
    ),
    "worst-first": ("np.lexsort((finished, -score, sentence))", "np.lexsort((finished, score, sentence))"),
    "sentences-mixed": ("np.lexsort((finished, -score, sentence))", "np.lexsort((finished, sentence, -score))"),
    "the-last-of-equal-ones": ("np.lexsort((finished, -score", "np.lexsort((-finished, -score"),
    "cut-ones-are-lost": ('| (nodes["fate"] == "cut")', ""),
    "ended-ones-are-lost": ('(nodes["fate"] == "ended") | ', ""),
    "one-place-late": ('column = nodes["length"][node] - 1', 'column = nodes["length"][node] - 2'),
    "log-probs-of-the-whole": (
        'nodes["token"][node], nodes["log_prob"][node]',
        'nodes["token"][node], nodes["total"][node]',
    ),
    "missing-ones-are-zero": ("np.full(len(at), -np.inf)", "np.zeros(len(at))"),
    "all-have-ended": ('nodes["fate"][at[there]] == "ended"', 'nodes["fate"][at[there]] != "dropped"'),
    "always-a-tree": ("if tree else None)", "if True else None)"),
    "scores-mean": ("self.log_probs.sum(1)", "self.log_probs.mean(1)"),
    "numbers-one-late": (
        "np.arange(self.count - len(parts[0]), self.count)",
        "np.arange(self.count - len(parts[0]), self.count) + 1",
    ),
}
