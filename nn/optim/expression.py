"""Update rules written out as programs: an optimizer states its update once, as algebra; here it becomes quick.

A rule such as ``Adam.update`` is an expression in operators and NumPy functions, which runs on arrays and on Tensors
alike. Run on `Term`s it leaves a list of what it does. From that a `Program` is written: what is computed with numbers
(the learning rate, the corrections of a step) once, and what is done to arrays as calls of NumPy that write into the
parameter, its state and a little memory that is used again and again, so that nothing is allocated in a step.

A rule may branch on numbers and flags. What it found is checked by the program before each step (it is a guard); where
it no longer holds, another program is written.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from tinygrad_scratch.engine import compiled

Rule = Callable[..., Any]


@dataclass(frozen=True, slots=True, eq=False)
class Program:
    """An update rule, written out.

    ``numbers(step, scalars, options)`` gives the numbers of a step and the new values of the scalars that are kept, or
    None if a guard fails. ``update(parameter, gradient, *state, *memory, *numbers)`` changes one parameter and its
    state; ``update_together(parameters, gradients, parts, gradient, *state, *memory, *numbers)`` several, which have
    one array of each kind together: ``parts`` gives for each such array (of the gradient, the state, the memory) those
    that belong to the parameters. ``state_names`` lists what is kept; ``memory`` is how many arrays are needed beside.
    """

    numbers: Callable[..., Any]
    update: Callable[..., None]
    update_together: Callable[..., None]
    state_names: tuple[str, ...]
    memory: int


class Term:
    """What stands for an array, or for a number of known ``value``, while a rule is being written out."""

    __slots__ = ("name", "trace", "value")

    def __init__(self, trace: Trace, name: str, value: Any = None) -> None:
        self.trace = trace
        self.name = name
        self.value = value

    @property
    def is_number(self) -> bool:
        return self.value is not None

    def __bool__(self) -> bool:
        return self.trace.guarded(self)

    def __array_ufunc__(self, ufunc: np.ufunc, call: str, *inputs: Any, **options: Any) -> Any:
        if call != "__call__" or options:
            return NotImplemented
        return self.trace.done(ufunc, inputs)


def _operator(ufunc: np.ufunc, reflected: bool) -> Callable[..., Term]:
    def run(self: Term, *others: Any) -> Term:
        return self.trace.done(ufunc, (*others, self) if reflected else (self, *others))

    return run


_OPERATORS = {
    "add": np.add, "sub": np.subtract, "mul": np.multiply, "truediv": np.divide, "pow": np.power,
    "lt": np.less, "le": np.less_equal, "gt": np.greater, "ge": np.greater_equal, "eq": np.equal, "ne": np.not_equal,
    "neg": np.negative, "abs": np.absolute,
}  # fmt: skip
for _name, _ufunc in _OPERATORS.items():
    setattr(Term, f"__{_name}__", _operator(_ufunc, reflected=False))
    if _name in ("add", "sub", "mul", "truediv", "pow"):
        setattr(Term, f"__r{_name}__", _operator(_ufunc, reflected=True))

# How what is done to numbers is written.
_ON_NUMBERS = {
    np.add: "{} + {}", np.subtract: "{} - {}", np.multiply: "{} * {}", np.divide: "{} / {}", np.power: "{} ** {}",
    np.less: "{} < {}", np.less_equal: "{} <= {}", np.greater: "{} > {}", np.greater_equal: "{} >= {}",
    np.equal: "{} == {}", np.not_equal: "{} != {}", np.negative: "-{}", np.absolute: "abs({})",
}  # fmt: skip


@dataclass(slots=True)
class Instruction:
    """``result = ufunc(*operands)``, of arrays: their names, those of numbers, or numbers as text."""

    ufunc: np.ufunc
    operands: tuple[str, ...]
    result: str


@dataclass(slots=True)
class Trace:
    """What a rule did: lines that compute numbers, with guards among them, and instructions for arrays."""

    lines: list[str] = field(default_factory=list)
    numbers: dict[str, Term] = field(default_factory=dict)  # by the text that computes them
    instructions: list[Instruction] = field(default_factory=list)

    def number(self, text: str, value: Any) -> Term:
        """The number that ``text`` computes, now ``value``."""
        if text not in self.numbers:
            self.numbers[text] = Term(self, f"n{len(self.numbers)}", value)
            self.lines.append(f"{self.numbers[text].name} = {text}")
        return self.numbers[text]

    def guarded(self, term: Term) -> bool:
        """Whether a number is true: the program holds only while it stays so."""
        if not term.is_number:
            raise TypeError("an update rule can branch on numbers and flags, not on arrays")
        holds = bool(term.value)
        self.lines.append(f"if {'not ' if holds else ''}{term.name}:\n        return None")
        return holds

    def done(self, ufunc: np.ufunc, operands: Sequence[Any]) -> Term:
        """The result of a function of terms and plain numbers."""
        terms = [term for term in operands if isinstance(term, Term)]
        names = tuple(term.name if isinstance(term, Term) else repr(term) for term in operands)
        if all(term.is_number for term in terms):
            values = (term.value if isinstance(term, Term) else term for term in operands)
            return self.number(_ON_NUMBERS[ufunc].format(*names), ufunc(*values).item())
        result = Term(self, f"v{len(self.instructions)}")
        self.instructions.append(Instruction(ufunc, names, result.name))
        return result


class _Options:
    """A group's options, as terms: flags, numbers, and tuples of numbers."""

    def __init__(self, trace: Trace, options: Mapping[str, Any]) -> None:
        self._trace = trace
        self._options = options

    def __getattr__(self, name: str) -> Any:
        if name not in self._options:
            raise AttributeError(name)
        value, text = self._options[name], f"options[{name!r}]"
        if isinstance(value, bool):
            return self._trace.number(text, value)
        if isinstance(value, tuple | list):
            return tuple(self._trace.number(f"float({text}[{i}])", float(one)) for i, one in enumerate(value))
        return self._trace.number(f"float({text})", float(value))


class _State:
    """The state of a parameter, as terms; what is set here is what is kept: new ``_arrays`` and new ``_scalars``."""

    _trace: Trace
    _given: dict[str, Term]
    _arrays: dict[str, Term]
    _scalars: dict[str, Term]

    def __init__(self, trace: Trace, scalars: Mapping[str, Any]) -> None:
        given = {name: trace.number(f"scalars[{name!r}][()]", value[()]) for name, value in scalars.items()}
        vars(self).update(_trace=trace, _given=given, _arrays={}, _scalars={})

    def __getattr__(self, name: str) -> Term:
        if name not in self._given:
            self._arrays[name] = self._given[name] = Term(self._trace, name)
        return self._given[name]

    def __setattr__(self, name: str, term: Term) -> None:
        if term.is_number:
            # PyTorch updates such numbers in float32, which they are kept in, and goes on in float64.
            term = self._trace.number(f"float({term.name})", float(term.value))
            self._scalars[name] = term
        else:
            self._arrays[name] = term
        self._given[name] = term


def written_out(rule: Rule, title: str, step: int, scalars: Mapping[str, Any], options: Mapping[str, Any]) -> Program:
    """The program of ``rule(parameter, gradient, state, step, options)``, for what it finds in this ``step``."""
    trace = Trace()
    state = _State(trace, scalars)
    parameter, gradient = Term(trace, "parameter"), Term(trace, "gradient")
    result = rule(parameter, gradient, state, trace.number("step", step), _Options(trace, options))
    arrays: dict[str, Term] = state._arrays
    places = _Places(
        trace.instructions, {"parameter": result.name, **{name: term.name for name, term in arrays.items()}}
    )
    calls = [*map(places.call, trace.instructions), *places.copies()]
    used = [term.name for term in trace.numbers.values() if any(term.name in call.inputs for call in calls)]
    memory = [f"t{i}" for i in range(places.count)]
    rest = ", ".join([*arrays, *memory, *used])
    changed = ", ".join(f"{name!r}: {term.name}" for name, term in state._scalars.items())
    lines = ["def numbers(step, scalars, options):"]
    lines += [f"    {line}" for line in trace.lines]
    lines += [f"    return ({''.join(f'{name}, ' for name in used)}), {{{changed}}}", "", ""]
    lines += [f"def update(parameter, gradient, {rest}):", *(f"    {call}" for call in calls), "", ""]
    lines += [f"def update_together(parameters, gradients, parts, gradient, {rest}):"]
    whole = ["gradient", *arrays, *memory]
    lines += [f"    {', '.join(f'parts_of_{name}' for name in whole)}, = parts"]
    lines += [
        "    for part, its_gradient in zip(parts_of_gradient, gradients):",
        "        part[...] = its_gradient",
    ]
    lines += [f"    {call.by_parts(whole)}" for call in calls]
    source = "\n".join(lines) + "\n"
    functions = {instruction.ufunc.__name__: instruction.ufunc for instruction in trace.instructions}
    made = compiled(source, title, {**functions, "positive": np.positive})
    return Program(made["numbers"], made["update"], made["update_together"], tuple(arrays), places.count)


@dataclass(slots=True)
class _Call:
    """A call of NumPy, of the names of arrays and numbers, that writes into the last of them."""

    function: str
    inputs: tuple[str, ...]
    output: str

    def __str__(self) -> str:
        return f"{self.function}({', '.join(self.inputs)}, out={self.output})"

    def by_parts(self, whole: Sequence[str]) -> str:
        """The same for several parameters, one after another where the parameter itself is read or written."""
        names = dict.fromkeys((*self.inputs, self.output))
        if "parameter" not in names:
            return str(self)
        own = {name: f"its_{name}" for name in names if name in whole}
        call = _Call(
            self.function, tuple(own.get(name, name) for name in self.inputs), own.get(self.output, self.output)
        )
        parts = ", ".join(["parameters", *(f"parts_of_{name}" for name in own)])
        return f"for {', '.join(['parameter', *own.values()])}, in zip({parts}):\n        {call}"


class _Places:
    """Where each value lies: results of a rule where they are kept, others in memory that is used again and again.

    ``results`` maps the parameter and each array of the state to the value that it becomes.
    """

    def __init__(self, instructions: Sequence[Instruction], results: Mapping[str, str]) -> None:
        self.last_use = {name: i for i, instruction in enumerate(instructions) for name in instruction.operands}
        self.results = results
        self.homes = {value: name for name, value in results.items()}
        self.place = {name: name for name in ("gradient", *results)}
        self.free: list[str] = []
        self.count = 0
        self.index = 0

    def call(self, instruction: Instruction) -> _Call:
        inputs = tuple(self.place.get(name, name) for name in instruction.operands)
        ended = [name for name in dict.fromkeys(instruction.operands) if self.last_use[name] == self.index]
        open_places = [self.place[name] for name in ended if name in self.place and name not in self.homes]
        open_places = [place for place in open_places if place != "gradient"]  # which is only read
        output = self._output(instruction.result, open_places)
        self.free += [place for place in open_places if place != output and place not in self.results]
        self.place[instruction.result] = output
        self.index += 1
        return _Call(instruction.ufunc.__name__, inputs, output)

    def _output(self, value: str, open_places: list[str]) -> str:
        """A place for ``value``: its home, if nothing there is needed any more, else one that has become free."""
        home = self.homes.get(value)
        if home is not None and not self._is_needed(home, open_places):
            return home
        if open_places:
            return open_places[0]
        if not self.free:
            self.free.append(f"t{self.count}")
            self.count += 1
        return self.free.pop()

    def _is_needed(self, home: str, open_places: list[str]) -> bool:
        holds = [value for value, place in self.place.items() if place == home]
        return home not in open_places and any(self.last_use.get(value, -1) >= self.index for value in holds)

    def copies(self) -> list[_Call]:
        """What brings results home that were computed elsewhere."""
        return [
            _Call("positive", (self.place[value],), home)
            for home, value in self.results.items()
            if self.place[value] != home
        ]
