"""Planted bugs of seqlib.tasks.captions."""

FILE = "seqlib/tasks/captions.py"
TESTS = ["tests/tasks/test_captions.py", "tests/tasks/test_every_case.py", "tests/tasks/test_task.py"]
MUTANTS = {
    "taught-with-the-word-itself": ("np.eye(self.n_out)[before]], 2)", "np.eye(self.n_out)[targets]], 2)"),
    "padding-for-bos": ('self.vocabulary.ids["<bos>"]', "0"),
    "no-eos": ('*where, "<eos>")', "*where)"),
    "plural-of-one": ('if number == "one" else', 'if number == "two" else'),
    "per-caption": ("return float(loss / tokens)", "return float(loss)"),
    "scenes-not-divided": ("/ (len(self.pauses) * len(scenes))", "/ len(scenes)"),
    "cases-changed-by-callers": ("batch.mask.copy()), p.copy()", "batch.mask.copy()), p"),
    "answers-changed-by-callers": ("batch.y.copy(), batch.mask.copy()", "batch.y, batch.mask.copy()"),
    "captions-uniform": ("size=B, p=p)", "size=B)"),
    "no-position": ("joint[(t, scene if picture", "joint[(0, scene if picture"),
    "picture-read-by-the-blind": ("scene if picture else None", "scene"),
    "given-in-the-padding": ("np.where(real[..., None], x, 0.0)", "x"),
    "settings-lose-the-pause": ("low if low == high else (low, high)", "low"),
}
