"""Bugs planted in the practice of chapter 16: a step of continuous time."""

FILE = "seqlib/exercises/linear_recurrence_hold.py"
TESTS = ["tests/exercises/test_linear_recurrence_hold.py"]
MUTANTS = {
    "never-zero": ("np.array([0.0, -1.2, 0.0, 0.7])", "np.array([0.1, -1.2, 0.1, 0.7])"),
    "never-growing": ("0.0, -1.2, 0.0, 0.7]", "0.0, -1.2, 0.0, -0.7]"),
    "a-whole-step": ("np.array([0.5, 1.2, 0.3])", "np.array([0.5, 1.0, 0.3])"),
    "shifted-more": ("A + 1e-8", "A + 1e-3"),
    "right-squared": (
        "return np.exp(delta * A), _held(delta, A) * B\n",
        "return np.exp(delta * A), _held(delta, A) * B * B\n",
    ),
    "bilinear-by-one": ("(2 + delta * A) / (2 - delta * A)", "(2 + delta * A) / (3 - delta * A)"),
    "zeroed-as-it-is": ("np.where(A == 0, 0, _held(delta, A)) * B", "np.where(A == 0, 1, _held(delta, A)) * B"),
    "decayed-half": ("delta * np.exp(delta * A) * B", "delta * np.exp(delta * A / 2) * B"),
}
