"""Bugs planted in what is compared: which pairs are shown first."""

FILE = "coursework/comparing/similar.py"
TESTS = ["tests/coursework/comparing/test_similar.py"]
MUTANTS = {
    "what-was-given-out-counts": ("if number not in given", "if True"),
    "the-usual-counts": ("if f not in usual", "if True"),
    "the-rare-weighs-as-the-common": ("math.log2((len(found) + MORE) / n)", "1.0"),
    "two-of-two-weigh-nothing": ("MORE = 4", "MORE = 0"),
    "the-least-alike-first": ("np.argsort(-beyond", "np.argsort(beyond"),
}
