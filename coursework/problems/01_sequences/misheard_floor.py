"""The floor of a game whose cue is misheard now and then."""

import numpy as np

from coursework.problem import Form, Mistake, Part, Problem, number

LINE = {  # what is heard when it fails: in words, as equally likely cues, as a matrix (said, heard), as its entry
    "all": Form(
        says="a cue drawn evenly from all C cues, whatever was said (so it may be the right one by luck)",
        short="any of the C cues",
        heard=lambda c, C: list(range(C)),
        matrix="np.full((C, C), 1 / C)",
        entry="1 / C",
        other="others",
        mistaken="np.tile(p_cue, (C, 1))",
        mistaken_says="When the line fails, all C cues are heard equally often, not as often as p_cue says.",
    ),
    "others": Form(
        says="a cue drawn evenly from the C - 1 cues that were not said (so it is never the right one)",
        short="one of the C - 1 other cues",
        heard=lambda c, C: [k for k in range(C) if k != c],
        matrix="(1 - np.eye(C)) / (C - 1)",
        entry="(said != heard) / (C - 1)",
        other="all",
        mistaken="(1 - np.eye(C)) / C",
        mistaken_says="What is heard must have probabilities that add up to 1: there are C - 1 other cues.",
    ),
    "next": Form(
        says="cue c + 1 if cue c was said, and cue 0 if the last cue was said",
        short="the next cue",
        heard=lambda c, C: [(c + 1) % C],
        matrix="np.roll(np.eye(C), 1, axis=1)",
        entry="(heard == (said + 1) % C)",
        other="neighbours",
        mistaken="np.roll(np.eye(C), -1, axis=1)",
        mistaken_says="The direction is wrong: cue c is heard as cue c + 1, not as cue c - 1.",
    ),
    "neighbours": Form(
        says="cue c - 1 or cue c + 1 if cue c was said, each in half of these cases (in a circle: cue C - 1 and cue 0 "
        "are neighbours)",
        short="one of the two neighbours",
        heard=lambda c, C: [(c - 1) % C, (c + 1) % C],
        matrix="(np.roll(np.eye(C), 1, axis=1) + np.roll(np.eye(C), -1, axis=1)) / 2",
        entry="((heard - said) % C in (1, C - 1)) / 2",
        other="next",
        mistaken="(np.eye(C, k=1) + np.eye(C, k=-1)) / 2",
        mistaken_says="The cues stand in a circle: cue 0 and cue C - 1 are neighbours.",
    ),
    "first": Form(
        says="cue 0, whatever was said (so cue 0 is always heard right)",
        short="cue 0",
        heard=lambda c, C: [0],
        matrix="np.tile(np.eye(C)[0], (C, 1))",
        entry="(heard == 0)",
        other="all",
        mistaken="np.tile(np.eye(C)[0], (C, 1)).T",
        mistaken_says="It is the wrong way round: cue 0 is what is heard, not what was said.",
    ),
}
RIGHT = """\
def misheard_floor(p_cue, p_answer):
    ### BEGIN SOLUTION
    C = len(p_cue)
    fails = «line.matrix»  # P(heard | said) when the line fails
    hear = (1 - «slip») * np.eye(C) + «slip» * fails
    joint = (p_cue[:, None] * hear).T @ p_answer  # (heard, answer)
    given = joint / joint.sum(axis=1, keepdims=True)
    logs = np.log(np.where(given > 0, given, 1.0)) / np.log(«base»)
    return -(joint * logs).sum()
    ### END SOLUTION
"""
ENTRY_BY_ENTRY = """\
import math

def misheard_floor(p_cue, p_answer):
    C, floor = len(p_cue), 0.0
    for heard in range(C):
        row = [0.0] * len(p_answer[0])
        for said in range(C):
            chance = (1 - «slip») * (said == heard) + «slip» * «line.entry»
            for a, p in enumerate(p_answer[said]):
                row[a] += float(p_cue[said]) * chance * float(p)
        total = sum(row)
        floor -= sum(p * math.log(p / total, «base») for p in row if p > 0)
    return floor
"""
HEAR = "hear = (1 - «slip») * np.eye(C) + «slip» * fails"
MIXED = "You mixed the answers by P(heard | said). The player asks what was said: P(said | heard)."
JOINT = "That is the entropy of cue and answer together. The player has heard the cue: condition on it."
TAKEN = "When the line fails, the player hears «line.short», not «line.other.short»."
TOLD = "That is the mean of floor and chance: of a player who knows whether the line has failed. This one does not."
MIXTURE = """all_answers = joint.sum(axis=0)
    unheard = np.log(np.where(all_answers > 0, all_answers, 1.0)) / np.log(«base»)
    return -(1 - «slip») * (joint * logs).sum() - «slip» * (all_answers * unheard).sum()"""
NAN = "0 · log 0 gave nan. An answer that never comes surprises nobody: it adds 0."


class MisheardFloor(Problem):
    """Drawn: what is heard when the line fails, how often it fails, and the base of the logarithms."""

    name = "misheard_floor"
    parts = (
        Part("positive", 3, "all probabilities are positive, and the cues are not equally likely"),
        Part("zeros", 2, "some answers are impossible: p_answer has zeros"),
    )
    forms = {"line": LINE}
    says = {"line": "«line.says»", "slip": "«slip»", "base": "«base»"}
    right = (RIGHT, ENTRY_BY_ENTRY)
    known = (
        Mistake("no failure", "That is the floor of somebody who always hears the cue.", (HEAR, "hear = np.eye(C)")),
        Mistake("chance", "That is chance: the player hears nothing.", (HEAR, "hear = np.full((C, C), 1 / C)")),
        Mistake("failure known", TOLD, (HEAR, "hear = np.eye(C)"), ("return -(joint * logs).sum()", MIXTURE)),
        Mistake("another line", TAKEN, line="«line.other»"),
        Mistake("line mistaken", "«line.mistaken_says»", ("= «line.matrix»", "= «line.mistaken»")),
        Mistake(
            "said for heard", MIXED, ("(p_cue[:, None] * hear).T @ p_answer", "p_cue[:, None] * (hear @ p_answer)")
        ),
        Mistake("joint entropy", JOINT, ("np.where(given > 0, given, 1.0)", "np.where(joint > 0, joint, 1.0)")),
        Mistake("natural logarithm", "That is in nats. Another base is asked for.", (" / np.log(«base»)", "")),
        Mistake(
            "uniform cues", "You gave all cues the same probability. Weight them by p_cue.", ("p_cue[:, None]", "1 / C")
        ),
        Mistake("sign", "The sign is wrong: an entropy is never negative.", ("return -(joint", "return (joint")),
        Mistake("zero times infinity", NAN, ("np.where(given > 0, given, 1.0)", "given"), only=("zeros",)),
    )

    def constants(self, rng, variant):
        return {"slip": number(rng, range(800, 4200), per=10000), "base": number(rng, range(30, 160), per=10)}

    def case(self, variant, part, rng):
        C, A = rng.integers(4, 7), rng.integers(3, 6)
        p_cue, p_answer = rng.dirichlet(np.ones(C)), rng.dirichlet(np.ones(A), size=C)
        if part == "zeros":
            p_answer[:, 0] = 0  # an answer that never comes
            p_answer[0, 1] = 0
            p_answer /= p_answer.sum(1, keepdims=True)
        return p_cue, p_answer

    def oracle(self, variant, p_cue, p_answer):
        C, slip, joint = len(p_cue), variant.slip, np.zeros(p_answer.shape)
        for said in range(C):
            joint[said] += (1 - slip) * p_cue[said] * p_answer[said]
            heard = variant.line.heard(said, C)
            joint[heard] += slip / len(heard) * p_cue[said] * p_answer[said]

        def entropy(p):
            return -sum(x * np.log(x) for x in p.flat if x > 0)

        return float((entropy(joint) - entropy(joint.sum(1))) / np.log(variant.base))
