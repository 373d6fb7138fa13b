"""Planted bugs of seqlib.nn.recurrent."""

FILE = "seqlib/nn/recurrent.py"
TESTS = ["tests/nn/test_recurrent.py", "tests/nn/test_module.py", "tests/nn/test_bad_input.py"]
MUTANTS = {
    "complex-weights-taken": ("if not weight.is_floating_point():", "if False:", "complex"),
    "batch-sizes-of-any-kind": ("if input.batch_sizes.dtype != torch.int64:", "if False:"),
    "indices-uncounted": ("if getattr(input, name) is not None:", "if False:"),
    "directions-swapped": ("for reverse in (False, True)", "for reverse in (True, False)"),
    "packed-states-unsorted": ("state.index_select(1, input.unsorted_indices)", "state"),
    "packed-start-unsorted": ("state.index_select(1, input.sorted_indices)", "state"),
    "dropout-when-evaluating": ("self.dropout, self.training", "self.dropout, True"),
    "dropout-before-the-first": ("if layer and self.dropout", "if self.dropout"),
    "dropout-after-the-last": (
        "                finals += ends\n",
        "                finals += ends\n            data = nn.functional.dropout(data, self.dropout, self.training)\n",
    ),
    "directions-swapped-in-state-dict": ('return ("", "_reverse") if', 'return ("_reverse", "") if'),
    "initial-states-of-the-other-direction": (
        "zip(walks, initial, weights, strict=True)",
        "zip(walks, initial[::-1], weights, strict=True)",
    ),
    "weights-of-the-other-direction": (
        "data, rows[these], weights[these], walks",
        "data, rows[these], weights[these][::-1], walks",
    ),
    "final-states-of-the-last-layer-first": ("finals += ends", "finals = ends + finals"),
    "weights-of-the-first-layer": ("weights[these], walks)", "weights[: self.directions], walks)"),
    "states-of-the-first-layer": ("rows[these], weights", "rows[: self.directions], weights"),
    "second-direction-dropped": (
        "torch.cat([result.out for result in results], 1)",
        "torch.cat([results[0].out for result in results], 1)",
    ),
    "gradient-ignored-by-name": ('("derived", "autograd"))', '("derived", "autograd", "magic"))', "bad_arguments"),
    "start-bound": ("bound = 1 / math.sqrt(self.hidden_size)", "bound = 1 / self.hidden_size"),
    "biases-always": ("if self.bias else {}", "if True else {}"),
    "warning-points-inside": ("stacklevel=2 + constructors", "stacklevel=2", "dropout_alone"),
    "second-state-unchecked": ("zip(given, self.widths, strict=True):", "[(given[0], self.widths[0])]:", "wants_both"),
    "unbatched-state-wide": ("s if batched else s.unsqueeze(1)", "s"),
}
