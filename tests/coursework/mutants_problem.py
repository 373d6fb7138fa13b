"""Bugs planted in how a family draws, and in how a known mistake is told."""

FILE = "coursework/problem.py"
TESTS = ["tests/coursework/test_problem.py", "--secrets", "2"]
MUTANTS = {
    "one-variant-for-all": ('generator(secret, self.name, "variant")', 'generator(self.name, "variant")'),
    "visible-is-hidden": ("generator(secret, self.name, part, purpose)", "generator(secret, self.name, part)"),
    "mistakes-of-forms-forgotten": ("[*self.known, *of_forms]", "[*self.known]"),
    "what-is-drawn-forgotten": ("variant.but(**mistake.drawn)", "variant.but()"),
    "edits-forgotten": ("edited(taken.fill(self.right[0]), *edits)", "taken.fill(self.right[0])"),
    "parts-of-a-mistake-forgotten": ("mistake.only or every", "every"),
    "told-of-another-form": ("variant.fill(mistake.message)", "taken.fill(mistake.message)"),
    "right-by-its-words": ("    if found is None:\n", '    if found is None or str(found) == "right":\n', "verdict"),
    "not-written-by-its-words": (
        'isinstance(found, Trouble) and found.kind == "NotImplementedError"',
        'str(found).startswith("NotImplementedError")',
        "verdict",
    ),
    "any-error-is-the-mistake": ("and wrong.error.kind == answer.error.kind", "", "verdict"),
    "places-of-mistakes-compared": ("wrong.error.kind == answer.error.kind", "wrong.error == answer.error", "verdict"),
    "kinds-of-mistakes-by-name": (
        "Trouble(kind_of(error))",
        "Trouble(type(error).__name__)",
        "errors_of_known_mistakes",
    ),
}
