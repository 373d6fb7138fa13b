"""Planted bugs of tests/benchmarks/decoding.py: what it compares, counts and stores."""

FILE = "tests/benchmarks/decoding.py"
TESTS = ["tests/benchmarks/test_decoding.py", "-k", "not peak"]
MUTANTS = {
    "loops-over-the-first": ("source[i : i + 1, :n]", "source[:1, : lengths[0]]"),
    "greedy-for-a-beam": ("beam(model, [BOS], width=WIDTH,", "beam(model, [BOS], width=1,"),
    "other-sentences-for-others": ("np.random.default_rng(0)", "np.random.default_rng(n)"),
    "sentences-for-tokens": ("sum(map(len, way()))", "len(way())"),
    "time-for-speed": ("rounded(1000 * tokens[name] / times[name])", "rounded(times[name])"),
    "seconds-for-milliseconds": ("1000 * tokens[name]", "tokens[name]"),
    "ratio-inverted": ('rows[n]["together"] / rows[n]["one by one"]', 'rows[n]["one by one"] / rows[n]["together"]'),
    "against-greedy": ('rows[n]["together"] / rows[n]["one by one"]', 'rows[n]["greedy"] / rows[n]["one by one"]'),
    "a-missed-bar-is-no-failure": ("return int(ratio < arguments.bars * BAR)", "return 0"),
    "bar-without-a-bar": ("return int(ratio < arguments.bars * BAR)", "return int(ratio < BAR)"),
    "one-try": ("if arguments.bars and n == SIZES[-1] else 1", "if False else 1"),
    "bytes-for-megabytes": (" / 2**20)", ")"),
}
