"""A simulated class, in which some copy: independent answers, each in a hand of its own, and disguised copies."""

import ast
import builtins
import copy
import keyword

from kinds import code, solved

POOLS = [
    ["a", "b", "q", "u", "v", "w", "y", "z", "p", "r", "s", "k", "m", "n", "e", "d"],
    ["state", "value", "result", "total", "step", "weights", "left", "right", "row", "item", "size", "grad", "acc"],
    ["tmp", "tmp2", "res", "cur", "old", "new", "arr", "mat", "vec", "idx", "cnt", "outp", "inp", "val", "buf"],
]
COMMENTS = "shapes first|as in the chapter|checked by hand on paper|slow but clear|vectorised|see the equation above"
OWN = [
    "assert {0} is not None",
    "rows = len({0}) if hasattr({0}, '__len__') else 1",
    "{0} = np.asarray({0}, dtype=float) if np.ndim({0}) else {0}",
    "if {0} is None:\n    raise ValueError('nothing given')",
    "tiny = 1e-12",
    "first = {0}",
    "shape = np.shape({0})",
    "kept = []",
]
SEEN = [
    ["I expected {x} to win", "My guess was that {x} would be ahead", "Before the run I thought {x} should do better"],
    ["the losses say otherwise", "the curve agreed from step {n} on", "after {n} steps both curves lay together"],
    [
        "seeds differ by about 0.{n}",
        "one seed of {n} fell later",
        "the spread was as large as the gap",
        "no two agreed",
    ],
    ["the floor was reached", "it stayed at chance", "it stopped half way to the floor", "only seed {n} reached it"],
    ["the gradient through many steps explains it", "a gate that stays open explains it", "I cannot explain it yet"],
    ["a longer sequence would refute me", "twice the units could show me wrong", "trying {n} more seeds would tell"],
]
EXPERIMENT = [
    ["import torch", "import torch, math", "from torch import nn\nimport torch"],
    ["runs = {{}}", "losses, floors = [], {n}", "history = dict()", "table = [[] for _ in range({n})]"],
    ["for seed in range({n}):\n    torch.manual_seed(seed)\n    x = torch.randn({n}, 3)",
     "seeds = list(range({n}))\nfor s in seeds:\n    g = torch.Generator().manual_seed(s + {n})",
     "def once(seed, width={n}):\n    torch.manual_seed(seed)\n    return nn.LSTM(3, width)"],
    ["print('mean', sum([0.{n}, 0.2]) / 2)", "print(f'{{0.{n}:.2f}} at the end')", "best = min([{n}, 3]); print(best)"],
    ["import matplotlib.pyplot as plt\nplt.plot(range({n}))\nplt.axhline(0.{n})",
     "from seqlib import plotting\nfigure = plotting.lines([range({n})])",
     "import matplotlib.pyplot as plt\nfig, ax = plt.subplots()\nfor k in range({n}):\n    ax.plot([k, k + 1])"],
]  # fmt: skip

CALLS = [
    "fit",
    "train",
    "zip",
    "range",
    "np.mean",
    "np.std",
    "sorted",
    "torch.stack",
    "task.batch",
    "nn.GRU",
    "len",
    "max",
]
ARGUMENTS = [
    "runs",
    "seed",
    "32",
    "losses[-1]",
    "task.T",
    "0.005",
    "k+1",
    "runs[k]",
    "b",
    "-1",
    "np.log(2)",
    "x.shape[0]",
]
WORDS = [
    "and",
    "but",
    "so",
    "then",
    "perhaps",
    "because",
    "the",
    "all",
    "most",
    "of",
    "runs",
    "seeds",
    "steps",
    "gate",
    "is",
]


def classmates(assignment, secret, released, rng, *, students, whole, partly):
    """Notebooks of a class, and the pairs of numbers that copied: `whole` all of it, `partly` one problem and more."""
    made = [independent(assignment, secret, released, rng) for _ in range(students - whole - partly)]
    pairs, sources = set(), rng.permutation(len(made))
    for k in range(whole + partly):
        source = int(sources[k])
        pairs.add((source, len(made)))
        if k < whole:
            made.append(disguised(made[source], rng))
        else:
            made.append(part_of(made[source], independent(assignment, secret, released, rng), assignment, rng))
    return made, pairs


def independent(assignment, secret, released, rng):
    """One of the right sources or of the usual mistakes for each problem, restyled; an experiment, a conclusion."""
    sources = {}
    for problem in assignment.problems:
        variant = problem.variant(secret)
        usual = [wrong.source for wrong in problem.wrongs(variant)]
        right = problem.solutions(variant)
        sources[problem.name] = own_hand(str(rng.choice(right if rng.random() < 0.75 else usual)), rng, own=True)
    names = assignment.experiment.name
    usual = [filled(rng.choice(one), rng) for one in EXPERIMENT if rng.random() < 0.9]
    sources[names] = own_hand("\n".join([*usual, *(free(rng) for _ in range(rng.integers(4, 10)))]), rng)
    words = [f"{filled(rng.choice(one), rng)} {' '.join(rng.choice(WORDS, size=4))}" for one in SEEN]
    sources[f"{names}-conclusion"] = ". ".join(word.capitalize() for word in words) + "."
    return solved(released, sources)


def filled(template, rng):
    return str(template).format(n=int(rng.integers(2, 99)), x=rng.choice(["the LSTM", "the GRU", "the RNN", "neither"]))


def free(rng, depth=0):
    """A statement of an experiment as it comes to one's mind."""
    kind, name = rng.integers(5 if depth < 2 else 3), rng.choice(["runs", "curve", "best", "loss", "net", "gap"])
    call = f"{rng.choice(CALLS)}({', '.join(rng.choice(ARGUMENTS, size=rng.integers(1, 4)))})"
    if kind < 2:
        return f"{name} = {call}"
    if kind == 2:
        return f"print({rng.choice(ARGUMENTS)}, {call})"
    head = rng.choice([f"for {name} in {call}:", f"if {rng.choice(ARGUMENTS)} > {rng.integers(9)}:", f"while {call}:"])
    return f"{head}\n" + "\n".join(indent(free(rng, depth + 1)) for _ in range(rng.integers(1, 4)))


def indent(text):
    return "\n".join("    " + line for line in text.split("\n"))


def disguised(notebook, rng):
    """Everything copied: names and comments changed, statements reordered, cells shuffled, words replaced."""
    cells = copy.deepcopy(notebook["cells"])
    for cell in cells:
        if cell["metadata"].get("nbgrader", {}).get("solution"):
            text = "".join(cell["source"])
            cell["source"] = own_hand(text, rng) if cell["cell_type"] == "code" else reworded(text, rng)
    cells.insert(int(rng.integers(len(cells))), code("print('my own work')"))
    return notebook | {"cells": [cells[k] for k in rng.permutation(len(cells))]}


def part_of(notebook, own, assignment, rng):
    """One problem and the experiment's code copied into work of one's own."""
    taken = {str(rng.choice([problem.name for problem in assignment.problems])), assignment.experiment.name}
    copied = {cell["metadata"].get("nbgrader", {}).get("grade_id"): cell for cell in disguised(notebook, rng)["cells"]}
    cells = [copied[i] if (i := c["metadata"]["nbgrader"]["grade_id"]) in taken else c for c in own["cells"]]
    return own | {"cells": cells}


def own_hand(source, rng, *, own=False):
    """The same code in another hand: names, layout, comments, docstrings, order; with `own`, other expressions too."""
    tree = ast.parse(source)
    names = sorted({n.id for n in ast.walk(tree) if isinstance(n, ast.Name)} | {a.arg for a in args(tree)})
    pool = [f"{word}{k}" if k else word for k in range(5) for word in rng.permutation(POOLS[rng.integers(3)]).tolist()]
    mine = {n for n in names if n not in dir(builtins) and n not in ("np", "torch", "nn")}
    mine -= {f.name for f in tree.body if isinstance(f, ast.FunctionDef)} | {a.asname or a.name for a in imports(tree)}
    fresh = dict(zip(sorted(mine), (p for p in pool if p not in names and not keyword.iskeyword(p)), strict=False))
    tree = Renamed(fresh).visit(tree)
    for node in ast.walk(tree):
        for body in [node.body] if isinstance(node, ast.FunctionDef | ast.For | ast.Module) else []:
            reorder(body, rng)
            if own and isinstance(node, ast.FunctionDef):
                vary(node, rng)
    lines = ast.unparse(ast.fix_missing_locations(Swapped(rng).visit(tree) if own else tree)).split("\n")
    where = int(rng.integers(len(lines)))
    pad = " " * (len(lines[where]) - len(lines[where].lstrip()))
    lines.insert(where, f"{pad}# {rng.choice(COMMENTS.split('|'))} {rng.integers(99)}")
    return "\n".join(lines)


def args(tree):
    return [n for n in ast.walk(tree) if isinstance(n, ast.arg)]


def imports(tree):
    return [a for n in ast.walk(tree) if isinstance(n, ast.Import | ast.ImportFrom) for a in n.names]


class Renamed(ast.NodeTransformer):
    def __init__(self, names):
        self.names = names

    def visit_Name(self, node):
        node.id = self.names.get(node.id, node.id)
        return node

    def visit_arg(self, node):
        node.arg = self.names.get(node.arg, node.arg)
        return node


class Swapped(ast.NodeTransformer):
    """Some sums and products the other way round, some results named first."""

    def __init__(self, rng):
        self.rng = rng

    def visit_BinOp(self, node):
        self.generic_visit(node)
        if isinstance(node.op, ast.Add | ast.Mult) and self.rng.random() < 0.4:
            node.left, node.right = node.right, node.left
        return node

    def visit_AugAssign(self, node):
        if isinstance(node.target, ast.Name) and self.rng.random() < 0.5:
            left = ast.Name(node.target.id, ast.Load())
            return ast.Assign([node.target], ast.BinOp(left, node.op, node.value))
        return node


def vary(function, rng):
    """Lines that one student adds and another does not, and results with a name."""
    name = function.args.args[0].arg if function.args.args else "np"
    for line in rng.choice(OWN, size=int(rng.integers(0, 3)), replace=False):
        function.body.insert(int(rng.integers(min(3, len(function.body)))), ast.parse(str(line).format(name)).body[0])
    last = function.body[-1]
    if isinstance(last, ast.Return) and last.value is not None and rng.random() < 0.5:
        named = str(rng.choice(["answer", "found", "out_", "ret"]))
        function.body[-1:] = [ast.Assign([ast.Name(named, ast.Store())], last.value),
                              ast.Return(ast.Name(named, ast.Load()))]  # fmt: skip


def reorder(body, rng):
    """Neighbours that do not depend on each other change places, each with even chance."""
    for k in range(len(body) - 1):
        one, two = body[k], body[k + 1]
        plain = isinstance(one, ast.Assign) and isinstance(two, ast.Assign)
        if plain and not (writes(one) & uses(two) or writes(two) & uses(one)) and rng.random() < 0.5:
            body[k], body[k + 1] = two, one


def uses(node):
    return {n.id for n in ast.walk(node) if isinstance(n, ast.Name)}


def writes(node):
    return uses(node) if any(isinstance(n, ast.Subscript | ast.Attribute) for n in node.targets) else {
        n.id for target in node.targets for n in ast.walk(target) if isinstance(n, ast.Name)
    }  # fmt: skip


def reworded(text, rng):
    """Every eighth word or so replaced."""
    return " ".join("rather" if rng.random() < 1 / 8 else word for word in text.split())
