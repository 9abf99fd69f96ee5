"""A primitive: one operation of the record, as its forward function on arrays and a gradient rule for each input.

A rule is a vector-Jacobian product (VJP): given ``g``, the gradient of the final result with respect to the
primitive's output, it returns the gradient with respect to one input. Its parameters name what it needs:

=================  ==========================================================================
``g``              the gradient of the output; always first
``y``              the output
``x``              an input, by its name in the forward function (``*tensors``: all of them, as a tuple)
``x_shape``        only the shape of that input (``*tensors``: all shapes, as a tuple)
``position``       which one of ``*tensors`` this is, for the rule that they share
``dim``            a setting: a keyword-only parameter of the forward function
``wanted``         for each input whether its gradient is asked for: of a joint rule
=================  ==========================================================================

A joint rule is one rule for all inputs, where their gradients are computed together: it returns them all, None for an
input without one. Of several results, it gets None for the gradient of each that was not used.

Rules are written in operators and NumPy functions. In an ordinary backward pass they get arrays, and NumPy runs
at full speed; with ``create_graph=True`` they get Tensors, which answer to the same operators and functions and
record what the rule does. So a rule never branches on the type of what it gets. It returns a new array, ``g``
itself or a view of ``g``: the engine copies where it must.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from types import FunctionType
from typing import Any

import numpy as np

from tinygrad_scratch.record.source import compiled

OUTPUT = -1

Preparation = Callable[[list[Any]], list[Any]]
Pull = Callable[[Any, tuple[Any, ...]], Any]


class JointPulls:
    """The pulls of a joint rule: to go through them runs it once, for the first, and gives each its own part.

    ``pulls`` are those of one input each, which are all the same.
    """

    __slots__ = ("pulls",)

    def __init__(self, pulls: tuple[tuple[int, Pull], ...]) -> None:
        self.pulls = pulls

    def __len__(self) -> int:
        return len(self.pulls)

    def __iter__(self) -> Iterator[tuple[int, Pull]]:
        gradients: list[Any] = []

        def part(position: int, pull: Pull, g: Any, saved: tuple[Any, ...]) -> Any:
            if not gradients:
                gradients.extend(pull(g, saved))
            return gradients[position]

        for position, pull in self.pulls:
            yield position, partial(part, position, pull)


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """What a node keeps and which rules it runs, for one choice of the inputs that want a gradient.

    ``save(inputs, y, settings)`` makes the tuple of saved values. ``pulls`` pairs the position of each wanted input
    with ``pull(g, saved)``, which runs its rule. ``saved_arrays`` pairs the place in the tuple of each saved array with
    the position of the input that it was, or `OUTPUT`.
    """

    primitive: Primitive
    save: Callable[[Any, Any, Mapping[str, Any]], tuple[Any, ...]]
    pulls: tuple[tuple[int, Pull], ...] | JointPulls
    saved_arrays: tuple[tuple[int, int], ...]


class Primitive:
    """An operation of the record: its name, forward function and gradient rules.

    ``inputs`` names the forward function's positional parameters, the last of which may stand for any number of
    inputs (then ``is_variadic``); ``settings`` its keyword-only ones. ``prepare``, ``is_view``, ``is_multiple`` and
    ``shape_depends_on_values`` are those of `tinygrad_scratch.record.operation.primitive`, and ``operation`` is the
    function that it made. ``is_joint`` says that all inputs share one joint rule.
    """

    __slots__ = (
        "forward",
        "inputs",
        "is_joint",
        "is_multiple",
        "is_variadic",
        "is_view",
        "name",
        "operation",
        "plans",
        "prepare",
        "rules",
        "settings",
        "shape_depends_on_values"
    )  # fmt: skip

    def __init__(
        self,
        name: str,
        forward: Callable[..., Any],
        rules: Mapping[str, Callable[..., Any]],
        prepare: Preparation | None = None,
        is_view: bool = False,
        is_multiple: bool = False,
        shape_depends_on_values: bool = False,
        joint_rule: Callable[..., Any] | None = None,
    ) -> None:
        self.name = name
        self.forward = forward
        self.operation = forward
        self.rules = dict(rules)
        self.prepare = prepare
        self.is_view = is_view
        self.is_multiple = is_multiple
        self.shape_depends_on_values = shape_depends_on_values
        self.is_joint = joint_rule is not None
        self.inputs, self.settings, self.is_variadic = _signature(forward, self.rules)
        if joint_rule is not None:
            self.rules = dict.fromkeys(self.inputs, joint_rule)
        self.plans = _Plans(self)
        for input_name, rule in self.rules.items():
            self._check_rule(input_name, rule)

    def __repr__(self) -> str:
        return f"<primitive {self.name}>"

    def _check_rule(self, input_name: str, rule: Callable[..., Any]) -> None:
        if input_name not in self.inputs:
            raise TypeError(f"{self.name}: a rule for {input_name!r}, but the inputs are {', '.join(self.inputs)}")
        known = [
            "y",
            "wanted" if self.is_joint else "position",
            *self.inputs,
            *(f"{name}_shape" for name in self.inputs),
            *self.settings,
        ]
        needs = _parameter_names(rule)
        if needs[:1] != ["g"] or not set(known).issuperset(needs[1:]):
            raise TypeError(
                f"{self.name}: the rule for {input_name!r} takes ({', '.join(needs)}), "
                f"but a rule takes g first, then any of {', '.join(known)}"
            )

    def _make_plan(self, wanted: tuple[bool, ...]) -> Plan:
        # Worked out once and written out as small functions, so that no call loops over names.
        saved = _Saved()
        lines, rules = [], {}
        for position, is_wanted in enumerate(wanted):
            rule = self.rules.get(self.inputs[min(position, len(self.inputs) - 1)])
            if is_wanted and rule is not None:
                arguments = [self._argument(name, position, wanted, saved) for name in _parameter_names(rule)]
                rules[f"rule{position}"] = rule
                lines.append(f"def pull{position}(g, saved):\n    return rule{position}({', '.join(arguments)})\n")
        values = "".join(f"{value}, " for value in saved.values)
        lines.append(f"def save(inputs, y, settings):\n    return ({values})\n")
        made = compiled("\n".join(lines), f"the rules of {self.name} for {wanted}", {"shape": np.shape, **rules})
        pulls = tuple((int(name.removeprefix("rule")), made[name.replace("rule", "pull")]) for name in rules)
        return Plan(self, made["save"], JointPulls(pulls) if self.is_joint else pulls, tuple(saved.arrays))

    def _argument(self, name: str, position: int, wanted: tuple[bool, ...], saved: _Saved) -> str:
        """The expression for a rule's parameter ``name``; what it needs is noted in ``saved``."""
        if name == "g":
            return "g"
        if name == "position":
            return str(position - len(self.inputs) + 1)
        if name == "wanted":
            return repr(wanted)
        if name == "y":
            return saved.array("y", OUTPUT)
        if name in self.settings:
            return saved.value(f"settings[{name!r}]")
        input_name = name.removesuffix("_shape")
        place = self.inputs.index(input_name)
        is_tuple = self.is_variadic and place == len(self.inputs) - 1
        if name != input_name:
            return saved.value(f"tuple(map(shape, inputs[{place}:]))" if is_tuple else f"shape(inputs[{place}])")
        if not is_tuple:
            return saved.array(f"inputs[{place}]", place)
        return f"({''.join(saved.array(f'inputs[{i}]', i) + ', ' for i in range(place, len(wanted)))})"


class _Plans(dict[int, Plan]):
    """The plans of a primitive, made when they are first asked for.

    The key says which inputs want a gradient: a bit for each, the first input the lowest, and a 1 in front of them.
    """

    def __init__(self, primitive: Primitive) -> None:
        super().__init__()
        self._primitive = primitive

    def __missing__(self, key: int) -> Plan:
        wanted = tuple(bool(key >> i & 1) for i in range(key.bit_length() - 1))
        plan = self[key] = self._primitive._make_plan(wanted)
        return plan


class _Saved:
    """Collects, while a plan is made, the expressions of the values to keep, each once."""

    def __init__(self) -> None:
        self.values: dict[str, int] = {}
        self.arrays: list[tuple[int, int]] = []

    def value(self, expression: str) -> str:
        place = self.values.setdefault(expression, len(self.values))
        return f"saved[{place}]"

    def array(self, expression: str, position: int) -> str:
        if expression not in self.values:
            self.arrays.append((len(self.values), position))
        return self.value(expression)


def _parameter_names(function: Callable[..., Any]) -> list[str]:
    inputs, settings, _ = _parameters(function)
    return [*inputs, *settings]


def _parameters(function: Callable[..., Any]) -> tuple[tuple[str, ...], tuple[str, ...], bool]:
    """The names of positional and of keyword-only parameters, and whether the last of the former is ``*one``."""
    function = inspect.unwrap(function)
    if isinstance(function, FunctionType) and not function.__code__.co_flags & inspect.CO_VARKEYWORDS:
        # As below, but sooner: there are hundreds of functions in the tables, and all are looked at during the import.
        code = function.__code__
        names, count, is_variadic = code.co_varnames, code.co_argcount, bool(code.co_flags & inspect.CO_VARARGS)
        end = count + code.co_kwonlyargcount
        return (*names[:count], *(names[end : end + 1] if is_variadic else ())), names[count:end], is_variadic
    parameters = inspect.signature(function).parameters.values()
    settings = tuple(p.name for p in parameters if p.kind is p.KEYWORD_ONLY)
    inputs = tuple(p.name for p in parameters if p.kind is not p.KEYWORD_ONLY)
    return inputs, settings, any(p.kind is p.VAR_POSITIONAL for p in parameters)


def _signature(forward: Callable[..., Any], rules: Mapping[str, Any]) -> tuple[tuple[str, ...], tuple[str, ...], bool]:
    """The names of the inputs and of the settings, and whether the inputs are ``*tensors``."""
    if isinstance(forward, np.ufunc):
        names = tuple(rules) if len(rules) == forward.nin else ("x", "a b")[forward.nin - 1].split()
        return tuple(names), (), False
    return _parameters(forward)
