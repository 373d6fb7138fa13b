"""Documents are drawn as they are described, their exact reader is exact, and π is the model's."""

import itertools
import runpy
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import torch

S = runpy.run_path(str(Path(__file__).with_name("hidden_rules.py")))
GLOBALS = S["nats"].__globals__
ALL, RULES = S["ALL"], S["RULES"]


@pytest.fixture
def net():
    torch.manual_seed(0)
    with torch.no_grad():
        net = S["network"]().eval()
        net.embedding.words.weight.mul_(5)  # so that nothing is nearly uniform
    return net


def test_rules_are_what_their_names_say():
    x = np.array([[3, 7, 1], [2, 2, 0]])
    expected = {
        "copied": [[3, 7, 1], [2, 2, 0]],
        "reversed": [[1, 7, 3], [0, 2, 2]],
        "sorted": [[1, 3, 7], [0, 2, 2]],
        "next letters": [[4, 0, 2], [3, 3, 1]],
        "rotated": [[7, 1, 3], [2, 0, 2]],
    }
    assert {rule: follow(x).tolist() for rule, follow in S["ASKED"].items()} == expected
    assert list(RULES) == list(expected)[:4]


def test_ids_are_all_different():
    ids = [*range(8), S["BOS"], S["EQUALS"], S["SEMICOLON"], *S["INSTRUCTION"].values(), S["SCORE"]]
    assert ids == list(range(S["VOCABULARY"]))


def test_numbers_are_rows():
    assert ALL.shape == (512, 3)
    assert np.array_equal(S["number"](ALL), np.arange(512))
    assert S["number"]([1, 2, 3]) == 64 + 16 + 3


def test_documents_follow_a_rule_but_for_slips():
    lists, answers, rule = S["documents"](4000, np.random.default_rng(0))
    assert lists.shape == answers.shape == (4000, 3, 3)
    assert np.bincount(rule) == pytest.approx(np.full(4, 1000), abs=120)
    assert np.bincount(lists.ravel(), minlength=8) == pytest.approx(np.full(8, 4500), rel=0.06)
    for k, follow in enumerate(RULES.values()):
        wrong = answers[rule == k] != follow(lists[rule == k])
        assert wrong.mean() == pytest.approx(0.1 * 7 / 8, abs=0.015)
        assert set(answers[rule == k][wrong]) == set(range(8))
        alone = (wrong.sum(2) == 1).sum() / wrong.any(2).sum()
        assert alone == pytest.approx(0.91, abs=0.04), "each letter slips for itself"
        assert wrong.mean((0, 1)) == pytest.approx(np.full(3, 0.0875), abs=0.03)


def test_a_document_is_written_in_this_order():
    lists, answers = np.array([[[1, 2, 3], [4, 5, 6]]]), np.array([[[3, 2, 1], [6, 5, 4]]])
    assert S["text"](13, lists, answers).tolist() == [[13, 1, 2, 3, 9, 3, 2, 1, 10, 4, 5, 6, 9, 6, 5, 4, 10]]
    assert (S["BOS"], S["EQUALS"], S["SEMICOLON"]) == (8, 9, 10)


def test_the_first_answer_is_predicted_there():
    ids = S["text"](8, np.array([[[1, 2, 3]]]), np.array([[[5, 6, 7]]]))
    assert S["next_ids"](ids).y[:, S["ANSWER"]].tolist() == [[5, 6, 7]]


def test_the_next_id_is_asked_for():
    ids = np.arange(10).reshape(2, 5)
    (x,), y, mask = S["next_ids"](ids)
    assert x.tolist() == [[0, 1, 2, 3], [5, 6, 7, 8]]
    assert y.tolist() == [[1, 2, 3, 4], [6, 7, 8, 9]]
    assert mask.tolist() == [[True] * 4] * 2
    assert S["next_ids"](ids, np.array([True, False, False, True])).mask.tolist() == [[True, False, False, True]] * 2


def test_the_exact_reader_knows_the_probability_of_all_answers():
    lists = np.array([[3, 1, 3]])
    one = S["exact"](np.broadcast_to(lists, (512, 1, 3)), ALL[:, None])
    assert np.exp(-one).sum() == pytest.approx(1)
    lists, answers, _ = S["documents"](5, np.random.default_rng(1))
    for n in range(5):
        p = 0
        for follow in RULES.values():
            of_rule = 1
            for meant, said in zip(follow(lists[n]).ravel(), answers[n].ravel(), strict=True):
                of_rule *= 0.1 / 8 + (0.9 if meant == said else 0)
            p += of_rule / 4
        assert S["exact"](lists, answers)[n] == pytest.approx(-np.log(p))


def test_the_network_is_a_small_gpt():
    torch.manual_seed(0)
    net = S["network"]()
    attention = net.core.blocks[1].self_attn
    assert (attention.d_model, attention.n_heads, len(net.core.blocks)) == (64, 4, 2)
    assert (net.n_out, net.start, net.embedding.words.num_embeddings) == (17, 0.1, 17)
    assert net(torch.zeros(1, 24, dtype=torch.long))[0].shape == (1, 24, 17)
    with pytest.raises(ValueError, match="24"):
        net(torch.zeros(1, 25, dtype=torch.long))


def test_pretraining_is_as_described(monkeypatch):
    seen = {}

    def fit(model, data, **given):
        seen.update(given, model=model, data=data)
        return SimpleNamespace(model=torch.nn.Dropout())

    monkeypatch.setitem(GLOBALS, "fit", fit)
    assert not S["pretrained"](240, 7).training
    assert [round(seen["schedule"](step), 3) for step in (0, 9, 10, 125, 240)] == [0.1, 1.0, 1.0, 0.55, 0.1]
    names = ("steps", "lr", "optimiser", "clip_norm", "seed", "loss", "model")
    assert [seen[name] for name in names] == [240, 0.003, "adamw", 1.0, 7, "cross_entropy", S["network"]]
    batch = seen["data"](3)
    lists, answers, _ = S["documents"](64, np.random.default_rng([7, 3]))
    assert np.array_equal(batch.y, S["text"](8, lists, answers)[:, 1:])
    assert batch.mask.all()


def by_hand(net, ids):
    """ln p of each id after the first, by a softmax in NumPy."""
    with torch.no_grad():
        out = net(torch.tensor(ids)[:, :-1])[0].double().numpy()
    log_p = out - np.log(np.exp(out).sum(2, keepdims=True))
    return np.array([[log_p[b, t, row[t + 1]] for t in range(len(row) - 1)] for b, row in enumerate(ids)])


def test_nats_are_those_of_the_ids(net):
    ids = S["text"](8, *S["documents"](4, np.random.default_rng(2))[:2])
    assert S["nats"](net, ids) == pytest.approx(-by_hand(net, ids), abs=1e-5)


def test_bits_are_per_id_of_fresh_documents(net):
    lists, answers, _ = S["documents"](30, np.random.default_rng([5, 10**6]))
    ids = S["text"](8, lists, answers)
    assert ids.shape[1] - 1 == 24
    assert S["bits"](net, 30, 5) == pytest.approx(-by_hand(net, ids).mean() / np.log(2), abs=1e-5)
    assert S["exact_bits"](30, 5) == pytest.approx((27 + S["exact"](lists, answers).mean() / np.log(2)) / 24)


def test_a_table_has_the_probabilities_of_all_answers(net):
    lists = np.array([[1, 2, 3], [7, 0, 0]])
    table = S["table"](net, lists)
    assert table.shape == (2, 512)
    assert np.exp(table).sum(1) == pytest.approx(1)
    for n, row in itertools.product(range(2), (0, 83, 511)):
        ids = [8, *lists[n], 9]
        expected = 0
        for letter in ALL[row]:
            with torch.no_grad():
                out = net(torch.tensor([ids]))[0][0, -1, :8].double().numpy()
            expected += out[letter] - np.log(np.exp(out).sum())
            ids.append(letter)
        assert table[n, row] == pytest.approx(expected, abs=1e-5)
        one = S["log_probability"](net, lists[n : n + 1], ALL[row : row + 1])
        assert one.item() == pytest.approx(expected, abs=1e-5)
        assert one.requires_grad


def test_what_is_drawn_has_these_probabilities(net):
    lists = np.array([[1, 2, 3], [7, 0, 0]])
    torch.manual_seed(1)
    answers = S["drawn"](net, lists.repeat(3000, 0))
    assert answers.shape == (6000, 3)
    p = np.exp(S["table"](net, lists))
    found = np.stack([np.bincount(S["number"](part), minlength=512) / 3000 for part in np.split(answers, 2)])
    for t in range(3):
        of_letter = [np.bincount(ALL[:, t], weights, 8) for weights in p]
        counted = [np.bincount(ALL[:, t], weights, 8) for weights in found]
        assert np.array(counted) == pytest.approx(np.array(of_letter), abs=0.04)
    assert np.abs(found - p).max() < 0.03


def test_what_is_written_is_likeliest_step_by_step(net):
    ids = np.array([[8, 1, 2, 3, 9], [8, 7, 0, 0, 9]])
    answers = S["written"](net, ids)
    for n in range(2):
        said = list(ids[n])
        for letter in answers[n]:
            with torch.no_grad():
                assert net(torch.tensor([said]))[0][0, -1].argmax().item() == letter
            said.append(letter)


def test_lists_are_asked_or_trained_on():
    lists, asked = S["split"](3)
    assert (len(lists), len(asked)) == (448, 64)
    assert sorted(S["number"](np.concatenate([lists, asked]))) == list(range(512))
    assert not np.array_equal(S["split"](4)[1], asked)
