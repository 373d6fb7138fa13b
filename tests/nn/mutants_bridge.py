"""Planted bugs of seqlib.nn.bridge."""

FILE = "seqlib/nn/bridge.py"
TESTS = ["tests/nn/test_bridge.py"]
MUTANTS = {
    "directions-swapped": (".unbind(1), 2)", ".flip(1).unbind(1), 2)"),
    "layers-and-directions-swapped": (
        "state.unflatten(0, (self.layers, self.directions)).unbind(1)",
        "state.unflatten(0, (self.directions, self.layers)).unbind(0)",
    ),
    "layers-upside-down": ("starts.append(layers)", "starts.append(layers.flip(0))"),
    "one-map-for-all-layers": ("linear(h) for linear, h in", "maps[0](h) for linear, h in"),
    "cell-through-tanh": ('if name == "h" else layers', "if True else layers"),
    "hidden-without-tanh": ('torch.tanh(layers) if name == "h" else layers', "layers"),
    "hidden-for-the-cell": (
        "zip(STATES, finals, strict=False):\n            layers",
        "zip(STATES, [finals[0]] * len(finals), strict=False):\n            layers",
    ),
    "a-map-where-none-is-needed": ("if self.directions * width != needed else 0", "if True else 0"),
    "width-of-one-direction": ("nn.Linear(self.directions * width, needed", "nn.Linear(width, needed"),
    "dtype-forgotten": ("device=weight.device, dtype=weight.dtype", "device=weight.device"),
    "other-states-accepted": ("if len(given) != len(wanted):", "if False:"),
    "other-layers-accepted": ("if encoder.num_layers != layers:", "if False:"),
    "projection-unseen": ("core.proj_size or core.hidden_size", "core.hidden_size"),
    "steps-first-accepted": ("if not core.batch_first:", "if False:"),
}
