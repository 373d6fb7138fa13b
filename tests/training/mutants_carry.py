"""Planted bugs of seqlib.training.carry."""

FILE = "seqlib/training/carry.py"
TESTS = ["tests/training/test_carry.py", "tests/training/test_scheduled_sampling.py"]
MUTANTS = {
    "detach-forgotten": ("_mapped(Tensor.detach, answers[0][1])", "answers[0][1]"),
    "state-reset-at-every-chunk": ("self._passed(model, _begun(self.state, start))", "self._passed(model, None)"),
    "state-never-kept": ("self.state = _mapped(Tensor.detach, answers[0][1])", "pass"),
    "rows-never-begin": ("return _mapped(restarted, state) if bool(start.any()) else state", "return state"),
    "all-rows-begin-together": ("if bool(start.all()):", "if bool(start.any()):"),
    "never-a-beginning": ("if bool(start.all()):", "if state is None:"),
    "wrong-rows-begin": ("part.masked_fill(start.view", "part.masked_fill(~start.view"),
    "first-batch-only": ("starts[next(numbers) % len(starts)]", "starts[(next(numbers) > 0) * 1]"),
    "starts-one-early": ("starts[next(numbers) % len(starts)]", "starts[(next(numbers) + 1) % len(starts)]"),
    "accumulated-batches-alike": ("itertools.count(first)", "itertools.repeat(first)"),
    "the-step-for-the-batch": ("itertools.count(first)", "itertools.count(0)"),
    "own-state-overruled": ('{"state": state} | kwargs', 'kwargs | {"state": state}'),
    "first-call-kept": ("answers[:] = [answer]", "answers.append(answer)"),
    "hooks-left": ("hook.remove()", "pass"),
    "other-layouts-filled": ("if part.ndim < 2 or part.shape[1] != len(start):", "if False:"),
    "vectors-filled": ("if part.ndim < 2 or part", "if part"),
    "uncalled-model-unseen": ("if not answers:", "if False:"),
    "any-answer": ("if not (isinstance(answers[0], tuple) and len(answers[0]) >= 2):", "if False:"),
    "stateless-models": ('if "state" not in known and', "if False and"),
    "dictionaries-untouched": ("{key: _mapped(change, part) for key, part in state.items()}", "state"),
    "lists-become-tuples": ("else type(state)(parts)", "else tuple(parts)"),
    "saved-unchecked": ("if type(part) not in (Tensor, int, float, bool, str, type(None)):", "if False:"),
}
