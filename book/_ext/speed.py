"""The page on speed, made from what tests/benchmarks/speed.py stored.

{speed-picture}   how many times as fast as torch.nn's our layers are, in every situation
{speed-table}     one situation, size by size, and where it was measured; its argument is the situation
{speed-where}     where the time of a training step goes
{speed-decoding}  tokens per second of decoders, and their memory, as tests/benchmarks/decoding.py stored them
"""

import json
import math
from pathlib import Path

from docutils import nodes
from record import ROOT, Made
from sphinx.util.docutils import SphinxDirective

STORED = ROOT / "book/measured/speed.json"
DECODING = ROOT / "book/measured/decoding.json"
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
        found = record()["situations"][self.arguments[0]]
        cells = found["cells"]
        there = [who for who in COLUMNS if any(who in row for rows in cells.values() for row in rows)]
        what, where = found["what"], f"{found['machine']}, at commit `{found['commit'][:10]}`"
        yield f"*{what[0].upper()}{what[1:]}.* Measured on {where}.\n"
        yield "| layer | T, B, D, H | ours, ms | " + " | ".join(COLUMNS[who] for who in there) + " |"
        yield "|---|---|--:|" + "--:|" * len(there)
        for cell, rows in cells.items():
            for row in rows:
                size = ",\u00a0".join(str(row[letter]) for letter in "TBDH")
                found = " | ".join(f"{row[who]:.2f}" if who in row else "–" for who in there)
                ms = row["ms"]
                yield f"| {cell} | {size} | {ms:.{max(0, 2 - len(str(int(ms))) + (ms >= 1))}f} | {found} |"
            means = " | ".join(f"**{mean(ratios(rows, who)):.2f}**" if ratios(rows, who) else "–" for who in there)
            yield f"| **{cell}** | geometric mean | | {means} |"


class Where(Table):
    """Where the time of a training step goes."""

    required_arguments = 0

    def lines(self):
        """A table of shares, one row per cell and size."""
        yield "| layer | T, B, D, H | calls | arithmetic of products | all other arithmetic |\n|---|---|--:|--:|--:|"
        for cell, rows in record()["situations"]["training"]["cells"].items():
            for row in rows:
                size = ",\u00a0".join(str(row[letter]) for letter in "TBDH")
                products = max(0.0, row["products"] - row["calls of products"])
                rest = max(0.0, 1 - row["calls"] - products)
                yield (
                    f"| {cell} | {size} | "
                    + " | ".join(f"{share:.0%}" for share in (row["calls"], products, rest))
                    + " |"
                )


class Decoding(Made):
    """How fast sequences are decoded."""

    def sources(self):
        """The stored measurements."""
        return [DECODING]

    def lines(self):
        """A table, one row per number of sentences, and one for the memory of the largest."""
        found = json.loads(DECODING.read_text(encoding="utf8"))
        rows, memory = found["rows"], found["memory"]
        yield f"*{found['what'][0].upper()}{found['what'][1:]}.* Measured on {found['machine']}, at commit"
        yield f"`{found['commit'][:10]}`.\n"
        yield "| sentences | greedy | beams together | beams one by one | together against one by one |"
        yield "|---|--:|--:|--:|--:|"
        for row in rows:
            ratio = row["together"] / row["one by one"]
            speeds = " | ".join(f"{row[way]:,.0f}" for way in memory)
            yield f"| {row['sentences']} | {speeds} | × {ratio:.1f} |"
        yield "| memory, MB | " + " | ".join(f"{memory[way]:.1f}" for way in memory) + " | |"


class Drawing(SphinxDirective):
    """All situations in one picture, with the text that says what it shows."""

    def run(self):
        """Draw it into the folder of what is built, and refer to it."""
        self.env.note_dependency(str(STORED))
        picture = draw(record()["situations"])
        path = Path(self.env.srcdir) / PICTURE
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(picture.png)
        image = nodes.image(uri=f"/{PICTURE}", alt=picture.alt, width=f"{picture.width}px", classes=["seq-figure"])
        return [nodes.figure("", image)]


def draw(situations):
    """Each size as a dot, the geometric mean as a bar, one line per situation and cell."""
    from seqlib.plotting import COLOURS, SERIES, Picture, canvas
    from seqlib.plotting.style import MARKERS

    figure, axes = canvas(height=1.0 + 0.25 * sum(len(found["cells"]) for found in situations.values()))
    height, labels, said = 0, {}, []
    for name, measured in situations.items():
        for i, (cell, rows) in enumerate(measured["cells"].items()):
            found = ratios(rows)
            axes.plot(found, [height] * len(found), MARKERS[i], color=SERIES[i], alpha=0.6, markersize=5)
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
    app.add_directive("speed-decoding", Decoding)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
