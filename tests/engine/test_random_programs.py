"""Programs that nobody thought of: random graphs of operations, views, in-place writes, detached parts and islands
where nothing is recorded. Their gradients are compared with central differences and, where it is installed, with
PyTorch.

A program is a list of steps, each an operation on some of the tensors so far. All tensors have the shape (3, 3) or one
that broadcasts with it, so that any two fit together. What a step does is bounded and smooth, so that differences are
accurate.
"""

from __future__ import annotations

import importlib.util
from typing import Any, NamedTuple

import numpy as np
from hypothesis import example, given, settings
from hypothesis import strategies as st

import tinygrad_scratch as tg

torch: Any = __import__("torch") if importlib.util.find_spec("torch") else None

SMOOTH = {
    "sin": lambda T, x, y: x.sin(),
    "tanh": lambda T, x, y: x.tanh(),
    "sigmoid": lambda T, x, y: x.sigmoid(),
    "exp": lambda T, x, y: (x * 0.3).tanh().exp(),
    "log": lambda T, x, y: (x * x + 1).log(),
    "sqrt": lambda T, x, y: (x * x + 1).sqrt(),
    "softmax": lambda T, x, y: x.softmax(-1),
    "add": lambda T, x, y: x + y,
    "subtract": lambda T, x, y: x - y * 0.5,
    "multiply": lambda T, x, y: x.tanh() * y.tanh(),
    "divide": lambda T, x, y: x / (y * y + 1),
    "power": lambda T, x, y: (x.tanh() + 1.5) ** 3 * 0.1,
    "matmul": lambda T, x, y: x.expand(3, 3).tanh() @ y.expand(3, 3).tanh(),
    "sum": lambda T, x, y: x.sum(0, keepdim=True).tanh(),
    "mean": lambda T, x, y: x.mean(-1, keepdim=True),
    "variance": lambda T, x, y: x.expand(3, 3).var(0, keepdim=True).tanh(),
    "cat": lambda T, x, y: T.cat([x.expand(3, 3)[:1], y.expand(3, 3)[1:]]),
    "where": lambda T, x, y: T.where(T.tensor([[True], [False], [True]]), x, y),
    "gather": lambda T, x, y: x.expand(3, 3)[T.tensor([0, 2, 0])],
    "detach": lambda T, x, y: x.detach() * y,
}
VIEWS = {
    "transpose": lambda T, x, y: x.transpose(0, 1),
    "row": lambda T, x, y: x[-1:],
    "column": lambda T, x, y: x[:, -1:],
    "expand": lambda T, x, y: x.expand(3, 3),
    "reshape": lambda T, x, y: x.reshape(-1).reshape(x.shape),
    "reversed rows": lambda T, x, y: x.transpose(0, 1)[:1].transpose(0, 1),
}
# Their results fit into x, which may be smaller than what it is combined with.
WRITES = {
    "multiply in place": lambda T, x, y: x.mul_(fit(y, x).tanh()),
    "add in place": lambda T, x, y: x.add_(fit(y, x)),
    "tanh in place": lambda T, x, y: x.tanh_(),
    "copy": lambda T, x, y: x.copy_(fit(y, x)),
    "set a row": lambda T, x, y: assigned(x, slice(0, 1), fit(y, x)[:1].tanh()),
    "set a column": lambda T, x, y: assigned(x, (slice(None), slice(0, 1)), fit(y, x)[:, :1] * 0.5),
    "set a masked part": lambda T, x, y: assigned(x, x > 0, 0.25),
    "zero": lambda T, x, y: x.zero_(),
}
STEPS: dict[str, Any] = {**SMOOTH, **VIEWS, **WRITES}


def fit(y: Any, x: Any) -> Any:
    """A copy of the part of ``y`` that has the shape of ``x``: PyTorch writes what it still reads, if they overlap."""
    return y.expand(3, 3)[: x.shape[0], : x.shape[1]] * 1.0


def assigned(x: Any, index: Any, value: Any) -> Any:
    x[index] = value
    return x


class Step(NamedTuple):
    operation: str
    first: int
    second: int
    is_recorded: bool = True


steps = st.builds(
    Step,
    st.sampled_from(sorted(STEPS)),
    st.integers(0, 30),
    st.integers(0, 30),
    st.sampled_from([True] * 9 + [False]),
)


def run(T: Any, program: list[Step], leaves: list[Any]) -> Any:
    """The result of the program, in one number. Leaves are not written to: each is used through a copy."""
    pool = [leaf * 1.0 for leaf in leaves]
    for step in program:
        x, y = pool[step.first % len(pool)], pool[step.second % len(pool)]
        if step.operation in WRITES and is_expanded(x):
            continue
        with T.enable_grad() if step.is_recorded else T.no_grad():
            result = STEPS[step.operation](T, x, y)
        if step.operation not in WRITES:
            pool.append(result)
    return sum((tensor.tanh().sum() for tensor in pool[1:]), pool[0].tanh().sum())


def is_expanded(x: Any) -> bool:
    """Whether several places of the tensor are the same memory, so that it cannot be written to."""
    strides = x.detach().numpy().strides if isinstance(x, tg.Tensor) else x.stride()
    return any(stride == 0 and size > 1 for stride, size in zip(strides, x.shape, strict=True))


def gradients(T: Any, program: list[Step], values: list[Any]) -> tuple[float, list[Any]] | str:
    leaves = [T.tensor(value, requires_grad=True) for value in values]
    try:
        result = run(T, program, leaves)
        result.backward()
    except RuntimeError as error:
        return str(error)
    return result.item(), [np.zeros((3, 3)) if leaf.grad is None else leaf.grad.numpy() for leaf in leaves]


def is_differentiable(program: list[Step]) -> bool:
    """Whether differences say what the gradient is: they see through detach, islands and masks by value."""
    return all(s.is_recorded and s.operation not in ("detach", "set a masked part") for s in program)


@settings(max_examples=150, deadline=None)
@given(st.lists(steps, min_size=1, max_size=20), st.integers(0, 2**32 - 1))
@example([Step("row", 0, 0), Step("multiply in place", 2, 1), Step("sin", 0, 0)], 0)
@example([Step("sin", 0, 0), Step("add in place", 0, 1)], 0)
@example([Step("transpose", 0, 0), Step("set a row", 2, 1), Step("reshape", 0, 0), Step("tanh in place", 3, 0)], 1)
def test_gradients_are_right(program: list[Step], seed: int) -> None:
    values = list(np.random.default_rng(seed).uniform(-1, 1, (2, 3, 3)))
    ours = gradients(tg, program, values)
    if torch is not None:
        compare_with_torch(ours, gradients(torch, program, values))
    if not isinstance(ours, str) and is_differentiable(program):
        compare_with_differences(program, values, ours[1])


def compare_with_torch(ours: Any, theirs: Any) -> None:
    if isinstance(theirs, str):
        # It refuses more than we must: we keep what an in-place operation read, and not the memory that it wrote.
        return
    assert not isinstance(ours, str), f"PyTorch has a result, but we say {ours}"
    np.testing.assert_allclose(ours[0], theirs[0], rtol=1e-10)
    for mine, other in zip(ours[1], theirs[1], strict=True):
        np.testing.assert_allclose(mine, other, rtol=1e-7, atol=1e-9)


def compare_with_differences(program: list[Step], values: list[Any], found: list[Any]) -> None:
    """Of the derivative in a random direction: of every direction at once, it would take eighteen times as long."""
    directions = np.random.default_rng(0).standard_normal((2, 3, 3))
    with tg.no_grad():
        up, down = (
            run(tg, program, [tg.tensor(v + sign * 1e-6 * d) for v, d in zip(values, directions, strict=True)]).item()
            for sign in (1, -1)
        )
    expected = sum((gradient * d).sum() for gradient, d in zip(found, directions, strict=True))
    np.testing.assert_allclose((up - down) / 2e-6, expected, rtol=1e-5, atol=1e-7)


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 20), st.integers(1, 6), st.integers(0, 1000))
def test_fan_out(width: int, depth: int, seed: int) -> None:
    """Each layer uses the one before many times."""
    value = np.random.default_rng(seed).uniform(-1, 1, 3)

    def function(x: Any) -> Any:
        for _ in range(depth):
            x = sum((x * (k / width) for k in range(1, width)), x.sin()) / width
        return x.sum()

    x = tg.tensor(value, requires_grad=True)
    function(x).backward()
    steps = [np.where(np.arange(3) == i, 1e-6, 0) for i in range(3)]
    expected = [(function(tg.tensor(value + h)) - function(tg.tensor(value - h))).item() / 2e-6 for h in steps]
    np.testing.assert_allclose(x.grad.numpy(), expected, rtol=1e-5, atol=1e-8)
