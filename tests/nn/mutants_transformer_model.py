"""Planted bugs of seqlib.nn.transformer_model."""

FILE = "seqlib/nn/transformer_model.py"
TESTS = ["tests/nn/test_transformer_model.py", "tests/nn/test_transformer_autograd.py"]
MUTANTS = {
    "padding-read": ("x = torch.where(real if x.ndim == 2 else real[..., None], x, 0)", "pass", "padding"),
    "mask-inverted": ("else real[:, None]", "else ~real[:, None]", "padding"),
    "mask-forgotten": ("mask = None if self.causal and not need_weights else real[:, None]", "mask = None", "padding"),
    "answers-to-padding": ("h = h.masked_fill(~real[..., None], 0)", "pass", "padding"),
    "weights-of-padding": ("weights.masked_fill(~real[:, None, :, None], 0)", "weights", "padding"),
    "lengths-not-counted": ('check_shape("lengths", lengths, (B,))', "pass", "bad_input"),
    "zero-length-accepted": (", T, least=1)", ", T)", "bad_input"),
    "not-causal": ("mask, causal=self.causal,", "mask, causal=False,", "later_step"),
    "cache-off-by-one": (
        "held, _, start, _ = state[0].keys.shape",
        "held, _, start = state[0].keys.shape[0], None, state[0].keys.shape[2] + 1",
        "step_by_step",
    ),
    "position-offset-with-cache-missing": ('self.embedding("x", x, start)', 'self.embedding("x", x)', "step_by_step"),
    "cache-forgotten": ("causal=True, past=state, only_last=True)", "causal=True, only_last=True)", "step_by_step"),
    "prefill-not-causal": ("causal=True, past=state, only_last=True)", "past=state, only_last=True)", "step_by_step"),
    "first-of-the-prefill": (
        "only_last=True)\n                return self.readout(h[:, -1])",
        "only_last=False)\n                return self.readout(h[:, 0])",
        "step_by_step",
    ),
    "states-of-others-unchecked": (
        "if writer is None or writer.core is not self.core:",
        "if writer is None:",
        "bad_input",
    ),
    "step-with-dropout": ("with evaluating(self):", "if True:", "without_dropout"),
    "step-with-dropout-before-the-blocks": ("with evaluating(self.embedding):", "if True:", "without_dropout"),
    "step-with-gradients": ("with torch.no_grad():", "with torch.enable_grad():", "step_by_step"),
    "beams-not-reordered": (
        "Cache.of(state)).select(chosen)",
        "Cache.of(state))",
        "reordered or beams",
    ),
    "steps-that-see-nothing-later": ("if not self.causal:", "if False:", "bad_input"),
    "another-number-of-sequences": ("if held != N:", "if False:", "bad_input"),
    "never-tied": ("if tied:\n            _tie(self)", "if False:\n            _tie(self)", "tied"),
    "untied-by-loading": ("self.register_load_state_dict_post_hook(_tie)", "pass", "stays_tied"),
    "untied-by-moving": ("if self.tied:\n            _tie(self)", "if False:\n            _tie(self)", "stays_tied"),
    "any-state": (
        "if not isinstance(state, tuple) or not all(isinstance(layer, KeyValues) for layer in state):",
        "if False:",
        "bad_input",
    ),
    "states-of-other-models": ("if got != wanted:", "if False:", "bad_input"),
    "tied-of-other-sizes": ("if tied and vocab_size != n_out:", "if False:", "bad_options"),
    "tied-not-scaled": ("math.sqrt(d_model) if tied else 1.0", "1.0", "tied"),
    "always-rotary": ('if positions == "rotary" else None', "", "embedding_and_positions"),
    "dropout-not-before-the-blocks": (
        "            dropout=dropout,\n            **kind,\n        )\n        stack",
        "            **kind,\n        )\n        stack",
        "dropout",
    ),
    "answers-biased-like-blocks": (
        "answers_bias = bias if readout_bias is None else",
        "answers_bias = bias if True else",
    ),
    "answers-always-biased": (
        "answers_bias = bias if readout_bias is None else",
        "answers_bias = True if readout_bias is None else",
    ),
    "rotary-ignored": ('if options.get("rotary") is not None:', "if False:", "bad_options"),
    "a-source-accepted": ('if options.get("source_size") is not None:', "if False:", "bad_options"),
}
