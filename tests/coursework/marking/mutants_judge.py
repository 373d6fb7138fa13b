"""Bugs planted in the judge: a mark must not depend on them."""

FILE = "coursework/marking/judge.py"
TESTS = ["tests/coursework/marking/test_judge.py"]
MUTANTS = {
    "visible-data-marked": (
        'problem.expected(secret, self.part.name, "hidden")',
        'problem.expected(secret, self.part.name, "visible")',
        "written_twice",
    ),
    "silence-is-right": (
        'return Answer(error=Trouble("silent", said=outcome.ended or ""))',
        "return Answer(self.expected[call[1] % CASES])",
        "kills_the_process",
    ),
    "points-of-all-parts": ("points = one.part.points if right else 0", "points = one.part.points", "get_the_parts"),
    "ok-of-all-parts": ('"why": why, "ok": right}', '"why": why, "ok": why != "right" or right}', "get_the_parts"),
    "answers-of-the-first-part": ("(problem.name, k * CASES + i)", "(problem.name, i)", "written_twice"),
    "tried-again-for-as-long": (
        "sum(len(one.calls) for one in tries)) - first.seconds",
        "sum(len(one.calls) for one in tries))",
        "asked_twice",
    ),
    "never-tried-again": ("if left and left_over > 0:", "if False:", "kills_the_process"),
    "parts-not-tried-alone": ("[*together, *([one] for one in tries)]", "together", "part_that_kills"),
    "tried-again-with-everything": ("definitions_only=True", "definitions_only=False", "experiment"),
    "unmarked-cells-forgotten": ("[*code, *unmarked]", "code", "experiment"),
    "mistakes-forgotten": ('problem.mistakes(secret, self.part.name, "hidden")', "[]", "get_the_parts"),
    "largest-is-what-was-got": ("problem.points, parts)", 'sum(p["points"] for p in parts), parts)', "get_the_parts"),
    "errors-forgotten": (
        "        if trouble:\n            return",
        "        if False:\n            return",
        "experiment",
    ),
    "late-forgotten": ("self.late or outcome.late", "self.late", "neighbour"),
    "beside-others-again": ("unmarked, limits, alone=True)", "unmarked, limits, alone=False)", "neighbour"),
    "all-again-alone": ("if one.late and not one.verdict(limits)[0]]", "]", "nobody_waits"),
    "notes-of-both": ("        notes = _ask(late", "        notes += _ask(late", "neighbour"),
    "any-size": ("outcome.answers[call][0], self.room)", "outcome.answers[call][0])", "comes_back"),
}
