"""`Optimizer`: what all optimizers share. Each one adds only its options and its update rule."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from copy import deepcopy
from functools import partial
from typing import Any

import numpy as np

from tinygrad_scratch import Tensor, as_tensor, enable_grad
from tinygrad_scratch.engine import Array
from tinygrad_scratch.nn.optim.bucket import Bucket, Scalars, State, shared_out

Group = dict[str, Any]


class Optimizer:
    """The base of all optimizers: parameter groups, their state, and the loop of a step.

    ``params`` are tensors, or groups: dicts with the tensors under "params" and options that differ from ``defaults``.
    A subclass writes `_update`, which turns gradients into the change that is to be subtracted.

    Raises ValueError if there are no parameters, one occurs twice, or an option is out of its range; TypeError if one
    is not a tensor.
    """

    def __init__(self, params: Iterable[Tensor] | Iterable[Group], defaults: Mapping[str, Any]) -> None:
        self.defaults = dict(defaults)
        self.param_groups: list[Group] = []
        self._active: list[list[Bucket]] = []  # for each group, those whose parameters had gradients in the last step
        self._idle: list[list[Bucket]] = []
        # What the active buckets of each group are made for: what is kept, and the identities of the parameters.
        self._made_for: list[list[Any]] = []
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

    def zero_grad(self, set_to_none: bool = True) -> None:
        """Forget the gradients of all parameters or, without ``set_to_none``, fill them with zeros."""
        for group in self.param_groups:
            for parameter in group["params"]:
                if set_to_none:
                    parameter._grad = None
                elif parameter.grad is not None:
                    parameter.grad.zero_()

    def step(self, closure: Callable[[], Any] | None = None) -> Any:
        """Change each parameter that has a gradient. ``closure``, if given, is called first; its loss is returned."""
        self.has_stepped = True
        loss = None
        if closure is not None:
            with enable_grad():
                loss = closure()
        for place, group in enumerate(self.param_groups):
            decays_apart = self._decays_apart(group)
            for bucket in self._buckets_with_gradients(place):
                if bucket.scalars:
                    self._update_scalars(bucket.scalars, bucket.steps + 1, group)
                bucket.step(
                    partial(self._update, group=group),
                    weight_decay=0 if decays_apart else group["weight_decay"],
                    shrinking=1 - group["lr"] * group["weight_decay"] if decays_apart else 1,
                    maximize=group["maximize"],
                    name=f"{self._name}.step",
                )
        return loss

    def _update(self, gradient: Array, change: Array, scratch: Array, state: State, step: int, group: Group) -> None:
        """Write into ``change`` what is to be subtracted, given the ``gradient``, which is only read.

        ``state`` holds the arrays that `_state_names` lists, which were zeros before the first ``step`` (which is 1),
        and the scalars; ``scratch`` is memory to use. All arrays have the same shape. A large parameter comes in
        several parts.
        """
        raise NotImplementedError(f"{self._name} has no update rule")

    def _state_names(self, group: Group) -> tuple[str, ...]:
        """The names of the arrays, each like the parameter, that are kept from step to step."""
        raise NotImplementedError(f"{self._name} does not say what it keeps")

    def _initial_scalars(self) -> dict[str, float]:
        """The numbers that are kept for each parameter from step to step, with their values before the first."""
        return {}

    def _update_scalars(self, scalars: Scalars, step: int, group: Group) -> None:
        """Update ``scalars``, in place: called once in each step, before `_update`."""

    def _check_options(self, group: Group) -> None:
        self._check_not_negative(group, "lr", "weight_decay")

    def _check_not_negative(self, group: Group, *names: str) -> None:
        for name in names:
            if not group[name] >= 0:
                raise ValueError(f"{self._name}: {name} must not be negative, got {group[name]}")

    def _check_share(self, group: Group, name: str) -> None:
        if not 0 <= group[name] <= 1:
            raise ValueError(f"{self._name}: {name} must lie in [0, 1], got {group[name]}")

    def _check_betas(self, group: Group) -> None:
        betas = group["betas"]
        if len(betas) != 2 or not all(0 <= beta < 1 for beta in betas):
            raise ValueError(f"{self._name}: betas must be two numbers in [0, 1), got {betas}")

    def _decays_apart(self, group: Group) -> bool:
        """Whether weight decay shrinks the parameters directly, instead of being added to the gradients."""
        return False

    # The buckets

    def _buckets_with_gradients(self, place: int) -> list[Bucket]:
        group = self.param_groups[place]
        wanted = [parameter for parameter in group["params"] if parameter._grad is not None]
        made_for = [self._state_names(group), *map(id, wanted)]
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
        kept = (name for state in known.values() for name in state)
        names = dict.fromkeys((*self._state_names(self.param_groups[place]), *kept))

        def sorted_into_buckets(parameters: list[Tensor]) -> list[Bucket]:
            alike: dict[Any, list[Tensor]] = {}
            for parameter in parameters:
                numbers = tuple(map(float, scalars.get(parameter, initial_scalars).values()))
                alike.setdefault((parameter.dtype, steps.get(parameter, 0), numbers), []).append(parameter)
            return [
                Bucket(members, steps.get(members[0], 0), scalars.get(members[0], initial_scalars), names, known)
                for parameters in alike.values()
                for members in shared_out(parameters)
            ]

        self._active[place] = sorted_into_buckets(wanted)
        self._idle[place] = sorted_into_buckets(waiting)

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
        kept = {name: value for name, value in state.items() if name != "step" and value is not None}
        missing = {*self._state_names({**self.defaults, **options}), *initial_scalars} - kept.keys()
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
        return Bucket([parameter], steps, scalars, tuple(arrays), {parameter: arrays})


def _as_arrays(scalars: Mapping[str, float]) -> Scalars:
    """In float32, which PyTorch keeps such numbers in, too."""
    return {name: np.asarray(value, np.float32) for name, value in scalars.items()}
