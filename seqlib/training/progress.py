"""A progress bar that leaves nothing behind: not in a saved notebook, not in a log."""

from __future__ import annotations

import contextlib
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

__all__ = ["progress_bar"]

REDRAW_SECONDS = 0.2  # how often a bar in a notebook is drawn again


@contextlib.contextmanager
def progress_bar(wanted: bool | None, steps: int, done: int) -> Iterator[Callable[[int, float], None]]:
    """A bar over `steps` steps, `done` of them taken before: yields the function report(step, loss) that moves it.

    `wanted`: None shows it where somebody watches, in a terminal and in a live notebook.
    """
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    kernel = getattr(shell, "kernel", None)
    # A kernel that may not ask for input is run by a program (nbclient, nbval): nobody watches.
    watched = sys.stderr.isatty() if kernel is None else bool(getattr(kernel, "_allow_stdin", False))
    if not (watched if wanted is None else wanted) or done >= steps or (kernel is not None and not watched):
        yield lambda step, loss: None
        return
    if kernel is not None:
        with _notebook_bar(shell, steps) as report:
            yield report
        return
    try:
        from tqdm import tqdm
    except ImportError:
        yield lambda step, loss: None
        return
    with tqdm(total=steps, initial=done, leave=False, file=sys.stderr) as bar:

        def update(step: int, loss: float) -> None:
            bar.update(step - bar.n)
            bar.set_postfix_str(f"loss {loss:.4f}", refresh=False)

        yield update


@contextlib.contextmanager
def _notebook_bar(shell: Any, steps: int) -> Iterator[Callable[[int, float], None]]:
    """A bar in a live notebook. At the end it is removed, or made empty where the cell has other output to keep."""
    from IPython.display import clear_output, display

    written = getattr(shell.history_manager, "outputs", {})  # since IPython 9: what each cell has written
    cell = shell.execution_count - 1  # IPython counts on as soon as a cell begins
    alone = not written.get(cell)
    handle = display(_bar_html(0, steps, None), raw=True, display_id=True)
    shown = time.monotonic()

    def update(step: int, loss: float) -> None:
        nonlocal shown
        if time.monotonic() - shown > REDRAW_SECONDS:
            shown = time.monotonic()
            handle.update(_bar_html(step, steps, loss), raw=True)

    try:
        yield update
    finally:
        if alone:
            clear_output()
            written.pop(cell, None)
        else:
            handle.update({}, raw=True)


def _bar_html(step: int, steps: int, loss: float | None) -> dict[str, str]:
    text = f"step {step} of {steps}" + ("" if loss is None else f", loss {loss:.4f}")
    bar = f'<progress max="{steps}" value="{step}" aria-label="training"></progress>'
    return {"text/html": f"{bar} {text}", "text/plain": text}
