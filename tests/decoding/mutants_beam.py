"""Planted bugs of seqlib.decoding.beam. None makes the search endless."""

FILE = "seqlib/decoding/beam.py"
TESTS = ["tests/decoding/test_beam.py", "tests/decoding/test_beam_networks.py", "tests/decoding/test_hypotheses.py"]
MUTANTS = {
    "parents-mixed-between-sentences": (
        "return free[row[order]], token[order]",
        "return free[np.sort(row[order])], token[order]",
    ),
    "states-stay-where-they-were": (
        "selected(model, state, rows, size)",
        "selected(model, state, np.minimum(np.arange(len(rows)), size - 1), size)",
    ),
    "attention-stays-where-it-was": (
        "(seen[0][rows], seen[1][rows])",
        "(seen[0][np.minimum(np.arange(len(rows)), size - 1)], seen[1][rows])",
    ),
    "totals-stay-where-they-were": (
        "total = np.concatenate([total[waiting], sums[goes_on]])[order]",
        "total = np.sort(np.concatenate([total[waiting], sums[goes_on]]))[::-1]",
    ),
    "finished-ones-are-extended": ("goes_on = kept & ~finished", "goes_on = kept & ~cut"),
    "finished-ones-do-not-count": (
        "kept = np.arange(len(group)) - np.searchsorted(group, group) < width",
        "kept = np.arange(len(group)) - np.searchsorted(group, group) < width + (width > 1)",
    ),
    "the-end-is-ignored": ("ended, cut = token == eos,", "ended, cut = token == -1,"),
    "the-end-is-padding": ("ended, cut = token == eos,", "ended, cut = token == 0,"),
    "cut-ones-are-lost": ('["dropped", "ended", "cut"]', '["dropped", "ended", "dropped"]'),
    "length-one-too-many": ("t - left[owner[row]] + 1,", "t - left[owner[row]] + 2,"),
    "length-of-the-longest-prompt": ("t - left[owner[row]] + 1,", "t - 0 * left[owner[row]] + 1,"),
    "scores-of-the-last-symbol": (
        "ranking.score(\n            sums[finished]",
        "ranking.score(\n            log_prob[finished]",
    ),
    "greedy-step-by-step": ("total[free, None] + scored", "0 * total[free, None] + scored"),
    "the-least-probable": ("np.lexsort((at, -log_prob, -flat", "np.lexsort((at, log_prob, flat"),
    "rounding-decides": ("np.lexsort((at, -log_prob, -flat", "np.lexsort((at, -flat"),
    "the-last-of-equal-ones": ("np.lexsort((at, -log_prob", "np.lexsort((-at, -log_prob"),
    "threshold-one-too-high": ("axis=1)[:, K * V - width]", "axis=1)[:, min(K * V - width + 1, K * V - 1)]"),
    "the-impossible-is-possible": ("possible = flat > -np.inf", "possible = flat > -np.inf * (V - 5)"),
    "symbols-by-place": ("row[group, at // V], at % V", "row[group, at // V], at // K % V"),
    "raw-logits": ('log_softmax("logits", logits[free])', "logits[free]"),
    "stops-at-the-first-end": (
        "goes_on &= (hope > best[:, -1])[owner[row]]",
        "goes_on &= ~np.isfinite(best[:, 0])[owner[row]]",
    ),
    "stops-for-the-best-alone": ("(hope > best[:, -1])", "(hope > best[:, 0])"),
    "stops-by-the-worst-hope": (
        "np.maximum.at(hope, owner[row[goes_on]], ranking",
        "np.add.at(hope, owner[row[goes_on]], ranking",
    ),
    "never-stops": ("(hope > best[:, -1])", "(hope > -np.inf)"),
    "stops-by-scores-of-others": ("pool[sentence, best.shape[1] + place]", "pool[0 * sentence, best.shape[1] + place]"),
    "best-ones-forgotten": ("pool[:, : best.shape[1]] = best", "pass"),
    "attention-of-the-prompt": ("np.where(free[:, None], weights, 0.0)", "np.where(free[:, None], weights, weights)"),
    "attention-not-summed": ("(0.0 if seen is None else seen[0])", "(0.0 if seen is None else 0 * seen[0])"),
    "attention-of-another": ("(seen[0][which], seen[1][which])", "(seen[0][: len(which)], seen[1][: len(which)])"),
    "prompt-as-prefix": ("np.bincount(owner[free], minlength=N)", "np.bincount(owner, minlength=N)"),
    "prompt-forced-one-late": ("[common + t]", "[common + t - 1]"),
    "prompt-scored": ("free = t >= left[owner]", "free = t >= 0 * left[owner]"),
    "more-than-the-beam": (
        'check_integer("n_best", n_best, low=1, high=width)',
        'check_integer("n_best", n_best, low=1)',
    ),
    "nothing-is-impossible": ("empty.normalised[np.arange(N) * n_best] = 0.0", "pass"),
    "dropped-ones-are-kept": ("np.select([~kept, ended, cut]", "np.select([~kept & ended, ended, cut]"),
}
