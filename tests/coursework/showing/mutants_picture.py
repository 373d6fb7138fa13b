"""Bugs planted in the look at pictures."""

FILE = "coursework/showing/picture.py"
TESTS = ["tests/coursework/showing/test_picture.py", "tests/coursework/showing/test_budget.py"]
MUTANTS = {
    "any-size": ("if not 0 < size[0] * size[1] <= PIXELS:", "if False:"),
    "any-bytes": ("if len(packed) * 3 // 4 > LARGEST:", "if False:"),
    "any-base64": ("b64decode(packed, validate=True)", "b64decode(packed)"),
    "any-form": ("return None\n    width, height", "pass\n    width, height"),
    "first-frame-only": ("key=lambda size: size[0] * size[1])", "key=lambda size: -size[0] * size[1])"),
    "jpegs-take-no-room": ("_png(data) or _jpeg(data) or (0, 0)", "_png(data) or (0, 0)"),
    "pasted-ones-take-no-room": ('written.rpartition(",")[2]', "written"),
    "edge-refused": ("<= PIXELS:", "<= PIXELS // 2:"),
}
