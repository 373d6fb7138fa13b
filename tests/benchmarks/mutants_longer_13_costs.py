"""Planted bugs of tests/benchmarks/longer_13_costs.py: layers, passes or measures that are not what they say."""

FILE = "tests/benchmarks/longer_13_costs.py"
TESTS = ["tests/benchmarks/test_longer_13_costs.py"]
MUTANTS = {
    "one-sequence": ("B, HEAD = 4, 64", "B, HEAD = 1, 64"),
    "wider-heads": ("B, HEAD = 4, 64", "B, HEAD = 4, 128"),
    "always-fused": ("need_weights=explicit", "need_weights=False"),
    "explicit-for-fused": ('kind == "explicit"\n', 'kind == "fused"\n'),
    "cells-swapped": (
        '{"LSTM, seqlib.nn": LSTM, "LSTM, torch.nn": torch.nn.LSTM}',
        '{"LSTM, seqlib.nn": torch.nn.LSTM, "LSTM, torch.nn": LSTM}',
    ),
    "fewer-units": ("[kind](d, d, batch_first", "[kind](d, d // 2, batch_first"),
    "time-first": ("(d, d, batch_first=True)", "(d, d)"),
    "graph-forward": ("        with torch.no_grad():\n            layer(x)\n    else", "        layer(x)\n    else"),
    "forward-both-ways": (
        "layer(x.detach().requires_grad_()).sum().backward()",
        "layer(x.detach().requires_grad_()).sum()",
    ),
    "weights-alone": ("x.detach().requires_grad_()", "x.detach()"),
    "about-too-far": ("uniform(-0.25, 0.25)", "uniform(-0.5, 0.5)"),
    "about-longer": ("uniform(-0.25, 0.25)", "uniform(0, 0.25)"),
    "about-all-seeds": ("default_rng([seed, T])", "default_rng([0, T])"),
    "about-all-lengths": ("default_rng([seed, T])", "default_rng([seed])"),
    "one-layer-for-all-seeds": ("torch.manual_seed(seed)", "torch.manual_seed(0)"),
    "length-not-drawn": ("x = torch.randn(B, about(T, seed), int(d))", "x = torch.randn(B, T, int(d))"),
    "seconds": ("(1000 * (time.process_time() - begun))", "(time.process_time() - begun)"),
    "mean-for-median": ("rounded(np.median(values)))", "rounded(np.mean(values)))"),
    "wall-clock": ("begun = time.process_time()", "begun = time.perf_counter()"),
    "lengths-mixed-up": (
        "rounded(np.median(values)))",
        "rounded(np.median(values)) * (1 + (T == lengths[0])))",
    ),
    "peak-of-now": (r"VmHWM:\s+", r"VmRSS:\s+"),
    "peak-itself": ("return peak() - before", "return peak()"),
    "measured-before": ("    run(each, what, x)\n    return", "    return"),
    "another-pass": ("run(each, what, x)\n", 'run(each, "forward", x)\n'),
    "another-layer": ("each = layer(kind, d)", 'each = layer("fused", d)'),
    "kibibytes": ("np.median(values) / 1024", "np.median(values)"),
    "mean-memory": ("rounded(np.median(values) / 1024)", "rounded(np.mean(values) / 1024)"),
    "memory-not-drawn": ("[[kind, what, int(d), about(T, seed)]", "[[kind, what, int(d), T]"),
    "once": ("for _ in range(steps)), strict", "for _ in range(1)), strict"),
    "seeds-twice": ("list(range(60, 65))", "[60, 60, 61, 62, 63]"),
}
