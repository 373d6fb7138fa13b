"""Bugs planted in what makes a student's text harmless."""

FILE = "coursework/showing/markdown.py"
TESTS = ["tests/coursework/showing/test_markdown.py"]
MUTANTS = {
    "text-not-encoded": ("or encoded(token.content)", "or token.content"),
    "links-of-any-kind": ("if ADDRESS.fullmatch(address):", "if address:"),
    "any-scheme": ('re.compile(r"https?://', 're.compile(r"\\w+:/*'),
    "address-not-shown": ('self.links.append(encoded(f" [{address[:200]}]"))', 'self.links.append("")'),
    "pictures-fetched": (
        'return encoded(f"[picture, not shown: {said[:500]} ({address[:200]})]")',
        'return f\'<img alt="a" src="{address}"/>\'',
    ),
    "definitions-read": ('parser.disable("reference")', "pass"),
    "code-not-encoded": ('return f"<code>{encoded(token.content)}</code>"', 'return f"<code>{token.content}</code>"'),
    "lines-kept": (
        'return "&#10;".join(map(encoded, text.expandtabs(4).split("\\n")))',
        'return "\\n".join(map(encoded, text.expandtabs(4).split("\\n")))',
    ),
    "no-last-look": ("return found if is_harmless(found) else", "return found if True else"),
}
