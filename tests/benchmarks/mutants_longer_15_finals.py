"""Planted bugs of tests/benchmarks/longer_15_finals.py."""

FILE = "tests/benchmarks/longer_15_finals.py"
TESTS = ["tests/benchmarks/test_longer_15_finals.py"]
MUTANTS = {
    "worst-two": ("key=tuning[kind].get)[:best]", "key=tuning[kind].get, reverse=True)[:best]"),
    "all": ("[:best]", ""),
    "equal-steps": ("round(steps / ratio[name])", "steps"),
    "more-time-for-slower": ("steps / ratio[name]", "steps * ratio[name]"),
    "judged-by-the-test": ('seed)[1]["valid"]', 'seed)[1]["bits per byte"]'),
    "no-dropout": ("(name, rate, dropout, round", "(name, rate, 0.0, round"),
    "worst-chosen": ("of[min(found[kind]", "of[max(found[kind]"),
    "best-of-the-tuning": ("of[min(found[kind], key=found[kind].get)]", "of[min(of, key=tuning[kind].get)]"),
    "size-left-out": ('{"size": tuning["chosen"]["size"]}', '{"size": None}'),
    "another-seed": ('"seeds": [20]', '"seeds": [21]'),
    "one-finalist": ('"best": 2', '"best": 1'),
}
