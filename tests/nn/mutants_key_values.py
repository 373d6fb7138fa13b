"""Planted bugs of seqlib.nn.key_values."""

FILE = "seqlib/nn/key_values.py"
TESTS = ["tests/nn/test_key_values.py"]
MUTANTS = {
    "written-over": ("self.taken == S and end", "end", "again_and_again"),
    "written-after-a-gap": ("self.taken == S and", "self.taken >= S and"),
    "taken-not-counted": ("self.taken = S + T", "self.taken = max(self.taken, S)"),
    "one-too-many": ("end <= self.buffer.shape[4]", "end <= self.buffer.shape[4] + 1"),
    "never-in-place": ("return self.taken == S and", "return self.taken < 0 and", "seldom"),
    "no-space-behind": ("max(end + LEAST, 3 * end // 2)", "end", "seldom"),
    "always-a-little": ("max(end + LEAST, 3 * end // 2)", "end + LEAST", "seldom"),
    "too-much": ("3 * end // 2", "3 * end", "seldom"),
    "too-much-at-first": ("LEAST = 32", "LEAST = 320", "seldom"),
    "nothing-moves": ("        room.write(0, layers)\n", "", "all_that_was_read"),
    "in-front": ("return Room.holding([self], S + T).kept(S, new)", "return Room.holding([self], S + T).kept(0, new)"),
    "always-in-front": ("self.buffer.data.narrow(4, S, T)", "self.buffer.data.narrow(4, 0, T)"),
    "keys-for-values": (".copy_(own.values)", ".copy_(own.keys)"),
    "those-before-alone": ("self.up_to(S + new.keys.shape[2])[0]", "self.up_to(max(S, new.keys.shape[2]))[0]"),
    "cat-swapped": ("torch.cat([self.keys, new.keys], 2)", "torch.cat([new.keys, self.keys], 2)", "gradients"),
    "cat-of-keys": ("torch.cat([self.values, new.values], 2)", "torch.cat([self.values, new.keys], 2)", "gradients"),
    "over-gradients": (" and not torch.is_grad_enabled()", "", "gradients"),
    "no-cat": ("if torch.is_grad_enabled():", "if False:", "gradients"),
    "inference-forgotten": ("writable = torch.is_inference_mode_enabled() or", "writable = True or", "inference"),
    "inference-inverted": ("or not self.buffer.is_inference()", "or self.buffer.is_inference()", "inference"),
    "never-in-inference": ("torch.is_inference_mode_enabled() or not", "not", "inference"),
    "rows-of-keys-alone": ("self.values.index_select(0, rows)", "self.values[: len(rows)]"),
    "rows-are-heads": ("self.keys.index_select(0, rows)", "self.keys.index_select(1, rows)"),
    "rows-in-order": ("self.keys.index_select(0, rows)", "self.keys.index_select(0, rows.sort().values)"),
    "autograd-told": ("self.buffer.data.narrow(4, S, T)", "self.buffer.narrow(4, S, T)", "gradients"),
    "rows-of-the-room": ("self.buffer.index_select(2, rows), end", "self.buffer, end", "room"),
    "taken-by-those-selected": (
        "self.buffer.index_select(2, rows), end)",
        "self.buffer.index_select(2, rows), self.taken)",
        "room",
    ),
    "heads-swapped": ("flatten(2, 3)", "transpose(2, 3).flatten(2, 3)", "room"),
    "heads-too-short": (
        "self.buffer.narrow(4, 0, end).flatten(2, 3)",
        "self.buffer.narrow(4, 0, end - 1).flatten(2, 3)",
        "room",
    ),
}
