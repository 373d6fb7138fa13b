"""Planted bugs of seqlib.training.identity: each part of a run forgotten."""

FILE = "seqlib/training/identity.py"
TESTS = ["tests/training/test_identity.py", "tests/training/test_scheduled_sampling.py"]
MUTANTS = {
    "optimiser-by-class": ('if option != "params"}', "if False}"),
    "data-by-class": ('{f"{name}.{option}": _plain(value) for option, value in options.items()}', "{}"),
    "lists-unseen": ('b"" if part is None else array.tobytes()', 'b""'),
    "functions-by-name": (
        '{f"{name}.first": _digest([first])} if isinstance(first, Batch)',
        "{} if isinstance(first, Batch)",
    ),
    "loss-forgotten": (" | of_loss(loss)", ""),
    "loss-without-settings": ("if dataclasses.is_dataclass(loss) and not isinstance(loss, type):", "if False:"),
    "version-forgotten": ('"seqlib": __version__', '"seqlib": ""'),
    "model-by-shape": ('{f"{place}.{key}": _plain(value) for key, value in options.items() if _is_plain(value)}', "{}"),
    "dtype-forgotten": ("{str(parameter.dtype).removeprefix('torch.')} ", ""),
    "numpy-numbers-kept": ("return value.item()", "return value"),
    "only-what-both-have": (
        "for name in [*wanted, *(name for name in stored if name not in wanted)]",
        "for name in set(wanted) & set(stored)",
    ),
    "start-forgotten": ("        if built:", "        if False:"),
    "start-of-given-models": ("        if built:", "        if True:"),
    "order-of-values-unseen": (".cos().to(", ".sign().to("),
    "schedules-by-class": ("if dataclasses.is_dataclass(schedule):", "if False:"),
    "schedule-forgotten": ('{"schedule": schedule if schedule is None else _name(schedule)}', '{"schedule": None}'),
    "frozen-unseen": ('" frozen"', '""'),
}
