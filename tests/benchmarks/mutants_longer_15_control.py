"""Planted bugs of tests/benchmarks/longer_15_control.py."""

FILE = "tests/benchmarks/longer_15_control.py"
TESTS = ["tests/benchmarks/test_longer_15_control.py"]
MUTANTS = {
    "the-gpt-again": ('choice, size, first = chosen[S["LSTM"]]', 'choice, size, first = chosen[S["GPT"]]'),
    "time-by-characters": ("(choice[0], turn, timing, size)", "(choice[0], turn, timing, None)"),
    "the-first-by-bpe": ("(first, turn, timing, None)", "(first, turn, timing, size)"),
    "other-turns": ("(first, turn, timing, None)", "(first, rounds, timing, None)"),
    "one-round": ("for _ in range(rounds)", "for _ in range(1)"),
    "not-by-the-first": ("timing, size) / usual)", "timing, size))"),
    "mean": ("np.median(took)", "np.mean(took)"),
    "equal-steps": ("round(steps / ratio)", "round(steps)"),
    "more-time": ("round(steps / ratio)", "round(steps * ratio)"),
    "by-characters": ("seed, size)[1] for seed", "seed, None)[1] for seed"),
    "one-seed": ("[1] for seed in seeds]", "[1] for seed in seeds[:1]]"),
    "called-gpt": ('"arms": {S["LSTM"]:', '"arms": {S["GPT"]:'),
    "fewer-rounds": ('"rounds": 7', '"rounds": 5'),
    "another-clock": ('"timing": 20', '"timing": 10'),
}
