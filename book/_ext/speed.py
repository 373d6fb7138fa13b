"""The page on speed, made from what tests/benchmarks/speed.py stored.

{speed-picture}   how many times as fast as torch.nn's our layers are, in every situation
{speed-table}     one situation, size by size; its argument is the situation
{speed-where}     where the time of a training step goes
{speed-machine}   the machine, the version of the code, and how to measure again
"""

import json
import math
from pathlib import Path

from docutils import nodes
from record import ROOT, Made
from sphinx.util.docutils import SphinxDirective

STORED = ROOT / "book/measured/speed.json"
PICTURE = "_build/figures/speed.png"
COLUMNS = {"torch": "torch.nn", "loop": "plain loop", "products": "products alone", "memory": "torch.nn's memory"}


def record():
    """What was stored."""
    return json.loads(STORED.read_text(encoding="utf8"))


def mean(values):
    """The geometric mean."""
    return math.exp(sum(map(math.log, values)) / len(values))


def ratios(rows, who="torch"):
    """Of each row how many times as long, or as much, somebody needs; rows without it are left out."""
    return [row[who] for row in rows if who in row]


class Table(Made):
    """One situation."""

    required_arguments = 1
    final_argument_whitespace = True

    def sources(self):
        """The stored measurements."""
        return [STORED]

    def lines(self):
        """A table, one row per cell and size, and one for the mean."""
        stored, name = record(), self.arguments[0]
        cells = stored["values"][name]
        there = [who for who in COLUMNS if any(who in row for rows in cells.values() for row in rows)]
        yield f"*{stored['situations'][name].capitalize()}.*\n"
        yield "| layer | T, B, D, H | ours | " + " | ".join(COLUMNS[who] for who in there) + " |"
        yield "|---|---|--:|" + "--:|" * len(there)
        for cell, rows in cells.items():
            for row in rows:
                size = ", ".join(str(row[letter]) for letter in "TBDH")
                found = " | ".join(f"{row[who]:.2f}" if who in row else "–" for who in there)
                yield f"| {cell} | {size} | {row['ms']:.3g} ms | {found} |"
            means = " | ".join(f"**{mean(ratios(rows, who)):.2f}**" if ratios(rows, who) else "–" for who in there)
            yield f"| **{cell}** | geometric mean | | {means} |"


class Where(Table):
    """Where the time of a training step goes."""

    required_arguments = 0

    def lines(self):
        """A table of shares, one row per cell and size."""
        yield "| layer | T, B, D, H | calls | arithmetic of products | all other arithmetic |\n|---|---|--:|--:|--:|"
        for cell, rows in record()["values"]["training"].items():
            for row in rows:
                size = ", ".join(str(row[letter]) for letter in "TBDH")
                products = max(0.0, row["products"] - row["calls of products"])
                rest = max(0.0, 1 - row["calls"] - products)
                yield (
                    f"| {cell} | {size} | "
                    + " | ".join(f"{share:.0%}" for share in (row["calls"], products, rest))
                    + " |"
                )


class Machine(Table):
    """How it was measured."""

    required_arguments = 0

    def lines(self):
        """One sentence."""
        stored = record()
        yield (
            f"Measured on {stored['machine']}, at commit `{stored['commit'][:10]}`, by `{stored['made_by']}`; "
            "`make speed` measures again and stores what it found."
        )


class Drawing(SphinxDirective):
    """All situations in one picture, with the text that says what it shows."""

    def run(self):
        """Draw it into the folder of what is built, and refer to it."""
        self.env.note_dependency(str(STORED))
        picture = draw(record()["values"])
        path = Path(self.env.srcdir) / PICTURE
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(picture.png)
        return [nodes.figure("", nodes.image(uri=f"/{PICTURE}", alt=picture.alt, width=f"{picture.width}px"))]


def draw(values):
    """Each size as a dot, the geometric mean as a bar, one line per situation and cell."""
    from seqlib.plotting import COLOURS, SERIES, Picture, canvas

    figure, axes = canvas(height=5.6)
    height, labels, said = 0, {}, []
    for name, cells in values.items():
        for i, (cell, rows) in enumerate(cells.items()):
            found = ratios(rows)
            axes.plot(found, [height] * len(found), "os^"[i], color=SERIES[i], alpha=0.6, markersize=5)
            axes.plot(mean(found), height, "|", color=SERIES[i], markersize=16, markeredgewidth=3)
            labels[height] = f"{cell}, {name}"
            said.append(f"{cell}, {name}: {mean(found):.2f}")
            height -= 1
        height -= 0.6
    axes.axvline(1, color=COLOURS["chance"], linestyle=(0, (4, 3)), linewidth=1.4)
    axes.set_yticks(list(labels), list(labels.values()))
    ticks = [0.25, 0.5, 1, 2, 4]
    axes.set(xscale="log", xlabel="torch.nn's time over ours (right of the line: ours is faster)")
    axes.set_xticks(ticks, [f"{tick:g}" for tick in ticks])
    axes.set_xticks([], minor=True)
    axes.grid(axis="y", visible=False)
    return Picture(
        figure,
        "How many times as long as ours torch.nn's layer takes; geometric means over six sizes. "
        + "; ".join(said)
        + ".",
    )


def setup(app):
    """Register with Sphinx."""
    app.add_directive("speed-picture", Drawing)
    app.add_directive("speed-table", Table)
    app.add_directive("speed-where", Where)
    app.add_directive("speed-machine", Machine)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
