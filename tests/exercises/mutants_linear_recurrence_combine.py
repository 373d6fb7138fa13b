"""Bugs planted in the practice of chapter 16: two steps as one."""

FILE = "seqlib/exercises/linear_recurrence_combine.py"
TESTS = ["tests/exercises/test_linear_recurrence_combine.py"]
MUTANTS = {
    "never-a-number": ("(0.5, 2.0, -1.5, 4.0), _case(3)", "_case(2), _case(3)"),
    "never-an-array": ("_case(2, 3, 2)", "_case(5)"),
    "second-alone-as-first": ("lambda a, b, a2, b2: (a2, b2)", "lambda a, b, a2, b2: (a, b)"),
    "multiplied-by-first": ("(a2 * a, a2 * (b + b2))", "(a2 * a, a * (b + b2))"),
    "b-alone-of-first": ("lambda a, b, a2, b2: a2 * b + b2,", "lambda a, b, a2, b2: a * b2 + b,"),
    "one-of-two-factors": ("lambda a, b, a2, b2: (a, a2 * b + b2)", "lambda a, b, a2, b2: (a2, a2 * b + b2)"),
    "added-without-more": ("(a2 * a, b + b2)", "(a2 * a, b - b2)"),
    "never-at": ("for product in (matmul, np.matmul, np.dot)", "for product in (np.matmul, np.dot)"),
    "never-matmul": ("for product in (matmul, np.matmul, np.dot)", "for product in (matmul, np.dot)"),
    "never-dot": ("for product in (matmul, np.matmul, np.dot)", "for product in (matmul, np.matmul)"),
    "factor-alone-never-a-matrix": ("(product(a2, a), a2 * b + b2)", "(product(a2, a), a2 * b - b2)"),
    "added-alone-never-a-matrix": ("(a2 * a, product(a2, b) + b2)", "(a2 * a, product(a2, b) - b2)"),
    "both-never-matrices": ("(product(a2, a), product(a2, b) + b2)", "(product(a2, a), product(a2, b) - b2)"),
    "zeros": ("_RNG.uniform(0.2, 1.9, (4, *shape))", "_RNG.integers(0, 2, (4, *shape))"),
}
