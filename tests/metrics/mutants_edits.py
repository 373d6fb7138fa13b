"""Planted bugs of seqlib.metrics.edits. None makes the walk back endless."""

FILE = "seqlib/metrics/edits.py"
TESTS = ["tests/metrics/test_edits.py"]
MUTANTS = {
    "substitution-costs-two": ("+ (y != x[i - 1])", "+ 2 * (y != x[i - 1])"),
    "substitution-is-free": ("+ (y != x[i - 1])", ""),
    "no-deletions": ("d[i - 1, 1:] + 1", "d[i - 1, 1:] + 9"),
    "no-insertions": ("d[i] = np.minimum.accumulate(d[i] - columns) + columns", "pass"),
    "insertions-are-free": ("np.minimum.accumulate(d[i] - columns) + columns", "np.minimum.accumulate(d[i])"),
    "first-row-zero": ("d[0] = columns", "d[0] = 0"),
    "first-column-zero": ("d[i, 0] = i", "d[i, 0] = 0"),
    "one-row-early": ("reference))[-1, -1])", "reference))[-1, -2 if len(reference) else -1])"),
    "directions-swapped": ('i, kind = i - 1, "delete"', 'i, kind = i - 1, "insert"'),
    "all-are-substituted": ('"keep" if same else "substitute"', '"substitute"'),
    "edits-backwards": ("return found[::-1]", "return found"),
    "by-words-of-hypotheses": ("n += len(theirs)", "n += len(mine)"),
    "by-the-longer": ("n += len(theirs)", "n += max(len(mine), len(theirs))"),
    "matches-for-edits": ("changed += int(_table(mine, theirs)[-1, -1])", "changed += int(mine != theirs)"),
    "by-characters": (
        'mine, theirs = words(f"hypotheses{number}", hypothesis), words(f"references{number}", choices[0])',
        "mine, theirs = list(hypothesis), list(choices[0])",
    ),
    "several-references": ("if len(choices) > 1:", "if False:"),
    "no-words-no-error": ("if not n:", "if False:"),
}
