"""seqlib: the tested package behind the book *Learning Sequences*.

    reference/   NumPy, float64, pure functions: every formula forward, every hand-derived backward
    nn/          PyTorch modules, drop-in for torch.nn where torch.nn has the layer
    tasks/       toy problems whose best possible loss is known, and one real text
    exercises/   checkers of the practice exercises
    training/    fit(), the only training loop, evaluate(), and repeat() over seeds
    evidence/    confirm() an equation, claim() a verdict, hypothesis()
    plotting/    the house style of figures
    batching     padding, lengths and masks, Batch; Chunks, batches that continue each other
    decoding/    greedy, sampled and searched-for sequences (beam, exhaustive), from any model with a step()
    text         vocabulary and tokenisers
    bpe/         byte-level BPE, GPT-2's tokeniser: learnt, applied, read and written
    metrics/     perplexity, bits per character; BLEU, chrF, edit distance, word and alignment error rate
    gradcheck    central differences and complex step
    answers      compares an answer with what was expected, for exercises and coursework
    source       show() the tested source in a chapter
    arguments    checks of arguments, shared by all of the above

`import seqlib` and `import seqlib.reference` need NumPy only; PyTorch is loaded by `seqlib.nn` and
`seqlib.training`, Matplotlib by `seqlib.plotting`.
"""

__version__ = "0.1.0"
