"""Training: `fit` is the only training loop of the book, `repeat` runs it over seeds."""

from __future__ import annotations

import contextlib
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from seqlib.arguments import check_choice, check_integer, check_number
from seqlib.batching import Batch
from seqlib.evidence import interval

__all__ = ["History", "Repeats", "evaluate", "fit", "repeat"]

OPTIMISERS: dict[str, Callable[..., torch.optim.Optimizer]] = {
    "sgd": torch.optim.SGD,
    "momentum": lambda parameters, lr: torch.optim.SGD(parameters, lr=lr, momentum=0.9),
    "adam": torch.optim.Adam,
}
FORMAT = 1  # of checkpoint files
REDRAW_SECONDS = 0.2  # how often a bar in a notebook is drawn again


@dataclass
class History:
    """What a training run left: one loss and one gradient norm (before clipping) a step, and the trained model."""

    loss: np.ndarray
    grad_norm: np.ndarray
    model: nn.Module = field(repr=False)

    @property
    def steps(self) -> int:
        """How many steps were taken."""
        return len(self.loss)

    def last(self, n: int = 100) -> float:
        """The mean loss of the last `n` steps."""
        return float(self.loss[-check_integer("n", n, low=1) :].mean())


@dataclass(frozen=True)
class Repeats:
    """Results over seeds: `values` (seeds, …), their median, and the order-statistics interval of it."""

    values: np.ndarray
    median: np.ndarray
    low: np.ndarray
    high: np.ndarray
    level: float
    results: list[Any] = field(repr=False)


def fit(
    model: nn.Module | Callable[[], nn.Module],
    data: Any,
    *,
    steps: int,
    loss: str | Callable[[nn.Module, Batch], Tensor] | None = None,
    optimiser: str | Callable[..., torch.optim.Optimizer] = "adam",
    lr: float = 1e-3,
    batch_size: int = 32,
    seed: int = 0,
    clip_norm: float | None = None,
    clip_value: float | None = None,
    checkpoint: str | os.PathLike[str] | None = None,
    checkpoint_every: int = 100,
    on_nonfinite: str = "raise",
    progress: bool | None = None,
) -> History:
    """Train a model for a number of steps.

        θ ← optimiser(θ, clip(∇_θ loss(model, batch_s))),   s = 1 … steps

    `model`: a module, or a function without arguments that builds one, called with torch seeded by `seed`.
    `data`: a task (its `sample` is called with a generator seeded by (seed, step)), a list of batches (used in turn),
    or a function of the step number that returns a Batch.
    `loss`: "cross_entropy", "squared_error" (both over the positions of batch.mask), or a function of model and batch;
    the task's own by default.
    `checkpoint`: a file. It is written atomically every `checkpoint_every` steps and at the end; if it exists, training
    goes on from it, and ends bit for bit where it would have ended without the interruption.
    `on_nonfinite`: "raise" a FloatingPointError when loss or gradient is no longer finite, or "stop" there and return
    the steps before.
    `progress`: a progress bar, by default where somebody watches: in a terminal and in a live notebook.

    The global random states of torch and NumPy are what they were before.

    Raises:  TypeError or ValueError naming the argument; ValueError for a checkpoint that is damaged or belongs to
             other settings; FloatingPointError as said above
    Book:    chapters/01_sequences
    """
    steps, seed = check_integer("steps", steps, low=0), check_integer("seed", seed, low=0)
    batch_size = check_integer("batch_size", batch_size, low=1)
    checkpoint_every = check_integer("checkpoint_every", checkpoint_every, low=1)
    lr = check_number("lr", lr, low=0)
    for name, limit in [("clip_norm", clip_norm), ("clip_value", clip_value)]:
        if limit is not None:
            check_number(name, limit, above=0)
    check_choice("on_nonfinite", on_nonfinite, ("raise", "stop"))
    objective = _objective(loss, data)
    draw = _drawer(data, batch_size, seed)
    make = OPTIMISERS[check_choice("optimiser", optimiser, OPTIMISERS)] if isinstance(optimiser, str) else optimiser

    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        net = model if isinstance(model, nn.Module) else model()
        if not isinstance(net, nn.Module):
            raise TypeError(f"model must be a torch module or a function that returns one, got {type(net).__name__}")
        parameters = [p for p in net.parameters() if p.requires_grad]
        if not parameters:
            raise ValueError("model must have at least one parameter to train")
        optimizer = make(parameters, lr=lr)
        losses: list[float] = []
        norms: list[float] = []
        settings = {
            "model": type(net).__name__,
            "shapes": [list(p.shape) for p in net.parameters()],
            "data": _description(data),
            "loss": loss if isinstance(loss, str) else "task's or own",
            "optimiser": type(optimizer).__name__,
            "lr": lr,
            "batch_size": batch_size,
            "seed": seed,
            "clip_norm": clip_norm,
            "clip_value": clip_value,
        }
        path = None if checkpoint is None else Path(checkpoint)
        if path is not None and path.exists():
            losses, norms = _resume(path, settings, net, optimizer)
        first = parameters[0]
        net.train()
        with _progress(progress, steps, len(losses)) as report:
            for step in range(len(losses), steps):
                batch = _to_tensors(draw(step), first)
                optimizer.zero_grad(set_to_none=True)
                value = objective(net, batch)
                value.backward()
                norm = _norm(parameters)
                if not (torch.isfinite(value).item() and np.isfinite(norm)):
                    if on_nonfinite == "stop":
                        break
                    raise FloatingPointError(f"loss or gradient is not finite at step {step}: training diverged")
                if clip_norm is not None:
                    nn.utils.clip_grad_norm_(parameters, clip_norm)
                if clip_value is not None:
                    nn.utils.clip_grad_value_(parameters, clip_value)
                optimizer.step()
                losses.append(value.item())
                norms.append(norm)
                report(step + 1, losses[-1])
                if path is not None and ((step + 1) % checkpoint_every == 0 or step + 1 == steps):
                    _save(path, settings, net, optimizer, losses, norms)
    return History(np.array(losses[:steps]), np.array(norms[:steps]), net)


def evaluate(
    model: nn.Module, task: Any, *, batches: int = 20, batch_size: int = 256, seed: int = 12345, loss: Any = None
) -> float:
    """The mean loss on fresh data, with dropout off and without gradients.

    Batches are drawn from generators seeded by (seed, 0), (seed, 1), …; `fit` uses its own seed in that place, so use
    another one here.

    Raises:  TypeError or ValueError naming the argument
    """
    if not isinstance(model, nn.Module):
        raise TypeError(f"model must be a torch module, got {type(model).__name__}")
    batches = check_integer("batches", batches, low=1)
    draw = _drawer(task, check_integer("batch_size", batch_size, low=1), check_integer("seed", seed, low=0))
    objective = _objective(loss, task)
    was_training = model.training
    like = next(model.parameters())
    model.eval()
    try:
        with torch.no_grad():
            return float(np.mean([objective(model, _to_tensors(draw(i), like)).item() for i in range(batches)]))
    finally:
        model.train(was_training)


def repeat(run: Callable[[int], Any], seeds: Sequence[int]) -> Repeats:
    """Run an experiment once a seed, and put the results side by side.

    Shapes:  run(seed) -> number, array, or a History (its loss curve counts) -> values (seeds, …)
    Raises:  TypeError or ValueError naming the argument; ValueError for results of different shapes
    """
    chosen = [check_integer(f"seeds[{i}]", s, low=0) for i, s in enumerate(seeds)]
    if len(chosen) < 2 or len(set(chosen)) != len(chosen):
        raise ValueError(f"seeds must hold at least two different seeds, got {chosen}")
    results = [run(s) for s in chosen]
    arrays = [np.asarray(r.loss if isinstance(r, History) else r, dtype=np.float64) for r in results]
    if len({array.shape for array in arrays}) != 1:
        raise ValueError(f"run must return results of one shape, got {[array.shape for array in arrays]}")
    values = np.stack(arrays)
    median, low, high, _, level = interval(values)
    return Repeats(values, median, low, high, level, results)


def _description(data: Any) -> str:
    """What identifies a task: its class and its plain settings, such as its length."""
    plain = (
        {name: value for name, value in vars(data).items() if isinstance(value, int | float | str | tuple)}
        if (hasattr(data, "sample") and hasattr(data, "__dict__"))
        else {}
    )
    return f"{type(data).__name__} {sorted(plain.items())}"


def _objective(loss: Any, data: Any) -> Callable[[nn.Module, Batch], Tensor]:
    loss = getattr(data, "loss", None) if loss is None else loss
    if callable(loss):
        return loss
    if loss is None:
        raise ValueError("loss must be given: the data does not say by what it is judged")
    return {"cross_entropy": _cross_entropy, "squared_error": _squared_error}[
        check_choice("loss", loss, ("cross_entropy", "squared_error"))
    ]


def _answers(model: nn.Module, batch: Batch) -> tuple[Tensor, Tensor]:
    out = model(batch.x)
    out = out[0] if isinstance(out, tuple) else out
    mask = batch.mask
    if not bool(mask.any()):
        raise ValueError("data gave a batch whose mask keeps no position: its mean loss is undefined")
    return out[mask], batch.y[mask]


def _cross_entropy(model: nn.Module, batch: Batch) -> Tensor:
    logits, target = _answers(model, batch)
    if target.numel() and not (int(target.min()) >= 0 and int(target.max()) < logits.shape[-1]):
        raise ValueError(f"data must hold target ids from 0 to {logits.shape[-1] - 1}, got {int(target.max())}")
    return nn.functional.cross_entropy(logits, target)


def _squared_error(model: nn.Module, batch: Batch) -> Tensor:
    prediction, target = _answers(model, batch)
    if prediction.shape != target.shape:
        raise ValueError(f"model must answer in the shape of y, {tuple(target.shape)}, got {tuple(prediction.shape)}")
    return nn.functional.mse_loss(prediction, target)


def _drawer(data: Any, batch_size: int, seed: int) -> Callable[[int], Batch]:
    if hasattr(data, "sample"):
        return lambda step: data.sample(batch_size, np.random.default_rng([seed, step]))
    if callable(data):
        return data
    if isinstance(data, Sequence) and data and all(isinstance(batch, tuple) and len(batch) == 3 for batch in data):
        return lambda step: data[step % len(data)]
    raise TypeError(f"data must be a task, a list of batches or a function of the step, got {type(data).__name__}")


def _to_tensors(batch: Batch, like: Tensor) -> Batch:
    def convert(value: Any) -> Tensor:
        tensor = value if isinstance(value, Tensor) else torch.from_numpy(np.ascontiguousarray(value))
        return tensor.to(like.device, like.dtype) if tensor.is_floating_point() else tensor.to(like.device)

    x, y, mask = batch
    if mask is None:
        mask = np.ones(np.shape(y)[:2], dtype=bool)
    return Batch(convert(x), convert(y), convert(mask))


def _norm(parameters: list[nn.Parameter]) -> float:
    norms = [p.grad.detach().norm() for p in parameters if p.grad is not None]
    return float(torch.stack(norms).norm()) if norms else 0.0


def _save(
    path: Path,
    settings: dict[str, Any],
    net: nn.Module,
    optimizer: torch.optim.Optimizer,
    losses: list[float],
    norms: list[float],
) -> None:
    state = {
        "format": FORMAT,
        "settings": settings,
        "model": net.state_dict(),
        "optimiser": optimizer.state_dict(),
        "rng": torch.get_rng_state(),
        "loss": torch.tensor(losses, dtype=torch.float64),
        "grad_norm": torch.tensor(norms, dtype=torch.float64),
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    # The old checkpoint stays whole until the new one is whole on disk and takes its name in one step.
    handle, name = tempfile.mkstemp(prefix=path.name + ".", suffix=".tmp", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            torch.save(state, file)
            file.flush()
            os.fsync(file.fileno())
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    for stale in path.parent.glob(path.name + ".*.tmp"):  # left by a run that was killed while it wrote
        stale.unlink(missing_ok=True)


def _resume(
    path: Path, settings: dict[str, Any], net: nn.Module, optimizer: torch.optim.Optimizer
) -> tuple[list[float], list[float]]:
    try:
        state = torch.load(path, weights_only=True)
        found, version = state["settings"], state["format"]
    except Exception as error:
        raise ValueError(f"checkpoint {path} cannot be read ({error}): delete it to start again") from error
    if version != FORMAT:
        raise ValueError(f"checkpoint {path} has format {version}, needed {FORMAT}: delete it to start again")
    for key, value in settings.items():
        if found.get(key) != value:
            raise ValueError(
                f"checkpoint {path} was made with {key}={found.get(key)!r}, this run has {key}={value!r}: "
                "use the same settings, or another file"
            )
    net.load_state_dict(state["model"])
    optimizer.load_state_dict(state["optimiser"])
    torch.set_rng_state(state["rng"])
    return state["loss"].tolist(), state["grad_norm"].tolist()


@contextlib.contextmanager
def _progress(wanted: bool | None, steps: int, done: int) -> Iterator[Callable[[int, float], None]]:
    """A progress bar that leaves nothing behind: not in a saved notebook, not in a log."""
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
