"""Planted bugs of seqlib.training.history."""

FILE = "seqlib/training/history.py"
TESTS = ["tests/training/test_history.py"]
MUTANTS = {
    "lr-not-kept": ("self.lr.append(lr)", "pass"),
    "best-is-the-last": ("model.load_state_dict(self.best.state)", "pass"),
    "best-replaces-the-last": ("model = copy.deepcopy(self.model)", "model = self.model"),
}
