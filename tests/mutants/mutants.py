"""Bugs that people really make, each planted alone; `run.py` checks that the named tests catch it."""

from typing import NamedTuple


class Mutant(NamedTuple):
    """One planted bug: in `file`, `old` (which stands there once) becomes `new`; `tests` must fail."""

    name: str
    file: str
    old: str
    new: str
    tests: tuple[str, ...]


RNN = "seqlib/reference/rnn.py"
LOSSES = "seqlib/reference/losses.py"
OPTIM = "seqlib/reference/optim.py"
FAST = "seqlib/nn/rnn.py"
SHARED = "seqlib/nn/recurrent.py"
T_RNN = ("tests/reference/test_rnn.py",)
T_LOSSES = ("tests/reference/test_losses.py",)
T_OPTIM = ("tests/reference/test_optim.py",)
T_FAST = ("tests/nn/test_rnn.py",)
T_TRAIN = ("tests/test_training.py", "-k", "not kills")

MUTANTS = [
    Mutant(
        "step-transposed", RNN, "h @ params.W_hh.T + params.b_h, check", "h @ params.W_hh + params.b_h, check", T_RNN
    ),
    Mutant("slope-sign", RNN, "return 1 - h**2 if", "return 1 + h**2 if", T_RNN),
    Mutant("slope-not-squared", RNN, "return 1 - h**2 if", "return 1 - h if", T_RNN),
    Mutant("mask-forgets-state", RNN, "np.where(real[:, t, None], new, states[:, t])", "new", T_RNN),
    Mutant("truncate-off-by-one", RNN, "for lag in range(k):", "for lag in range(k + 1):", T_RNN),
    Mutant("jacobian-columns", RNN, ")[:, :, None] * params.W_hh", ")[:, None, :] * params.W_hh", T_RNN),
    Mutant("loss-no-factor-2", LOSSES, "dloss * 2 * cache.weight", "dloss * cache.weight", T_LOSSES),
    Mutant("ce-no-one-hot", LOSSES, "cache.target[..., None], -1) - 1", "cache.target[..., None], -1)", T_LOSSES),
    Mutant("ce-sign", LOSSES, "return -(weight * picked).sum()", "return (weight * picked).sum()", T_LOSSES),
    Mutant("mask-mean-over-all", LOSSES, "return counts / n", "return counts / counts.size", T_LOSSES),
    Mutant("adam-no-correction", OPTIM, "(m / (1 - b1**t))", "m", T_OPTIM),
    Mutant("adam-eps-in-root", OPTIM, "(np.sqrt(v / (1 - b2**t)) + eps)", "np.sqrt(v / (1 - b2**t) + eps)", T_OPTIM),
    Mutant(
        "sgd-uphill",
        OPTIM,
        "_map(lambda p, g: p - lr * g, params, grads)",
        "_map(lambda p, g: p + lr * g, params, grads)",
        T_OPTIM,
    ),
    Mutant(
        "clip-always", OPTIM, "scale = min(1.0, max_norm / (norm + 1e-6))", "scale = max_norm / (norm + 1e-6)", T_OPTIM
    ),
    Mutant("central-not-halved", "seqlib/gradcheck.py", "/ (2 * eps)", "/ eps", ("tests/test_gradcheck.py",)),
    Mutant(
        "claim-mean-only",
        "seqlib/evidence.py",
        "not low > measure.above",
        "not mean > measure.above",
        ("tests/test_evidence.py",),
    ),
    Mutant("fast-one-bias", FAST, "b_ih + b_hh", "b_ih", T_FAST),
    Mutant("directions-swapped", SHARED, "for reverse in (False, True)", "for reverse in (True, False)", T_FAST),
    Mutant("packed-states-unsorted", SHARED, "state.index_select(1, input.unsorted_indices)", "state", T_FAST),
    Mutant("late-start-from-zero", SHARED, "begin[have:need]])", "0 * begin[have:need]])", T_FAST),
    Mutant("fast-slope-of-h", FAST, "out, out, value=-1)", "out, out.sign(), value=-1)", T_FAST),
    Mutant("fast-weights-transposed", FAST, "later, w_hh, out=dh)", "later, w_hh.t(), out=dh)", T_FAST),
    Mutant("dropout-when-evaluating", SHARED, "self.dropout, self.training", "self.dropout, True", T_FAST),
    Mutant(
        "chance-wrong",
        "seqlib/tasks/adding.py",
        "return self.marked * variance",
        "return variance",
        ("tests/tasks/test_adding.py",),
    ),
    Mutant(
        "answer-leaks", "seqlib/tasks/blanks.py", "ids[:, :-1], 0)", "ids[:, 1:], 0)", ("tests/tasks/test_blanks.py",)
    ),
    Mutant(
        "oscillator-cold-start",
        "seqlib/tasks/oscillator.py",
        "x[:, 0] = np.sqrt(gamma0) * noise[:, 0]",
        "x[:, 0] = self.sigma * noise[:, 0]",
        ("tests/tasks/test_oscillator.py",),
    ),
    Mutant(
        "padding-mask-off-by-one",
        "seqlib/batching.py",
        "np.arange(longest) < checked[:, None]",
        "np.arange(longest) <= checked[:, None]",
        ("tests/test_batching.py",),
    ),
    Mutant(
        "same-batch-again",
        "seqlib/training.py",
        "np.random.default_rng([seed, step])",
        "np.random.default_rng([seed, 0])",
        T_TRAIN,
    ),
    Mutant("resume-without-rng", "seqlib/training.py", 'torch.set_rng_state(state["rng"])', "pass", T_TRAIN),
    Mutant(
        "ngram-denominator",
        "seqlib/reference/ngram.py",
        "counts.sum() + self.alpha * self.V",
        "counts.sum() + self.alpha",
        ("tests/reference/test_ngram.py",),
    ),
]
