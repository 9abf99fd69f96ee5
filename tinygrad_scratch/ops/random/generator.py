"""Where random numbers come from: `Generator`, and the default one."""

from __future__ import annotations

from io import BytesIO

import numpy as np

from tinygrad_scratch.device import Device, check_device
from tinygrad_scratch.record.operation import public
from tinygrad_scratch.record.tensor import Tensor, make_tensor


class Generator:
    """A source of random numbers: the same seed gives the same numbers, on every machine.

    It starts from a seed taken from the system, until `manual_seed` is called.

    >>> first, second = Generator().manual_seed(1), Generator().manual_seed(1)
    >>> bool((tg.rand(3, generator=first) == tg.rand(3, generator=second)).all())
    True
    """

    def __init__(self, device: Device = None) -> None:
        check_device(device)
        self.seed()

    def seed(self) -> int:
        """Start anew from a seed that the system gives; returns it."""
        seed = int(np.random.SeedSequence().generate_state(1, np.uint64)[0] >> 1)
        self.manual_seed(seed)
        return seed

    def manual_seed(self, seed: int) -> Generator:
        """Start anew from ``seed``, a whole number (negative ones are taken modulo 2⁶⁴); returns the generator."""
        self._seed = int(seed) % 2**64
        self.numpy = np.random.Generator(np.random.PCG64(self._seed))
        return self

    def initial_seed(self) -> int:
        """The seed that the generator last started from."""
        return self._seed

    def get_state(self) -> Tensor:
        """Where the generator stands: a tensor of bytes, for `set_state`."""
        state = self.numpy.bit_generator.state
        numbers = {**state, **state["state"], "seed": self._seed}
        data = b"".join(numbers[name].to_bytes(size, "little") for name, size in _STATE_LAYOUT.items())
        return make_tensor(np.frombuffer(data, np.uint8).copy())

    def set_state(self, state: Tensor) -> Generator:
        """Go on from where `get_state` was called; returns the generator. ValueError for anything but such a state."""
        total = sum(_STATE_LAYOUT.values())
        if state.dtype != np.uint8 or state.numel() != total:
            raise ValueError(
                f"set_state: expected the {total} bytes that get_state gives, got {state.dtype} {state.shape}"
            )
        data = BytesIO(state.numpy().tobytes())
        number = {name: int.from_bytes(data.read(size), "little") for name, size in _STATE_LAYOUT.items()}
        self._seed = number["seed"]
        self.numpy.bit_generator.state = {
            "bit_generator": "PCG64",
            "state": {"state": number["state"], "inc": number["inc"]},
            "has_uint32": number["has_uint32"],
            "uinteger": number["uinteger"],
        }
        return self


# The parts of a generator's state, in order, and how many bytes each takes.
_STATE_LAYOUT = {"state": 16, "inc": 16, "uinteger": 4, "has_uint32": 1, "seed": 8}

default_generator = Generator()


@public(is_method=False)
def manual_seed(seed: int) -> Generator:
    """Have the default generator start anew from ``seed``; returns it. The same seed gives the same numbers.

    >>> first = tg.manual_seed(0) and tg.rand(3)
    >>> second = tg.manual_seed(0) and tg.rand(3)
    >>> (first == second).tolist()
    [True, True, True]
    """
    return default_generator.manual_seed(seed)


@public(is_method=False)
def seed() -> int:
    """Have the default generator start anew from a seed that the system gives; returns it.

    >>> isinstance(tg.seed(), int)
    True
    """
    return default_generator.seed()


@public(is_method=False)
def initial_seed() -> int:
    """The seed that the default generator last started from.

    >>> tg.manual_seed(7).initial_seed() == tg.initial_seed()
    True
    """
    return default_generator.initial_seed()


@public(is_method=False)
def get_rng_state() -> Tensor:
    """Where the default generator stands: see `Generator.get_state`.

    >>> tg.get_rng_state().dtype
    dtype('uint8')
    """
    return default_generator.get_state()


@public(is_method=False)
def set_rng_state(new_state: Tensor) -> None:
    """Have the default generator go on from where `get_rng_state` was called.

    >>> state = tg.get_rng_state()
    >>> before = tg.rand(2)
    >>> tg.set_rng_state(state)
    >>> tg.equal(tg.rand(2), before)
    True
    """
    default_generator.set_state(new_state)


def numpy_generator(generator: Generator | None) -> np.random.Generator:
    """The NumPy generator inside ``generator``, or inside the default one."""
    return (generator or default_generator).numpy
