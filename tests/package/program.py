"""What a user of the package writes: `make package` runs it away from the repository, and mypy --strict reads it."""

from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import torch

from seqlib import gradcheck
from seqlib.decoding import Decoded, Hypotheses, beam, greedy
from seqlib.exercises import rnn as practice
from seqlib.metrics import alignment_error_rate, bleu, chrf, perplexity, word_error_rate
from seqlib.nn import GRU, RNN, Attention, EncoderDecoder, SequenceModel, padding_mask
from seqlib.reference import attention, attention_scores, kneser_ney, losses, optim, rnn
from seqlib.tasks import Oscillator, Translation
from seqlib.tasks.topics import split
from seqlib.text import BOS, EOS, Vocabulary, characters, words
from seqlib.training import History, evaluate, fit


def by_hand() -> float:
    """A network in NumPy learns for a hundred steps; its gradient is checked. The last loss."""
    rng = np.random.default_rng(0)
    params, state = rnn.init(2, 2, rng), None
    x, y = rng.normal(size=(4, 6, 2)), rng.uniform(-0.5, 0.5, size=(4, 6, 2))

    def loss(W_hh: np.ndarray) -> complex:
        hs, _ = rnn.forward(params._replace(W_hh=W_hh), x)
        return complex(losses.squared_error(hs, y)[0])

    hs, cache = rnn.forward(params, x)
    _, kept = losses.squared_error(hs, y)
    grads = rnn.backward(losses.squared_error_backward(kept), cache)
    report = gradcheck.check(loss, {"W_hh": params.W_hh}, {"W_hh": grads.params.W_hh}, methods=["complex"])
    assert report.ok, report
    value = 0.0
    for _ in range(100):
        hs, cache = rnn.forward(params, x)
        error, kept = losses.squared_error(hs, y)
        grads = rnn.backward(losses.squared_error_backward(kept), cache)
        params, state = optim.adam(params, grads.params, state, lr=0.01)
        value = float(error)
    return value


def counted() -> float:
    """A model that only counts reads real text. Its perplexity on other real text."""
    text = split(0)
    vocabulary = Vocabulary.build([characters(text.train)])
    counts = kneser_ney.fit(vocabulary.encode(characters(text.train)), 5, len(vocabulary), modified=True)
    return perplexity(-counts.score(vocabulary.encode(characters(text.test))))


def model() -> SequenceModel:
    """A small network."""
    return SequenceModel(RNN(1, 8, batch_first=True), 1)


def trained(folder: Path) -> History:
    """A network in PyTorch learns; the run is interrupted and resumed."""
    task = Oscillator(T=12)
    fit(model, task, steps=30, checkpoint=folder / "run.pt")
    run = fit(model, task, steps=60, checkpoint=folder / "run.pt")
    loss: float = evaluate(run.model, task, batches=2)
    assert loss < run.loss[0]
    return run


def attended() -> float:
    """Attention by hand and as a layer, on sources of two lengths. How far apart the contexts are."""
    rng = np.random.default_rng(0)
    query, keys = rng.normal(size=(2, 3, 4)), rng.normal(size=(2, 5, 4))
    mask = padding_mask(np.array([5, 2]), 5)
    by_hand, cache = attention.forward(attention_scores.Dot(), query, keys, mask=mask.numpy())
    layer, given = Attention("dot", 4), (torch.from_numpy(query), torch.from_numpy(keys))
    context, weights = layer(given[0], given[1], mask=mask)
    assert np.allclose(weights.numpy(), cache.weights)
    return float(np.abs(context.numpy() - by_hand).max())


def translated() -> float:
    """A network with attention reads English durations and writes Somali ones. Its BLEU on some of them."""
    task = Translation("durations", "all")

    def translator() -> EncoderDecoder:
        encoder, decoder = GRU(32, 32, bidirectional=True, batch_first=True), GRU(32, 64, batch_first=True)
        align = Attention("general", 64)
        return EncoderDecoder(encoder, decoder, task.vocab_size, task.n_out, attention=align)

    run = fit(translator, task, steps=150, lr=1e-2)
    model, some = run.model, task.sentences[::40]
    assert isinstance(model, EncoderDecoder)
    source, lengths, _ = task.batch(some).inputs
    state, prompts = model.encode(source, lengths), [[BOS]] * len(some)
    found: Hypotheses = beam(model, prompts, width=3, max_length=20, eos=EOS, state=state, length_penalty=0.6)
    first: Decoded = greedy(model, prompts, max_length=20, eos=EOS, state=state)
    assert len(found.sequences) == len(first.ids)
    texts = [" ".join(task.target.decode(row[row != EOS])) for row in found.sequences]
    true = [" ".join(sentence.target) for sentence in some]
    rate, likeness = word_error_rate(texts, true), chrf(texts, true)
    assert rate < 0.5, rate
    assert likeness > 50, likeness
    assert alignment_error_rate([{(0, 0)}], [{(0, 0)}]) == 0
    return bleu(texts, true)


def step(W_xh: np.ndarray, W_hh: np.ndarray, b_h: np.ndarray, x: np.ndarray, h: np.ndarray) -> np.ndarray:
    """The first exercise of chapter 2."""
    answer: np.ndarray = np.tanh(x @ W_xh.T + h @ W_hh.T + b_h)
    return answer


def main() -> None:
    """Use every part once."""
    vocabulary = Vocabulary.build([words("I like ice-cream")])
    ids: np.ndarray = vocabulary.encode(words("ice-cream"), eos=True)
    layer = RNN(3, 4, bidirectional=True)
    out, h_n = layer(torch.randn(5, 2, 3))
    assert out.shape == (5, 2, 8)
    assert h_n.shape == (2, 2, 4)
    assert by_hand() < 0.2
    assert counted() < 6
    assert attended() < 1e-12
    assert translated() > 50
    with TemporaryDirectory() as folder:
        run = trained(Path(folder))
    result = practice.step(step)
    assert result.status == "right", result.message
    print(f"{len(ids)} ids, {run.steps} steps: seqlib works")


if __name__ == "__main__":
    main()
