"""The bibliography in the style of the text: by authors and year, with full names."""

from collections import Counter

from pybtex.plugin import register_plugin
from pybtex.style.formatting.unsrt import Style as Unsorted
from pybtex.style.labels import BaseLabelStyle


def label(entry):
    """Authors and year: Elman, 1990; Pascanu et al., 2013."""
    people = entry.persons.get("author") or entry.persons.get("editor") or []
    names = [" ".join([*person.prelast_names, *person.last_names]).strip("{}") for person in people]
    if len(names) > 2:
        said = f"{names[0]} et al."
    else:
        said = " and ".join(names) or entry.fields.get("organization", entry.key)
    return f"{said}, {entry.fields.get('year', 'n.d.')}"


class AuthorYear(BaseLabelStyle):
    """Labels, with a letter where several would be alike."""

    def format_labels(self, sorted_entries):
        """One for each entry."""
        labels = [label(entry) for entry in sorted_entries]
        alike, used = Counter(labels), Counter()
        for said in labels:
            used[said] += 1
            yield said + chr(ord("a") + used[said] - 1) if alike[said] > 1 else said


class Style(Unsorted):
    """Sorted by author and year, labelled so, names in full."""

    default_label_style = AuthorYear
    default_name_style = "plain"
    default_sorting_style = "author_year_title"


def setup(app):
    """Make the style known to sphinxcontrib-bibtex."""
    register_plugin("pybtex.style.labels", "author_year", AuthorYear)
    register_plugin("pybtex.style.formatting", "author_year", Style)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
