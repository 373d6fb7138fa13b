"""Planted bugs of seqlib.nn.transformer."""

FILE = "seqlib/nn/transformer.py"
TESTS = ["tests/nn/test_transformer.py", "tests/nn/test_transformer_model.py"]
MUTANTS = {
    "final-norm-forgotten": (
        "return x if self.norm is None else self.norm(x), tuple(found)",
        "return x, tuple(found)",
        "reference",
    ),
    "final-norm-after-post-norm": (
        "norm_first if final_norm is None",
        "True if final_norm is None",
        "options_of_a_stack",
    ),
    "final-norm-of-another-kind": (
        "made_norm(norm, d_model, eps, bias, kind) if final",
        'made_norm("layer", d_model, eps, bias, kind) if final',
        "options_of_a_stack",
    ),
    "one-block-again-and-again": (
        "nn.ModuleList(blocks)",
        "nn.ModuleList([blocks[0]] * n_layers)",
        "options_of_a_stack",
    ),
    "a-layer-less": ("for _ in range(n_layers)]", "for _ in range(max(1, n_layers - 1))]", "options_of_a_stack"),
    "memory-of-the-first-block": (
        "None if memory is None else memory[i]",
        "None if memory is None else memory[0]",
        "reference",
    ),
    "past-of-the-first-block": (
        "past=None if past is None else past[i]",
        "past=None if past is None else past[0]",
        "step_by_step",
    ),
    "past-forgotten": ("past=None if past is None else past[i]", "past=None", "step_by_step"),
    "position-offset-with-cache-missing": ("start = past[0].keys.shape[2]", "start = 0", "step_by_step"),
    "position-after-the-cache-off-by-one": (
        "start = past[0].keys.shape[2]",
        "start = past[0].keys.shape[2] - 1",
        "step_by_step",
    ),
    "decoder-not-causal": (
        "source_mask, causal=True, positions",
        "source_mask, causal=False, positions",
        "later_one or torch",
    ),
    "encoder-never-causal": (
        "mask, causal=causal, positions=positions)[0]",
        "mask, causal=False, positions=positions)[0]",
        "positions",
    ),
    "positions-of-an-encoder-ignored": (
        "mask, causal=causal, positions=positions)[0]",
        "mask, causal=causal)[0]",
        "positions",
    ),
    "source-of-an-encoder": ("if not self.decodes and", "if False and", "bad_stacks"),
    "eps-forgotten": ('"eps": eps, ', "", "reference or torch"),
    "only-last-in-all-blocks": ("only_last=only_last and i + 1 == len(self.blocks)", "only_last=only_last", "only_the"),
    "only-last-nowhere": ("only_last=only_last and i + 1 == len(self.blocks)", "only_last=False", "only_the"),
}
