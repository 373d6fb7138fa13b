"""What a pretrained model knows, layer by layer, and what its heads look at.

    python tests/benchmarks/longer_training.py 14_probes 14_heads

The models are those of longer_14_labels.py that were pretrained on words; the untrained ones are the same as drawn.
A probe is a multinomial logistic regression that reads h of a content word of a sentence that is shown as it is. It is
asked for a property of the sentence or of the word, and, as a control (Hewitt & Liang 2019), for a class that each word
of the vocabulary was given at random: what it gets there it gets from memory. Heads are switched off as in chapter 13,
and the model is asked for one hidden word.
"""

import copy
import runpy
from pathlib import Path

import numpy as np
import torch
from torch import nn

from seqlib.evidence import rounded

LABELLED = runpy.run_path(str(Path(__file__).with_name("longer_14_labels.py")))
HEADS = runpy.run_path(str(Path(__file__).with_name("dates_heads.py")))
pretrained, logistic = LABELLED["pretrained"], LABELLED["logistic"]
CHAPTER = "14"
TASK = LABELLED["READ"]["words"]
KINDS = np.array(TASK.kinds)
CONTENT = np.flatnonzero(KINDS == "content")
LINK = np.flatnonzero(KINDS == "link")
A0 = TASK.vocabulary.ids["a0"]
LAYERS = ["embedding", "block 1", "block 2"]
PENALTY = 1e-4
CLASSES = {"topic": TASK.topics, "number": 2, "place": len(CONTENT), "link": 4, "word": TASK.topics * TASK.words}


def layers(model, x):
    """h after the embedding and after each block: (B, T + 2) ids -> as many (B, T + 2, d)."""
    bert, found = copy.deepcopy(model.bert), []
    blocks = list(bert.core.layers)
    with torch.no_grad(), bert.norm.register_forward_hook(lambda module, given, out: found.append(out)):
        bert(torch.tensor(x))
    with torch.no_grad():
        for k in range(1, len(blocks) + 1):
            bert.core.layers = nn.ModuleList(blocks[:k])
            found.append(bert(torch.tensor(x))[0])
    return found


def answers(words, topics):
    """Property -> its class at every content word: (n, T) ids, (n,) topics -> (n, content words), -1 where none."""
    shape = (len(words), len(CONTENT))
    links = words[:, LINK] - TASK.vocabulary.ids["and"]
    opens = np.searchsorted(LINK, CONTENT) - 1  # which link stands before
    in_phrase = (opens >= 0) & (CONTENT != TASK.T - 1)  # the last stands behind the verb
    return {
        "topic": np.broadcast_to(topics[:, None], shape),
        "number": np.broadcast_to((words[:, :1] - TASK.vocabulary.ids["this"]) // 2, shape),
        "place": np.broadcast_to(np.arange(len(CONTENT)), shape),
        "link": np.where(in_phrase, links[:, opens], -1),
        "word": words[:, CONTENT] - A0,
    }


def at_random(words, asked, K, seed):
    """The control: a class for each word of the vocabulary, asked for where the property is."""
    given = np.random.default_rng([seed, 10**7, K]).integers(K, size=CLASSES["word"])
    return np.where(asked < 0, -1, given[words[:, CONTENT] - A0])


def probed(h, y, h_test, y_test, K, rounds):
    """The accuracy of a probe where something is asked for: h (n, content words, d), y (n, content words)."""
    W = logistic(h[y >= 0], y[y >= 0], K, PENALTY, rounds)
    scores = h_test[y_test >= 0] @ W[:-1] + W[-1]
    return float((scores.argmax(1).numpy() == y_test[y_test >= 0]).mean())


def knows(model, seed, sentences, rounds):
    """Property -> layer -> accuracy, and that of the control, of probes of one model."""
    drawn = [TASK.sentences(n, np.random.default_rng([seed, 10**6, k])) for k, n in enumerate(sentences)]
    found = {name: {} for name in CLASSES}
    read = [layers(model, TASK.framed(words)) for words, _ in drawn]
    asked = [answers(*one) for one in drawn]
    for layer, *both in zip(LAYERS, *read, strict=True):
        h, h_test = (each[:, 1 + CONTENT] for each in both)
        for name, K in CLASSES.items():
            y, y_test = (of[name] for of in asked)
            found[name][layer] = {"": probed(h, y, h_test, y_test, K, rounds)}
            if name != "word":
                y, y_test = (at_random(one[0], of[name], K, seed) for one, of in zip(drawn, asked, strict=True))
                found[name][layer][", control"] = probed(h, y, h_test, y_test, K, rounds)
    return found


def probes(steps, seeds, sentences):
    """Property -> layer -> accuracies of the trained model, of the untrained, and of the control of each."""
    values = {}
    for seed in seeds:
        for name, read in (("trained", "words"), ("untrained", None)):
            found = knows(pretrained(read, steps, seed)[0], seed, sentences, max(1, steps // 24))
            for task, of_layer in found.items():
                for layer, scores in of_layer.items():
                    at = values.setdefault(task, {}).setdefault(layer, {})
                    for control, score in scores.items():
                        at.setdefault(name + control, []).append(rounded(score, 4))
    return values


def probabilities(model, x, places):
    """What the model says of the word at that place of every row, and its maps: (B, V), (layers, B, heads, T, T)."""
    with torch.no_grad():
        h, weights = model.bert(torch.tensor(x), need_weights=True)
        p = torch.softmax(model.scores(h[torch.arange(len(x)), torch.tensor(places)]).double(), 1)
    return p.numpy(), weights.numpy()


def by_kind(losses, places):
    """The mean loss at the words of each kind, of losses (N,) at these places (N,) of framed sentences."""
    return {kind: rounded(losses[KINDS[places - 1] == kind].mean(), 4) for kind in dict.fromkeys(TASK.kinds)}


def switched(model, x, y, places):
    """What is switched off -> the loss by kind of word: nothing, each head alone, all heads of a block."""

    def scores(model):
        p, _ = probabilities(model, x, places)
        return by_kind(-np.log(p[np.arange(len(y)), y]), places)

    found = {"nothing": scores(model)}
    for k, block in enumerate(model.bert.core.layers, 1):
        n = block.self_attn.n_heads
        for heads in [*([head] for head in range(n)), range(n)]:
            with HEADS["switched_off"](block.self_attn, heads):
                which = "all heads" if len(heads) == n else f"head {heads[0] + 1}"
                found[f"block {k}, {which}"] = scores(model)
    return found


def looks(weights, places):
    """Head -> the mean weight from a hidden verb to the determiner, and from a hidden determiner to the verb."""
    verb = TASK.kinds.index("verb") + 1
    found = {}
    for k, of_block in enumerate(weights, 1):
        for head in range(of_block.shape[1]):
            found[f"block {k}, head {head + 1}"] = {
                "verb": rounded(float(of_block[places == verb, head, verb, 1].mean())),
                "determiner": rounded(float(of_block[places == 1, head, 1, verb].mean())),
            }
    return found


def drawn(model, words, topic):
    """One sentence with a hole at every place: the maps in percents, the best guesses beside the exact ones."""
    text = TASK.vocabulary.decode(words)
    framed = TASK.framed(words[None])[0]
    exact = TASK.cloze_probabilities(words[None])[0]
    holes = []
    for t in range(1, TASK.T + 1):
        x = np.where(np.arange(TASK.T + 2) == t, TASK.mask_id, framed)[None]
        p, weights = probabilities(model, x, np.array([t]))
        best = np.argsort(-p[0], kind="stable")[:5]
        sums = {"model": p[0], "exact": exact[t - 1]}
        topics = {
            name: " ".join(f"{100 * s:.0f}" for s in of[A0:].reshape(TASK.topics, -1).sum(1))
            for name, of in sums.items()
        }
        holes.append(
            {
                "hole": t,
                "maps": {f"block {k}": HEADS["percent"](of[0]) for k, of in enumerate(weights, 1)},
                "guesses": [
                    [TASK.vocabulary.decode([i])[0], f"{100 * p[0, i]:.1f}", f"{100 * exact[t - 1, i]:.1f}"]
                    for i in best
                ],
                "topics": topics if TASK.kinds[t - 1] == "content" else {"model": "", "exact": ""},
            }
        )
    return {"words": ["<cls>", *text, "<sep>"], "topic": "abcdefghijklmnopqrstuvwxyz"[topic], "holes": holes}


def heads(steps, seeds, sentences):
    """What is lost without a head, what heads look at, one per seed; the exact level; one sentence drawn."""
    values = {"exact": [], "off": [], "looks": []}
    for seed in seeds:
        model = pretrained("words", steps, seed)[0]
        batch = TASK.cloze(sentences, np.random.default_rng([seed, 10**6]))
        (x,), places = batch.inputs, batch.mask.argmax(1)
        y = batch.y[batch.mask]
        exact = TASK.cloze_probabilities(batch.y[:: TASK.T, 1:-1])
        values["exact"].append({"word": by_kind(-np.log(exact.reshape(len(y), -1)[np.arange(len(y)), y]), places)})
        values["off"].append(switched(model, x, y, places))
        values["looks"].append(looks(probabilities(model, x, places)[1], places))
    told = {
        name: {key: {kind: [run[key][kind] for run in runs] for kind in of} for key, of in runs[0].items()}
        for name, runs in values.items()
    }
    words, topics = TASK.sentences(1, np.random.default_rng([seeds[0], 10**7]))
    told["exact"] = told["exact"]["word"]
    return told | {"drawn": drawn(pretrained("words", steps, seeds[0])[0], words[0], topics[0])}


MEASUREMENTS = {
    "probes": {
        "what": "what a linear probe reads from a content word after each layer, and a control: accuracy",
        "unit": "share",
        "measure": probes,
        "settings": {"steps": 2400, "seeds": list(range(230, 235)), "sentences": [600, 400]},
    },
    "heads": {
        "what": "one hidden word: what is lost without each head, what each looks at, maps over a sentence",
        "unit": "nats, share, percent",
        "measure": heads,
        "settings": {"steps": 2400, "seeds": list(range(230, 235)), "sentences": 200},
    },
}
