"""Planted bugs of seqlib.nn.encoder_decoder."""

FILE = "seqlib/nn/encoder_decoder.py"
TESTS = [
    "tests/nn/test_encoder_decoder.py",
    "tests/nn/test_encoder_decoder_input.py",
    "tests/nn/test_encoder_decoder_training.py",
]
MUTANTS = {
    "last-padded-state": ("if lengths is None or B == 0:", "if True:"),
    "length-one-short": (
        "torch.from_numpy(lengths), batch_first",
        "torch.from_numpy(lengths).sub(1).clamp(1), batch_first",
    ),
    "zero-length-accepted": (", S, least=1)", ", S)", "bad_ or needs or must or dtype"),
    "lengths-not-counted": ('check_shape("lengths", lengths, (B,))', "pass", "bad_ or needs or must or dtype"),
    "ids-of-padding-read": (
        "packed = pack",
        'look_up("source", self.source_embedding, source)\n            packed = pack',
    ),
    "empty-batch-packed": ("or B == 0:", "or False:"),
    "target-words-for-the-source": (
        'look_up("source", self.source_embedding, packed.data)',
        'look_up("source", self.target_embedding, packed.data)',
    ),
    "mask-forgotten": ("mask = None if lengths is None else padding_mask", "mask = None if True else padding_mask"),
    "mask-inverted": ("padding_mask(lengths, S, device=keys.device)", "~padding_mask(lengths, S, device=keys.device)"),
    "width-of-the-longest": ("batch_first=True, total_length=S)", "batch_first=True)"),
    "projected-forgotten": ("DecoderState(s, keys, self.alignment.project(keys)", "DecoderState(s, keys, keys"),
    "previous-shifted": ("self.target_embedding, previous))", "self.target_embedding, previous.roll(1, 1)))"),
    "future-read": ("self.target_embedding, previous))", "self.target_embedding, previous.roll(-1, 1)))"),
    "context-of-the-step-before": (
        "self._attended(out, state)\n            a = self._combined(context, out)\n        else:",
        "self._attended(out.roll(1, 1), state)\n            a = self._combined(context, out)\n        else:",
    ),
    "weights-of-the-step-before": (
        "            a = self._combined(context, out)\n        else:",
        "            a, weights = self._combined(context, out), weights.roll(1, 1)\n        else:",
    ),
    "query-after-the-step": (
        "self._dropped(context)], 2), s)",
        "self._dropped(context)], 2), s)\n                context, weights = self._attended(out, state)",
    ),
    "query-of-the-lowest-layer": ("self._attended(s[0][-1].unsqueeze(1)", "self._attended(s[0][0].unsqueeze(1)"),
    "query-is-the-cell": ("self._attended(s[0][-1].unsqueeze(1)", "self._attended(s[-1][-1].unsqueeze(1)"),
    "context-before-the-word": (
        "torch.cat([word, self._dropped(context)], 2)",
        "torch.cat([self._dropped(context), word], 2)",
    ),
    "always-the-first-one-fed": (
        "            a = self._combined(context, out)\n            found.append((a, weights))",
        "            found.append((self._combined(context, out), weights))\n            a = found[0][0]",
    ),
    "context-fed": (
        "            a = self._combined(context, out)\n            found.append((a, weights))",
        "            found.append((self._combined(context, out), weights))\n            a = context",
    ),
    "fed-forgotten-between-calls": (
        "fed = a[:, 0] if self.input_feeding else None",
        "fed = torch.zeros_like(a[:, 0]) if self.input_feeding else None",
    ),
    "begins-fed-with-ones": (
        "keys.new_zeros(B, self.readout.in_features)",
        "keys.new_ones(B, self.readout.in_features)",
    ),
    "context-and-state-swapped": ("torch.cat([context, out], 2)))", "torch.cat([out, context], 2)))"),
    "attentional-without-tanh": (
        "return torch.tanh(combine(torch.cat([context, out], 2)))",
        "return combine(torch.cat([context, out], 2))",
    ),
    "state-of-the-beginning": ("state._replace(s=tuple(part.transpose(0, 1) for part in s), fed", "state._replace(fed"),
    "weights-forgotten": ("fed=fed, weights=weights)", "fed=fed)"),
    "first-of-the-prefill": ("return logits[:, -1], state", "return logits[:, 0], state"),
    "first-weights": ("weights = weights[:, -1]", "weights = weights[:, 0]"),
    "weights-of-no-word": ("if _checked(state).weights is None:", "if False:"),
    "padding-called-real": ("dtype=torch.bool) if state.mask is None else state.mask", "dtype=torch.bool)"),
    "step-with-gradients": (
        "with torch.no_grad(), evaluating(self):\n            logits",
        "with evaluating(self):\n            logits",
    ),
    "step-with-dropout": (
        "with torch.no_grad(), evaluating(self):\n            logits",
        "with torch.no_grad():\n            logits",
        "dropout",
    ),
    "encoding-with-dropout": (
        "with torch.no_grad(), evaluating(self):\n            return",
        "with torch.no_grad():\n            return",
        "dropout",
    ),
    "dropout-in-evaluation": ("self.dropout, self.training)", "self.dropout, True)", "dropout"),
    "dropout-not-before-the-read-out": ("self.readout(self._dropped(a))", "self.readout(a)", "dropout"),
    "dropout-not-in-the-source": ('words = self._dropped(look_up("source"', 'words = (look_up("source"', "dropout"),
    "dropout-not-in-the-target": ('words = self._dropped(look_up("previous"', 'words = (look_up("previous"', "dropout"),
    "dropout-not-on-the-context": ("self._dropped(context)", "context", "dropout"),
    "dropout-not-on-what-is-fed": ("self._dropped(a)], 2)", "a], 2)", "dropout"),
    "other-number-of-targets": ("if len(state.s[0]) != N:", "if False:", "bad_ or needs or must or dtype"),
    "both-directions-write": ("if decoder.bidirectional:", "if False:", "bad_ or needs or must or dtype"),
    "other-dtype-accepted": ("if got != weight.dtype:", "if False:", "bad_ or needs or must or dtype"),
    "no-room-for-a-word": ("if given <= told:", "if False:", "bad_ or needs or must or dtype"),
    "fed-twice": ('if self.input_feeding and self.attend == "before":', "if False:", "bad_ or needs or must or dtype"),
    "fed-with-nothing": (
        'if self.input_feeding or self.attend != "after":',
        "if False:",
        "bad_ or needs or must or dtype",
    ),
    "attention-of-other-widths": (
        "if (attention.query_size, attention.key_size) != (query_size, key_size):",
        "if False:",
        "bad_ or needs or must or dtype",
    ),
    "sources-of-one-direction": ("directions = 2 if encoder.bidirectional else 1", "directions = 1"),
    "targets-not-counted": ('check_shape("tokens", tokens, ("N",))', "pass", "bad_ or needs or must or dtype"),
    "any-kind-of-ids": (
        "if ids.is_floating_point() or ids.is_complex() or ids.dtype == torch.bool:",
        "if False:",
        "bad_ or needs or must or dtype",
    ),
}
