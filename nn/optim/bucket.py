"""`Bucket`: several parameters as one flat array.

The update of a small parameter costs mostly the calls that make it, that of a large one mostly memory traffic. As one
flat array they share the calls, and blocks of it that fit the processor's cache save the traffic.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from tinygrad_scratch import Tensor
from tinygrad_scratch.record.tensor import Array
from tinygrad_scratch.record.writes import note_write

State = Mapping[str, Array]
Scalars = Mapping[str, Array]  # of shape ()

_BLOCK = 32_768  # elements


class Bucket:
    """Parameters of one dtype that have taken equally many steps; gradient and state of all of them are flat arrays.

    ``known`` gives for a parameter the state that it already has; what is not known starts as zeros. ``scalars`` are
    numbers that are kept, too, and are the same for all of the parameters; the bucket has its own copies.
    """

    def __init__(
        self,
        parameters: Sequence[Tensor],
        steps: int,
        scalars: Scalars,
        state_names: Sequence[str],
        known: Mapping[Tensor, State],
    ) -> None:
        self.parameters = list(parameters)
        self.steps = steps
        self.scalars = {name: value.copy() for name, value in scalars.items()}
        ends = np.cumsum([parameter.numel() for parameter in parameters]).tolist()
        self._bounds = list(zip([0, *ends], ends, strict=False))
        size, dtype = ends[-1], parameters[0].dtype
        self.gradient = np.empty(size, dtype)
        self.state = {name: np.zeros(size, dtype) for name in state_names}
        self._scratch = np.empty(min(size, _BLOCK), dtype)
        self._gradients = self._views(self.gradient)
        for parameter, state in self.states():
            for name in state.keys() & known.get(parameter, {}).keys():
                state[name][...] = known[parameter][name]

    def _views(self, flat: Array) -> list[Array]:
        """The part of ``flat`` that belongs to each parameter, in its shape."""
        pairs = zip(self._bounds, self.parameters, strict=True)
        return [flat[start:stop].reshape(parameter.shape) for (start, stop), parameter in pairs]

    def states(self) -> Iterator[tuple[Tensor, State]]:
        """Each parameter with its state, in its shape."""
        views = {name: self._views(flat) for name, flat in self.state.items()}
        for place, parameter in enumerate(self.parameters):
            yield parameter, {name: of_all[place] for name, of_all in views.items()}

    def collect_gradients(self, weight_decay: float, maximize: bool) -> None:
        """Fill ``gradient`` with the parameters' gradients, plus weight_decay · parameter; negated to ``maximize``."""
        for parameter, into in zip(self.parameters, self._gradients, strict=True):
            gradient: Array = parameter.grad.data  # type: ignore[union-attr]
            if maximize:
                gradient = np.negative(gradient, out=into)
            if weight_decay:
                np.add(np.multiply(parameter.data, weight_decay), gradient, out=into)
            elif gradient is not into:
                into[...] = gradient

    def blocks(self) -> Iterator[tuple[Array, State, Array]]:
        """Gradient, state (with the scalars) and scratch memory of a block at a time."""
        for start in range(0, self.gradient.size, _BLOCK):
            block = slice(start, start + _BLOCK)
            gradient = self.gradient[block]
            state = {name: flat[block] for name, flat in self.state.items()} | self.scalars
            yield gradient, state, self._scratch[: gradient.size]

    def subtract_gradients(self, shrinking: float, name: str) -> None:
        """Subtract what is in ``gradient`` by now from the parameters, which are first multiplied by ``shrinking``."""
        for parameter, change in zip(self.parameters, self._gradients, strict=True):
            values = parameter.data
            if shrinking != 1:
                values *= shrinking
            values -= change
            note_write(values, name)
