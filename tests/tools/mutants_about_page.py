"""Planted bugs of what a page says of itself."""

FILE = "book/_ext/about_page.py"
TESTS = ["tests/tools/test_extensions.py"]
MUTANTS = {
    "date-of-a-repository-around": (' and (root / ".git").exists()', ""),
    "no-git-no-date": ("except (OSError, subprocess.CalledProcessError):", "except subprocess.CalledProcessError:"),
    "never-that-of-the-commit": ("return said if said and", "return newest[1] if said and"),
    "oldest-change": ("    newest = re.search(", "    *_, newest = re.finditer("),
    "question-unasked": ("questions.get(name)", "None"),
    "last-paragraph": (
        "next(iter(doctree.findall(nodes.paragraph)), None)",
        "[*doctree.findall(nodes.paragraph), None][-2]",
    ),
    "lines-stay": ('re.sub(r"\\s+", " ", first.astext())', "first.astext()"),
    "any-length": ("text if len(text) <= LONGEST else", "text if True else"),
    "one-less": ("len(text) <= LONGEST", "len(text) < LONGEST - 1"),
    "in-the-middle-of-a-word": ('text[:LONGEST].rpartition(" ")[0]', "text[: LONGEST - 1]"),
    "title-with-its-elements": (
        're.sub(r"<[^>]+>", "", context.get("title") or pagename)',
        'context.get("title") or pagename',
    ),
    "pages-without-a-title": ('context.get("title") or pagename)', 'context["title"])'),
    "quotes-of-the-title": ("escape(title, quote=True)", "escape(title, quote=False)"),
    "said-as-it-is": ("escape(description(pagename, doctree))", "description(pagename, doctree)"),
    "pages-without-a-text": ("if doctree is not None:", "if True:"),
    "instead-of-others": ('context.get("metatags", "")\n', '""\n'),
    "instead-of-the-foot": ('context.get("theme_extra_footer", "") + (', '"" + ('),
    "addresses-from-the-top": ("(relative_uri(here, app.builder", "(str(app.builder"),
    "errata-are-changes": ('("changelog", "errata")', '("errata", "changelog")'),
    "version-unsaid": ("Version: {number}", "Version: "),
    "page-unsaid": ("Page: {name} ({title})", "Page: {title}"),
}
