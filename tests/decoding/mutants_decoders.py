"""Planted bugs of seqlib.decoding.decoders. None makes the loop endless."""

FILE = "seqlib/decoding/decoders.py"
TESTS = ["tests/decoding/test_decoders.py", "tests/decoding/test_step_model.py"]
MUTANTS = {
    "scores-of-the-filtered": (
        "return ids, log_probs[np.arange(len(ids)), ids]",
        "return ids, log_probs[np.arange(len(ids)), ids] * 0.999",
    ),
    "scores-of-the-most-probable": ("log_probs[np.arange(len(ids)), ids]", "log_probs.max(-1)"),
    "raw-logits-scored": ('log_softmax("logits", logits)', "logits"),
    "raw-logits-scored-by-greedy": ('log_prob("logits", logits, ids)', "logits.max(1)"),
    "logits-of-those-that-read": ("choose(logits[free], new, N)", "choose(logits[: len(new)], new, N)"),
    "scores-mean": ("self.log_probs.sum(1)", "self.log_probs.mean(1)"),
    "eos-ignored": ("ended[new] = tokens[new] == eos", "pass"),
    "ended-but-goes-on": (
        "goes_on = ~ended[active] & (lengths[active] < max_length)",
        "goes_on = lengths[active] < max_length",
    ),
    "eos-cut-off": ("lengths[new] += 1", "lengths[new] += tokens[new] != eos"),
    "one-symbol-too-many": ("lengths[active] < max_length)", "lengths[active] <= max_length)"),
    "one-symbol-too-few": ("lengths[active] < max_length)", "lengths[active] < max(max_length - 1, 1))"),
    "state-not-selected": (
        "state = selected(model, state, np.flatnonzero(goes_on), len(active))",
        "state = selected(model, state, np.arange(goes_on.sum()), len(active))",
    ),
    "state-forgotten": ("step(model, tokens[active], state)", "step(model, tokens[active], None)"),
    "state-of-the-first-prompt": (
        "selected(model, state, owner, len(prompts))",
        "selected(model, state, 0 * owner, len(prompts))",
    ),
    "state-given-ignored": (
        "np.stack([prompt[:common] for prompt in prompts]), state)",
        "np.stack([prompt[:common] for prompt in prompts]), None)",
    ),
    "prompt-one-short": ("prompt[:common]", "prompt[: max(common - 1, 1)]"),
    "prompt-forced-one-late": ("prompts[owner[i]][common + t]", "prompts[owner[i]][common + t - 1]"),
    "prompt-as-output": ("free = t >= left[active]", "free = t >= 0 * left[active]"),
    "output-shifted": ("left[:, None] + np.arange(width)", "0 * left[:, None] + np.arange(width)"),
    "padding-left": ("np.where(real, ids, PAD)", "ids"),
    "scores-behind-the-end": ("np.where(real, scores, 0.0)", "scores"),
    "the-same-draw-for-all": ("rng.random(N)[of]", "np.full(N, rng.random())[of]"),
    "draws-of-the-living": ("rng.random(N)[of]", "rng.random(len(of))"),
    "settings-dropped": ("distribution(log_probs, *settings)", "distribution(log_probs)"),
    "top-p-dropped": ("distribution(log_probs, *settings)", "distribution(log_probs, *settings[:2])"),
    "greedy-last-of-equals": (
        "ids = logits.argmax(1)",
        "ids = logits.shape[1] - 1 - logits[:, ::-1].argmax(1)",
    ),
    "greedy-draws": ("ids = logits.argmax(1)", "ids = logits.argmin(1)"),
    "n-interleaved": ("np.repeat(np.arange(len(prompts)), n)", "np.tile(np.arange(len(prompts)), n)"),
    "asked-for-nothing": ("np.arange(N if max_length else 0)", "np.arange(N)"),
}
