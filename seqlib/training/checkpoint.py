"""A training run in a file, from which it goes on bit for bit."""

from __future__ import annotations

import os
import re
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn

from seqlib.training import random_state
from seqlib.training.carry import Carry
from seqlib.training.history import Records
from seqlib.training.identity import check_same
from seqlib.training.schedules import LearningRate
from seqlib.training.validation import Best, Validation

__all__ = ["Checkpoint"]

FORMAT = 4  # of the files


class Checkpoint:
    """The file of a run: model, optimiser, random states, history, validation with the best model so far, the
    state that is carried on, and the settings that make it this run.

    A link stays a link: what it points to is written.
    """

    def __init__(
        self,
        path: str | os.PathLike[str],
        settings: dict[str, Any],
        net: nn.Module,
        rate: LearningRate,
        validation: Validation,
        carry: Carry,
    ) -> None:
        if not isinstance(path, str | os.PathLike):
            raise TypeError(f"checkpoint must be the path of a file, got {path!r}")
        self.path = Path(os.path.realpath(path))
        self.settings, self.net, self.rate, self.validation = settings, net, rate, validation
        self.carry = carry

    def save(self, records: Records) -> None:
        """Write the run. The old file stays whole until the new one is whole on disk and takes its name in one step."""
        state = {
            "format": FORMAT,
            "settings": self.settings,
            "model": self.net.state_dict(),
            "optimiser": _plain(self.rate.optimizer.state_dict()),
            "random": random_state.current(),
            "records": {name: torch.tensor(values, dtype=torch.float64) for name, values in vars(records).items()},
            "validation": self._of_validation(),
            "carried": self.carry.saved(),
        }
        self._write(state)

    def _of_validation(self) -> dict[str, Any]:
        best, validation = self.validation.best, self.validation
        kept = None if best is None else {"step": best.step, "loss": best.loss, "state": best.state}
        return {"steps": list(validation.steps), "losses": list(validation.losses), "best": kept}

    def _write(self, state: dict[str, Any]) -> None:
        folder, name = self.path.parent, self.path.name
        handle, temporary = self._begun()
        try:
            with os.fdopen(handle, "wb") as file:
                torch.save(state, file)
                file.flush()
                os.fsync(file.fileno())
            os.replace(temporary, self.path)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
        # Left by a run that was killed while it wrote. Those of a neighbour `name.1` have one dot more.
        stale = re.compile(re.escape(name) + r"\.\w+\.tmp")
        for found in os.listdir(folder):
            if stale.fullmatch(found):
                (folder / found).unlink(missing_ok=True)

    def _begun(self) -> tuple[int, str]:
        """A new file beside the checkpoint, open, and its name."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        return tempfile.mkstemp(prefix=self.path.name + ".", suffix=".tmp", dir=self.path.parent)

    def _check_writable(self) -> None:
        """ValueError if the checkpoint cannot be written: now, and not after a hundred steps."""
        try:
            handle, temporary = self._begun()
        except OSError as error:
            raise ValueError(f"checkpoint {self.path} cannot be written ({error}): give another file") from error
        os.close(handle)
        os.unlink(temporary)

    def resume(self, steps: int) -> Records:
        """Put the run where the file left it, if there is one; return the records so far.

        Raises:  ValueError if the file is damaged, belongs to other settings, is past `steps`, or could not be written
        """
        if self.path.exists() and not self.path.is_file():  # not told to be deleted, and never replaced
            raise ValueError(f"checkpoint {self.path} is a directory or a device: give the name of a file")
        if not self.path.exists():
            self._check_writable()
            return Records()
        try:
            state = torch.load(self.path, weights_only=True)
            version, settings = state["format"], state["settings"]
        except Exception as error:
            raise ValueError(f"checkpoint {self.path} cannot be read ({error}): delete it to start again") from error
        if version != FORMAT:
            raise ValueError(f"checkpoint {self.path} has format {version}, needed {FORMAT}: delete it to start again")
        check_same(self.path, settings, self.settings)
        records = Records(**{name: values.tolist() for name, values in state["records"].items()})
        done = len(records.loss)
        if done > steps:
            raise ValueError(
                f"checkpoint {self.path} holds {done} steps, this run has steps={steps}, and the model of an earlier "
                "step is not in it: ask for at least as many steps, or use another file"
            )
        if done < steps:
            self._check_writable()
        self._check_rates(records.lr)
        self.net.load_state_dict(state["model"])
        self.rate.optimizer.load_state_dict(state["optimiser"])
        random_state.restore(state["random"])
        self.carry.state = state["carried"]
        stored = state["validation"]
        self.validation.steps, self.validation.losses = stored["steps"], stored["losses"]
        self.validation.best = None if stored["best"] is None else Best(**stored["best"])
        return records

    def _check_rates(self, rates: list[float]) -> None:
        """A schedule that is a function may have the name of another one: compare what it gave."""
        for step, have in enumerate(rates if self.rate.schedule is not None else []):
            want = self.rate.at(step)
            if have != want:
                raise ValueError(
                    f"checkpoint {self.path} was made with lr={have!r} at step {step}, this run's schedule has "
                    f"lr={want!r} there: use the same schedule, or another file"
                )


def _plain(value: Any) -> Any:
    """The same with NumPy's numbers as Python's: what is stored has to be read without running code from the file."""
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return type(value)(_plain(item) for item in value)
    return value.item() if isinstance(value, np.generic) else value
