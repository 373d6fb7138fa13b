"""Bugs planted in the page of feedback."""

FILE = "coursework/showing/page.py"
TESTS = ["tests/coursework/showing/test_page.py"]
MUTANTS = {
    "scheme-shown": ('if not cell.get("metadata", {}).get(SCHEME)]', "]"),
    "nothing-waits": ('grade["waits"] = grade.grade_id in waiting', 'grade["waits"] = False'),
    "forged-text-passes": ("written = source if is_harmless(source) else html(source)", "written = source"),
    "code-not-escaped": ("<pre><code>{escape(cell.source)}</code></pre>", "<pre><code>{cell.source}</code></pre>"),
    "output-not-escaped": ('return f"<pre>{escape(output.text)}</pre>"', 'return f"<pre>{output.text}</pre>"'),
    "decoded-and-not-escaped": ("lambda number: escape(unescape(number[0]))", "lambda number: unescape(number[0])"),
    "comment-left-out": ('if ours.get("comment"):', "if False:"),
    "penalty-not-said": ('if ours.get("late_penalty"):', "if False:"),
    "result-shown-twice": ('if output.output_type != "display_data":', "if False:"),
    "any-picture": ('and re.fullmatch(r"[A-Za-z0-9+/=\\s]*", output.data[form])', ""),
}
