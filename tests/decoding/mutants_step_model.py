"""Planted bugs of seqlib.decoding.step_model."""

FILE = "seqlib/decoding/step_model.py"
TESTS = ["tests/decoding/test_step_model.py", "tests/decoding/test_decoders.py", "-k", "not often"]
MUTANTS = {
    "rows-by-column": ("return state[rows]", "return state[:, rows]"),
    "another-axis-passes": ("if size is not None and state.shape[0] != size:", "if False:"),
    "pairs-become-tuples": ('hasattr(state, "_fields")', "False"),
    "lists-become-tuples": ("else type(state)(chosen)", "else tuple(chosen)"),
    "dictionaries-untouched": ("{key: select(value, rows, size) for key, value in state.items()}", "state"),
    "sizes-forgotten-inside": ("chosen = [select(value, rows, size)", "chosen = [select(value, rows)"),
    "anything-is-a-state": ('if not hasattr(state, "shape"):', "if False:"),
    "own-select-unused": ('own = getattr(model, "select", None)', "own = None"),
    "always-in-order": ("if np.array_equal(rows, np.arange(size)):", "if len(rows) == size:"),
    "prefill-unused": ('if callable(getattr(model, "prefill", None)):', "if False:"),
    "prompt-without-memory": (
        "logits, state = step(model, tokens, state)",
        "logits, state = step(model, tokens, None)",
    ),
    "rows-not-counted": ("len(logits) != N or", ""),
    "pairs-unchecked": ("if not isinstance(answer, tuple) or len(answer) != 2:", "if False:"),
    "half-precision": ("value.float() if value.dtype.itemsize < 4 else value", "value"),
    "logical-logits": ('if numbers.dtype.kind not in "fiu":', 'if numbers.dtype.kind not in "fiub":'),
    "float32-kept": ("numbers.astype(np.float64)", "numbers"),
    "empty-prompt": ("if not len(ids):", "if False:"),
    "attention-unasked": ('if not callable(getattr(model, "attention", None)):', "if False:"),
    "attention-in-pairs-alone": ("if isinstance(answer, tuple) and len(answer) == 2 else", "if len(answer) == 2 else"),
    "attention-rows-not-counted": ("weights.ndim != 2 or len(weights) != N", "weights.ndim != 2"),
    "attention-mask-unread": ("if mask is None else check_mask", "if True else check_mask"),
    "attention-negative": ("if not (weights[real] >= 0).all():", "if False:"),
    "any-object-is-a-model": ('if not callable(getattr(model, "step", None)):', "if False:"),
}
