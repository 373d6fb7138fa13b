"""A DataLoader as data: in turn, shuffled anew each pass, resumed in the middle of one, or refused with the reason."""

import random

import numpy as np
import pytest
import torch
from torch.utils import data as torch_data

from seqlib.batching import Batch
from seqlib.tasks import Oscillator
from seqlib.training import evaluate, fit
from seqlib.training.loader import Reader

N = 11
SERIES = Oscillator(T=5).sample(N, np.random.default_rng(0))
ITEMS = torch_data.TensorDataset(
    torch.from_numpy(SERIES.inputs[0]), torch.from_numpy(SERIES.y), torch.from_numpy(SERIES.mask), torch.arange(N)
)


def collate(items):
    """A batch, whose first number says which series are in it."""
    x, y, mask, number = (torch.stack(parts) for parts in zip(*items, strict=True))
    return Batch((torch.cat([x[:, :1] * 0 + number[:, None, None], x[:, 1:]], 1),), y, mask)


def loader(**options):
    return torch_data.DataLoader(ITEMS, **({"batch_size": 3, "collate_fn": collate} | options))


def numbers(batch):
    return batch.inputs[0][:, 0, 0].int().tolist()


def passes(reader, n):
    """The series of every batch, pass by pass."""
    return [[numbers(reader(4 * p + i)) for i in range(4)] for p in range(n)]


def seeded(seed):
    return torch.Generator().manual_seed(seed)


def test_without_shuffling_it_is_a_list(network, same):
    options = {"loss": "squared_error", "steps": 9}
    assert same(fit(network, loader(), **options), fit(network, list(loader()), **options))
    assert passes(Reader(loader(), 0), 2) == [[[0, 1, 2], [3, 4, 5], [6, 7, 8], [9, 10]]] * 2


@pytest.mark.parametrize(
    "options",
    [{"shuffle": True}, {"shuffle": True, "generator": seeded(1)}, {"sampler": torch_data.RandomSampler(ITEMS)}],
)
def test_every_pass_is_another_order_of_everything(options):
    found = passes(Reader(loader(**options), 0), 3)
    flat = [[n for batch in one for n in batch] for one in found]
    assert all(sorted(one) == list(range(N)) for one in flat)
    assert len({tuple(one) for one in flat}) == 3
    assert passes(Reader(loader(**options), 0), 3) == found, "decided by the seed"
    assert passes(Reader(loader(**options), 1), 3) != found


def test_the_seed_of_its_own_generator_counts_and_its_state_does_not():
    generator = seeded(1)
    found = passes(Reader(loader(shuffle=True, generator=generator), 0), 2)
    list(loader(shuffle=True, generator=generator))  # used elsewhere before
    state = generator.get_state()
    assert passes(Reader(loader(shuffle=True, generator=generator), 0), 2) == found
    assert torch.equal(generator.get_state(), state), "given back"
    assert passes(Reader(loader(shuffle=True, generator=seeded(2)), 0), 2) != found


class Noisy(torch_data.Dataset):
    """Items with noise from all three generators, drawn when they are read."""

    def __len__(self):
        return N

    def __getitem__(self, i):
        x, y, mask, number = ITEMS[i]
        return x + torch.rand(()) + np.random.rand() + random.random(), y, mask, number  # noqa: NPY002


CASES = {
    "plain": lambda: loader(),
    "shuffled": lambda: loader(shuffle=True),
    "its own generator": lambda: loader(shuffle=True, generator=seeded(5)),
    "weighted": lambda: loader(sampler=torch_data.WeightedRandomSampler(torch.arange(1.0, 12.0), 7)),
    "subset": lambda: loader(sampler=torch_data.SubsetRandomSampler([1, 3, 5, 7, 9])),
    "with replacement": lambda: loader(sampler=torch_data.RandomSampler(ITEMS, replacement=True, num_samples=40)),
    "last one dropped": lambda: loader(shuffle=True, drop_last=True),
    "batches as items": lambda: torch_data.DataLoader(list(loader()), batch_size=None, shuffle=True),
    "noise": lambda: torch_data.DataLoader(Noisy(), batch_size=3, shuffle=True, collate_fn=collate),
}


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("accumulate", [1, 3])
def test_resumed_after_every_step_is_bit_the_same(name, accumulate, dropping, tmp_path, same):
    options = {"loss": "squared_error", "accumulate": accumulate}
    whole = fit(dropping, CASES[name](), steps=6, **options)
    for steps in range(1, 7):
        torch.manual_seed(steps)  # what happens outside does not matter
        part = fit(dropping, CASES[name](), steps=steps, checkpoint=tmp_path / "run", **options)
    assert same(part, whole)


@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_workers_draw_the_same_noise_again(dropping, tmp_path, same):
    def data():
        return torch_data.DataLoader(Noisy(), batch_size=3, shuffle=True, collate_fn=collate, num_workers=2)

    whole = fit(dropping, data(), steps=6, loss="squared_error")
    for steps in (2, 6):
        part = fit(dropping, data(), steps=steps, loss="squared_error", checkpoint=tmp_path / "run")
    assert same(part, whole)


def test_a_batch_is_a_function_of_its_number():
    reader, other = Reader(CASES["noise"](), 3), Reader(CASES["noise"](), 3)
    wanted = [reader(n).inputs[0] for n in range(10)]
    for n in (9, 2, 3, 4, 5, 0, 7, 7):
        assert torch.equal(other(n).inputs[0], wanted[n])


def test_drawing_batches_leaves_the_random_states_alone():
    torch.manual_seed(0)
    reader, wanted = Reader(CASES["noise"](), 0), torch.rand(2).tolist()
    torch.manual_seed(0)
    for n in range(5):
        reader(n)
    assert torch.rand(2).tolist() == wanted


def test_torchs_own_collation_of_batches_is_taken(network, same):
    singles = [Batch(tuple(x[i] for x in SERIES.inputs), SERIES.y[i], SERIES.mask[i]) for i in range(N)]
    own = torch_data.DataLoader(singles, batch_size=4)
    wanted = [
        Batch((SERIES.inputs[0][i : i + 4],), SERIES.y[i : i + 4], SERIES.mask[i : i + 4]) for i in range(0, N, 4)
    ]
    options = {"loss": "squared_error", "steps": 5}
    assert same(fit(network, own, **options), fit(network, wanted, **options))


def test_it_is_measured_on_once_and_in_any_order(network):
    torch.manual_seed(0)
    model = network()
    wanted = evaluate(model, list(loader()), loss="squared_error")
    assert evaluate(model, loader(), loss="squared_error") == wanted
    shuffled = loader(shuffle=True)
    whole = evaluate(model, list(shuffled), loss="squared_error")
    assert evaluate(model, shuffled, loss="squared_error") == pytest.approx(whole, rel=0.2)


@pytest.mark.parametrize("shared", [False, True])
def test_validation_on_a_loader_changes_nothing_of_the_training(shared, dropping, same):
    generator = seeded(4)

    def run(**options):
        data = loader(shuffle=True, generator=generator)
        return fit(dropping, data, steps=9, loss="squared_error", **options)

    held_out = loader(shuffle=True, batch_size=2, generator=generator if shared else None)
    assert same(run(validation=held_out, validate_every=2), run())


class Stream(torch_data.IterableDataset):
    """Three items a pass."""

    def __init__(self, size=3):
        self.size = size

    def __iter__(self):
        return iter([ITEMS[i] for i in range(self.size)])


class OwnOrder(torch_data.RandomSampler):
    """A sampler of somebody's."""


class OddBatches:
    """A batch sampler that does not know its length."""

    def __iter__(self):
        return iter([[0, 1], [2]])


class Short(torch_data.SequentialSampler):
    """A sampler that promises more than it gives."""

    def __iter__(self):
        return iter(range(4))


class Long(Short):
    """And one that gives more than it promises."""

    def __len__(self):
        return 2


def stream(size=3):
    return torch_data.DataLoader(Stream(size), batch_size=2, collate_fn=collate)


def test_a_stream_is_gone_through_again_and_again(network):
    assert [numbers(Reader(stream(), 0)(n)) for n in range(4)] == [[0, 1], [2], [0, 1], [2]]
    reader = Reader(stream(), 0)
    assert [numbers(reader(n)) for n in range(5)] == [[0, 1], [2], [0, 1], [2], [0, 1]]
    for data in (stream(), stream(1), loader(sampler=OwnOrder(ITEMS))):  # and without a checkpoint others are taken
        assert fit(network, data, steps=5, loss="squared_error").steps == 5
    with pytest.raises(ValueError, match="say how many batches"):
        evaluate(network(), stream(), loss="squared_error")


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (stream, "data reads a stream"),
        (
            lambda: loader(sampler=OwnOrder(ITEMS)),
            "data takes its order from a OwnOrder, which may have a random state",
        ),
        (
            lambda: loader(batch_size=1, batch_sampler=torch_data.BatchSampler(OwnOrder(ITEMS), 3, False)),
            "from a OwnOrder",
        ),
        (
            lambda: torch_data.DataLoader(ITEMS, batch_sampler=OddBatches(), collate_fn=collate),
            "data has no length: its batch_sampler, a OddBatches",
        ),
        (lambda: loader(num_workers=1, persistent_workers=True), "data has persistent_workers"),
    ],
)
def test_what_cannot_be_resumed_is_refused_with_the_reason(data, reason, network, tmp_path):
    with pytest.raises(ValueError, match=f"checkpoint must be None for data that cannot be resumed: .*{reason}"):
        fit(network, data(), steps=1, loss="squared_error", checkpoint=tmp_path / "run")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("first", "second", "message"),
    [
        ({"shuffle": True}, {}, "data.sampler='.*RandomSampler', this run has data.sampler='.*SequentialSampler'"),
        ({}, {"batch_size": 2}, "data.batch_size=3, this run has data.batch_size=2"),
        ({}, {"drop_last": True}, "data.drop_last=False, this run has data.drop_last=True"),
        (
            {"shuffle": True, "generator": seeded(1)},
            {"shuffle": True, "generator": seeded(2)},
            r"data.generators=\(1,\), this run has data.generators=\(2,\)",
        ),
        (
            {"sampler": torch_data.WeightedRandomSampler([1.0] * N, 9)},
            {"sampler": torch_data.WeightedRandomSampler([1.0] * 10 + [2.0], 9)},
            "data.sampler.weights='11 numbers, digest .*, this run has data.sampler.weights='11 numbers, digest",
        ),
        (
            {"sampler": torch_data.SubsetRandomSampler([0, 1, 2, 3])},
            {"sampler": torch_data.SubsetRandomSampler([0, 1, 2, 4])},
            r"data.sampler.indices=\(0, 1, 2, 3\), this run has data.sampler.indices=\(0, 1, 2, 4\)",
        ),
    ],
)
def test_another_order_is_another_run(first, second, message, network, tmp_path):
    fit(network, loader(**first), steps=2, loss="squared_error", checkpoint=tmp_path / "run")
    with pytest.raises(ValueError, match=message):
        fit(network, loader(**second), steps=3, loss="squared_error", checkpoint=tmp_path / "run")


@pytest.mark.parametrize("as_batches", [False, True])
def test_other_contents_are_another_run(as_batches, network, tmp_path):
    def run(steps, change):
        tensors = [tensor.clone() for tensor in ITEMS.tensors]
        tensors[1][-1] += change  # not in the first batch
        data = torch_data.DataLoader(torch_data.TensorDataset(*tensors), batch_size=3, collate_fn=collate)
        data = torch_data.DataLoader(list(data), batch_size=None) if as_batches else data
        return fit(network, data, steps=steps, loss="squared_error", checkpoint=tmp_path / "run")

    run(1, 0)
    with pytest.raises(ValueError, match=r"data\.contents='[14] batches, digest"):
        run(2, 1e-9)
    run(2, 0)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"data": loader(collate_fn=None)}, "data must give a Batch, got list: give the DataLoader a collate_fn"),
        ({"data": torch_data.DataLoader([])}, "data must give at least one batch, got a DataLoader of length 0"),
        ({"data": stream(0)}, "data must give at least one batch a pass, gave 0"),
        ({"data": loader(sampler=Short(ITEMS))}, r"data must give len\(data\) = 4 batches a pass, gave 2"),
        ({"data": loader(sampler=Long(ITEMS))}, r"data must give len\(data\) = 1 batches a pass, gave more"),
        ({"validation": stream()}, "validation must have a length, and this DataLoader does not know it"),
        ({"validation": torch_data.DataLoader([])}, "validation must give at least one batch"),
    ],
)
def test_bad_loaders_are_named(options, message, network):
    with pytest.raises((ValueError, TypeError), match=message):
        fit(**({"model": network, "data": loader(), "steps": 4, "loss": "squared_error"} | options))
