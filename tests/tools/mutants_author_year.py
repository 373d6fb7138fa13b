"""Planted bugs of the labels of the bibliography."""

FILE = "book/_ext/author_year.py"
TESTS = ["tests/tools/test_extensions.py"]
MUTANTS = {
    "no-editors": (' or entry.persons.get("editor")', ""),
    "no-van": ("[*person.prelast_names, *person.last_names]", "person.last_names"),
    "braces": ('.strip("{}")', ""),
    "two-are-many": ("if len(names) > 2:", "if len(names) > 1:"),
    "three-are-named": ("if len(names) > 2:", "if len(names) > 3:"),
    "no-organization": ('entry.fields.get("organization", entry.key)', "entry.key"),
    "undated-is-empty": ("'n.d.'", "''"),
    "letters-for-all": ("if alike[said] > 1 else said", "if alike[said] > 0 else said"),
    "from-b": ('ord("a") + used[said] - 1', 'ord("a") + used[said]'),
    "one-letter": ("            used[said] += 1\n", "            used[said] = 1\n"),
}
