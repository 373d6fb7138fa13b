"""Planted bugs of seqlib.plotting.labels."""

FILE = "seqlib/plotting/labels.py"
TESTS = ["tests/test_plotting_labels.py"]
MUTANTS = {
    "names-touch": ("against = (area > 0) + area / 100 +", "against = 0 * area +"),
    "points-hidden": ("alone = 2 * hidden.sum(-1) +", "alone = 0 * hidden.sum(-1) +"),
    "over-the-border": ("+ outside +", "+"),
    "no-gap": ("_shared(boxes[:, :, None, None], boxes, gap)", "_shared(boxes[:, :, None, None], boxes, 0)"),
    "against-itself": ("    against[np.arange(n), :, np.arange(n)] = 0\n", ""),
    "lines-through-names": ("_struck(points, lines, boxes) +", "0 * _struck(points, lines, boxes) +"),
    "lines-through-points": (
        "    hidden |= _struck(points, lines, dots) & ~np.eye(n, dtype=bool)[:, None]\n",
        "",
    ),
    "lines-cross": ("+ _crossing(points, lines) / 2", ""),
    "far-for-nothing": ("+ 0.5 * OFF + 0.02 * np.arange(places)", "- 0.5 * OFF - 0.02 * np.arange(places)"),
    "never-joined": ("arrowprops=line if OFF[k] else None", "arrowprops=None"),
    "always-joined": ("arrowprops=line if OFF[k] else None", "arrowprops=line"),
    "other-side": ("size[0] * SHARE[ha]", "size[0] * (1 - SHARE[ha])"),
    "above-for-below": ("size[1] * SHARE[va]", "size[1] * (1 - SHARE[va])"),
    "another-place-each-time": ("np.random.default_rng(0)", "np.random.default_rng()"),
    "first-guess": ("range(TRIES)", "range(0)"),
    "not-laid-out": ("        figure.draw_without_rendering()\n", "        pass\n"),
    "in-a-subfigure": ('getattr(part, "figure", None)', "part"),
    "small": ("fontsize: float = 11", "fontsize: float = 9"),
    "ticks-touch": ("now[level + k] + gap > left", "now[level + k] - 1000 > left"),
    "ticks-all-lower": ('"\\n" * k + label.get_text()', '"\\n" + label.get_text()'),
    "ticks-deep": ("min(found.values(), key=sum)", "max(found.values(), key=sum)"),
    "ticks-first-line-alone": (
        "now[level : level + len(label)] = [right for _, right in label]",
        "now[level] = label[0][1]",
    ),
    "ticks-the-last-way": ("> sum(levels) + level", "!= sum(levels) + level"),
    "length-of-y": ("if len(y) != len(x):", "if False:"),
    "number-of-names": ("if len(names) != len(x):", "if False:"),
    "any-size": ('check_number("fontsize", fontsize, above=0)', "fontsize"),
}
