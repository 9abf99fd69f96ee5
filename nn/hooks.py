"""Hooks of modules: functions that see, and may replace, what goes in and out, and the gradients on their way back."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from tinygrad_scratch import Tensor, is_grad_enabled
from tinygrad_scratch.autograd import Function, RemovableHandle
from tinygrad_scratch.engine import registered

Arguments = tuple[Any, ...]
Gradients = tuple[Tensor | None, ...]


Kind = Literal["before forward", "after forward", "before backward", "after backward"]


@dataclass(frozen=True, slots=True, eq=False)
class Hook:
    """A function to call in the course of a module's run, and how."""

    kind: Kind
    function: Callable[..., Any]
    with_kwargs: bool = False
    always_call: bool = False

    def __call__(self, module: Hooked, args: Arguments, kwargs: Mapping[str, Any], *result: Any) -> Any:
        return self.function(module, args, *((kwargs,) if self.with_kwargs else ()), *result)


def run_with_hooks(module: Hooked, hooks: Sequence[Hook], args: Arguments, kwargs: dict[str, Any]) -> Any:
    """What ``module`` gives for these arguments, with ``hooks`` called around its forward, in their order."""
    after = [hook for hook in hooks if hook.kind == "after forward"]
    waiting = [hook for hook in after if hook.always_call]
    result = None
    try:
        args, kwargs = _before_forward(module, hooks, args, kwargs)
        passage = _Passage(module, hooks) if any("backward" in hook.kind for hook in hooks) else None
        if passage is not None:
            args = passage.enter(args)
        result = module.forward(*args, **kwargs)
        for hook in after:
            waiting = [other for other in waiting if other is not hook]
            replacement = hook(module, args, kwargs, result)
            result = result if replacement is None else replacement
        return result if passage is None else passage.leave(result)
    except Exception:
        for hook in waiting:
            _call_after_failure(hook, module, args, kwargs, result)
        raise


def _before_forward(
    module: Hooked, hooks: Sequence[Hook], args: Arguments, kwargs: dict[str, Any]
) -> tuple[Arguments, dict[str, Any]]:
    """The arguments once the pre-hooks have seen them."""
    for hook in hooks:
        replacement = hook(module, args, kwargs) if hook.kind == "before forward" else None
        if replacement is None:
            continue
        if not hook.with_kwargs:
            args = replacement if isinstance(replacement, tuple) else (replacement,)
        elif isinstance(replacement, tuple) and len(replacement) == 2:
            args, kwargs = replacement
        else:
            raise RuntimeError(
                f"{type(module).__name__}: a forward pre-hook with kwargs returns None or a pair (args, kwargs), "
                f"not {replacement!r}"
            )
    return args, kwargs


def _call_after_failure(hook: Hook, module: Hooked, args: Arguments, kwargs: Mapping[str, Any], result: Any) -> None:
    """Call a hook that wants to be called always, without hiding the error that is on its way to the user."""
    try:
        hook(module, args, kwargs, result)
    except Exception as error:
        warnings.warn(
            f"{type(module).__name__}: while another error was on its way, "
            f"a forward hook with always_call=True raised {error!r}",
            UserWarning,
            stacklevel=4,
        )


class _Passage:
    """One run of a module with backward hooks: it waits where gradients come in, and where they go out again.

    The hooks are those of the time of the run, whatever happens to them before the backward pass.
    """

    def __init__(self, module: Hooked, hooks: Sequence[Hook]) -> None:
        self._module = module
        self._before = [hook.function for hook in hooks if hook.kind == "before backward"]
        self._after = [hook.function for hook in hooks if hook.kind == "after backward"]
        self._no_gradients: Gradients = ()
        self._sees_inputs = False
        self._grad_output: Gradients | None = None

    def enter(self, args: Arguments) -> Arguments:
        """The arguments, watched."""
        watched = _watched(args, self._gradients_go_out)
        self._sees_inputs = watched is not args
        self._no_gradients = (None,) * len(args)
        return watched

    def leave(self, result: Any) -> Any:
        """What forward gave, watched."""
        if isinstance(result, tuple):
            return _watched(result, self._gradients_come_in)
        if not isinstance(result, Tensor):
            warnings.warn(
                f"{type(self._module).__name__}: backward hooks are only called if forward returns a Tensor or a "
                f"tuple of Tensors, not {type(result).__name__}",
                UserWarning,
                stacklevel=4,
            )
        return _watched((result,), self._gradients_come_in)[0]

    def _gradients_come_in(self, grad_output: Gradients) -> Gradients:
        for hook in self._before:
            grad_output = self._replaced(grad_output, hook(self._module, grad_output))
        if self._sees_inputs:
            self._grad_output = grad_output
            return grad_output
        for hook in self._after:
            self._replaced(self._no_gradients, hook(self._module, self._no_gradients, grad_output))
        return grad_output

    def _gradients_go_out(self, grad_input: Gradients) -> Gradients:
        if self._grad_output is None:  # they did not come through the result: a gradient of a gradient, for example
            return grad_input
        for hook in self._after:
            grad_input = self._replaced(grad_input, hook(self._module, grad_input, self._grad_output))
        self._grad_output = None
        return grad_input

    def _replaced(self, gradients: Gradients, replacement: Any) -> Gradients:
        """What a hook returned, a tensor or a tuple of them, in place of ``gradients``; the same if it is None."""
        if replacement is None:
            return gradients
        replacing: Gradients = replacement if isinstance(replacement, tuple) else (replacement,)
        if [gradient is None for gradient in replacing] != [gradient is None for gradient in gradients]:
            raise RuntimeError(
                f"{type(self._module).__name__}: a backward hook returned {_kinds(replacing)} "
                f"to replace {_kinds(gradients)}"
            )
        return replacing


def _kinds(gradients: Gradients) -> str:
    return "(" + ", ".join("None" if gradient is None else "a gradient" for gradient in gradients) + ")"


class WatchGradients(Function):
    """Tensors as they are; in a backward pass, ``see`` may replace their gradients.

    They are copies, so that a module that writes into its input does not write beyond the place of the watch.
    """

    @staticmethod
    def forward(ctx: Any, see: Callable[[Gradients], Gradients], *tensors: Tensor) -> Any:
        ctx.see = see
        copies = tuple(tensor.clone() for tensor in tensors)
        pairs = zip(tensors, copies, strict=True)
        ctx.mark_non_differentiable(*(copy for tensor, copy in pairs if not tensor.requires_grad))
        return copies

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> Any:
        return None, *ctx.see(gradients)


def _watched(values: Arguments, see: Callable[[Gradients], Gradients]) -> Arguments:
    """``values``, with ``see`` in the way of the gradients of the tensors among them; None stands for the others'.

    If no gradient will come, they are ``values`` itself.
    """
    places = [i for i, value in enumerate(values) if isinstance(value, Tensor)]
    if not is_grad_enabled() or not any(values[i].requires_grad for i in places):
        return values

    count = len(values)  # all that the graph holds of them

    def see_all(gradients: Gradients) -> Gradients:
        found = dict(zip(places, gradients, strict=True))
        seen = see(tuple(found.get(i) for i in range(count)))
        return tuple(seen[i] for i in places)

    watched = dict(zip(places, WatchGradients.apply(see_all, *(values[i] for i in places)), strict=True))
    return tuple(watched.get(i, value) for i, value in enumerate(values))


class Hooked:
    """What modules know about hooks. Each ``register`` returns a handle, whose ``remove()`` takes the hook back."""

    _hooks: Mapping[int, Hook] = {}  # all hooks, in the order in which those of each kind run
    forward: Callable[..., Any]

    def register_forward_pre_hook(
        self, hook: Callable[..., Any], *, prepend: bool = False, with_kwargs: bool = False
    ) -> RemovableHandle:
        """Call ``hook(module, args)`` before forward, or with ``with_kwargs`` ``hook(module, args, kwargs)``.

        If it returns something, that takes the place of the positional arguments, or of the pair of args and kwargs.
        With ``prepend`` it runs before the hooks that are there already.
        """
        return self._register_hook(Hook("before forward", hook, with_kwargs), prepend)

    def register_forward_hook(
        self, hook: Callable[..., Any], *, prepend: bool = False, with_kwargs: bool = False, always_call: bool = False
    ) -> RemovableHandle:
        """Call ``hook(module, args, result)`` after forward, or with ``with_kwargs`` (module, args, kwargs, result).

        If it returns something, that takes the place of the result. With ``always_call`` it is called even if an error
        was raised before its turn; the result is then None, if there is none.

        >>> import nn
        >>> model = nn.Sequential(nn.Linear(3, 2), nn.ReLU())
        >>> with model[0].register_forward_hook(lambda module, args, result: print(result.shape)):
        ...     output = model(tg.ones(4, 3))
        (4, 2)
        """
        return self._register_hook(Hook("after forward", hook, with_kwargs, always_call), prepend)

    def register_full_backward_pre_hook(self, hook: Callable[..., Any], prepend: bool = False) -> RemovableHandle:
        """Call ``hook(module, grad_output)`` once backward has the gradients of what forward gave, a tuple.

        If it returns something, backward goes on with that. What is not a tensor has None, and a result that was not
        used zeros.
        """
        return self._register_hook(Hook("before backward", hook), prepend)

    def register_full_backward_hook(self, hook: Callable[..., Any], prepend: bool = False) -> RemovableHandle:
        """Call ``hook(module, grad_input, grad_output)`` once backward has the gradients of the positional arguments.

        If it returns something, backward goes on with that in place of ``grad_input``. An argument that is not a
        tensor has None, and if no argument requires grad, all have.
        """
        return self._register_hook(Hook("after backward", hook), prepend)

    def _register_hook(self, hook: Hook, prepend: bool) -> RemovableHandle:
        own: dict[int, Hook] = vars(self).setdefault("_hooks", {})
        return registered(own, hook, prepend)
