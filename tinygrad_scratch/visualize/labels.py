"""The text in and around boxes, in the HTML-like language that Graphviz has for labels. All of it is escaped."""

from __future__ import annotations

import html
import re

import graphviz

from tinygrad_scratch.visualize.drawing import Box, Cluster, Edge, Role
from tinygrad_scratch.visualize.summary import Summary
from tinygrad_scratch.visualize.theme import Theme

_FIXED_FONT = "Courier New,Courier,monospace"
_LONGEST, _LONGEST_RULE = 60, 36  # characters
_TITLE_CHARACTER, _EDGE_CHARACTER = 6, 5  # points: about the width of one in a cluster's title, and beside an edge
_MOST_VALUES = 16  # of an array that is written out
_NOT_TEXT = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # what XML has no place for


def box_label(box: Box, theme: Theme, values: bool) -> str:
    """The title, the notes under it and, with ``values``, the value and its gradient."""
    title = f"<b>{escaped(box.title)}</b>"
    lines = [title, *(_small(note, theme) for note in (box.name, *box.notes) if note)]
    rows = [f'<tr><td colspan="2">{line}</td></tr>' for line in lines]
    if values and not _says_its_value(box):
        name = "grad" if box.role is Role.GRADIENT else "data"
        numbers = [(name, box.value, box.value_note), ("grad", box.gradient, box.gradient_note)]
        rows += [_row(name, summary, note, theme) for name, summary, note in numbers if summary or note]
    if len(rows) == 1:
        return f"<{title}>"
    return f'<<table border="0" cellborder="0" cellspacing="0" cellpadding="1">{"".join(rows)}</table>>'


def edge_label(edge: Edge, is_vertical_in_row: bool = False) -> str:
    """The shape and dtype of what flows or, for a gradient, the rule that it comes from.

    Graphviz writes on the line between two boxes of a row: fine in a horizontal row, but in a vertical one the text has
    to stand in the right half of its place.
    """
    text = escaped(edge.rule or "", _LONGEST_RULE) if edge.is_gradient else escaped(edge.carries)
    if not text:
        return ""
    label = f'<font face="{_FIXED_FONT}"> {text} </font>' if edge.is_gradient else f" {text} "
    if is_vertical_in_row:
        label = _beside(_space(len(text) * _EDGE_CHARACTER), f"<td>{label}</td>")
    return f"<{label}>"


def cluster_label(cluster: Cluster, theme: Theme, left_to_right: bool) -> str:
    """``layers.0: Linear``, in the left half: lines that come from above pass through the middle."""
    title = escaped(cluster.title)
    text = f'<font point-size="10" color="{theme.muted}"><b>{title}</b></font>'
    if left_to_right:
        return f"<{text}>"
    return f"<{_beside(f'<td>{text}</td>', _space(len(cluster.title[:_LONGEST]) * _TITLE_CHARACTER))}>"


def caption(text: str, theme: Theme) -> str:
    """What is written above the whole picture."""
    lines = (_small(line, theme, longest=len(line)) for line in text.split("\n"))
    return f"<{'<br/>'.join(lines)}>"


def tooltip(box: Box) -> str:
    """What shows when the mouse rests on a box of an SVG picture."""
    lines = [f"{box.role}: {box.title}", box.shape_text, box.settings, box.origin]
    return plain("\n".join(line for line in lines if line))


def plain(text: str) -> str:
    """``text`` as a DOT string in which nothing has a special meaning."""
    escaped_text: str = graphviz.escape(_NOT_TEXT.sub("�", text))
    return escaped_text


def escaped(text: str, longest: int = _LONGEST) -> str:
    """``text`` as it can stand in an HTML-like label, shortened if it is longer than ``longest``."""
    text = text if len(text) <= longest else text[: longest - 1] + "…"
    return html.escape(_NOT_TEXT.sub("�", text), quote=False).replace("\n", "<br/>")


def _says_its_value(box: Box) -> bool:
    return box.role is Role.CONSTANT and box.value is not None and box.title == box.value.text()


def _space(width: int) -> str:
    return f'<td width="{width}"></td>'


def _beside(*cells: str) -> str:
    return f'<table border="0" cellborder="0" cellspacing="0" cellpadding="0"><tr>{"".join(cells)}</tr></table>'


def _small(text: str, theme: Theme, longest: int = _LONGEST) -> str:
    return f'<font point-size="9" color="{theme.muted}">{escaped(text, longest)}</font>'


def _row(name: str, summary: Summary | None, note: str, theme: Theme) -> str:
    if summary is None:
        content = f'<font point-size="9" color="{theme.muted}"><i>{escaped(note)}</i></font>'
    else:
        color = theme.alarm if summary.alarm else theme.gradient if name == "grad" else theme.text
        lines = [escaped(line).replace(" ", "&#160;") for line in summary.text(_MOST_VALUES).split("\n")]
        text = lines[0] if len(lines) == 1 else "".join(f'{line}<br align="left"/>' for line in lines)
        content = f'<font face="{_FIXED_FONT}" point-size="9.5" color="{color}">{text}</font>'
    return f'<tr><td align="right" valign="top">{_small(name, theme)}</td><td align="left">{content}</td></tr>'
