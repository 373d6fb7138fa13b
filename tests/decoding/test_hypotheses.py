"""The tree of a search: every hypothesis, its parent, what became of it; the answers in it."""

import numpy as np
import pytest

from seqlib.decoding import beam

EOS, PROMPTS, SOURCES = 2, [[1, 4], [3], [1, 4, 0, 3]], np.array([0, 1, 2])
WIDTH, LENGTH, N_BEST = 3, 6, 2


@pytest.fixture(params=range(4))
def found(request, attentive):
    """A search with its tree."""
    model = attentive(seed=request.param)
    options = {"width": WIDTH, "max_length": LENGTH, "eos": EOS, "n_best": N_BEST, "length_penalty": 0.8}
    return beam(model, PROMPTS, state=SOURCES, coverage=0.2, tree=True, **options)


def test_answers_are_paths_of_the_tree(found):
    tree = found.tree
    assert len(tree.leaves) == len(found.ids)
    for row, leaf in enumerate(tree.leaves):
        path = tree.path(int(leaf))
        assert tree.token[path].tolist() == found.sequences[row].tolist()
        assert tree.length[path].tolist() == list(range(1, len(path) + 1))
        np.testing.assert_array_equal(tree.log_prob[path], found.log_probs[row, : len(path)])
        assert set(tree.sentence[path]) == {row // N_BEST}
        assert tree.total[leaf] == pytest.approx(found.scores[row], abs=1e-12)
        assert tree.score[leaf] == found.normalised[row]
        assert tree.fate[path[:-1]].tolist() == ["kept"] * (len(path) - 1)
        assert tree.fate[leaf] == ("ended" if found.ended[row] else "cut")


def test_every_continuation_is_there_with_its_fate(found):
    tree = found.tree
    assert {len(column) for column in tree[:-1]} == {len(tree.token)}
    first = tree.parent == -1
    assert (tree.length[first] == 1).all()
    assert (tree.parent < np.arange(len(tree.parent))).all()
    inner = tree.parent[~first]
    assert (tree.fate[inner] == "kept").all()
    np.testing.assert_allclose(tree.total[~first], tree.total[inner] + tree.log_prob[~first], rtol=0, atol=1e-12)
    np.testing.assert_array_equal(tree.length[~first], tree.length[inner] + 1)
    np.testing.assert_array_equal(tree.sentence[~first], tree.sentence[inner])
    for sentence in range(len(PROMPTS)):
        asked = found.read[sentence]
        assert (tree.sentence == sentence).sum() == asked * 5  # all symbols after every prefix that was read
        for t in range(1, LENGTH + 1):
            here = (tree.sentence == sentence) & (tree.length == t)
            dropped = here & (tree.fate == "dropped")
            kept = here & ~dropped
            assert kept.sum() == min(WIDTH, here.sum())
            assert tree.total[kept].min(initial=0) >= tree.total[dropped].max(initial=-np.inf)
            assert (np.diff(tree.total[kept]) <= 0).all()  # the best first
    assert ((tree.token == EOS) == (tree.fate == "ended"))[tree.fate != "dropped"].all()
    assert ((tree.length == LENGTH) & (tree.token != EOS) == (tree.fate == "cut"))[tree.fate != "dropped"].all()
    finished = (tree.fate == "ended") | (tree.fate == "cut")
    assert (np.isfinite(tree.score) == finished).all()


def test_the_best_of_what_was_finished_are_the_answers(found):
    tree = found.tree
    for sentence in range(len(PROMPTS)):
        finished = np.isfinite(tree.score) & (tree.sentence == sentence)
        wanted = np.sort(tree.score[finished])[::-1][:N_BEST]
        np.testing.assert_array_equal(found.normalised[sentence * N_BEST : (sentence + 1) * N_BEST], wanted)


def test_answers_that_are_not_there_have_no_node(table):
    model = table()
    model.logits[:] = -np.inf
    model.logits[..., [3, EOS]] = [0.0, -1.0]
    tree = beam(model, [1], width=5, max_length=1, eos=EOS, n_best=3, tree=True).tree
    assert tree.leaves.tolist() == [0, 1, -1]
    assert tree.path(1) == [1]
    with pytest.raises(ValueError, match="node must be at least 0, got -1"):
        tree.path(-1)
    with pytest.raises(ValueError, match="node must be at most 1, got 2"):
        tree.path(2)
