"""Planted bugs of seqlib.tasks.associative_recall."""

FILE = "seqlib/tasks/associative_recall.py"
TESTS = ["tests/tasks/test_associative_recall.py", "tests/tasks/test_task.py"]
MUTANTS = {
    "keys-may-come-twice": (
        "rng.random((B, self.all_keys)).argsort(1)[:, : self.keys]",
        "rng.integers(0, self.all_keys, (B, self.keys))",
    ),
    "always-the-first-keys": (
        "present = rng.random((B, self.all_keys)).argsort(1)[:, : self.keys]",
        "present = np.tile(np.arange(self.keys), (B, 1))",
    ),
    "keys-in-turn": (
        "rng.integers(0, self.keys, (B, self.pairs))",
        "np.tile(np.arange(self.pairs) % self.keys, (B, 1))",
    ),
    "one-value-for-all": (
        "rng.integers(0, self.values, (B, self.keys if self.fixed else self.pairs))",
        "np.tile(rng.integers(0, self.values, (1, self.keys if self.fixed else self.pairs)), (B, 1))",
    ),
    "values-from-key-to-key": (
        "np.take_along_axis(value, which, 1) if",
        "np.take_along_axis(value, (which + 1) % self.keys, 1)[:, ::-1] if",
    ),
    "always-fixed": (
        "np.take_along_axis(value, which, 1) if self.fixed else value",
        "np.take_along_axis(value, which, 1)",
    ),
    "answer-one-late": ("y[:, ::2] = said\n", "y[:, 2::2] = said[:, :-1]\n"),
    "answer-is-an-id": (
        "y[:, ::2] = said\n",
        "y[:, ::2] = said + self.all_keys - self.all_keys * (self.fixed)\n        y[:, 1::2] = y[:, :-1:2]\n",
    ),
    "values-are-keys": ("x[:, 1::2] = self.all_keys + said[:, :-1]", "x[:, 1::2] = said[:, :-1]"),
    "next-value-is-shown": ("self.all_keys + said[:, :-1]", "self.all_keys + said[:, 1:]"),
    "asks-at-values": ("np.arange(x.shape[1]) % 2 == 0, x.shape", "np.arange(x.shape[1]) % 2 == 1, x.shape"),
    "asks-everywhere": ("np.arange(x.shape[1]) % 2 == 0, x.shape", "np.arange(x.shape[1]) >= 0, x.shape"),
    "share-of-all-keys": ("p = 1 / self.keys\n", "p = 1 / self.all_keys\n"),
    "shares-one-late": (
        "math.comb(j, s) * p**s * (1 - p) ** (j - s)",
        "math.comb(j + 1, s) * p**s * (1 - p) ** (j + 1 - s)",
    ),
    "floor-never-zero": ("losses[s > 0] = 0", "losses[s > 1] = 0"),
    "new-keys-are-known": ("losses[s > 0] = 0", "losses[s >= 0] = 0"),
    "fixed-is-not-asked-exact": ('if self.fixed and reader == "exact"', 'if reader == "exact"'),
    "fixed-is-not-asked-context": (
        'elif self.fixed and reader == "values in context"',
        'elif reader == "values in context"',
    ),
    "fixed-is-not-asked-alone": ('elif self.fixed and reader == "values alone"', 'elif reader == "values alone"'),
    "own-key-may-come-again": ("_occupied(row - column, self.keys - 1)", "_occupied(row - 1, self.keys - 1)"),
    "others-are-all": (
        "_occupied(row - column, self.keys - 1)  # of 0 … K - 1 other keys",
        "_occupied(row - column, self.keys)[1:]",
    ),
    "sum-for-mean-of-shots": ("/ self.shares.sum(0)\n", "\n"),
    "first-time-is-repeated": ("first = 1 if repeated else 0", "first = 0"),
    "twice-is-repeated": ("first = 1 if repeated else 0", "first = 2 if repeated else 0"),
    "level-by-shots-alike": (
        "@ self.shares.sum(0)[first:] / self.shares[:, first:].sum()",
        "@ np.ones(self.pairs - first) / (self.pairs - first)",
    ),
    "impossible-is-chance": ("return np.where(s <= j, losses, np.nan)", "return losses"),
    "impossible-is-one-late": (
        "return np.where(s <= j, losses, np.nan)",
        "return np.where(s <= j + 1, losses, np.nan)",
    ),
    "given-the-shares-not": (" / self.shares[t, : t + 1]\n", "\n"),
    "any-ids": (
        "if (x[:, ::2] >= self.all_keys).any() or (x[:, 1::2] < self.all_keys).any():",
        "if (x[:, ::2] >= self.all_keys).any():",
    ),
    "any-keys": (
        "if (x[:, ::2] >= self.all_keys).any() or (x[:, 1::2] < self.all_keys).any():",
        "if (x[:, 1::2] < self.all_keys).any():",
    ),
    "says-without-fixed": ('if not self.fixed or reader == "chance":', 'if reader == "chance":'),
    "context-is-exact": (
        'if reader == "exact" else list(known.values())',
        'if reader in ("exact", "values in context") else list(known.values())',
    ),
    "context-counts-times": ("list(known.values())", "[v for v in range(self.values) for _ in range(come[v])]"),
    "value-that-comes-is-known": (
        "for t in range(0, T, 2):\n",
        "for t in range(0, T, 2):\n                known.setdefault(row[t], row[min(t + 1, T - 2)] - self.all_keys)\n",
    ),
    "two-values-pass": ("!= value or len(known)", "!= value and len(known)"),
    "many-keys-pass": (" or len(known) > self.keys:", ":"),
    "guess-by-counts-alone": (
        "of_count = _next(counts, self.keys, self.values)",
        "of_count = {c: (1 + c) / (self.values + sum(come)) for c in come}",
    ),
    "last-value-left-out": ("come[value] += 1", "come[value] = 1"),
    "all-other-keys-differ": ("* math.log(r / m)", "* math.log(r)"),
    "any-other-key": (
        "math.comb(r - 1, m - 1) * p ** (m - 1) * (1 - p) ** (r - m)",
        "math.comb(r, m) * p**m * (1 - p) ** (r - m)",
    ),
    "keys-have-keys": ("p = 1 / self.values\n", "p = 1 / self.keys\n"),
    "one-key-a-value": ("float(n**c) / math.factorial(n) for", "float(n**c) * (n < 2) for"),
    "no-factorial": ("np.array([float(n**c) / math.factorial(n)", "np.array([float(n**c)"),
    "same-key-always": ("math.comb(c, s) * n * (n - 1) ** (c - s)", "math.comb(c, s) * n * n ** (c - s)"),
    "no-choice-of-times": ("math.comb(c, s) * n * (n - 1) ** (c - s)", "n * (n - 1) ** (c - s)"),
    "seen-without-factorial": (
        "np.array(ways, dtype=float) / [math.factorial(n) for n in range(K + 1)]",
        "np.array(ways, dtype=float)",
    ),
    "other-values-never": ("_powers(V - len(counts) - 1, K)", "_powers(0, K)"),
    "other-values-one-too-many": ("_powers(V - len(counts) - 1, K)", "_powers(V - len(counts), K)"),
    "not-turned-round": ("_powers(V - len(counts) - 1, K))[::-1]", "_powers(V - len(counts) - 1, K))"),
    "each-key-comes-next": (
        "_came(c + 1, K) @ _others(_without(counts, c), K, V) / before / K)",
        "_came(c + 1, K) @ _others(_without(counts, c), K, V) / before)",
    ),
    "comes-not-once-more": ("float(_came(c + 1, K)", "float(_came(c, K)"),
    "never-a-new-value": ("([0] if len(counts) < V else [])", "([0] if not counts else [])"),
    "values-in-one-order": ("ways *= math.factorial(t) / math.prod(math.factorial(c) for c in counts)", "ways *= 1"),
    "counts-of-one-value": (
        "ways = math.factorial(V) / math.prod(math.factorial(n) for n in times.values())",
        "ways = math.factorial(V)",
    ),
    "one-value-of-a-count": ("ways * times[c] * of_each", "ways * of_each"),
    "partitions-of-all-keys": ("_partitions(t, min(K, V))", "_partitions(t, min(K, V) - 1)"),
    "partitions-may-grow": ("_partitions(t - first, most - 1, first)", "_partitions(t - first, most - 1, None)"),
    "full-boxes-fill": ("new = share * (boxes - r) / boxes", "new = share * (boxes - r) / (boxes + 1)"),
    "rest-has-all": ("return counts[:at] + counts[at + 1 :]", "return counts"),
}
