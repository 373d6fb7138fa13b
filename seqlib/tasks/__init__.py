"""Toy problems whose best possible loss is known.

Blanks             fill in the blank; the deciding word stands a known distance before it
Pizza              fill in the blank; what stands after it decides
Oscillator         predict the next value of a second-order autoregression
Adding             add two marked numbers of a long sequence
Product            multiply the new number by an earlier one
Counting           say how often a symbol has come
Latch              keep a symbol while distractors go by
Membership         look up, in what has been there, what comes last
NoisySum           predict the next symbol of a text whose rule is known after every beginning
Swing              follow a swing that is now and then let go anew
Glyphs             name the letter in a tiny picture
Captions           describe a picture in words
Reviews            tell praise from blame, at the end of a sentence
Highlighting       colour the characters of a program as they come
Phrases            translate word for word, where the noun comes last and has to come first
Copying            write down a whole sequence after reading it, as it stood or from the end
Translation        say English dates, amounts and names in Somali; which word translates which is known
Grammar            say the next word of a sentence about a topic, the first word of which agrees with its verb
MaskedWords        say which words of such a sentence have been hidden, replaced or kept
SentencePairs      say whether two such sentences are about one topic, and what has been hidden in them
LabelledSentences  say what such a sentence is about
Parity             say whether the number of ones so far is odd
AssociativeRecall  say which value a key had earlier in the sequence

masking            no toy: which words are hidden, replaced or kept, and which are asked for
topics             no toy: the help topics of Python, real text, and a split that does not leak
cldr               no toy: what Unicode CLDR says in English and in Somali, of which sentences are made, and its faults

Task               what every task has: name, loss, floor, chance, sizes, settings, sample(batch_size, rng) -> Batch
"""

from seqlib.tasks.adding import Adding
from seqlib.tasks.associative_recall import AssociativeRecall
from seqlib.tasks.blanks import Blanks
from seqlib.tasks.captions import Captions
from seqlib.tasks.copying import Copying
from seqlib.tasks.counting import Counting
from seqlib.tasks.glyphs import Glyphs
from seqlib.tasks.grammar import Grammar
from seqlib.tasks.highlighting import Highlighting
from seqlib.tasks.labelled_sentences import LabelledSentences
from seqlib.tasks.latch import Latch
from seqlib.tasks.masked_words import MaskedWords
from seqlib.tasks.membership import Membership
from seqlib.tasks.noisy_sum import NoisySum
from seqlib.tasks.oscillator import Oscillator
from seqlib.tasks.parity import Parity
from seqlib.tasks.phrases import Phrases
from seqlib.tasks.pizza import Pizza
from seqlib.tasks.product import Product
from seqlib.tasks.reviews import Reviews
from seqlib.tasks.sentence_pairs import SentencePairs
from seqlib.tasks.swing import Swing
from seqlib.tasks.task import Task
from seqlib.tasks.translation import Translation

__all__ = [
    "Adding",
    "AssociativeRecall",
    "Blanks",
    "Captions",
    "Copying",
    "Counting",
    "Glyphs",
    "Grammar",
    "Highlighting",
    "LabelledSentences",
    "Latch",
    "MaskedWords",
    "Membership",
    "NoisySum",
    "Oscillator",
    "Parity",
    "Phrases",
    "Pizza",
    "Product",
    "Reviews",
    "SentencePairs",
    "Swing",
    "Task",
    "Translation",
]
