"""Bugs planted in the practice of chapter 14: gelu and its slope."""

FILE = "seqlib/exercises/bert_gelu.py"
TESTS = ["tests/exercises/test_bert_gelu.py"]
MUTANTS = {
    "nearly-a-root": ("return (1 + _erf(x / np.sqrt(2))) / 2", "return (1 + _erf(x / 1.4)) / 2"),
    "half-a-product": ("return _Phi(x) + x * _phi(x)", "return _Phi(x) + x * _phi(x) / 2"),
    "wider": ("np.exp(-(x**2) / 2) / np.sqrt(2 * np.pi)\n\n\ndef _both", "np.exp(-(x**2) / 2) / 2.5\n\n\ndef _both"),
    "another-cube": ("(x + 0.044715 * x**3)", "(x + 0.04 * x**3)"),
    "another-sigmoid": ("a: float = 1.702", "a: float = 1.7"),
    "tanh-slope": ("1 + 3 * 0.044715 * x**2", "1 + 2 * 0.044715 * x**2"),
    "no-zero": ("-0.4, 0.0]", "-0.4, 0.1]"),
    "small-numbers": ("_RNG.uniform(-3, 3, (2, 3, 4))", "_RNG.uniform(-1, 1, (2, 3, 4))"),
    "root-of-pi": ("np.exp(-(x**2) / 2) / np.sqrt(np.pi)", "np.exp(-(x**2) / 2) / np.sqrt(3 * np.pi)"),
    "leaky": ("_both(lambda x: np.maximum(x, 0), _slope)", "_both(lambda x: np.maximum(x, 0.1 * x), _slope)"),
    "slope-by-another-value": ("_slope(_gelu(x))", "_slope(_Phi(x))"),
    "twice-a-density": (
        "_of_Phi(lambda x: 1 + _erf(x / np.sqrt(2)), lambda x: 2 * _phi(x))",
        "_of_Phi(lambda x: 1 + _erf(x / np.sqrt(2)), lambda x: 3 * _phi(x))",
    ),
}
