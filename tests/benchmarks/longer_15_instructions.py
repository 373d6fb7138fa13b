"""Fine-tuning on instructions: what a few demonstrations add to a GPT that has read documents without instructions.

    python tests/benchmarks/longer_training.py 15_instructions

The GPT of hidden_rules.py has seen lists answered by four rules, never named. Before fine-tuning it is shown one or two
answers by the rule that is wanted (few-shot), or none. An instruction is an id of its own in the place of <bos>; a
demonstration is an instruction, a list, and the right answer, of which alone the loss is taken. There are five
instructions: the four rules, and a fifth, "rotated", which no document follows. Lists that are asked are in no
demonstration. Arms:

    pretrained              fine-tuned from the pretrained network
    pretrained, mixed       half of the sequences of a step are documents as in pretraining
    scratch                 the same steps on the same demonstrations, from weights as drawn
    scratch, equal compute  steps as of pretraining and fine-tuning together

An answer is right if all of its letters are. The exact reader writes the likeliest next letter, as the network does.

Written down before the measurement; each is to hold for 5 seeds of 5:

1. The rules are in the network before: after two answers that are shown it gets over 0.85 right; with none, below 0.45.
2. With 8 demonstrations of each instruction the pretrained network gets the known rules right over 0.5, over 0.4 more
   than scratch in as many steps, and over 0.2 more than scratch with equal compute.
3. What it has not read it learns more slowly: with 8, the new rule is right over 0.25 less often than the known ones.
4. With 64 and equal compute, scratch gets over 0.75 right too: pretraining saves demonstrations.
5. With 64, documents cost over 0.2 bits per id more than before; where half of each step is documents, less than 0.06.
"""

import copy
import sys
from pathlib import Path

import numpy as np

from seqlib.batching import Batch
from seqlib.evidence import rounded
from seqlib.training import Cosine, fit

sys.path.append(str(Path(__file__).parent))  # for the file beside this one, when it is read and not run
from hidden_rules import (
    ANSWER,
    ASKED,
    BOS,
    INSTRUCTION,
    LENGTH,
    LETTERS,
    RULES,
    SLIPS,
    bits,
    documents,
    exact_bits,
    network,
    next_ids,
    pretrained,
    split,
    text,
    written,
)

CHAPTER = "15"
RATE, B = 1e-3, 32
ARMS = {  # from the pretrained network, mixed with its documents, as many steps as pretraining and fine-tuning
    "pretrained": (True, False, False),
    "pretrained, mixed": (True, True, False),
    "scratch": (False, False, False),
    "scratch, equal compute": (False, False, True),
}
OF_ANSWER = np.isin(np.arange(2 * LENGTH + 2), range(ANSWER.start, ANSWER.stop))


def demonstrations(lists, n, rng):
    """For each instruction n of the lists and their answers, as ids  (instructions n, T)."""
    found = []
    for rule, follow in ASKED.items():
        x = lists[rng.permutation(len(lists))[:n]]
        found.append(text(INSTRUCTION[rule], x[:, None], follow(x)[:, None]))
    return np.concatenate(found)


def tuned(net, shown, mixed, steps, seed):
    """A network after so many steps on demonstrations; the loss is that of the answers, and of all documents."""

    def data(step):
        rng = np.random.default_rng([seed, step])
        told = shown[rng.integers(len(shown), size=B // 2 if mixed else B)]
        if not mixed:
            return next_ids(told, OF_ANSWER)
        lists, answers, _ = documents(B // 2, rng)
        read = next_ids(text(BOS, lists, answers))
        behind = (0, read.y.shape[1] - len(OF_ANSWER))
        more = next_ids(np.pad(told, ((0, 0), behind)), np.pad(OF_ANSWER, behind))
        x, y, mask = (
            np.concatenate(both) for both in zip((*read.inputs, *read[1:]), (*more.inputs, *more[1:]), strict=True)
        )
        return Batch((x,), y, mask)

    how = {"lr": RATE, "schedule": Cosine(steps, 0.05, min(10, steps // 2)), "clip_norm": 1.0}
    return fit(net, data, steps=steps, loss="cross_entropy", seed=seed, **how).model.eval()


def right(answers, lists, rule):
    """The share of answers that follow the rule."""
    return float((answers == ASKED[rule](lists)).all(1).mean())


def prompts(lists, rule, shown, rng):
    """Ids of documents up to the last "=": before it, `shown` other lists, answered by the rule."""
    before = rng.integers(LETTERS, size=(len(lists), shown, LENGTH))
    x = np.concatenate([before, lists[:, None]], 1)
    return text(BOS, x, ASKED[rule](x))[:, : -(LENGTH + 1)]


def exact_answers(ids):
    """What the exact reader writes after such prompts: the likeliest next letter, and again."""
    pairs = (ids.shape[1] - 1 + LENGTH + 1) // (2 * LENGTH + 2)
    body = np.pad(ids[:, 1:], ((0, 0), (0, LENGTH + 1))).reshape(len(ids), pairs, -1)
    lists, answers = body[:, :, :LENGTH], body[:, :, LENGTH + 1 : -1]
    meant = np.stack([follow(lists) for follow in RULES.values()])
    p = np.where(meant[:, :, :-1] == answers[:, :-1], 1 - SLIPS + SLIPS / LETTERS, SLIPS / LETTERS).prod((2, 3))
    said = []
    for t in range(LENGTH):
        is_meant = meant[:, :, -1, t, None] == np.arange(LETTERS)
        of_letter = np.where(is_meant, 1 - SLIPS + SLIPS / LETTERS, SLIPS / LETTERS)
        said.append((p[..., None] * of_letter).sum(0).argmax(1))
        p = p * np.take_along_axis(of_letter, said[-1][None, :, None], 2)[..., 0]
    return np.stack(said, 1)


def few_shot(write, lists, seed, rules=RULES):
    """How often answers are right after 0, 1 and 2 that are shown; the mean over the rules."""
    rng = np.random.default_rng([seed, 10**6 + 4])
    found = {}
    for shown in (0, 1, 2):
        shares = [right(write(prompts(lists, rule, shown, rng)), lists, rule) for rule in rules]
        found[f"{shown} shown"] = rounded(np.mean(shares), 4)
    return found


def instructed(net, lists, rules=RULES):
    """How often answers to an instruction are right; the mean over the rules."""
    shares = []
    for rule in rules:
        ids = text(INSTRUCTION[rule], lists[:, None], lists[:, None])[:, : LENGTH + 2]
        shares.append(right(written(net, ids), lists, rule))
    return rounded(np.mean(shares), 4)


def followed(steps, seed, numbers, measured):
    """What was seen of a seed."""
    net = pretrained(6 * steps, seed)
    lists, asked = split(seed)
    found = {
        "before": few_shot(lambda ids: written(net, ids), asked, seed),
        "exact": few_shot(exact_answers, asked, seed),
        "new rule before": few_shot(lambda ids: written(net, ids), asked, seed, ["rotated"]),
        "instruction unseen": instructed(net, asked),
        "bits": {
            "pretrained": rounded(bits(net, measured, seed), 5),
            "exact": rounded(exact_bits(measured, seed), 5),
        },
        "after": {},
    }
    for arm, (from_pretrained, mixed, longer) in ARMS.items():
        of = found["after"][arm] = {}
        for n in numbers[-1:] if mixed else numbers:
            shown = demonstrations(lists, n, np.random.default_rng([seed, n]))
            start = copy.deepcopy(net) if from_pretrained else network
            after = tuned(start, shown, mixed, steps * (7 if longer else 1), seed)
            of[f"{n}"] = {
                "known": instructed(after, asked),
                "new": instructed(after, asked, ["rotated"]),
                "bits": rounded(bits(after, measured, seed), 5),
            }
    return found


def instructions(steps, seeds, numbers, texts):
    """What was seen of each seed."""
    return {"runs": [followed(steps, seed, numbers, texts) for seed in seeds]}


MEASUREMENTS = {
    "instructions": {
        "what": "answers that are right before and after fine-tuning on demonstrations, and what the documents of "
        "pretraining cost afterwards",
        "unit": "share, bits per id",
        "measure": instructions,
        "settings": {"steps": 200, "seeds": list(range(310, 315)), "numbers": [8, 64], "texts": 500},
    }
}
