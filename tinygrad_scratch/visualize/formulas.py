"""The gradient rules as they stand in the source: what a picture writes beside an edge.

A rule is mostly a lambda in one of the tables, or a function of one line, so its formula is the source text of what
that returns, less what is only handed on, such as ``dim=dim``; a longer function is just called. Where the source of a
lambda cannot be found (it was typed into an interpreter, or its bytecode has no positions), there is no formula, and
nothing is shown.
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
    return "" if rule is None else _text(rule)


def input_name(primitive: Primitive, position: int) -> str:
    """What the primitive calls its input ``position``: ``weight``, or ``tensors[2]`` of ``*tensors``."""
    last = len(primitive.inputs) - 1
    if primitive.is_variadic and position >= last:
        return f"{primitive.inputs[last]}[{position - last}]"
    return primitive.inputs[min(position, last)]


@cache
def _text(rule: Callable[..., Any]) -> str:
    code = getattr(rule, "__code__", None)
    if not isinstance(code, CodeType):
        return ""
    returned = _returned(code)
    if returned is not None:
        return ast.unparse(_Shorter().visit(returned))
    return "" if code.co_name == "<lambda>" else f"{code.co_name.lstrip('_')}(g, …)"


def _returned(code: CodeType) -> ast.expr | None:
    """What a lambda or a function of one line returns."""
    starts = {(line, column) for line, _, column, _ in code.co_positions() if column}
    for body in _bodies(code.co_filename):
        # The source gives columns in bytes, as the bytecode does.
        end = (body.end_lineno or body.lineno, body.end_col_offset or 0)
        inside = ((body.lineno, body.col_offset) <= (line or 0, column or 0) < end for line, column in starts)
        if starts and all(inside):
            return body.value if isinstance(body, ast.Return) else body
    return None


class _Shorter(ast.NodeTransformer):
    """Takes from calls the underscore before their name, and arguments that say nothing: ``dim=dim`` and None."""

    def visit_Call(self, call: ast.Call) -> ast.AST:
        self.generic_visit(call)
        function = call.func
        if isinstance(function, ast.Name):
            function = ast.Name(function.id.lstrip("_"))
        arguments = [part for part in call.args if not (isinstance(part, ast.Constant) and part.value is None)]
        settings = [
            part for part in call.keywords if not (isinstance(part.value, ast.Name) and part.value.id == part.arg)
        ]
        return ast.Call(function, arguments, settings)


@cache
def _bodies(path: str) -> tuple[ast.expr | ast.Return, ...]:
    """The bodies of all lambdas and return statements in a source file, inner ones before those that they stand in."""
    try:
        tree = ast.parse("".join(linecache.getlines(path)))
    except (SyntaxError, ValueError):
        return ()
    found = (
        (node.body if isinstance(node, ast.Lambda) else node)
        for node in ast.walk(tree)
        if isinstance(node, ast.Lambda | ast.Return)
    )
    return tuple(reversed([*found]))
