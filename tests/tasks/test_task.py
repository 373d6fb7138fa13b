"""What holds for every task: found in the package, so a new task is tested as soon as its file is there."""

import importlib
import inspect
from pathlib import Path

import numpy as np
import pytest

from seqlib import tasks
from seqlib.batching import Batch
from seqlib.tasks import Blanks, Copying, Oscillator, SentencePairs, Task, Translation
from seqlib.text import BOS, EOS, PAD

OTHERS = (
    "__init__",
    "cldr",
    "masking",
    "pairs",
    "sentences",
    "task",
    "topics",
)  # what tasks are made of, and real text
FILES = [path for path in Path(tasks.__file__).parent.glob("*.py") if path.stem not in OTHERS]


def found(path):
    """The tasks that a file defines."""
    module = importlib.import_module(f"seqlib.tasks.{path.stem}")
    return [kind for kind in vars(module).values() if inspect.isclass(kind) and kind.__module__ == module.__name__]


KINDS = [kind for path in sorted(FILES) for kind in found(path)]
EVERY = [kind() for kind in KINDS] + [
    Blanks((1, 5)),
    Blanks((2, 3)),
    Oscillator(0.5, 0.3, 1.0, T=2),
    Copying((2, 5), 4, order="reversed", permutation=(2, 0, 3, 1), reverse_source=True, eos_in_source=False),
    Translation(("durations", "quantities"), "test", seed=1, divided_by="sentence", faults=True, eos_in_source=False),
]
# a sequence in, another one out: models are called with (source, lengths, previous)
PAIRS = [task for task in EVERY if isinstance(task, Copying | Translation)]


@pytest.fixture(params=EVERY, ids=[f"{type(task).__name__}-{k}" for k, task in enumerate(EVERY)])
def task(request):
    """Every task in turn."""
    return request.param


def parts(batch):
    """All arrays of a batch."""
    return [*batch.inputs, batch.y, batch.mask]


def draw(task, seed, B=8):
    return task.sample(B, np.random.default_rng(seed))


def test_every_file_holds_a_task_that_is_exported():
    assert all(map(found, FILES))
    for kind in KINDS:
        assert issubclass(kind, Task), f"{kind.__name__} must be a Task"
        assert getattr(tasks, kind.__name__) is kind
        assert kind.__name__ in tasks.__all__
    assert len({kind.name for kind in KINDS}) == len(KINDS)


@pytest.mark.parametrize("B", [1, 2, 33])
def test_shapes_and_dtypes(task, B):
    (x, *more), y, mask = draw(task, 0, B)
    assert mask.dtype == bool
    assert len(mask) == B
    assert mask.any(1).all(), "every sequence has something to answer"
    real = mask  # which x goes with
    if task in PAIRS:
        lengths, previous = more
        assert previous.shape == mask.shape
        assert mask[:, -1].any(), "no column is padding alone"
        more, real = [lengths], np.arange(lengths.max()) < lengths[:, None]
    if isinstance(task, SentencePairs):
        *more, segments = more
        assert segments.shape == x.shape
    if hasattr(task, "vocab_size"):
        assert x.shape == real.shape
        assert x.dtype.kind == "i"
        assert 0 <= x.min() <= x.max() < task.vocab_size
    else:
        assert x.shape == (*real.shape, task.n_in)
        assert x.dtype == np.float64
    if task.loss == "cross_entropy":
        assert y.shape == mask.shape
        assert 0 <= y[mask].min() <= y[mask].max() < task.n_out
    else:
        assert y.shape == (*mask.shape, task.n_out)
        assert y.dtype == np.float64
    for lengths in more:
        assert lengths.shape == (B,)
        assert lengths.max() == real.shape[1], "no column is padding alone"
        assert not (real & (np.arange(real.shape[1]) >= lengths[:, None])).any()


@pytest.mark.parametrize("pairs", PAIRS, ids=[f"{type(task).__name__}-{k}" for k, task in enumerate(PAIRS)])
def test_a_decoder_is_taught_with_the_symbol_before(pairs):
    (source, lengths, previous), y, mask = draw(pairs, 1, 40)
    assert len({*mask.sum(1)}) > 1
    assert (pairs.vocab_size, pairs.n_out) == (len(pairs.source), len(pairs.target))
    for words, n, before, after, keeps in zip(source, lengths, previous, y, mask, strict=True):
        said = int(keeps.sum()) - 1
        assert keeps.tolist() == [t <= said for t in range(len(keeps))]
        assert before[0] == BOS
        assert after[said] == EOS
        assert (before[1 : said + 1] == after[:said]).all()
        assert not {PAD, BOS, EOS} & {*after[:said].tolist()}
        assert not {PAD, BOS} & {*words[:n].tolist()}
        assert EOS not in words[: n - 1]
        assert {PAD} >= {*words[n:].tolist(), *before[said + 1 :].tolist(), *after[said + 1 :].tolist()}


def test_the_generator_decides_and_nothing_else(task):
    np.random.seed(0)  # noqa: NPY002
    before = np.random.get_state()[1].copy()  # noqa: NPY002
    first, again, other = (parts(draw(task, seed)) for seed in (3, 3, 4))
    assert all(np.array_equal(a, b) for a, b in zip(first, again, strict=True))
    assert any(not np.array_equal(a, b) for a, b in zip(first, other, strict=True))
    assert (np.random.get_state()[1] == before).all()  # noqa: NPY002
    rng = np.random.default_rng(3)
    one, two = (parts(task.sample(8, rng)) for _ in range(2))
    assert any(not np.array_equal(a, b) for a, b in zip(one, two, strict=True)), "the generator goes on"


def test_a_sample_is_the_callers_own(task):
    for part in parts(draw(task, 5)):
        part[...] = 0
    assert any(part.any() for part in parts(draw(task, 5)))


def test_levels(task):
    assert np.isfinite([task.floor, task.chance]).all()
    assert 0 <= task.floor < task.chance


def test_settings_make_the_task_again(task):
    twin = type(task)(**task.settings)
    assert twin.settings == task.settings
    assert (twin.floor, twin.chance) == (task.floor, task.chance)
    assert all(np.array_equal(a, b) for a, b in zip(parts(draw(twin, 1)), parts(draw(task, 1)), strict=True))


@pytest.mark.parametrize(
    ("arguments", "name"),
    [
        ((0, np.random.default_rng(0)), "batch_size"),
        ((-1, np.random.default_rng(0)), "batch_size"),
        ((2.0, np.random.default_rng(0)), "batch_size"),
        ((2, 7), "rng"),
        ((2, None), "rng"),
        ((2, np.random.RandomState(0)), "rng"),
    ],
)
def test_bad_input_is_named(task, arguments, name):
    with pytest.raises((ValueError, TypeError), match=name):
        task.sample(*arguments)


# A task with nothing wrong about it, and ways to get it wrong.
X, Y, MASK = np.zeros((2, 3, 4)), np.zeros((2, 3, 1)), np.ones((2, 3), dtype=bool)
GOOD = {
    "name": "good",
    "loss": "squared_error",
    "unit": "squares",
    "n_in": 4,
    "n_out": 1,
    "floor": property(lambda self: 0.0),
    "chance": property(lambda self: 1.0),
    "draw": lambda self, B, rng: Batch((X, np.array([3, 2])), Y, MASK & [[True] * 3, [True, True, False]]),
}
IDS = {"vocab_size": 5, "n_in": None}


def made(**changes):
    """A class with the members of GOOD, changed; None leaves one out."""
    return type("Odd", (Task,), {key: value for key, value in (GOOD | changes).items() if value is not None})


def drawing(*parts):
    return {"draw": lambda self, B, rng: Batch(*parts)}


def test_a_task_with_nothing_wrong_passes():
    assert made()().sample(2, np.random.default_rng(0)).inputs[0] is X


@pytest.mark.parametrize("chance", [1.0, -3.0, 1e4])
def test_a_floor_may_be_the_chance_but_for_its_rounding(chance):
    def at(floor):
        return made(floor=property(lambda self: floor), chance=property(lambda self: chance))()

    for floor in (chance, np.nextafter(chance, np.inf)):
        assert at(floor).sample(2, np.random.default_rng(0)).inputs[0] is X
    with pytest.raises(ValueError, match="floor ≤ chance"):
        at(chance + 1e-9 * abs(chance)).sample(2, np.random.default_rng(0))


@pytest.mark.parametrize("member", ["name", "loss", "unit", "floor", "chance", "draw"])
def test_a_class_that_lacks_something_is_refused_when_it_is_made(member):
    with pytest.raises(TypeError, match=f"Odd.{member} must be given"):
        made(**{member: None})


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"n_out": None}, "Odd.n_out must be an integer"),
        ({"n_out": 0}, "Odd.n_out must be at least 1"),
        ({"n_in": None}, "Odd must have either n_in or vocab_size"),
        ({"vocab_size": 3}, "Odd must have either n_in or vocab_size"),
        ({"floor": property(lambda self: 2.0)}, "Odd must have finite levels, floor ≤ chance, got 2.0 and 1.0"),
        ({"floor": property(lambda self: float("nan"))}, "Odd must have finite levels"),
        ({"chance": property(lambda self: float("inf"))}, "Odd must have finite levels"),
        ({"draw": lambda self, B, rng: (X, Y, MASK)}, "draw of Odd must return a Batch"),
        (drawing(X, Y, MASK), "inputs of Odd must be a tuple"),
        (drawing((), Y, MASK), "inputs of Odd must be a tuple"),
        (drawing((X,), Y, MASK[:1]), r"mask of Odd must have shape \(2, T\)"),
        (drawing((X,), Y, MASK[:, :2]), r"y of Odd must have shape \(2, 2, 1\)"),
        (drawing((X,), Y, MASK.astype(int)), "mask of Odd must be boolean"),
        (drawing((X,), Y, MASK & [[True], [False]]), "mask of Odd must keep a position of every sequence, not of 1"),
        (drawing((X[:, :2],), Y, MASK), r"x of Odd must have shape \(2, 3, 4\)"),
        (drawing((X.astype(int),), Y, MASK), "x of Odd must hold real numbers"),
        (drawing((X + np.nan,), Y, MASK), "x of Odd must be finite"),
        (drawing((X,), Y[..., 0], MASK), r"y of Odd must have shape \(2, 3, 1\)"),
        (drawing((X, [3, 2]), Y, MASK), "mask of Odd must not keep padding, as it does in 1"),
        (drawing((X, [3, 4]), Y, MASK), "lengths of Odd must be at least 1 and at most 3"),
        (drawing((X, [3]), Y, MASK), r"lengths of Odd must have shape \(2\)"),
        (IDS | drawing((X[..., 0],), Y, MASK), "x of Odd must hold integer ids"),
        (IDS | drawing((MASK * 5,), Y, MASK), "x of Odd must hold ids from 0 to 4"),
        ({"loss": "cross_entropy"} | drawing((X,), MASK * 1, MASK), "y of Odd must hold ids from 0 to 0"),
    ],
)
def test_a_task_that_breaks_the_contract_is_named_at_its_first_batch(changes, message):
    task = made(**changes)()
    for _ in range(2):
        with pytest.raises((ValueError, TypeError), match=message):
            task.sample(2, np.random.default_rng(0))


def test_a_loss_that_nobody_knows_is_refused():
    with pytest.raises(ValueError, match=r"Odd.loss must be one of 'cross_entropy', 'squared_error', got 'hinge'"):
        made(loss="hinge")


def test_an_argument_that_is_not_kept_is_named():
    task = made(__init__=lambda self, size=3: None)()
    with pytest.raises(TypeError, match="Odd must keep its argument 'size' as an attribute"):
        _ = task.settings
