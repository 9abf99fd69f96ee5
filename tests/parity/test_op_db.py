"""PyTorch's own samples of every operator that is here too: the same values, dtypes and gradients.

`op_db` is the table from which PyTorch tests itself. Each of its samples agrees here, or is refused with a reason. The
last test prints how many do; ``pytest -s`` shows it.
"""

from __future__ import annotations

import random
import warnings
from collections.abc import Callable
from functools import cache
from types import FunctionType
from typing import Any

import numpy as np
import pytest

import tinygrad_scratch as tg

torch = pytest.importorskip("torch", reason="needs PyTorch: pip install -e .[peers]")
pytest.importorskip("expecttest", reason="PyTorch's samples need it: pip install -e .[peers]")
with pytest.MonkeyPatch.context() as patch:
    # This import would forbid all that follows to set PyTorch's flags, as scripts do.
    patch.setattr(torch.backends, "disable_global_flags", lambda: None)
    from torch.testing._internal.common_methods_invocations import op_db

CONVERSIONS = ("bool", "byte", "char", "double", "float", "half", "int", "long", "short", "to")
TIES = "which of several equal values it names is left open by PyTorch; here the first, or for mode the last"
FRACTIONS = "PyTorch cuts off the fraction of a factor of integers, 0.6 becomes 0; here the result is floating point"
BOOLEANS = "there is no arithmetic of booleans"
SIGNS = "targets other than 1 and -1 are taken for a mistake"
INTEGERS = "integer predictions are taken for a mistake: such a loss has no gradient"
HALF = "PyTorch gives gradients to the half of the triangular factor that it does not read"
FORMATS = "the order of dimensions in memory is NumPy's, and not a dtype's business"

# Operator: part of what `disagreements` says of some of its samples, and why it is left so.
REFUSED: dict[str, dict[str, str]] = {
    "__rpow__": {"Integers to negative integer powers": "PyTorch gives 0 for the fraction"},
    "addbmm": {"int64: values are float32": FRACTIONS},
    "addmv": {"int64: values are float32": FRACTIONS},
    "addr": {"bool: values are int64": BOOLEANS},
    "argsort": {"bool: values differ": TIES},
    "baddbmm": {"int64: values are float32": FRACTIONS},
    **{name: {"unexpected keyword argument 'memory_format'": FORMATS} for name in CONVERSIONS},
    "cholesky_inverse": {"gradients differ": HALF},
    "cholesky_solve": {"gradients differ": HALF},
    "kthvalue": {"int64: values differ": TIES},
    "mode": {"int64: values differ": TIES, "bool: values differ": TIES},
    "nn.functional.cosine_embedding_loss": {"they must be one floating dtype": INTEGERS},
    "nn.functional.dropout2d": {"dropout1d says so": "a warning, as in PyTorch"},
    "nn.functional.embedding": {"there are no sparse gradients": "there are no sparse tensors"},
    "nn.functional.embedding_bag": {"there are no sparse gradients": "there are no sparse tensors"},
    "nn.functional.batch_norm": {"not one of shape (0,)": "an input without channels has none to normalize"},
    "nn.functional.gaussian_nll_loss": {"but targets of shape": "nothing is broadcast into a loss"},
    "nn.functional.hardsigmoid": {"float64: gradients differ": "PyTorch computes with the digits of float32"},
    "nn.functional.hinge_embedding_loss": {"targets are 1 or -1": SIGNS},
    "nn.functional.local_response_norm": {
        "int64: values are float32": "integers become floating point without values, too"
    },
    "nn.functional.margin_ranking_loss": {"targets are 1 or -1": SIGNS, "they must be one floating dtype": INTEGERS},
    "nn.functional.poisson_nll_loss": {"they must be one floating dtype": INTEGERS},
    "nn.functional.soft_margin_loss": {"targets are 1 or -1": SIGNS},
    "nn.functional.triplet_margin_loss": {"they must be one floating dtype": INTEGERS},
    "nn.functional.triplet_margin_with_distance_loss": {"they must be one floating dtype": INTEGERS},
    "normal": {"unexpected keyword argument 'layout'": FORMATS},
    "sgn": {"bool: TypeError": BOOLEANS},
    "sign": {"bool: TypeError": BOOLEANS},
    "sort": {"bool: values differ": TIES},
    "square": {"bool: values are int8": BOOLEANS},
    "tensordot": {"differ in size": "of the dimensions of a product, size 1 is not broadcast against another"},
    "topk": {"int64: values differ": TIES},
}
# Operator: why it takes what PyTorch refuses.
ACCEPTED = {
    "linalg.cross": "dimensions that one of them lacks are broadcast",
    "narrow": "True is an integer in Python",
}
# Random, or not yet written: their shapes and dtypes are compared.
WITHOUT_VALUES = {
    *("bernoulli", "multinomial", "normal", "randint", "randint_like", "rand_like", "randn", "randn_like", "randperm"),
    *("empty", "empty_like", "new_empty", "nn.functional.rrelu", "nn.functional.dropout"),
    *("nn.functional.alpha_dropout", "nn.functional.feature_alpha_dropout"),
    *("nn.functional.dropout2d", "nn.functional.dropout3d"),
    # Half of the samples of these drop weights.
    *("nn.functional.multi_head_attention_forward", "nn.functional.scaled_dot_product_attention"),
}
DTYPES = (torch.float64, torch.float32, torch.int64, torch.bool)
# The relative error that is rounding, by the coarsest of the floating dtypes that took part.
TOLERANCES = {torch.float64: 1e-8, torch.float32: 2e-4, torch.float16: 1e-2, torch.bfloat16: 1e-1}


def named(package: Any, path: str) -> Any:
    """The function ``path``, such as "linalg.svd", of a package, or that method of its Tensor; None without either."""
    place = package
    for name in path.split("."):
        place = getattr(place, name, None)
    return place or getattr(package.Tensor, path, None)


def shared() -> dict[str, list[Any]]:
    """The operators that are here too by name, each with its entries in PyTorch's table."""
    entries: dict[str, list[Any]] = {}
    for entry in op_db:
        if named(tg, entry.name):
            entries.setdefault(entry.name, []).append(entry)
    return entries


SHARED = shared()


def counterpart(entry: Any) -> Callable[..., Any]:
    """Our function for an entry; where PyTorch wraps its own in a lambda, the same lambda around ours."""
    wrapper = entry.op
    if getattr(wrapper, "__name__", "") != "<lambda>":
        return named(tg, entry.name)  # type: ignore[no-any-return]
    names = {**wrapper.__globals__, "torch": tg}
    return FunctionType(wrapper.__code__, names, "<lambda>", wrapper.__defaults__, wrapper.__closure__)


def converted(value: Any) -> Any:
    """An argument of PyTorch's as one of ours."""
    if isinstance(value, torch.Tensor):
        return tg.tensor(value.detach().numpy(), requires_grad=value.requires_grad)
    if isinstance(value, torch.dtype):
        return getattr(tg, str(value).removeprefix("torch."))
    if isinstance(value, torch.Size):
        return tuple(value)
    if isinstance(value, torch.nn.Module):
        return getattr(tg.nn, type(value).__name__)()
    if isinstance(value, list | tuple):
        return type(value)(map(converted, value))
    if isinstance(value, dict):
        return {key: converted(part) for key, part in value.items()}
    return value


def parts(value: Any) -> list[Any]:
    """The values in nested tuples, lists and dictionaries."""
    if isinstance(value, dict):
        value = list(value.values())
    return [part for one in value for part in parts(one)] if isinstance(value, list | tuple) else [value]


def assert_alike(mine: Any, other: Any, what: str) -> None:
    """The same dtype and shape."""
    assert isinstance(mine, tg.Tensor), f"{what} are a {type(mine).__name__}, not a tensor"
    assert f"torch.{mine.dtype}" == str(other.dtype), f"{what} are {mine.dtype}, not {other.dtype}"
    assert mine.shape == tuple(other.shape), f"{what} have shape {mine.shape}, not {tuple(other.shape)}"


def assert_same(mine: Any, other: Any, tolerance: float, what: str = "values") -> None:
    """The same dtype and shape, and values that differ only by rounding: by ``tolerance`` of the largest."""
    assert_alike(mine, other, what)
    found, expected = mine.detach().numpy(), other.detach().numpy(force=True)
    largest = np.abs(expected[np.isfinite(expected)].astype(np.float64)).max(initial=1)
    is_same = np.allclose(found, expected, rtol=tolerance, atol=tolerance * largest / 10, equal_nan=True)
    assert is_same, f"{what} differ: {found.tolist()}, not {expected.tolist()}"


def assert_same_gradients(found: list[Any], expected: list[Any], mine: list[Any], others: list[Any]) -> None:
    """The gradients of all results, weighted at random. One that is not there counts as 0."""
    leaves, results = (
        [pair for pair in zip(ours, theirs, strict=True) if getattr(pair[1], "requires_grad", False)]
        for ours, theirs in ((mine, others), (found, expected))
    )
    if not leaves or not results:
        return
    generator = np.random.default_rng(0)
    weights = [np.asarray(generator.uniform(0.5, 1, result.shape), result.dtype) for result, _ in results]
    wanted = torch.autograd.grad(
        [other for _, other in results],
        [other for _, other in leaves],
        [torch.from_numpy(weight) for weight in weights],
        allow_unused=True,
        materialize_grads=True,
    )
    recorded = [(result, tg.tensor(weight)) for (result, _), weight in zip(results, weights, strict=True)]
    recorded = [pair for pair in recorded if pair[0].requires_grad]
    gradients = tg.autograd.grad(
        [result for result, _ in recorded],
        [leaf for leaf, _ in leaves],
        [weight for _, weight in recorded],
        allow_unused=True,
        materialize_grads=True,
    )
    for gradient, other in zip(gradients, wanted, strict=True):
        assert_same(gradient, other, tolerance_among(others), "gradients")


def silently(function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """What a function of PyTorch's gives, without its warnings of what is deprecated."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return function(*args, **kwargs)


def tolerance_among(values: list[Any]) -> float:
    dtypes = [value.dtype for value in values if isinstance(value, torch.Tensor) and value.is_floating_point()]
    return max((TOLERANCES[dtype] for dtype in dtypes), default=0)


def disagreement(entry: Any, sample: Any) -> str:
    """How our operator disagrees with PyTorch's about a sample, in the words of an error; empty if it does not."""
    arguments = (sample.input, sample.args, sample.kwargs)
    input, positional, by_name = converted(arguments)
    mine, others = parts((input, positional, by_name)), parts(arguments)
    result = silently(entry, sample.input, *sample.args, **sample.kwargs)
    expected = parts(sample.output_process_fn_grad(result))
    try:
        found = parts(sample.output_process_fn_grad(counterpart(entry)(input, *positional, **by_name)))
        assert len(found) == len(expected), f"{len(found)} results, not {len(expected)}"
        for one, other in zip(found, expected, strict=True):
            if not isinstance(other, torch.Tensor):
                assert one == converted(other), f"{one}, not {other}"
            elif entry.name in WITHOUT_VALUES:
                assert_alike(one, other, "values")
            else:
                assert_same(one, other, tolerance_among([*others, other]))
        if entry.name not in WITHOUT_VALUES:
            assert_same_gradients(found, expected, mine, others)
    except AssertionError as error:
        return str(error)
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return ""


def samples(entry: Any, dtype: Any) -> list[Any]:
    """Its samples, by way of what PyTorch's ``sample_inputs`` wraps: that walks the stack for each of them."""
    torch.default_generator.manual_seed(0)
    np.random.seed(0)
    random.seed(0)
    wants_gradient = entry.supports_autograd and dtype == torch.float64
    return silently(list, entry.sample_inputs_func(entry, "cpu", dtype, wants_gradient))  # type: ignore[no-any-return]


@cache
def disagreements(name: str) -> list[str]:
    """The dtype and text of every sample of an operator about which it disagrees."""
    found = []
    for entry in SHARED[name]:
        for dtype in DTYPES:
            if dtype in entry.dtypes:
                texts = [disagreement(entry, sample) for sample in samples(entry, dtype)]
                found += [f"{dtype}: {text}".removeprefix("torch.") for text in texts if text]
    return found


@pytest.mark.parametrize("name", SHARED)
def test_every_sample_agrees_or_is_refused(name: str) -> None:
    unexpected = [text for text in disagreements(name) if not any(part in text for part in REFUSED.get(name, {}))]
    assert not unexpected, f"{len(unexpected)} samples, such as: {unexpected[0]}"


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_refused_still_disagrees(name: str) -> None:
    agreed = [part for part in REFUSED[name] if not any(part in text for text in disagreements(name))]
    assert not agreed


@pytest.mark.parametrize("name", SHARED)
def test_what_pytorch_refuses_is_refused(name: str) -> None:
    accepted = []
    for entry in SHARED[name]:
        errors = entry.error_inputs_func(entry, "cpu") if entry.error_inputs_func else ()
        # Those without a text are of numbers where PyTorch wants a tensor; here a number may be any operand.
        samples = [error.sample_input for error in errors if error.error_regex]
        accepted += [sample for sample in samples if is_accepted(entry, sample)]
    assert bool(accepted) == (name in ACCEPTED), accepted


def is_accepted(entry: Any, sample: Any) -> bool:
    try:
        input, positional, by_name = converted((sample.input, sample.args, sample.kwargs))
        counterpart(entry)(input, *positional, **by_name)
    except Exception:
        return False
    return True


def test_count_of_operators(capsys: pytest.CaptureFixture[str]) -> None:
    agreeing = [name for name in SHARED if not disagreements(name)]
    assert set(SHARED) == {*agreeing, *REFUSED}
    with capsys.disabled():
        print(f"\n{len(SHARED)} operators shared with PyTorch: {len(agreeing)} agree, {len(REFUSED)} are refused")
