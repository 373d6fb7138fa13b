"""The networks that chapter 8 compares are what their names say, and are trained and scored as the script says."""

import json
import runpy
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import torch

import seqlib.nn
from seqlib.nn import GRU, LSTM, RNN
from seqlib.tasks import Counting, Latch, Product
from seqlib.training import fit

HERE = Path(__file__).parent
SCRIPT = runpy.run_path(str(HERE / "longer_08.py"))
TASKS, H = SCRIPT["TASKS"], SCRIPT["H"]
ARMS = [arm for name in TASKS for starts in SCRIPT["starts_of"](name).values() for arm in starts]
ARMS = list(dict.fromkeys(ARMS))
BLOCKS = {"RNN": 1, "LSTM": 4, "GRU": 3}


@pytest.fixture
def put(monkeypatch):
    """A function that puts other things in the place of those that the script uses."""
    inside = SCRIPT["trained"].__globals__
    return lambda **others: [monkeypatch.setitem(inside, name, other) for name, other in others.items()]


def stored(name):
    return json.loads((HERE.parents[1] / f"chapters/measured/08_{name}.json").read_text(encoding="utf8"))


@pytest.mark.parametrize("arm", ARMS)
def test_each_network_is_what_its_name_says(arm):
    torch.manual_seed(0)
    core = SCRIPT["build"](TASKS["latch"], arm).core
    torch.manual_seed(0)
    plain = SCRIPT["build"](TASKS["latch"], arm.partition(",")[0]).core
    W, bias = core.weight_hh_l0.detach(), (core.bias_ih_l0 + core.bias_hh_l0).detach()
    assert type(core).__name__ == arm.partition(",")[0]
    assert core.hidden_size == H
    if arm == "RNN, orthogonal":
        assert (W.T @ W - torch.eye(H)).abs().max() < 1e-5
        assert torch.equal(core.weight_ih_l0, plain.weight_ih_l0)
        return
    assert torch.equal(W, plain.weight_hh_l0)
    kept = slice(H, 2 * H)  # f of i f g o, z of r z n
    if "bias" in arm:
        assert torch.equal(bias[kept], torch.full((H,), float(arm[-1])))
        bias[kept] = (plain.bias_ih_l0 + plain.bias_hh_l0)[kept].detach()
    assert torch.equal(bias, (plain.bias_ih_l0 + plain.bias_hh_l0).detach())


@pytest.mark.parametrize("arm", ["LSTM, bias 2", "GRU, forget bias 1", "LSTM, forget bias", "RNN, orthogonal "])
def test_a_start_that_is_misspelt_is_none(arm):
    with pytest.raises(ValueError, match=f"no arm is called '{arm}'"):
        SCRIPT["layer"](arm, 8, 4)


def test_where_chapter_5s_rule_asks_for_more_a_third_start_is_tried():
    assert {arm for arm in ARMS if arm.endswith("3")} == {"LSTM, forget bias 3", "GRU, update bias 3"}
    for name in TASKS:
        tried = [arm for arms in SCRIPT["starts_of"](name).values() for arm in arms]
        assert len(tried) == (8 if name == "latch" else 6)


@pytest.mark.parametrize("cell", BLOCKS)
def test_a_layer_is_that_of_its_maker(cell):
    assert type(SCRIPT["layer"](cell, 3, 5)) is {"RNN": RNN, "LSTM": LSTM, "GRU": GRU}[cell]
    for net in (SCRIPT["layer"](cell, 3, 5, "torch.nn"), SCRIPT["build"](TASKS["product"], cell, 5, "torch.nn").core):
        assert type(net) is getattr(torch.nn, cell)
        assert net.hidden_size == 5


def of_old_state(arm):
    """Which part of its old state a network keeps when inputs and weights are 0 and a gate has no bias but its own."""
    core = SCRIPT["build"](TASKS["latch"], arm).core
    with torch.no_grad():
        for weight in (core.weight_ih_l0, core.weight_hh_l0):
            weight.zero_()
        ends = []
        for value in (0.0, 1.0):
            state = torch.full((1, 1, H), value)
            end = core(torch.zeros(1, 1, core.input_size), (0 * state, state) if "LSTM" in arm else state)[1]
            ends.append(end[1] if "LSTM" in arm else end)
    return ends[1] - ends[0]


@pytest.mark.parametrize("arm", [arm for arm in ARMS if "bias" in arm])
def test_a_gate_with_a_bias_keeps_as_much_as_its_sigmoid_says(arm):
    torch.testing.assert_close(of_old_state(arm), torch.full((1, 1, H), 1 / (1 + np.exp(-float(arm[-1])))))
    plain = of_old_state(arm.partition(",")[0])
    assert (plain < 0.6).all(), "PyTorch's own gate keeps about a half"


def parameters(task, cell, units):
    """P = V D + G H (D + H + 2) + K (H + 1), the chapter's eq-cmp-parameters."""
    V, D = (task.vocab_size, SCRIPT["E"]) if hasattr(task, "vocab_size") else (0, task.n_in)
    return V * D + BLOCKS[cell] * units * (D + units + 2) + task.n_out * (units + 1)


@pytest.mark.parametrize("name", TASKS)
@pytest.mark.parametrize("cell", BLOCKS)
def test_equal_parameters_are_as_near_as_units_allow(name, cell, put):
    made = []

    def not_fitted(make, task, **how):
        made.append(make())
        return SimpleNamespace(model=made[-1])

    put(fit=not_fitted, scores=lambda *of: {})
    SCRIPT["trained"](name, "parameters", cell, 0.01, 1, 0)
    wanted, units = parameters(TASKS[name], "LSTM", H), made[0].core.hidden_size
    assert sum(w.numel() for w in made[0].parameters()) == parameters(TASKS[name], cell, units)
    off = [abs(parameters(TASKS[name], cell, units + more) - wanted) for more in (-1, 0, 1)]
    assert off[1] == min(off)
    assert off[1] < 0.03 * wanted


@pytest.mark.parametrize(("way", "arm", "steps"), [
    ("units", "GRU", 12), ("parameters", "RNN", 12), ("products", "RNN, orthogonal", 48), ("products", "GRU", 16),
    ("time, torch.nn", "GRU, update bias 1", 6), ("time, seqlib.nn", "RNN", 18),
])  # fmt: skip
def test_a_way_of_being_fair_gives_its_steps_and_units(way, arm, steps, put):
    seen = {}

    def watched(make, task, **how):
        seen.update(how, units=make().core.hidden_size)
        return fit(make, task, **how | {"steps": 1})

    put(fit=watched)
    SCRIPT["trained"]("latch", way, arm, 0.01, 12, 3)
    assert (seen["steps"], seen["seed"], seen["clip_norm"], seen["lr"]) == (steps, 3, 1.0, 0.01)
    assert seen["schedule"](steps) < 1e-6 < seen["schedule"](steps // 2)
    assert seen["units"] == (SCRIPT["equal_units"]("latch", "RNN") if way == "parameters" else H)


@pytest.mark.parametrize("arm", ARMS)
def test_what_is_trained_is_the_network_of_its_arm_and_begins_as_the_seed_says(arm, put):
    begun = []

    def not_fitted(make, task, *, seed, **how):
        torch.manual_seed(seed)
        begun.append((task, make().state_dict()))
        return SimpleNamespace(model=make())

    put(fit=not_fitted, scores=lambda *of: {})
    SCRIPT["trained"]("counting", "units", arm, 0.01, 1, 5)
    torch.manual_seed(5)
    wanted = SCRIPT["build"](TASKS["counting"], arm).state_dict()
    ((task, found),) = begun
    assert task is TASKS["counting"]
    assert found.keys() == wanted.keys()
    assert all(torch.equal(found[name], wanted[name]) for name in wanted)


def test_a_training_that_diverges_does_not_end_the_measurement():
    found = SCRIPT["trained"]("product", "units", "RNN", 1e30, 3, 0)
    assert found["error"] > 1e9


@pytest.mark.parametrize("seed", [0, 5])
def test_scores_are_those_of_the_trained_network_on_sequences_it_has_not_seen(seed, put, monkeypatch):
    drawn, asked, nets = [], [], []

    class Watched(Product):
        def draw(self, B, rng):
            batch = super().draw(B, rng)
            drawn.append(batch.inputs[0].reshape(B, -1))
            return batch

    def watched(make, task, **how):
        history = fit(make, task, **how)
        nets.append(history.model)
        return history

    def kept(net, task, seed, scores=SCRIPT["scores"]):
        asked.append((net, seed))
        return scores(net, task, seed)

    monkeypatch.setitem(TASKS, "product", Watched())
    put(fit=watched, scores=kept)
    SCRIPT["trained"]("product", "units", "RNN", 0.01, 3, seed)
    assert [len(x) for x in drawn] == [SCRIPT["B"]] * 3 + [2048]
    assert not np.isin(drawn[-1], np.concatenate(drawn[:-1])).any()
    assert asked == [(nets[0], seed)]
    SCRIPT["scores"](nets[0], TASKS["product"], seed + 1)
    assert not np.isin(drawn[-1], drawn[-2]).any()


def test_products_are_equal_where_they_are_said_to_be():
    more = SCRIPT["MORE_STEPS"]["products"]
    assert {cell: BLOCKS[cell] * more.get(cell, 1) for cell in SCRIPT["CELLS"]} == dict.fromkeys(
        SCRIPT["CELLS"], pytest.approx(4)
    )


def test_the_steps_in_equal_time_are_those_of_the_stored_times():
    times = stored("times")["values"]
    for who in ("seqlib.nn", "torch.nn"):
        for cell, more in SCRIPT["MORE_STEPS"][f"time, {who}"].items():
            ratio = np.median([np.divide(by[who]["LSTM"], by[who][cell]) for by in times.values()])
            assert ratio == pytest.approx(more, rel=0.05)


@pytest.mark.parametrize("name", TASKS)
def test_what_is_shown_has_the_rate_that_was_best_in_the_tuning(name):
    record = stored(name)
    assert not set(record["tuning"]) & set(record["seeds"])
    assert record["values"]["grid"].keys() == record["values"]["shown"].keys() == SCRIPT["WAYS"].keys()
    for way, arms in record["values"]["grid"].items():
        assert {arm.partition(",")[0] for arm in arms} == set(SCRIPT["WAYS"][way])
        for arm, by_rate in arms.items():
            medians = {rate: np.median(scores["error"]) for rate, scores in by_rate.items()}
            assert list(medians) == [f"{rate}" for rate in record["rates"]]
            (rate,) = record["values"]["shown"][way][arm]
            assert medians[rate] == min(medians.values())
        if way != "units":
            grid = record["values"]["grid"]["units"]
            assert list(arms) == [SCRIPT["better_start"](grid, cell) for cell in SCRIPT["WAYS"][way]]


class Oracle(torch.nn.Module):
    """Answers with what a function of x says."""

    def __init__(self, answer):
        super().__init__()
        self.answer = answer

    def forward(self, x):
        return self.answer(x).float(), None


def first(x, *, sure=50.0, of=4):
    """The logits of one who, at the last step alone, says what came first, if it is one of the first `of` symbols."""
    said = (x[:, :1] + (x[:, :1] >= of)).expand(-1, 20).clone()
    said[:, :-1] += 1
    return sure * torch.nn.functional.one_hot(said % 4, 4)


@pytest.mark.parametrize(
    ("answer", "error", "right"),
    [(first, 0, 1), (lambda x: first(x, sure=0), 1, 1 / 4), (lambda x: first(x, of=3), 50 / 4 / np.log(4), 3 / 4)],
    ids=["knows", "guesses", "is sure, and wrong of one symbol"],
)
def test_scores_of_the_latch(answer, error, right):
    found = SCRIPT["scores"](Oracle(answer), Latch(20), 0)
    assert found == {"error": pytest.approx(error, rel=0.1, abs=1e-12), "right": pytest.approx(right, abs=0.04)}


def test_scores_of_counting_are_over_all_steps():
    count = lambda x: torch.nn.functional.one_hot((x == 0).cumsum(1), 21)  # noqa: E731
    assert SCRIPT["scores"](Oracle(lambda x: 50 * count(x)), Counting(20, 3), 0)["right"] == 1
    late = (torch.arange(20) >= 5)[None, :, None]
    found = SCRIPT["scores"](Oracle(lambda x: 50 * count(x) * late), Counting(20, 3), 0)
    assert found["error"] == pytest.approx(np.log(21) * 5 / 20 / Counting(20, 3).chance)


@pytest.mark.parametrize(("off", "error"), [(0, 0), (0.1, 0.09), (1 / 3, 1)])
def test_scores_of_the_product_are_squares_over_chance_where_there_is_a_product(off, error):
    def answer(x):
        y = torch.full_like(x, 7.0)
        y[:, 2:] = x[:, 2:] * x[:, :-2] + off
        return y

    assert SCRIPT["scores"](Oracle(answer), Product(20, 2), 0) == {"error": pytest.approx(error, abs=1e-6)}


@pytest.fixture(scope="module")
def page():
    """The names that the chapter's two cells with its networks define."""
    notebook = json.loads((HERE.parents[1] / "chapters/08_comparison.ipynb").read_text(encoding="utf8"))
    sources = {cell["id"]: "".join(cell["source"]) for cell in notebook["cells"]}
    names = {"torch": torch, "nn": seqlib.nn, "SequenceModel": seqlib.nn.SequenceModel}
    names |= {"Counting": Counting, "Latch": Latch, "Product": Product}
    for id in ("08-003", "08-027"):
        exec(compile(sources[id], id, "exec"), names)
    return names


@pytest.mark.parametrize("name", TASKS)
def test_the_page_trains_the_networks_that_were_recorded(name, page):
    for arm in [arm for arms in SCRIPT["starts_of"](name).values() for arm in arms]:
        torch.manual_seed(3)
        here = page["started"](arm, page["tasks"][name]).state_dict()
        torch.manual_seed(3)
        there = SCRIPT["build"](TASKS[name], arm).state_dict()
        assert here.keys() == there.keys()
        assert all(torch.equal(w, there[key]) for key, w in here.items()), arm
    assert page["tasks"][name].settings == TASKS[name].settings
