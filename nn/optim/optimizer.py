"""`Optimizer`: what all optimizers share. Each one adds only its options and its update rule."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from copy import deepcopy
from functools import partial
from types import SimpleNamespace
from typing import Any

import numpy as np

from tinygrad_scratch import Tensor, as_tensor, enable_grad, no_grad
from tinygrad_scratch.engine import OBSERVERS, flushing_denormals, make_tensor, quietly, write
from tinygrad_scratch.nn.optim.bucket import Bucket, Scalars, sorted_into_buckets
from tinygrad_scratch.nn.optim.expression import Program, written_out

Group = dict[str, Any]

# What decays ends among the denormals, which are slow. One step that flushes makes zeros of all that have gathered
# there; if every step did, a small model would take 4 % longer.
FLUSHING_EVERY = 64


class Optimizer:
    """The base of all optimizers: parameter groups, their state, and the loop of a step.

    ``params`` are tensors, or groups: dicts with the tensors under "params" and options that differ from ``defaults``.
    A subclass states its `update`. In every 64th step of a parameter, denormals in it and its state become zeros.

    Raises ValueError if there are no parameters, one occurs twice, or an option is out of its range; TypeError if one
    is not a tensor.
    """

    def __init__(self, params: Iterable[Tensor] | Iterable[Group], defaults: Mapping[str, Any]) -> None:
        self.defaults = dict(defaults)
        self.param_groups: list[Group] = []
        self._active: list[list[Bucket]] = []  # for each group, those whose parameters had gradients in the last step
        self._idle: list[list[Bucket]] = []
        self._made_for: list[list[int]] = []  # the identities of the parameters in the active buckets of each group
        self._programs: list[Program] = []  # the update rule written out, the latest first
        self.has_stepped = False
        if isinstance(params, Tensor):
            raise TypeError(
                f"{self._name}: params is an iterable of tensors or groups, not a single tensor; write [tensor]"
            )
        given: list[Any] = list(params)
        if not given:
            raise ValueError(f"{self._name}: there are no parameters to optimize")
        for group in given if isinstance(given[0], dict) else [{"params": given}]:
            self.add_param_group(group)

    def __repr__(self) -> str:
        lines = []
        for place, group in enumerate(self.param_groups):
            lines.append(f"Parameter Group {place}")
            lines += [f"    {name}: {group[name]}" for name in sorted(group) if name != "params"]
        return "\n".join([f"{self._name} (", *lines, ")"])

    @property
    def _name(self) -> str:
        return type(self).__name__

    def add_param_group(self, param_group: Group) -> None:
        """Optimize the tensors in ``param_group`` too, with its options."""
        if "params" not in param_group:
            raise ValueError(
                f"{self._name}: a group has its parameters under 'params', but has only {list(param_group)}"
            )
        params = param_group["params"]
        params = [params] if isinstance(params, Tensor) else list(params)
        group = {**self.defaults, **param_group, "params": params}
        known = {id(parameter) for other in self.param_groups for parameter in other["params"]}
        if not params:
            raise ValueError(f"{self._name}: a group has no parameters to optimize")
        for parameter in params:
            if not isinstance(parameter, Tensor):
                raise TypeError(f"{self._name}: expected tensors to optimize, got {type(parameter).__name__}")
            if not parameter.is_leaf:
                raise ValueError(f"{self._name}: only leaves can be optimized, not a result of {parameter.node!r}")
            if id(parameter) in known:
                raise ValueError(f"{self._name}: a parameter of shape {parameter.shape} is given twice")
            known.add(id(parameter))
        self._check_options(group)
        self.param_groups.append(group)
        self._active.append([])
        self._idle.append([])
        self._made_for.append([])

    def __getstate__(self) -> dict[str, Any]:
        """What a copy or pickle holds: not what is found out anew at its next step."""
        return {**vars(self), "_programs": [], "_made_for": [[] for _ in self.param_groups]}

    def zero_grad(self, set_to_none: bool = True) -> None:
        """Forget the gradients of all parameters or, without ``set_to_none``, fill them with zeros."""
        for group in self.param_groups:
            for parameter in group["params"]:
                if set_to_none:
                    parameter._grad = None
                elif parameter.grad is not None:
                    parameter.grad.detach_().zero_()

    def step(self, closure: Callable[[], Any] | None = None) -> Any:
        """Change each parameter that has a gradient. ``closure``, if given, is called first; its loss is returned."""
        self.has_stepped = True
        loss = None
        if closure is not None:
            with enable_grad():
                loss = closure()
        name = f"{self._name}.step"
        for place, group in enumerate(self.param_groups):
            step, found = 0, None
            for bucket in self._buckets_with_gradients(place):
                bucket.steps += 1
                if found is None or bucket.steps != step or bucket.scalars:  # else what was found for the last will do
                    step = bucket.steps
                    found = self._program(step, bucket.scalars, group)
                program, numbers, scalars = found
                seen = OBSERVERS.get()
                update: Callable[..., None] = self._update_seen if seen else bucket.update
                if bucket.steps % FLUSHING_EVERY == 0:
                    update = partial(_flushing, update)
                if seen:
                    bucket.keep(program.state_names)
                    update(bucket, group, name)
                else:
                    quietly(update, program, numbers, name)
                for scalar, value in scalars.items():
                    bucket.scalars[scalar][...] = value
        return loss

    @staticmethod
    def update(parameter: Any, gradient: Any, state: Any, step: Any, options: Any) -> Any:
        """What ``parameter`` becomes, given its ``gradient``: an expression in operators and NumPy functions.

        It runs on arrays and on Tensors, and on what stands for them (`tinygrad_scratch.nn.optim.expression`).
        ``state`` has as attributes what is kept from step to step, which is set anew here: arrays like the parameter,
        zeros before the first ``step`` (which is 1), and the numbers of `_initial_scalars`. ``options`` are those of
        the group. Weight decay and the sign of the gradient have been seen to.
        """
        raise NotImplementedError("an optimizer needs an update rule")

    @classmethod
    def _whole_update(cls, parameter: Any, gradient: Any, state: Any, step: Any, options: Any) -> Any:
        if getattr(options, "maximize", False):
            gradient = -gradient
        if getattr(options, "weight_decay", 0):
            if getattr(options, "decoupled_weight_decay", False):
                parameter = parameter * (1 - options.lr * options.weight_decay)
            else:
                gradient = gradient + options.weight_decay * parameter
        return cls.update(parameter, gradient, state, step, options)

    def _program(self, step: int, scalars: Scalars, options: Group) -> tuple[Program, Any, Any]:
        """The program whose guards hold, with the numbers of this step and the new values of the scalars."""
        for program in self._programs:
            found = program.numbers(step, scalars, options)
            if found is not None:
                return program, *found
        title = f"the update of {self._name}, program {len(self._programs)}"
        self._programs.insert(0, written_out(self._whole_update, title, step, scalars, options))
        return self._program(step, scalars, options)

    @no_grad()
    def _update_seen(self, bucket: Bucket, group: Group, name: str) -> None:
        """The update of each parameter by operations on Tensors, which observers see; the same to the last bit."""
        options = SimpleNamespace(**{name: _plain(option) for name, option in group.items() if name != "params"})
        for parameter, arrays in bucket.states():
            tensors = {key: make_tensor(array) for key, array in arrays.items()}
            state = _State(tensors, bucket.scalars)
            write(parameter, self._whole_update(parameter, parameter._grad, state, bucket.steps, options), name)
            for key, value in state.changed.items():
                write(tensors[key], value, name)

    def _initial_scalars(self) -> dict[str, float]:
        """The numbers that are kept for each parameter from step to step, with their values before the first."""
        return {}

    def _check_options(self, group: Group) -> None:
        for name, (is_right, what) in _RANGES.items():
            if name in group and not is_right(group[name]):
                raise ValueError(f"{self._name}: {name} must {what}, got {group[name]}")

    # The buckets

    def _buckets_with_gradients(self, place: int) -> list[Bucket]:
        group = self.param_groups[place]
        wanted = [parameter for parameter in group["params"] if parameter._grad is not None]
        made_for = list(map(id, wanted))
        if made_for != self._made_for[place]:
            self._made_for[place] = made_for
            self._regroup(place, wanted)
        return self._active[place]

    def _regroup(self, place: int, wanted: list[Tensor]) -> None:
        """Sort the parameters of a group into buckets anew, after other ones than before came to have gradients.

        What has been kept stays so, even if an option says that it is not needed now.
        """
        buckets = self._active[place] + self._idle[place]
        steps = {parameter: bucket.steps for bucket in buckets for parameter in bucket.parameters}
        scalars = {parameter: bucket.scalars for bucket in buckets for parameter in bucket.parameters}
        initial_scalars = _as_arrays(self._initial_scalars())
        known = {parameter: state for bucket in buckets for parameter, state in bucket.states()}
        waiting = [parameter for parameter in known if not any(parameter is other for other in wanted)]

        def in_buckets(parameters: list[Tensor]) -> list[Bucket]:
            alike: dict[Any, list[Tensor]] = {}
            for parameter in parameters:
                numbers = tuple(map(float, scalars.get(parameter, initial_scalars).values()))
                alike.setdefault((parameter.dtype, steps.get(parameter, 0), numbers), []).append(parameter)
            return [
                Bucket(members, steps.get(members[0], 0), scalars.get(members[0], initial_scalars), known)
                for parameters in alike.values()
                for members in sorted_into_buckets(parameters)
            ]

        self._active[place] = in_buckets(wanted)
        self._idle[place] = in_buckets(waiting)

    # The state

    @property
    def state(self) -> dict[Tensor, dict[str, Any]]:
        """For each parameter that has been changed, the number of steps, and the tensors kept for it."""
        return {
            parameter: {
                "step": bucket.steps,
                **{name: as_tensor(array) for name, array in (*bucket.scalars.items(), *state.items())},
            }
            for buckets in (*self._active, *self._idle)
            for bucket in buckets
            for parameter, state in bucket.states()
        }

    def state_dict(self) -> dict[str, Any]:
        """The options of the groups, and under its number the state of each parameter, which is shared."""
        parameters = [parameter for group in self.param_groups for parameter in group["params"]]
        number = {parameter: i for i, parameter in enumerate(parameters)}
        groups = [{**group, "params": [number[p] for p in group["params"]]} for group in self.param_groups]
        state = {number[parameter]: state for parameter, state in self.state.items()}
        return {"state": dict(sorted(state.items())), "param_groups": groups}

    def load_state_dict(self, state_dict: Mapping[str, Any]) -> None:
        """Take over the options and state in ``state_dict``.

        ValueError, before anything is changed, if it comes from another kind of optimizer, or from other groups or
        shapes of parameters.
        """
        given = state_dict["param_groups"]
        counts, expected = [[len(group["params"]) for group in groups] for groups in (given, self.param_groups)]
        if counts != expected:
            raise ValueError(f"{self._name}: the state is for groups of {counts} parameters, here they have {expected}")
        options = [self._checked_options(group) for group in given]
        buckets = [
            [
                self._loaded_bucket(parameter, state_dict["state"][number], saved)
                for parameter, number in zip(group["params"], saved["params"], strict=True)
                if number in state_dict["state"]
            ]
            for group, saved in zip(self.param_groups, given, strict=True)
        ]
        for group, changes in zip(self.param_groups, options, strict=True):
            group.update(changes)
        self._active, self._made_for = [[] for _ in buckets], [[] for _ in buckets]
        self._idle = buckets

    def _checked_options(self, saved: Mapping[str, Any]) -> dict[str, Any]:
        """A copy of the options of a ``saved`` group."""
        flags = {name for name, default in self.defaults.items() if isinstance(default, bool)}
        missing = self.defaults.keys() - saved.keys() - flags  # an older file may know nothing of a flag
        if missing:
            raise ValueError(
                f"{self._name}: the state has no {', '.join(sorted(missing))}; is it of another kind of optimizer?"
            )
        options = {name: deepcopy(value) for name, value in saved.items() if name != "params"}
        self._check_options({**self.defaults, **options})
        return options

    def _loaded_bucket(self, parameter: Tensor, state: Mapping[str, Any], options: Mapping[str, Any]) -> Bucket:
        """A bucket for ``parameter`` alone, with its saved ``state``."""
        initial_scalars = self._initial_scalars()
        program, *_ = self._program(2, _as_arrays(initial_scalars), {**self.defaults, **options})
        kept = {name: value for name, value in state.items() if name != "step" and value is not None}
        missing = {*program.state_names, *initial_scalars} - kept.keys()
        if missing:
            raise ValueError(
                f"{self._name}: the state of a parameter has no {', '.join(sorted(missing))}; "
                "is it of another kind of optimizer?"
            )
        scalars = _as_arrays({name: float(kept.pop(name)) for name in initial_scalars})
        arrays = {name: value.numpy() for name, value in kept.items()}
        for name, array in arrays.items():
            if array.shape != parameter.shape:
                raise ValueError(
                    f"{self._name}: the state has a {name} of shape {array.shape}, "
                    f"for a parameter of shape {parameter.shape}"
                )
        steps = int(state.get("step", bool(arrays)))
        return Bucket([parameter], steps, scalars, {parameter: arrays})


class _State(SimpleNamespace):
    """The state of a parameter for an update on Tensors; in ``changed`` is what the update has set."""

    def __init__(self, tensors: Mapping[str, Tensor], scalars: Scalars) -> None:
        super().__init__(**tensors, **{name: value[()] for name, value in scalars.items()})
        self.__dict__["changed"] = {}

    def __setattr__(self, name: str, value: Any) -> None:
        if isinstance(value, Tensor):
            self.changed[name] = value
        else:
            value = float(value)
        super().__setattr__(name, value)


def _flushing(update: Callable[..., None], *arguments: Any) -> None:
    with flushing_denormals():
        update(*arguments)


def _plain(option: Any) -> Any:
    """An option without tensors and NumPy's numbers, whose dtypes would have a say in the update."""
    if isinstance(option, tuple | list):
        return tuple(map(_plain, option))
    return option.item() if isinstance(option, Tensor | np.ndarray | np.generic) else option


def _is_not_negative(value: Any) -> bool:
    return value >= 0  # type: ignore[no-any-return]


def _is_fraction(value: Any) -> bool:
    return 0 <= value <= 1  # type: ignore[no-any-return]


def _are_betas(betas: Any) -> bool:
    return len(betas) == 2 and all(0 <= beta < 1 for beta in betas)


# What options may be, whichever optimizers have them.
_NOT_NEGATIVE = (_is_not_negative, "not be negative")
_RANGES = {
    **dict.fromkeys(("lr", "weight_decay", "eps", "momentum", "momentum_decay", "lr_decay"), _NOT_NEGATIVE),
    "initial_accumulator_value": _NOT_NEGATIVE,
    "alpha": (_is_fraction, "lie in [0, 1]"),
    "rho": (_is_fraction, "lie in [0, 1]"),
    "betas": (_are_betas, "be two numbers in [0, 1)"),
}


def _as_arrays(scalars: Mapping[str, float]) -> Scalars:
    """In float32, which PyTorch keeps such numbers in, too."""
    return {name: np.asarray(value, np.float32) for name, value in scalars.items()}
