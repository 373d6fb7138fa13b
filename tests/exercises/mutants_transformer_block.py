"""Bugs planted in the practice of chapter 13: a block and its costs."""

FILE = "seqlib/exercises/transformer_block.py"
TESTS = ["tests/exercises/test_transformer_block.py"]
MUTANTS = {
    "post-norm": (
        "    x = x + attention(norm_1(x))\n    return x + feed_forward(norm_2(x))",
        "    x = norm_1(x + attention(x))\n    return norm_2(x + feed_forward(x))",
    ),
    "added-to-the-input": (
        "    x = x + attention(norm_1(x))\n    return x + feed_forward(norm_2(x))",
        "    return x + feed_forward(norm_2(x + attention(norm_1(x))))",
    ),
    "norms-swapped": ("    x = x + attention(norm_1(x))", "    x = x + attention(norm_2(x))"),
    "no-mixing": ("return mixing @ x @ W.T", "return x @ W.T"),
    "looks-ahead": ("mixing = np.tri(T) / np.arange(1, T + 1)[:, None]", "mixing = np.ones((T, T)) / T"),
    "not-a-norm": ("centred = x - x.mean(-1, keepdims=True)", "centred = x"),
    "one-norm-for-both": (
        "return (x, _attention(W, mixing), _feed_forward(W_1, W_2), norms[0], norms[1])",
        "return (x, _attention(W, mixing), _feed_forward(W_1, W_2), norms[0], norms[0])",
    ),
    "half-of-post-norm": (
        "_two(lambda x, part, norm: norm(x + part(x)))",
        "_two(lambda x, part, norm: norm(x + part(x)), _pre)",
    ),
    "a-mean-of-more": ("(x + part(norm(x))) / 2", "(x + part(norm(x))) / 3"),
    "three-matrices": ("square: float = 4", "square: float = 3"),
    "a-bias-less": ("attention_bias: float = 4", "attention_bias: float = 3"),
    "one-hidden-matrix": ("between: float = 2", "between: float = 1"),
    "hidden-bias-twice": ("hidden_bias: float = 1", "hidden_bias: float = 2"),
    "norms-twice": ("norms: float = 4", "norms: float = 8"),
    "pairs-thrice": ("pairs: float = 2", "pairs: float = 3"),
    "linear-in-time": ("heads * pairs * T * T * D", "heads * pairs * T * D"),
    "multiply-alone": ("flop: float = 2", "flop: float = 1"),
    "always-four-times-as-wide": (
        "(8, 2, 32, 5), (512, 8, 2048, 100), (12, 3, 20, 40)",
        "(8, 2, 32, 5), (512, 8, 2048, 100), (12, 3, 48, 40)",
    ),
    "matrices-by-one": ("2 * T * _count(D, F, T)[0] + 4 * T * T * D", "T * _count(D, F, T)[0] + 4 * T * T * D"),
    "one-position-of-two": ("_count(D, F, T)[1] / T", "_count(D, F, T)[1] / T / 2"),
}
