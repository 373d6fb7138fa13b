"""Planted bugs of seqlib.training.optimisers."""

FILE = "seqlib/training/optimisers.py"
TESTS = ["tests/training/test_optimisers.py", "tests/training/test_fit.py"]
MUTANTS = {
    "momentum-0.5": ("momentum=0.9,", "momentum=0.5,"),
    "adamw-is-adam": ('"adamw": torch.optim.AdamW,', '"adamw": torch.optim.Adam,'),
    "adam-is-adamw": ('"adam": torch.optim.Adam,', '"adam": torch.optim.AdamW,'),
    "decay-dropped": ('options["weight_decay"] = weight_decay\n', "pass\n"),
    "momentum-without-decay": ("momentum=0.9, weight_decay=weight_decay", "momentum=0.9"),
    "decay-refused-by-torch": ('if not _takes(make, "weight_decay"):', "if False:"),
}
