"""What a page says of itself: a description for search engines; in its foot version, date, changes, a way to report.

The date is that of the last commit; without git, in a tarball, that of the newest entry of the changelog.
"""

import re
import subprocess
import tomllib
from html import escape
from urllib.parse import urlencode

from docutils import nodes
from record import ROOT, chapters
from sphinx.util.osutil import relative_uri

LONGEST = 300


def version():
    """The version of seqlib."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf8"))["project"]["version"]


def date(root=ROOT):
    """The date of the last commit of the repository, or of the newest entry of the changelog."""
    command = ["git", "-C", str(root), "log", "-1", "--format=%cs"]
    try:
        said = subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        said = ""
    newest = re.search(r"^## .*?(\d{4}-\d\d-\d\d)", (root / "book/changelog.md").read_text(encoding="utf8"), flags=re.M)
    return said if said and (root / ".git").exists() else newest[1]


def description(name, doctree):
    """The question of a chapter, of another page its first paragraph; at most `LONGEST` characters."""
    questions = {f"chapters/{chapter['file']}": chapter["question"] for _, chapter in chapters()}
    text = questions.get(name)
    if text is None:
        first = next(iter(doctree.findall(nodes.paragraph)), None)
        text = re.sub(r"\s+", " ", first.astext()).strip() if first is not None else ""
    return text if len(text) <= LONGEST else text[:LONGEST].rpartition(" ")[0] + " …"


def report(repository, name, title, number):
    """The address at which a mistake on a page is reported, with the page and the version filled in."""
    body = f"Page: {name} ({title})\nVersion: {number}\n\nWhat is wrong, and what would be right?\n\n"
    return f"{repository}/issues/new?{urlencode({'title': f'Mistake on the page: {title}', 'body': body})}"


def about(app, pagename, templatename, context, doctree):
    """Add both to the context of the page."""
    title = re.sub(r"<[^>]+>", "", context.get("title") or pagename)
    if doctree is not None:
        said = escape(description(pagename, doctree))
        context["metatags"] = (
            context.get("metatags", "")
            + f'\n<meta name="description" content="{said}"/>'
            + f'\n<meta property="og:title" content="{escape(title, quote=True)}"/>'
            + f'\n<meta property="og:description" content="{said}"/>'
            + '\n<meta property="og:type" content="article"/>'
        )
    here = app.builder.get_target_uri(pagename)
    changes, errata = (relative_uri(here, app.builder.get_target_uri(f"book/{p}")) for p in ("changelog", "errata"))
    address = escape(report(app.config.html_theme_options["repository_url"], pagename, title, app.version_said))
    context["theme_extra_footer"] = context.get("theme_extra_footer", "") + (
        f'<p class="about-page">Version {app.version_said}, {app.date_said} · <a href="{changes}">changes</a> · '
        f'<a href="{errata}">errata</a> · <a href="{address}">Report a mistake on this page</a></p>'
        f'<p class="print-address">{escape(title)} · <span class="address">{escape(here)}</span></p>'
    )


def said(app):
    """Look once which version and date the pages have."""
    app.version_said, app.date_said = version(), date()


def setup(app):
    """Register with Sphinx."""
    app.connect("builder-inited", said)
    app.connect("html-page-context", about)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
