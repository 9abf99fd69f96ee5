"""`Module`: a piece of a model, with parameters and other modules among its attributes.

A module's parameters are simply those of its attributes that are a `Parameter`, and its children those that are a
Module; nothing is registered elsewhere. Only buffers, which are ordinary tensors, must be named as such
(`register_buffer`).
"""

from __future__ import annotations

import weakref
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, ParamSpec, Protocol, Self, TypeVar

from tinygrad_scratch import Tensor, float16, float32, float64, no_grad
from tinygrad_scratch.engine import SCOPE, DType, Scope, dtype_of_to
from tinygrad_scratch.nn.hooks import Hooked, run_with_hooks
from tinygrad_scratch.nn.parameter import Parameter

T = TypeVar("T")
P = ParamSpec("P")
R = TypeVar("R", covariant=True)


class _HasForward(Protocol[P, R]):
    def forward(self, *args: P.args, **kwargs: P.kwargs) -> R: ...


class IncompatibleKeys(NamedTuple):
    """What `Module.load_state_dict` could not match: entries that the module lacks, and ones it does not know."""

    missing_keys: list[str]
    unexpected_keys: list[str]

    def __repr__(self) -> str:
        if not self.missing_keys and not self.unexpected_keys:
            return "<All keys matched successfully>"
        return f"IncompatibleKeys(missing_keys={self.missing_keys}, unexpected_keys={self.unexpected_keys})"


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class ModuleScope(Scope):
    """The scope in which a module runs, by itself or as a part of another, whose scope is then ``whole``.

    ``paths`` are those of the modules inside, by identity, as they were when one was last looked for.
    """

    module: weakref.ref[Module] = field(kw_only=True)
    whole: ModuleScope | None = None
    paths: dict[int, str] = field(default_factory=dict)

    def path_to(self, module: Module, caller: ModuleScope) -> str | None:
        """Where in this scope's module ``module`` is, which is called by another inside; None if it is not there."""
        own, calling = self.module(), caller.module()
        if own is None or calling is None:
            return None
        path = self.paths.get(id(module))
        if path is None or own._at(path) is not module:
            if all(inside is not module for inside in calling.modules()):
                return None
            self.paths.clear()
            self.paths.update((id(inside), path) for path, inside in own.named_modules())
        return self.paths.get(id(module))


class Module(Hooked):
    """The base of all layers and models: assign parameters and modules to attributes, and write ``forward``.

    Calling the module runs ``forward``; the operations recorded meanwhile carry the module's path (``mlp.layers.0``) as
    their scope.

    >>> class Affine(Module):
    ...     def __init__(self):
    ...         super().__init__()
    ...         self.scale, self.shift = Parameter(2.0), Parameter(1.0)
    ...     def forward(self, x):
    ...         return x * self.scale + self.shift
    >>> model = Affine()
    >>> model(tg.tensor(3.0)).item()
    7.0
    >>> [name for name, _ in model.named_parameters()]
    ['scale', 'shift']
    """

    training: bool = True
    _buffers: Mapping[str, bool] = {}  # the names of the buffers, and whether each is part of the state
    _scope: ModuleScope | None = None  # the one it last ran in

    def forward(self, *args: Any, **kwargs: Any) -> Any:
        """What the module computes: to be written by each subclass."""
        raise NotImplementedError(f"{type(self).__name__} has no forward method")

    def __call__(self: _HasForward[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        module: Any = self  # which is a Module: for type checkers, one that takes and gives what its forward does
        caller = SCOPE.get()
        scope = module._scope
        if scope is None or scope.parent is not caller:
            scope = module._scope = module._scope_within(caller)
        token = SCOPE.set(scope)
        try:
            if module._hooks:
                return run_with_hooks(module, tuple(module._hooks.values()), args, kwargs)  # type: ignore[no-any-return]
            return self.forward(*args, **kwargs)
        finally:
            SCOPE.reset(token)

    def _scope_within(self, caller: Scope | None) -> ModuleScope:
        kind = type(self).__name__
        if isinstance(caller, ModuleScope):
            whole = caller.whole or caller
            if path := whole.path_to(self, caller):
                return ModuleScope(f"{whole.path}.{path}", kind, caller, module=weakref.ref(self), whole=whole)
        path = kind.lower() if caller is None else f"{caller.path}.{kind.lower()}"
        return ModuleScope(path, kind, caller, module=weakref.ref(self))

    def __setattr__(self, name: str, value: Any) -> None:
        if isinstance(value, Module):
            value._scope = None  # its path may have changed
        elif value is not None and not isinstance(value, Parameter):
            self._check_replaceable(name, value)
        object.__setattr__(self, name, value)

    def _check_replaceable(self, name: str, value: Any) -> None:
        """Refuse to lose a parameter or a buffer by an assignment that was probably not meant so."""
        kind = "plain Tensor" if isinstance(value, Tensor) else type(value).__name__
        if isinstance(vars(self).get(name), Parameter):
            raise TypeError(
                f"{type(self).__name__}.{name} is a Parameter and cannot become a {kind}; "
                f"assign a Parameter, or write into it under no_grad()"
            )
        if name in self._buffers and not isinstance(value, Tensor):
            raise TypeError(f"{type(self).__name__}.{name} is a buffer and cannot become a {kind}; assign a Tensor")

    def __delattr__(self, name: str) -> None:
        object.__delattr__(self, name)
        if name in self._buffers:
            self._buffers = {other: buffer for other, buffer in self._buffers.items() if other != name}

    def __getstate__(self) -> dict[str, Any]:
        return {name: value for name, value in vars(self).items() if name != "_scope"}

    # What the module consists of

    def named_children(self) -> Iterator[tuple[str, Module]]:
        """The modules among the attributes, with their names; each once."""
        return _each_once((name, value) for name, value in vars(self).items() if isinstance(value, Module))

    def children(self) -> Iterator[Module]:
        """The modules among the attributes."""
        return (module for _, module in self.named_children())

    def named_modules(self, prefix: str = "", remove_duplicate: bool = True) -> Iterator[tuple[str, Module]]:
        """This module (named ``prefix``) and all inside it, with their paths; by default each once."""
        return _each_once(self._walk(prefix)) if remove_duplicate else self._walk(prefix)

    def modules(self) -> Iterator[Module]:
        """This module and all inside it, each once."""
        return (module for _, module in self.named_modules())

    def named_parameters(
        self, prefix: str = "", recurse: bool = True, remove_duplicate: bool = True
    ) -> Iterator[tuple[str, Parameter]]:
        """The parameters, by default each once, with their paths such as ``layers.0.weight``.

        Without ``recurse`` they are only the module's own.
        """
        named = self._named_tensors(prefix, recurse)
        found = ((path, value) for path, value in named if isinstance(value, Parameter))
        return _each_once(found) if remove_duplicate else found

    def parameters(self, recurse: bool = True) -> Iterator[Parameter]:
        """The parameters, each once."""
        return (parameter for _, parameter in self.named_parameters(recurse=recurse))

    def named_buffers(
        self, prefix: str = "", recurse: bool = True, remove_duplicate: bool = True
    ) -> Iterator[tuple[str, Tensor]]:
        """The buffers, by default each once, with their paths: tensors that belong to the module but are not learned.

        Without ``recurse`` they are only the module's own.
        """
        named = self._named_tensors(prefix, recurse)
        found = ((path, value) for path, value in named if not isinstance(value, Parameter))
        return _each_once(found) if remove_duplicate else found

    def buffers(self, recurse: bool = True) -> Iterator[Tensor]:
        """The buffers."""
        return (buffer for _, buffer in self.named_buffers(recurse=recurse))

    def _walk(self, prefix: str = "") -> Iterator[tuple[str, Module]]:
        """This module and all inside it, with their paths, as often as they occur."""
        found: list[tuple[str, Module]] = [(prefix, self)]
        while found:
            path, module = found.pop()
            yield path, module
            inside = [(_joined(path, name), value) for name, value in vars(module).items() if isinstance(value, Module)]
            found.extend(reversed(inside))

    def _at(self, path: str) -> Module | None:
        """The module at ``path``; None if there is none."""
        found: Any = self
        for name in path.split(".") if path else ():
            found = vars(found).get(name) if isinstance(found, Module) else None
        return found if isinstance(found, Module) else None

    def _tensor_at(self, path: str) -> Tensor | None:
        """The parameter or buffer at ``path``; None if there is none."""
        module_path, _, name = path.rpartition(".")
        module = self._at(module_path)
        value = None if module is None else vars(module).get(name)
        return value if module is not None and (isinstance(value, Parameter) or name in module._buffers) else None

    def _named_tensors(self, prefix: str = "", recurse: bool = True) -> Iterator[tuple[str, Tensor]]:
        """All parameters and buffers, with their paths, as often as they occur: own ones first, parameters first."""
        for path, module in self._walk(prefix) if recurse else [(prefix, self)]:
            own = vars(module)
            yield from ((_joined(path, name), value) for name, value in own.items() if isinstance(value, Parameter))
            buffers = ((name, own[name]) for name in module._buffers)
            yield from (
                (_joined(path, name), value)
                for name, value in buffers
                if value is not None and not isinstance(value, Parameter)
            )

    def get_submodule(self, target: str) -> Module:
        """The module at the path ``target``, such as ``layers.0``; AttributeError if there is none."""
        found = self._at(target)
        if found is None:
            raise AttributeError(f"{type(self).__name__} has no module {target!r}")
        return found

    def get_parameter(self, target: str) -> Parameter:
        """The parameter at the path ``target``, such as ``layers.0.weight``; AttributeError if there is none."""
        found = self._tensor_at(target)
        if not isinstance(found, Parameter):
            raise AttributeError(f"{type(self).__name__} has no parameter {target!r}")
        return found

    def get_buffer(self, target: str) -> Tensor:
        """The buffer at the path ``target``; AttributeError if there is none."""
        found = self._tensor_at(target)
        if found is None or isinstance(found, Parameter):
            raise AttributeError(f"{type(self).__name__} has no buffer {target!r}")
        return found

    def add_module(self, name: str, module: Module | None) -> None:
        """Make ``module`` the child ``name``: for names that cannot be written as an attribute."""
        self._register(name, module, Module)

    register_module = add_module

    def register_parameter(self, name: str, param: Parameter | None) -> None:
        """Make ``param`` the parameter ``name``, or note (None) that the module has none of that name."""
        self._register(name, param, Parameter)

    def register_buffer(self, name: str, tensor: Tensor | None, persistent: bool = True) -> None:
        """Make ``tensor`` a buffer: part of the module, and if ``persistent`` of its state, but not learned."""
        self._register(name, tensor, Tensor)
        self._buffers = {**self._buffers, name: persistent}

    def _register(self, name: str, value: Any, kind: type) -> None:
        """Make ``value``, of a ``kind`` or None, the attribute ``name``, if that is one to be used in paths.

        TypeError for another kind; KeyError for a name with a dot, or one that stands for something else already.
        """
        owner = type(self).__name__
        if value is not None and not isinstance(value, kind):
            raise TypeError(f"{owner}: {name!r} should be a {kind.__name__} or None, not a {type(value).__name__}")
        if not isinstance(name, str) or not name or "." in name:
            raise KeyError(f"{owner}: {name!r} cannot be a name: it has to be one step of a path")
        if not isinstance(getattr(self, name, None), Module | Tensor | None):
            raise KeyError(f"{owner}: {name!r} is already an attribute, and something else")
        setattr(self, name, value)

    # What can be done to all of it

    def apply(self, fn: Callable[[Module], Any]) -> Self:
        """Call ``fn`` on every module inside, innermost first, and on this one; returns it."""
        outermost_first: list[Module] = []
        pending: list[Module] = [self]
        while pending:
            outermost_first.append(pending.pop())
            pending.extend(outermost_first[-1].children())
        for module in reversed(outermost_first):
            fn(module)
        return self

    def train(self, mode: bool = True) -> Self:
        """Put all modules in training mode (or, with False, in evaluation mode), which `Dropout` and others heed."""
        for module in self.modules():
            module.training = mode
        return self

    def eval(self) -> Self:
        """Put all modules in evaluation mode."""
        return self.train(False)

    def requires_grad_(self, requires_grad: bool = True) -> Self:
        """Have all parameters require grad or, to freeze them, not."""
        for parameter in self.parameters():
            parameter.requires_grad_(requires_grad)
        return self

    def zero_grad(self, set_to_none: bool = True) -> None:
        """Forget the gradients of all parameters or, without ``set_to_none``, fill them with zeros."""
        for parameter in self.parameters():
            if set_to_none:
                parameter.grad = None
            elif parameter.grad is not None:
                # With create_graph the gradient has a graph of its own.
                parameter.grad.detach_().zero_()

    def to(self, *args: Any, dtype: DType = None, device: Any = None, non_blocking: bool = False) -> Self:  # noqa: ARG002
        """Convert all floating point parameters, with their gradients, and buffers to a dtype.

        A device can be named, but only the CPU.
        """
        wanted = dtype_of_to(args, dtype, device)
        if wanted is not None:
            for _, tensor in self._named_tensors():
                if tensor.dtype.kind == "f":
                    gradient = tensor.grad if isinstance(tensor, Parameter) else None
                    tensor.data = tensor.data.to(wanted)
                    tensor.grad = None if gradient is None else gradient.to(wanted)
        return self

    def half(self) -> Self:
        """Convert all floating point parameters and buffers to float16."""
        return self.to(float16)

    def float(self) -> Self:
        """Convert all floating point parameters and buffers to float32."""
        return self.to(float32)

    def double(self) -> Self:
        """Convert all floating point parameters and buffers to float64."""
        return self.to(float64)

    def cpu(self) -> Self:
        """The module itself: it lives on the CPU."""
        return self

    # Its state

    def state_dict(self, *, prefix: str = "", keep_vars: bool = False) -> dict[str, Tensor]:
        """All parameters and persistent buffers by path; the tensors share the module's memory.

        With ``keep_vars`` they are the parameters themselves, which require grad.

        >>> Linear = __import__("nn").Linear
        >>> {name: value.shape for name, value in Linear(3, 2).state_dict().items()}
        {'weight': (2, 3), 'bias': (2,)}
        """
        return {prefix + path: tensor if keep_vars else tensor.detach() for path, tensor in self._state().items()}

    def _state(self) -> dict[str, Tensor]:
        passing = {
            _joined(path, name)
            for path, module in self._walk()
            for name, is_persistent in module._buffers.items()
            if not is_persistent
        }
        return {path: tensor for path, tensor in self._named_tensors() if path not in passing}

    def load_state_dict(
        self, state_dict: Mapping[str, Tensor], strict: bool = True, assign: bool = False
    ) -> IncompatibleKeys:
        """Write the values in ``state_dict``, by path, into the parameters and buffers.

        Without ``strict``, entries that are missing or unknown are passed over; either way they are returned. With
        ``assign`` nothing is written: the given tensors take the places of the parameters and buffers, with their
        dtypes and memory. A parameter still requires grad if it did, and one that stands in several places still does.

        Raises RuntimeError, before anything is written, that lists every entry that is missing, unexpected or of
        another shape; TypeError if the state is no dict.

        >>> Linear = __import__("nn").Linear
        >>> layer = Linear(2, 1)
        >>> layer.load_state_dict({"weight": tg.ones(1, 2).double(), "bias": tg.zeros(1).double()}, assign=True)
        <All keys matched successfully>
        >>> layer.weight.dtype
        dtype('float64')
        """
        if not isinstance(state_dict, Mapping):
            raise TypeError(f"load_state_dict: expected a dict of tensors, got {type(state_dict).__name__}")
        own = self._state()
        missing = [path for path in own if path not in state_dict]
        unexpected = [path for path in state_dict if path not in own]
        fitting = [path for path in own if path in state_dict]
        problems = [problem for path in fitting if (problem := _mismatch(path, own[path], state_dict[path], assign))]
        if strict:
            problems += [f"{path}: missing in the state" for path in missing]
            problems += [f"{path}: not in the module" for path in unexpected]
        if problems:
            raise RuntimeError(
                f"load_state_dict: the state does not fit {type(self).__name__}:\n  " + "\n  ".join(problems)
            )
        if assign:
            self._replace({path: (own[path], state_dict[path]) for path in fitting})
            return IncompatibleKeys(missing, unexpected)
        with no_grad():
            for path in fitting:
                own[path].copy_(state_dict[path])
        return IncompatibleKeys(missing, unexpected)

    def _replace(self, tensors: Mapping[str, tuple[Tensor, Tensor]]) -> None:
        """Put, at each path, the second tensor in the place of the first."""
        modules = dict(self._walk())
        substitutes = {old: _substitute(old, new) for old, new in tensors.values()}
        for path, (old, _) in tensors.items():
            parent, _, name = path.rpartition(".")
            setattr(modules[parent], name, substitutes[old])

    # How it is shown

    def extra_repr(self) -> str:
        """What a subclass wants shown between the brackets, such as its sizes."""
        return ""

    def __repr__(self) -> str:
        children = [f"({name}): {value!r}" for name, value in vars(self).items() if isinstance(value, Module)]
        if not children:
            return f"{type(self).__name__}({self.extra_repr()})"
        return framed(type(self).__name__, [line for line in (self.extra_repr(), *children) if line])


def framed(name: str, lines: Sequence[str]) -> str:
    """How a module with something inside is shown: ``lines``, which may go over several, between brackets."""
    inside = "\n".join(lines).replace("\n", "\n  ")
    return f"{name}(\n  {inside}\n)" if lines else f"{name}()"


def _each_once(named: Iterable[tuple[str, T]]) -> Iterator[tuple[str, T]]:
    seen = set()
    for path, value in named:
        if value not in seen:
            seen.add(value)
            yield path, value


def _substitute(old: Tensor, new: Tensor) -> Tensor:
    """``new`` as what ``old`` is: a parameter, which requires grad or not, or a buffer."""
    if not isinstance(old, Parameter):
        return new.detach() if isinstance(new, Parameter) else new
    return new.requires_grad_(old.requires_grad) if isinstance(new, Parameter) else Parameter(new, old.requires_grad)


def _mismatch(path: str, own: Tensor, given: Any, assign: bool) -> str:
    """What keeps ``given`` from being written into ``own``, or put in its place; nothing, if it fits."""
    if not isinstance(given, Tensor):
        return f"{path}: a tensor is needed, and the state has a {type(given).__name__}"
    if given.shape != own.shape:
        return f"{path}: the module has shape {own.shape}, the state {given.shape}"
    if assign:
        is_learnable = given.dtype.kind == "f" or not own.requires_grad
        return "" if is_learnable else f"{path}: it requires grad, and so cannot be {given.dtype}"
    return "" if own._data.flags.writeable else f"{path}: the module's memory cannot be written to"


def _joined(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name
