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
}
