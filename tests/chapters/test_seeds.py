"""Every seed of a chapter derives from SEED, so that all of them can be shifted at once."""

import ast

SEEDED = {"default_rng", "manual_seed", "Generator", "PCG64"}


def names(node):
    return [part for part in ast.walk(node) if isinstance(part, ast.Name)]


def test_seed_is_set_once_in_the_first_cell(chapter):
    places = [i for i, cell in enumerate(chapter.code_cells) if "SEED = 0" in chapter.source(cell).split("\n")]
    assert places == [0]
    stores = [n for n in ast.walk(ast.parse(chapter.code)) if isinstance(n, ast.Name) and n.id == "SEED"]
    assert sum(isinstance(n.ctx, ast.Store) for n in stores) == 1


def test_no_seed_is_a_literal(chapter):
    for call in ast.walk(ast.parse(chapter.code)):
        if not isinstance(call, ast.Call):
            continue
        name = getattr(call.func, "attr", getattr(call.func, "id", ""))
        seeds = [keyword.value for keyword in call.keywords if keyword.arg in ("seed", "seeds")]
        if name in SEEDED:
            seeds += call.args
        if name == "repeat":
            seeds += call.args[1:]
        for seed in seeds:
            assert names(seed), f"line {call.lineno}: {ast.unparse(call)[:80]}"
