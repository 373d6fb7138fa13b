"""Planted bugs of seqlib.training.checkpoint."""

FILE = "seqlib/training/checkpoint.py"
TESTS = [
    "tests/training/test_checkpoint.py",
    "tests/training/test_random_state.py",
    "tests/training/test_identity.py",
    "tests/training/test_resume.py",
    "-k",
    "not kills",
]
MUTANTS = {
    "resume-without-rng": ('random_state.restore(state["random"])', "pass"),
    "resume-without-optimiser": ('self.rate.optimizer.load_state_dict(state["optimiser"])', "pass"),
    "resume-without-model": ('self.net.load_state_dict(state["model"])', "pass"),
    "resume-without-best": (
        'self.validation.best = None if stored["best"] is None else Best(**stored["best"])',
        "pass",
    ),
    "resume-without-validations": (
        'self.validation.steps, self.validation.losses = stored["steps"], stored["losses"]',
        "pass",
    ),
    "rates-unread": ("self._check_rates(records.lr)", "pass"),
    "past-the-end": ("if done > steps:", "if False:"),
    "link-replaced": ("os.path.realpath(path)", "path"),
    "neighbours-swept": (r'\.\w+\.tmp")', r'\..*")'),
    "directory-read": ("if self.path.exists() and not self.path.is_file():", "if False:"),
    "probe-of-a-finished-run": ("if done < steps:", "if True:"),
    "probe-left": ("        os.unlink(temporary)\n", ""),
    "unwritable-found-late": ("        except OSError as error:\n", "        except ZeroDivisionError as error:\n"),
    "number-for-a-path": ("if not isinstance(path, str | os.PathLike):", "if False:"),
    "name-as-pattern": ("re.escape(name)", "name"),
    "stale-kept": ("(folder / found).unlink(missing_ok=True)", "pass"),
    "settings-unread": ("check_same(self.path, settings, self.settings)", "pass"),
    "numpy-numbers-stored": ("_plain(self.rate.optimizer.state_dict())", "self.rate.optimizer.state_dict()"),
}
