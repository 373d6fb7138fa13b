"""Run in a page what its reader wrote, hand it to the checker, and say what came of it.

It runs in Pyodide, by worker.js. Nothing here needs a browser: the tests run it in CPython too.
"""

import ast
import contextlib
import copy
import io
import json
import symtable
import traceback

TEXT = "<your answer>"  # the name of the reader's text in tracebacks
PRINTED = 4000  # so many characters of what is printed are shown
ABSENT = {"torch", "matplotlib"}  # what a page does not have, and the chapters do

_ready = {}  # the names of each chapter, once its imports have run


class Limited(io.TextIOBase):
    """What is printed: its beginning is kept, the rest is let go."""

    def __init__(self):
        self.text, self.cut = "", False

    def write(self, text):
        """Keep what there is still room for."""
        room = PRINTED - len(self.text)
        self.cut |= len(text) > room
        self.text += text[:room]
        return len(text)

    def shown(self):
        """What was kept, and whether it is all."""
        return self.text.rstrip("\n") + "\n… and more, which is not shown" * self.cut


def answer(request):
    """JSON in, JSON out: the verdict on an answer.

    asked
      chapter   its name; `setup`, the code that makes the names of its page; `absent`, those that need more than NumPy
      exercise  the name of the function that is asked for
      text      what the reader wrote
    told
      status    "right", "wrong" or "empty", as the checker says; "error", the text did not run; "absent", it uses what
                a page does not have
      message   one line
      lines     where it stopped, by the lines of the text, or ""
      printed   what the text printed
    """
    asked = json.loads(request)
    printed = Limited()
    with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
        told = _judged(asked)
    return json.dumps(told | {"printed": printed.shown()})


def _told(status, message, lines="", id=""):
    return {"status": status, "message": message, "lines": lines, "id": id}


def _judged(asked):
    name, text = asked["exercise"], asked["text"]
    try:
        tree = ast.parse(text, TEXT)
    except (SyntaxError, ValueError) as error:
        return _told("error", *_syntax(error))
    missing = _uses(tree) & ({*asked["absent"]} | ABSENT)
    if missing:
        return _told("absent", ", ".join(sorted(missing)))
    if asked["chapter"] not in _ready:
        space = {"__name__": "__main__"}
        exec(compile(asked["setup"], "<the page>", "exec"), space)
        _ready[asked["chapter"]] = space
    space = dict(_ready[asked["chapter"]])
    space.pop(name, None)
    checker = getattr(space["practice"], name)
    try:
        exec(compile(text, TEXT, "exec", dont_inherit=True), space)
    except BaseException as error:  # sys.exit() too
        return _told("error", *_stopped(error, text))
    if name not in space:
        return _told("error", f"there is no {name} in your text: the checker calls the function by this name.")
    result = checker.judge(space[name])
    lines = _where(checker, space[name], text) if result.id == "exception" else ""
    return _told(result.status, result.message, lines, result.id)


def _uses(tree):
    """The names that a text takes from outside, and the modules that it imports."""
    tables, found = [symtable.symtable(ast.unparse(tree), TEXT, "exec")], set()
    own = {symbol.get_name() for symbol in tables[0].get_symbols() if symbol.is_assigned() or symbol.is_imported()}
    for table in tables:
        tables += table.get_children()
        found |= {s.get_name() for s in table.get_symbols() if s.is_global() and s.is_referenced()} - own
    for node in ast.walk(tree):
        modules = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        modules += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        found |= {module.partition(".")[0] for module in modules}
    return found


def _syntax(error):
    """What a text that is no Python is told: the line, and a mark under the place."""
    if not isinstance(error, SyntaxError):
        return f"{type(error).__name__}: {error}", ""
    shown = "\n".join(
        line.rstrip("\n") for line in traceback.TracebackException.from_exception(error).format_exception_only()
    )
    lines = [line[4:] for line in shown.split("\n") if line.startswith("    ")]
    return f"line {error.lineno}: {type(error).__name__}: {error.msg}", "\n".join(lines)


def _stopped(error, text):
    """What a text that stopped is told: the error, and the lines of the text that led there."""
    what = " ".join(f"{type(error).__name__}: {error}".split()).removesuffix(":")
    at = _lines(error, text)
    return (f"line {at[-1][0]}: {what}" if at else what), _listed(at)


def _lines(error, text):
    """(number, function, the line) of each step into the text, of at most ten."""
    source = text.split("\n")
    steps = [(step.tb_lineno, step.tb_frame.f_code) for step in _walk(error.__traceback__)]
    found = [(n, code.co_name, source[n - 1].strip()) for n, code in steps if code.co_filename == TEXT]
    return found if len(found) <= 10 else found[:5] + found[-5:]


def _walk(step):
    while step is not None:
        yield step
        step = step.tb_next


def _listed(at):
    """The lines as they are shown."""
    where = [f"line {n}" + (f", in {name}" if name != "<module>" else "") for n, name, _ in at]
    return "\n".join(f"{place}\n    {line}" for place, (*_, line) in zip(where, at, strict=True))


def _where(checker, function, text):
    """Where the function stops with the first of the checker's cases that stops it."""
    for case in copy.deepcopy(checker.cases):
        try:
            function(*case)
        except Exception as error:
            return _listed(_lines(error, text))
    return ""
