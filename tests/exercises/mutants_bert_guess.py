"""Bugs planted in the practice of chapter 14: the guess at a hole."""

FILE = "seqlib/exercises/bert_guess.py"
TESTS = ["tests/exercises/test_bert_guess.py"]
MUTANTS = {
    "prior-of-more": ("prior[-1] += 1 - prior.sum()", "prior[-1] += 1.125 - prior.sum()"),
    "half-a-prior": (
        "return _softmax(np.log(prior) + _logs(tables, np.delete(x, t)))\n\n\ndef _guess",
        "return _softmax(np.log(prior) / 2 + _logs(tables, np.delete(x, t)))\n\n\ndef _guess",
    ),
    "a-word-less": ("logs: Array = np.log(tables[:, seen]).sum(1)", "logs: Array = np.log(tables[:, seen[1:]]).sum(1)"),
    "guess-of-the-square": ("return belief, belief @ tables", "return belief, belief**2 / (belief**2).sum() @ tables"),
    "tables-by-tens": ("parts / (64 * V)", "parts / parts.sum(1, keepdims=True) * 1.0001"),
    "not-in-float32": ("return parts / (64 * V)", "return _RNG.dirichlet(np.full(V, 2.0), Z)"),
    "nothing-lacks": ("_sentence(3, 8, 6, 3, never=True)", "_sentence(3, 8, 6, 3)"),
    "at-the-edge": ("_sentence(2, 2, 4, 2)", "_sentence(2, 2, 4, 3)"),
    "prior-thrice": ("2 * np.log(prior) + _logs", "3 * np.log(prior) + _logs"),
    "mean-of-one-more": ("/ (len(x) - 1)", "/ len(x)"),
    "two-before": ("_belief(prior, tables, x, t - 1)", "_belief(prior, tables, x, t - 2)"),
    "two-behind": ("(t + 1) % len(x)", "(t + 2) % len(x)"),
    "median-of-topics": ("tables.mean(0)", "np.median(tables, 0) * 0.99"),
    "worst-topic": ("tables[b.argmax()]", "tables[b.argmin()]"),
    "another-crumb": ("max(p.sum(), 1e-300)", "max(p.sum(), 1e-3)"),
}
