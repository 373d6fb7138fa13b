"""Planted bugs of seqlib/reference/kneser_ney.py."""

FILE = "seqlib/reference/kneser_ney.py"
TESTS = ["tests/reference/test_kneser_ney.py"]
MUTANTS = {
    "discount-forgotten": ("return counts - np.append", "return counts - 0 * np.append"),
    "raw-counts-in-shorter-runs": ("np.bincount(shorter[first + 1],", "np.bincount(shorter[1:],"),
    "raw-counts-at-the-end-of-a-short-text": ("count if k == order - 1 else np.zeros_like(count)", "count"),
    "n1-by-n1-and-n2": ("(n[1] + 2 * n[2])", "(n[1] + n[2])"),
    "second-discount": ("found[i - 1] = estimate if", "found[i - 1] = estimate - D if"),
    "discount-negative": ("0 < estimate <= i", "estimate <= i"),
    "tokens-hand-down": (
        "p *= self.types[node] @ self.discounts[k] /",
        "p *= self.counts[low:high].sum() * self.discounts[k, 0] /",
    ),
    "tokens-hand-down-in-a-text": ("+ self.types[node] @ self.discounts[k] * p", "+ total * self.discounts[k, 0] * p"),
    "tokens-hand-down-online": ("(D[1] * one + D[2] * two + D[3] * more) * p", "D[1] * total * p"),
    "newest-symbol-for-the-oldest": ("node * self.V + ids[-k])", "node * self.V + ids[-1])"),
    "context-not-shortened": ("ids.shape[1] - self.order + 1)", "ids.shape[1] - self.order)"),
    "history-not-shortened": ("depth + 2 - self.order)", "depth + 1 - self.order)"),
    "before-the-beginning": ("known &= (t >= k) & (node > 0)", "known &= node > 0"),
    "unknown-context-goes-on": ("known &= (t >= k) & (node > 0)", "known &= t >= k"),
    "shorter-run-counted-although-not-new": ("            if not new:\n                break\n", ""),
    "shorter-run-never-counted": ("if not new:\n                break", "break"),
    "beginning-counted-as-a-context": ("or k < depth:", "or k <= depth:"),
    "types-not-moved": ("if 1 <= count <= 2:", "if count == 1:"),
    "many-counts-as-new-type": ("            if count <= 2:\n", "            if count <= 9:\n"),
    "no-uniform-below": ("p, node = np.full(self.V, 1 / self.V), 0", "p, node = np.full(self.V, 0.5 / self.V), 0"),
    "scored-after-counting": (
        "        return float(np.log(p))",
        "        return float(np.log(self._probability(path, symbol)))",
    ),
    "model-counts-too": ("self._totals: list[int] = model.totals.tolist()", "self._totals: Any = model.totals"),
    "before-ignored": ("text = np.concatenate([before, ", "text = np.concatenate([0 * before, "),
    "state-of-the-old-rows": ('(len(ids), "S")), ids], 1)', '(len(ids), "S")), ids[::-1]], 1)'),
}
