"""Planted bugs of seqlib.nn.translator."""

FILE = "seqlib/nn/translator.py"
TESTS = ["tests/nn/test_translator.py", "tests/nn/test_transformer_autograd.py"]
MUTANTS = {
    "padding-read": ("source = torch.where(mask, source, 0)", "pass", "padding_and_neighbours"),
    "encoder-mask-forgotten": (
        "None, None if mask is None else mask[:, None])",
        "None, None)",
        "padding_and_neighbours or embeddings_and",
    ),
    "decoder-mask-forgotten": (
        "None if state.mask is None else state.mask[:, None]",
        "None",
        "padding_and_neighbours or embeddings_and",
    ),
    "mask-inverted": (
        "padding_mask(lengths, S, device=source.device)\n",
        "~padding_mask(lengths, S, device=source.device)\n",
        "embeddings_and",
    ),
    "decoder-sees-later-words": ("causal=True", "causal=False", "later_word"),
    "cache-forgotten": ("past=state.own", "past=None", "step_by_step"),
    "cache-off-by-one": ("state.own[0].keys.shape[2]", "state.own[0].keys.shape[2] - 1", "step_by_step"),
    "position-offset-with-cache-missing": ("(name, previous, start)", "(name, previous)", "step_by_step"),
    "own-words-for-the-source": ("own=tuple(part.own for part in read)", "own=state.memory", "step_by_step"),
    "weights-of-self-attention": (
        "cross = [part.cross for part in read if part.cross is not None]",
        "cross = [part.weights for part in read]",
        "embeddings_and or padding_and",
    ),
    "source-and-target-swapped": (
        'self.source_embedding("source", source)',
        'self.target_embedding("source", source)',
        "embeddings_and",
    ),
    "first-of-the-prefill": ("self.readout(z[:, -1])", "self.readout(z[:, 0])", "step_by_step"),
    "memory-not-reordered": ("memory, mask = of_each(memory), those(mask)", "pass", "reordered"),
    "words-not-reordered": ("None if self.own is None else of_each(self.own)", "self.own", "reordered"),
    "always-copied": ("if not torch.equal(of, self.of):", "if True:", "reordered"),
    "of-not-reordered": (
        "TranslatorState(memory, of, mask",
        "TranslatorState(memory, self.of, mask",
        "reordered or decoded or drawn",
    ),
    "weights-of-the-first-layer": ("weights[:, -1, :, -1].mean(1)", "weights[:, 0, :, -1].mean(1)", "read_last"),
    "weights-of-the-first-word": ("weights[:, -1, :, -1].mean(1)", "weights[:, -1, :, 0].mean(1)", "read_last"),
    "sum-over-heads": ("weights[:, -1, :, -1].mean(1)", "weights[:, -1, :, -1].sum(1)", "read_last"),
    "padding-called-real": (
        "dtype=torch.bool) if state.mask is None else state.mask",
        "dtype=torch.bool)",
        "read_last",
    ),
    "weights-of-no-word": ("if _checked(state).weights is None:", "if False:", "read_last"),
    "never-tied": ("if tied:\n            _tie(self)", "if False:\n            _tie(self)", "shared_and_tied"),
    "untied-by-loading": ("self.register_load_state_dict_post_hook(_tie)", "pass", "stays_tied"),
    "untied-by-moving": ("if self.tied:\n            _tie(self)", "if False:\n            _tie(self)", "stays_tied"),
    "tokens-are-called-previous": ('self._next("tokens",', 'self._next("previous",', "bad_input"),
    "never-shared": ("if shared:\n", "if False:\n", "shared_and_tied"),
    "shared-of-other-sizes": ("and vocab_size != n_out:", "and False:", "bad_options"),
    "rotary-ignored": ('if options.get("rotary") is not None:', "if False:", "bad_options"),
    "as-many-layers-as-the-encoder": (
        "n_layers if n_decoder_layers is None else n_decoder_layers",
        "n_layers",
        "shared_and_tied",
    ),
    "step-with-dropout": (
        "with torch.no_grad(), evaluating(self):\n            z",
        "with torch.no_grad():\n            z",
        "dropout",
    ),
    "encoding-with-dropout": (
        "with torch.no_grad(), evaluating(self):\n            return",
        "with torch.no_grad():\n            return",
        "dropout",
    ),
    "lengths-not-counted": ('check_shape("lengths", lengths, (B,))', "pass", "bad_input"),
    "zero-length-accepted": (", S, least=1)", ", S)", "bad_input"),
    "other-number-of-targets": ("if len(state.of) != N:", "if False:", "bad_input"),
    "any-state": ("if not isinstance(state, TranslatorState):", "if False:", "bad_input"),
}
