"""Bugs planted in the practice of chapter 13: a block and its costs."""

FILE = "seqlib/exercises/transformer_block.py"
TESTS = ["tests/exercises/test_transformer_block.py"]
MUTANTS = {
    "no-mixing": (
        "return mixing @ x @ W.T",
        "return x @ W.T",
    ),
    "looks-ahead": (
        "mixing = np.tri(T) / np.arange(1, T + 1)[:, None]",
        "mixing = np.ones((T, T)) / T",
    ),
    "not-a-norm": (
        "centred = x - x.mean(-1, keepdims=True)",
        "centred = x",
    ),
    "half-of-post-norm": (
        "_two(lambda x, part, norm: norm(x + part(x)))",
        "_two(lambda x, part, norm: norm(x + part(x)), _pre)",
    ),
    "a-mean-of-more": (
        "(x + part(norm(x))) / 2",
        "(x + part(norm(x))) / 3",
    ),
    "a-bias-less": (
        "attention_bias: float = 4",
        "attention_bias: float = 3",
    ),
    "hidden-bias-twice": (
        "hidden_bias: float = 1",
        "hidden_bias: float = 2",
    ),
    "norms-twice": (
        "norms: float = 4",
        "norms: float = 8",
    ),
    "pairs-thrice": (
        "pairs: float = 2",
        "pairs: float = 3",
    ),
    "linear-in-time": (
        "heads * pairs * T * T * D",
        "heads * pairs * T * D",
    ),
    "always-four-times-as-wide": (
        "(8, 2, 32, 5), (512, 8, 2048, 100), (12, 3, 20, 40)",
        "(8, 2, 32, 5), (512, 8, 2048, 100), (12, 3, 48, 40)",
    ),
    "matrices-by-one": (
        "2 * T * _count(D, F, T)[0] + 4 * T * T * D",
        "T * _count(D, F, T)[0] + 4 * T * T * D",
    ),
    "one-position-of-two": (
        "_count(D, F, T)[1] / T",
        "_count(D, F, T)[1] / T / 2",
    ),
    "attention-twice": (
        "    x = x + attention(norm_1(x))\n",
        "    x = x + 2 * attention(norm_1(x))\n",
    ),
    "network-twice": (
        "    return x + feed_forward(norm_2(x))\n",
        "    return x + 2 * feed_forward(norm_2(x))\n",
    ),
    "norms-once-more": (
        "    return x + feed_forward(norm_2(x))\n",
        "    return x + feed_forward(norm_2(norm_1(x)))\n",
    ),
    "five-matrices": (
        "square: float = 4",
        "square: float = 5",
    ),
    "three-hidden-matrices": (
        "between: float = 2",
        "between: float = 3",
    ),
    "thrice-for-an-operation": (
        "flop: float = 2",
        "flop: float = 3",
    ),
    "network-as-a-mixer": (
        "return np.maximum(x @ W_1.T, 0) @ W_2.T",
        "return np.maximum(x @ W_1.T + x.mean(), 0) @ W_2.T",
    ),
}
