"""Planted bugs of tests/benchmarks/decoding_gpt.py: what it compares, and when it fails."""

FILE = "tests/benchmarks/decoding_gpt.py"
TESTS = ["tests/benchmarks/test_decoding_gpt.py"]
MUTANTS = {
    "prompt-counted": ("[:, length:].numpy()", ".numpy()"),
    "other-prompts": ("x = torch.as_tensor(prompts)", "x = torch.as_tensor(prompts[:, ::-1].copy())"),
    "fewer-new-ones": ("list(prompts), max_length=new)", "list(prompts), max_length=new - 1)"),
    "drawn": ('"do_sample": False', '"do_sample": True'),
    "other-texts": ("if not (written[0] == written[1]).mean() > 0.95:", "if False:"),
    "ms-for-each-text": ("ms / written[0].shape[1]", "ms / written[0].shape[0]"),
    "ratio-inverted": ("took[THEIRS] / took[OURS]", "took[OURS] / took[THEIRS]"),
    "a-missed-bar-is-no-failure": ("return int(missed)", "return 0"),
    "only-the-last-counts": ("missed |= mean", "missed = mean"),
    "bar-not-scaled": ("missed |= mean(ratios) < arguments.bars * BAR", "missed |= mean(ratios) < BAR"),
    "one-try": ("arguments.rounds if arguments.bars else 1", "1"),
    "always-all-tries": ("if mean(ratios) >= arguments.bars * BAR:", "if False:"),
    "lower-bar": ("BAR = 1.5", "BAR = 1.2"),
    "the-best-counts": ("missed |= mean(ratios)", "missed |= max(ratios)"),
}
