"""Planted bugs of seqlib/reference/bidirectional.py."""

FILE = "seqlib/reference/bidirectional.py"
TESTS = ["tests/reference/test_bidirectional.py"]
MUTANTS = {
    "any-cell": ("    checked_cell(cell)\n", ""),
    "reversal-without-lengths": ("np.where(t < n, n - 1 - t, t)", "np.where(t < n, T - 1 - t, T - 1 - t)"),
    "reversal-one-off": ("np.where(t < n, n - 1 - t, t)", "np.where(t < n - 1, n - 2 - t, t)"),
    "reversal-turns-nothing": ("np.where(t < n, n - 1 - t, t)", "np.where(t < n, t, t)"),
    "input-not-reversed": ("read(cell, params.backward, reverse(x, lengths), ", "read(cell, params.backward, x, "),
    "output-not-reversed-back": (
        "np.concatenate([out, reverse(back, lengths)], -1)",
        "np.concatenate([out, back], -1)",
    ),
    "output-reversed-without-lengths": ("[out, reverse(back, lengths)]", "[out, reverse(back)]"),
    "directions-swapped": (
        "np.concatenate([out, reverse(back, lengths)], -1)",
        "np.concatenate([reverse(back, lengths), out], -1)",
    ),
    "weights-of-one-direction": ("read(cell, params.backward, reverse", "read(cell, params.forward, reverse"),
    "start-of-one-direction": ("reverse(x, lengths), initial.backward", "reverse(x, lengths), initial.forward"),
    "halves-of-the-cotangent-swapped": (
        "ahead, behind = dout[..., :H], reverse(dout[..., H:], cache.lengths)",
        "ahead, behind = dout[..., H:], reverse(dout[..., :H], cache.lengths)",
    ),
    "cotangent-not-reversed": ("reverse(dout[..., H:], cache.lengths)", "dout[..., H:]"),
    "gradient-of-x-not-reversed": ("dx = dx + reverse(dx_back, cache.lengths)", "dx = dx + dx_back"),
    "gradient-of-x-of-one-direction": (
        "dx = dx + reverse(dx_back, cache.lengths)",
        "dx = reverse(dx_back, cache.lengths)",
    ),
    "final-cotangent-of-one-direction": ("cache.backward, dfinal.backward", "cache.backward, dfinal.forward"),
    "final-cotangent-forgotten": ("cache.backward, dfinal.backward", "cache.backward, None"),
    "gradients-swapped": ("Grads(Directions(dforward, dbackward)", "Grads(Directions(dbackward, dforward)"),
    "initial-gradients-swapped": ("Directions(dinitial, dinitial_back)", "Directions(dinitial_back, dinitial)"),
    "final-states-swapped": ("for kept in (self.forward, self.backward)", "for kept in (self.backward, self.forward)"),
    "final-is-the-first-state": (
        "tuple(states[:, -1] for states in kept.states) for",
        "tuple(states[:, 0] for states in kept.states) for",
    ),
    "summary-of-the-last-place": ("out[np.arange(B), n - 1, : width // 2]", "out[:, -1, : width // 2]"),
    "summary-of-the-wrong-end": ("out[:, 0, width // 2 :]", "out[np.arange(B), n - 1, width // 2 :]"),
    "summary-one-step-late": ("out[np.arange(B), n - 1, : width // 2]", "out[np.arange(B), n % T, : width // 2]"),
    "summary-halves-swapped": (
        "n - 1, : width // 2], out[:, 0, width // 2 :]",
        "n - 1, width // 2 :], out[:, 0, : width // 2]",
    ),
    "summary-of-nothing": ("checked_lengths(lengths, B, T, least=1)", "checked_lengths(lengths, B, T)"),
    "lengths-are-the-callers": ("return checked.copy()", "return checked"),
    "lengths-of-any-batch": ("    check_shape(name, checked, (B,))\n", ""),
    "mask-one-long": ("mask = np.arange(T) < lengths[:, None]", "mask = np.arange(T) <= lengths[:, None]"),
    "no-mask": ("mask = np.arange(T) < lengths[:, None]", "mask = np.ones((B, T), bool)"),
    "widths-unchecked": ('        check_shape("params.W_hh", behind.params.W_hh, ahead.params.W_hh.shape)\n', ""),
    "options-forgotten": (
        '_named(cell, "initial", "{}0", states), **options)',
        '_named(cell, "initial", "{}0", states))',
    ),
    "error-says-not-where": ('raise type(error)(f"{where}: {error}") from error', "raise"),
}
