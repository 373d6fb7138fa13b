"""Bugs planted in the practice of chapter 15: the loss of DPO."""

FILE = "seqlib/exercises/gpt_preferences.py"
TESTS = ["tests/exercises/test_gpt_preferences.py"]
MUTANTS = {
    "a-little-less": ("return np.logaddexp(0, -m).mean()", "return np.logaddexp(-0.01, -m).mean()"),
    "half-a-slope": ("return -beta * _sigmoid(-m) / len(m)", "return -beta * _sigmoid(-m) / (len(m) + 1)"),
    "always-two": ("_case(1, 1.5)", "_case(2, 1.5)"),
    "beta-of-one": ("_case(3, 0.5)", "_case(3, 1.0)"),
    "divided-by-what-is": ("c / c0 - r / r0", "c / c0 - r0 / r"),
    "half-swapped": (
        "lambda m: _loss(-m), lambda m, beta: -_slope(-m, beta)",
        "lambda m: _loss(-m), lambda m, beta: -_slope(-m, 2 * beta)",
    ),
    "of-the-other": ("_both(lambda m: _sigmoid(-m).mean())", "_both(lambda m: 1 - _sigmoid(-m).mean() / 2)"),
    "digits": ("_loss(m) / np.log(2)", "_loss(m) / np.log(10)"),
    "sigmoid-twice": (
        "lambda m, beta: -_slope(m, beta) * _sigmoid(m)",
        "lambda m, beta: -_slope(m, beta) * _sigmoid(m) ** 2",
    ),
}
