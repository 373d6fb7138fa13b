"""Bugs planted in the judge: a mark must not depend on them."""

FILE = "coursework/judge.py"
TESTS = ["tests/coursework/test_judge.py"]
MUTANTS = {
    "visible-data-marked": (
        'problem.expected(secret, part.name, "hidden")',
        'problem.expected(secret, part.name, "visible")',
    ),
    "silence-is-right": ("return Answer(error=silent)", "return Answer(1.0)"),
    "points-of-all-parts": ('"points": part.points * right', '"points": part.points'),
    "answers-of-the-first-part": ("k * CASES + i", "i"),
    "never-tried-alone": ("if not _complete(first, problem.name, wanted):", "if False:"),
    "tried-alone-with-everything": ("definitions_only=True", "definitions_only=False"),
    "unmarked-cells-forgotten": ("[*code, *unmarked]", "code"),
    "mistakes-forgotten": ('problem.mistakes(secret, part.name, "hidden")', "[]"),
    "largest-is-what-was-got": ("problem.points, parts)", 'sum(p["points"] for p in parts), parts)'),
    "errors-forgotten": ("return Answer(error=error)", "return Answer(value)"),
}
