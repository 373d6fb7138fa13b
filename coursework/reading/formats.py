"""Notebooks of nbformat 3, as IPython wrote them until 2015 and some converters still do."""

from __future__ import annotations

from typing import Any

__all__ = ["old_cells"]

FORMS = {"png": "image/png", "jpeg": "image/jpeg", "text": "text/plain"}


def old_cells(sheet: dict[str, Any]) -> list[dict[str, Any]]:
    """The cells of a worksheet of nbformat 3 as those of nbformat 4."""
    given = sheet.get("cells")
    return [_cell(cell) for cell in given if isinstance(cell, dict)] if isinstance(given, list) else []


def _cell(cell: dict[str, Any]) -> dict[str, Any]:
    outputs = cell.get("outputs")
    source = cell.get("input" if cell.get("cell_type") == "code" else "source", "")
    if cell.get("cell_type") == "heading":
        source = f"## {''.join(map(str, source)) if isinstance(source, list) else source}"
    new = [_output(output) for output in outputs if isinstance(output, dict)] if isinstance(outputs, list) else []
    return cell | {"source": source, "outputs": new}


def _output(output: dict[str, Any]) -> dict[str, Any]:
    kind = output.get("output_type")
    if kind == "pyerr":
        return output | {"output_type": "error"}
    if kind in ("pyout", "display_data"):
        data = {new: output[old] for old, new in FORMS.items() if old in output}
        return {"output_type": "display_data", "metadata": {}, "data": data}
    return output
