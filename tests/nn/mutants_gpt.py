"""Planted bugs of seqlib.nn.gpt."""

FILE = "seqlib/nn/gpt.py"
TESTS = ["tests/nn/test_gpt.py"]
MUTANTS = {
    "positions-not-learned": (
        'positions="learned",\n            longest=check_integer("longest", longest, low=1),',
        "",
    ),
    "no-positions": (
        'positions="learned",\n            longest=check_integer("longest", longest, low=1),',
        "positions=None,",
    ),
    "not-causal": ('positions="learned",', 'positions="learned",\n            causal=False,'),
    "post-norm": ('positions="learned",', 'positions="learned",\n            norm_first=False,'),
    "no-final-norm": ('positions="learned",', 'positions="learned",\n            final_norm=False,'),
    "no-biases": ('positions="learned",', 'positions="learned",\n            bias=False,'),
    "read-out-with-bias": ("readout_bias=False", "readout_bias=True"),
    "embedding-scaled": ("            embedding_scale=1.0,\n", ""),
    "never-tied": ("tied=tied", "tied=False"),
    "always-tied": ("tied=tied", "tied=True"),
    "gelu-of-bert": ('activation=check_choice("activation", activation, ACTIVATIONS)', 'activation="gelu"'),
    "any-activation": ('activation=check_choice("activation", activation, ACTIVATIONS)', "activation=activation"),
    "another-gelu-by-default": ('activation: str = "gelu_tanh"', 'activation: str = "gelu"'),
    "relu-by-default": ('activation: str = "gelu_tanh"', 'activation: str = "relu"'),
    "eps-forgotten": ("            eps=eps,\n", ""),
    "dropout-forgotten": ("            dropout=dropout,\n", ""),
    "width-forgotten": ("            hidden_size,\n", ""),
    "dtype-forgotten": ("            dtype=dtype,\n", ""),
    "start-of-torch": ("        self._start()\n", ""),
    "start-forgotten": ("self.start = start", "self.start = 0.02"),
    "stream-not-scaled": ("if adds else self.start)", "if False else self.start)"),
    "one-addition-a-block": ("math.sqrt(2 * len(", "math.sqrt(1 * len("),
    "scaled-by-the-number-itself": ("self.start / math.sqrt(2 *", "self.start / (2 *"),
    "only-attention-scaled": ('("out_proj.weight", "linear2.weight")', '("out_proj.weight",)'),
    "all-products-scaled": ('("out_proj.weight", "linear2.weight")', '("weight",)'),
    "biases-of-torch": ('elif name.endswith("bias"):', "elif False:"),
    "gains-zero-too": ('elif name.endswith("bias"):', "else:"),
    "no-positions-to-begin-with": ('check_integer("longest", longest, low=1)', "longest"),
    "a-start-of-nothing": ('check_number("start", start, above=0)', "start"),
}
