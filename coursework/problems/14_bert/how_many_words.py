"""How many words should be chosen in training: few, of which much is left to read, or many, of which much is learnt?"""

from coursework.problem import Experiment, number


class HowManyWords(Experiment):
    """Drawn: the topics, words and noise of the language, four shares beside that of BERT, and the steps."""

    name = "how_many_words"
    points = 6

    def constants(self, rng, variant):
        return {
            "topics": int(number(rng, range(4, 6))),
            "words": int(number(rng, range(6, 9))),
            "noise": number(rng, range(12, 21), per=100),
            "few": number(rng, range(4, 8), per=100),
            "some": number(rng, range(30, 45), per=100),
            "many": number(rng, range(65, 80), per=100),
            "most": number(rng, range(92, 97), per=100),
            "steps": int(number(rng, range(280, 341, 20))),
        }
