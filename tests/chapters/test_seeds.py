"""Every random number of a chapter comes from SEED, so that `make reseed` can change them all."""

import ast

GENERATORS = {"default_rng", "manual_seed"}


def seed_is(tree):
    """The values that SEED is given in some code."""
    return [
        ast.unparse(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name) and target.id == "SEED"
    ]


def literal_seeds(tree):
    """The calls with a seed in which no name occurs."""
    found = []
    for call in ast.walk(tree):
        if not isinstance(call, ast.Call):
            continue
        named = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
        seeds = [word.value for word in call.keywords if word.arg == "seed"]
        if named in GENERATORS:
            seeds += call.args
        if any(not any(isinstance(part, ast.Name) for part in ast.walk(seed)) for seed in seeds):
            found.append(ast.unparse(call))
    return found


def test_the_first_code_cell_alone_says_the_seed(chapter):
    assert seed_is(ast.parse(chapter.source(chapter.code_cells[0]))) == ["0"]
    assert seed_is(ast.parse(chapter.code)) == ["0"]


def test_no_seed_is_a_mere_number(chapter):
    assert literal_seeds(ast.parse(chapter.code)) == []


def test_what_a_mere_number_is():
    code = (
        "default_rng(3); np.random.default_rng([0, 1]); torch.manual_seed(SEED); fit(net, seed=5); fit(net, seed=s + 1)"
    )
    assert literal_seeds(ast.parse(code)) == ["default_rng(3)", "np.random.default_rng([0, 1])", "fit(net, seed=5)"]
