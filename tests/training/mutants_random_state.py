"""Planted bugs of seqlib.training.random_state."""

FILE = "seqlib/training/random_state.py"
TESTS = ["tests/training/test_random_state.py"]
MUTANTS = {
    "python-not-seeded": ("random.seed(seed)\n        yield", "yield"),
    "numpy-not-seeded": ("np.random.seed(np.random.SeedSequence(seed).generate_state(4))", "pass"),
    "large-seeds-cut": ("np.random.SeedSequence(seed)", "np.random.SeedSequence(seed % 2**32)"),
    "not-given-back": ("finally:\n        restore(before)", "finally:\n        pass"),
    "python-not-restored": ('random.setstate(state["python"])', "pass"),
}
