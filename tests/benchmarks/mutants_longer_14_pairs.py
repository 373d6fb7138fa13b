"""Planted bugs of tests/benchmarks/longer_14_pairs.py."""

FILE = "tests/benchmarks/longer_14_pairs.py"
TESTS = ["tests/benchmarks/test_longer_14_pairs.py"]
MUTANTS = {
    "pairs-alone": ("shape[1]) > 0))", "shape[1]) == 0))"),
    "first-word-left-out": ("shape[1]) > 0))", "shape[1]) > 1))"),
    "small-batches": ("B = 48", "B = 32"),
    "segments-not-read": ("model.bert(*map(torch.tensor, batch.inputs))", "model.bert(torch.tensor(batch.inputs[0]))"),
    "not-pooled": ("model.pair(model.bert.pooled(h))", "model.pair(h[:, 0])"),
    "scores-not-probabilities": (".log_softmax(-1).double()", ".double()"),
    "answers-upside-down": ("np.arange(len(same)), same]", "np.arange(len(same)), 1 - same]"),
    "sign": ('"pair": -log_p', '"pair": log_p'),
    "wrong-answers-counted": ("log_p.argmax(1) == same", "log_p.argmin(1) == same"),
    "answer-at-sep": ("same = batch.y[:, 0]", "same = batch.y[:, -1] * 0"),
    "pairs-among-the-words": ("losses(model, words_alone(batch))", "losses(model, batch)"),
    "exact-pairs-among-the-words": ("words_alone(masked).mask", "masked.mask"),
    "exact-sign": ('"word": -np.log(p', '"word": np.log(p'),
    "exact-of-what-is-read": ("p[words, masked.y[words]]", "p[words, masked.inputs[0][words]] + 1e-9"),
    "exact-answers-swapped": ("judged(np.log(p[:, 0, :2]), masked)", "judged(np.log(p[:, 0, 1::-1]), masked)"),
    "clean-is-masked": (
        "judged(np.log(task.probabilities(clean.inputs[0])[:, 0, :2]), clean)",
        "judged(np.log(p[:, 0, :2]), masked)",
    ),
    "one-test-for-all-seeds": ("[seed, 10**6]))", "[0, 10**6]))"),
    "pairs-of-the-training": ("[seed, 10**6]))", "[seed, 0]))"),
    "one-clean-test": ("[seed, 10**6 + 1])", "[0, 10**6 + 1])"),
    "the-same-pairs": ("[seed, 10**6 + 1])", "[seed, 10**6])"),
    "clean-is-sampled": ("task.clean(pairs,", "task.sample(pairs,"),
    "nothing-hidden": ("masked = task.sample(pairs,", "masked = task.clean(pairs,"),
    "at-every-step": ("if step in at:", "if True:"),
    "usual-batches": ("seed, watch, B)", "seed, watch)"),
    "clean-answers-of-the-masked": (
        "judged(answered(run.model, clean), clean)",
        "judged(answered(run.model, masked), masked)",
    ),
    "clean-judged-by-the-masked": (
        "judged(answered(run.model, clean), clean)",
        "judged(answered(run.model, clean), masked)",
    ),
    "at-is-one-score": ("[of[name] for of in seen]", '[of["word"] for of in seen]'),
    "digits": ("rounded(value, 4)", "rounded(value, 1)"),
    "four-seeds": ("range(220, 225)", "range(220, 224)"),
    "usual-share": ("task = SentencePairs(share=share)", "task = SentencePairs()"),
    "one-seed": ("at) for seed in seeds]", "at) for seed in seeds[:1]]"),
    "exact-of-one-seed": ("drawn(task, tested, seed))) for seed", "drawn(task, tested, seeds[0]))) for seed"),
    "names-for-values": ("[run[name] for run in runs]", '[run["word"] for run in runs]'),
}
