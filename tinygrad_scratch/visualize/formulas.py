"""The gradient rules as they stand in the source: what a picture writes beside an edge.

A rule is a lambda in one of the tables, so its formula is the source text of the lambda's body. Where the source cannot
be found (a rule typed into an interpreter, bytecode without positions), there is no formula, and nothing is shown.
"""

from __future__ import annotations

import ast
import linecache
from collections.abc import Callable
from functools import cache
from types import CodeType
from typing import Any

from tinygrad_scratch.record.primitive import Primitive


def formula(primitive: Primitive, position: int) -> str:
    """The rule that gives the gradient for input ``position``, such as ``g * b``; empty if its source is not known.

    >>> from tinygrad_scratch.ops.math.elementwise import multiply
    >>> formula(multiply.primitive, 0)
    'g * b'
    """
    rule = primitive.rules.get(primitive.inputs[min(position, len(primitive.inputs) - 1)])
    return "" if rule is None else _body(rule)


def input_name(primitive: Primitive, position: int) -> str:
    """What the primitive calls its input ``position``: ``weight``, or ``tensors[2]`` of ``*tensors``."""
    last = len(primitive.inputs) - 1
    if primitive.is_variadic and position >= last:
        return f"{primitive.inputs[last]}[{position - last}]"
    return primitive.inputs[min(position, last)]


@cache
def _body(rule: Callable[..., Any]) -> str:
    code = getattr(rule, "__code__", None)
    if not isinstance(code, CodeType):
        return ""
    starts = {(line, column) for line, _, column, _ in code.co_positions() if column}
    for body in _lambda_bodies(code.co_filename):
        # The source gives columns in bytes, as the bytecode does.
        end = (body.end_lineno or body.lineno, body.end_col_offset or 0)
        inside = ((body.lineno, body.col_offset) <= (line or 0, column or 0) < end for line, column in starts)
        if starts and all(inside):
            return ast.unparse(body)
    return ""


@cache
def _lambda_bodies(path: str) -> tuple[ast.expr, ...]:
    """The bodies of all lambdas in a source file, inner ones before those that they stand in."""
    try:
        tree = ast.parse("".join(linecache.getlines(path)))
    except (SyntaxError, ValueError):
        return ()
    bodies = [node.body for node in ast.walk(tree) if isinstance(node, ast.Lambda)]
    return tuple(reversed(bodies))
