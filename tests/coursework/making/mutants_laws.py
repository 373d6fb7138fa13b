"""Bugs planted in the laws by which problems of one's own are tried."""

FILE = "coursework/making/laws.py"
TESTS = ["tests/coursework/making/test_laws.py"]
QUICK = "named or fit or seldom"
MUTANTS = {
    "one-right-answer": ("if len(set(sources)) < 2:", "if False:", QUICK),
    "no-solution-marks": ('if "### BEGIN SOLUTION" not in sources[0]:', "if False:", QUICK),
    "few-mistakes": ("FEWEST = 6", "FEWEST = 0", QUICK),
    "wrong-ones-pass": ("if part.name in wrong.fails and right:", "if False:", QUICK),
    "told-the-wrong-thing": (" and why != wrong.message:", " and not why:", QUICK),
    "same-question": (
        "if problem.text(problem.variant(one)) == problem.text(problem.variant(other)):",
        "if False:",
        QUICK,
    ),
    "one-way-alone": ("((one, other), (other, one))", "((one, other),)", "both_ways"),
    "right-for-another": (
        'answers, [])[0]:\n                yield f"the answer',
        'answers, [])[0] and False:\n                yield f"the answer',
        "both_ways",
    ),
    "calls-of-the-notebook": ("for key in sorted(called - known):", "for key in []:", QUICK),
    "unsaid-places": ('sorted(known - called - {"points", "solution"})', "[]", QUICK),
    "unknown-family": (
        ' - {family.name for family in families} - {"points"}):',
        " - {name for name, _ in asked}):",
        QUICK,
    ),
    "check-cell": ('if f"check-{problem.name}" not in cells:', "if False:", QUICK),
    "conclusion-cell": ('if f"{assignment.experiment.name}-conclusion" not in cells:', "if False:", QUICK),
    "points-unsaid": ('if f"*{part.name}* ({part.points} point" not in about:', "if False:", QUICK),
    "released-solution": ("if line in released:", "if False:", "released"),
}
