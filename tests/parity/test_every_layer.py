"""Every class of ``torch.nn`` is here too and agrees in values, gradients and state, or is missing for a reason.

This is the overview, with one call of each; options, odd sizes and mistakes are in the files of each family.

    python -m tests.parity.test_every_layer

prints it as a table.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import tinygrad_scratch as tg
from tests.parity.beside import check_module

torch = pytest.importorskip("torch", reason="needs PyTorch: pip install -e .[peers]")
from torch.nn.attention import SDPBackend, sdpa_kernel  # noqa: E402, only where there is PyTorch

Array = np.ndarray[Any, np.dtype[Any]]


def classes(nn: Any) -> set[str]:
    """The names of the modules that a package ``nn`` has, without their base."""
    named = {name: value for name, value in vars(nn).items() if inspect.isclass(value) and issubclass(value, nn.Module)}
    return {name for name, value in named.items() if value is not nn.Module}


def normal(*shape: int) -> Array:
    return np.random.default_rng(sum(shape)).standard_normal(shape)


def positive(*shape: int) -> Array:
    return np.random.default_rng(sum(shape)).uniform(0.1, 0.9, shape)


def below(bound: int, *shape: int) -> Array:
    return np.random.default_rng(bound).integers(bound, size=shape)


def signs(*shape: int) -> Array:
    return np.sign(normal(*shape))


# Of each class the arguments, and what its module is called with.
SAMPLES: dict[str, tuple[Any, ...]] = {
    "Identity": ("", normal(2, 3)),
    "Linear": ("3, 2", normal(4, 3)),
    "Bilinear": ("3, 4, 2", normal(5, 3), normal(5, 4)),
    "Embedding": ("5, 3", below(5, 2, 4)),
    "EmbeddingBag": ("5, 3", below(5, 2, 4)),
    "Flatten": ("", normal(2, 3, 4)),
    "Unflatten": ("1, (2, 3)", normal(2, 6)),
    # Containers
    "Sequential": ("T.nn.Linear(3, 2), T.nn.Tanh()", normal(4, 3)),
    "ModuleList": ("[T.nn.Linear(3, 2)]", normal(4, 3)),
    "ModuleDict": ("{'a': T.nn.Linear(3, 2)}", normal(4, 3)),
    "ParameterList": ("T.nn.Linear(3, 2).parameters()", normal(4, 3)),
    "ParameterDict": ("dict(T.nn.Linear(3, 2).named_parameters())", normal(4, 3)),
    # Convolution
    "Conv1d": ("4, 6, 3, stride=2, padding=1, dilation=2, groups=2", normal(2, 4, 9)),
    "Conv2d": ("4, 6, 3, stride=2, padding=1, dilation=2, groups=2", normal(2, 4, 9, 8)),
    "Conv3d": ("2, 4, (1, 2, 3), stride=2, padding=1, groups=2", normal(2, 2, 4, 5, 6)),
    "ConvTranspose1d": ("4, 6, 3, stride=2, padding=1, output_padding=1, groups=2", normal(2, 4, 5)),
    "ConvTranspose2d": ("4, 6, 3, stride=2, padding=1, output_padding=1, groups=2", normal(2, 4, 5, 4)),
    "ConvTranspose3d": ("2, 4, (1, 2, 3), stride=2, padding=(0, 1, 1), groups=2", normal(2, 2, 3, 4, 3)),
    "Unfold": ("(2, 3), stride=2, padding=1", normal(2, 3, 5, 6)),
    "Fold": ("(5, 6), (2, 3), stride=2, padding=1", normal(2, 18, 9)),
    # Pooling
    "MaxPool1d": ("3, 2, padding=1, ceil_mode=True", normal(2, 3, 8)),
    "MaxPool2d": ("3, 2, padding=1, ceil_mode=True", normal(2, 3, 8, 7)),
    "MaxPool3d": ("2, dilation=(1, 2, 1)", normal(2, 3, 4, 5, 6)),
    "MaxUnpool1d": ("2", normal(2, 3, 8)),
    "MaxUnpool2d": ("2", normal(2, 3, 6, 4)),
    "MaxUnpool3d": ("2", normal(2, 2, 4, 6, 4)),
    "AvgPool1d": ("3, 2, padding=1, count_include_pad=False", normal(2, 3, 8)),
    "AvgPool2d": ("3, 2, padding=1, count_include_pad=False", normal(2, 3, 8, 7)),
    "AvgPool3d": ("2, ceil_mode=True", normal(2, 3, 4, 5, 6)),
    "AdaptiveAvgPool1d": ("3", normal(2, 3, 8)),
    "AdaptiveAvgPool2d": ("(3, None)", normal(2, 3, 8, 7)),
    "AdaptiveAvgPool3d": ("(2, 3, 1)", normal(2, 3, 4, 5, 6)),
    "AdaptiveMaxPool1d": ("3", normal(2, 3, 8)),
    "AdaptiveMaxPool2d": ("(3, None)", normal(2, 3, 8, 7)),
    "AdaptiveMaxPool3d": ("(2, 3, 1)", normal(2, 3, 4, 5, 6)),
    "LPPool1d": ("3, 2", normal(2, 3, 8)),
    "LPPool2d": ("3, 2", normal(2, 3, 8, 7)),
    "LPPool3d": ("3, 2", normal(2, 3, 4, 5, 6)),
    # Padding and resampling
    **{f"ConstantPad{n}d": (f"{tuple(range(2 * n))}, 0.5", normal(2, 3, *(6, 5, 4)[:n])) for n in (1, 2, 3)},
    **{f"ZeroPad{n}d": (f"{tuple(range(2 * n))}", normal(2, 3, *(6, 5, 4)[:n])) for n in (1, 2, 3)},
    **{
        f"{mode}Pad{n}d": (f"{(1, 2, 2, 1, 3, 0)[: 2 * n]}", normal(2, 3, *(6, 5, 4)[:n]))
        for mode in ("Reflection", "Replication", "Circular")
        for n in (1, 2, 3)
    },
    "Upsample": ("scale_factor=2, mode='bicubic', align_corners=True", normal(2, 3, 4, 5)),
    "UpsamplingNearest2d": ("scale_factor=2", normal(2, 3, 4, 5)),
    "UpsamplingBilinear2d": ("size=(7, 6)", normal(2, 3, 4, 5)),
    "PixelShuffle": ("2", normal(2, 8, 3, 4)),
    "PixelUnshuffle": ("2", normal(2, 3, 4, 6)),
    "ChannelShuffle": ("2", normal(2, 4, 3, 4)),
    # Normalization and dropout
    "LayerNorm": ("3", normal(4, 3)),
    "RMSNorm": ("3", normal(4, 3)),
    "GroupNorm": ("2, 4", normal(3, 4, 5)),
    "LocalResponseNorm": ("3", normal(2, 5, 4, 3)),
    **{f"BatchNorm{n}d": ("3", normal(2, 3, *(4, 3, 2)[:n])) for n in (1, 2, 3)},
    **{f"InstanceNorm{n}d": ("3, affine=True", normal(2, 3, *(4, 3, 2)[:n])) for n in (1, 2, 3)},
    **{f"Dropout{n}": ("0.5", normal(2, 3, 4)) for n in ("", "1d")},
    "Dropout2d": ("0.5", normal(2, 3, 4, 5)),
    "Dropout3d": ("0.5", normal(2, 3, 4, 5, 2)),
    "AlphaDropout": ("0.5", normal(2, 3)),
    "FeatureAlphaDropout": ("0.5", normal(2, 3, 4)),
    # Recurrent layers
    **{name: ("3, 4, num_layers=2, bidirectional=True", normal(4, 3, 3)) for name in ("RNN", "GRU", "LSTM")},
    "RNNCell": ("3, 4", normal(2, 3), normal(2, 4)),
    "GRUCell": ("3, 4", normal(2, 3), normal(2, 4)),
    "LSTMCell": ("3, 4", normal(2, 3), normal(2, 4), normal(4, 2).T),
    # Attention
    "MultiheadAttention": ("8, 2, batch_first=True", normal(2, 3, 8), normal(2, 4, 8), normal(4, 2, 8).swapaxes(0, 1)),
    "TransformerEncoderLayer": ("8, 2, 12, 0.0, batch_first=True", normal(2, 3, 8)),
    "TransformerDecoderLayer": ("8, 2, 12, 0.0, activation='gelu', norm_first=True", normal(3, 2, 8), normal(4, 2, 8)),
    "TransformerEncoder": ("T.nn.TransformerEncoderLayer(8, 2, 12, 0.0, batch_first=True), 2", normal(2, 3, 8)),
    "TransformerDecoder": ("T.nn.TransformerDecoderLayer(8, 2, 12, 0.0), 2", normal(3, 2, 8), normal(4, 2, 8)),
    "Transformer": ("8, 2, 1, 1, 12, 0.0, batch_first=True", normal(2, 3, 8), normal(2, 4, 8)),
    # Activations
    **{
        name: ("", normal(2, 3))
        for name in (
            *("CELU", "ELU", "GELU", "Hardshrink", "Hardsigmoid", "Hardswish", "Hardtanh", "LeakyReLU", "LogSigmoid"),
            *("Mish", "PReLU", "ReLU", "ReLU6", "RReLU", "SELU", "SiLU", "Sigmoid", "Softplus", "Softshrink"),
            *("Softsign", "Tanh", "Tanhshrink"),
        )
    },
    **{name: ("1", normal(2, 3)) for name in ("LogSoftmax", "Softmax", "Softmin")},
    "GLU": ("", normal(2, 4)),
    "Softmax2d": ("", normal(2, 3, 4, 5)),
    "Threshold": ("0.1, 2.0", normal(2, 3)),
    # Distances and losses
    "CosineSimilarity": ("", normal(4, 3), normal(3, 4).T),
    "PairwiseDistance": ("", normal(4, 3), normal(3, 4).T),
    **{name: ("", normal(4, 3), normal(3, 4).T) for name in ("L1Loss", "MSELoss", "HuberLoss", "SmoothL1Loss")},
    "BCELoss": ("", positive(4, 3), positive(3, 4).T),
    "BCEWithLogitsLoss": ("", normal(4, 3), positive(3, 4).T),
    "CosineEmbeddingLoss": ("", normal(4, 3), normal(3, 4).T, signs(4)),
    "CrossEntropyLoss": ("", normal(4, 3), below(3, 4)),
    "CTCLoss": ("", normal(6, 2, 4), below(3, 2, 3) + 1, below(2, 2) + 5, below(3, 2) + 1),
    "GaussianNLLLoss": ("", normal(4, 3), normal(3, 4).T, positive(4, 3)),
    "HingeEmbeddingLoss": ("", normal(4, 3), signs(4, 3)),
    "KLDivLoss": ("reduction='batchmean'", normal(4, 3), positive(4, 3)),
    "MarginRankingLoss": ("", normal(4), normal(5)[1:], signs(4)),
    "MultiLabelMarginLoss": ("", normal(2, 4), np.array([[2, 0, -1, 1], [3, -1, 0, 0]])),
    "MultiLabelSoftMarginLoss": ("", normal(4, 3), positive(4, 3).round()),
    "MultiMarginLoss": ("", normal(4, 3), below(3, 4)),
    "NLLLoss": ("", normal(4, 3), below(3, 4)),
    "PoissonNLLLoss": ("", normal(4, 3), positive(4, 3)),
    "SoftMarginLoss": ("", normal(4, 3), signs(4, 3)),
    "TripletMarginLoss": ("", normal(4, 3), normal(3, 4).T, positive(4, 3)),
    "TripletMarginWithDistanceLoss": ("", normal(4, 3), normal(3, 4).T, positive(4, 3)),
}

# What is called, where it is not just the module with its inputs.
CALLS = {
    "ModuleList": "module[0]({})",
    "ModuleDict": "module['a']({})",
    "ParameterList": "T.nn.functional.linear({}, *module)",
    "ParameterDict": "T.nn.functional.linear({}, **module)",
    **{f"MaxUnpool{n}d": f"module(*T.nn.functional.max_pool{n}d({{}}, 2, return_indices=True))" for n in (1, 2, 3)},
    "LSTMCell": "module(x0, (x1, x2))",
    "CTCLoss": "module(x0.log_softmax(2), x1, x2, x3)",
    **dict.fromkeys(("CosineEmbeddingLoss", "MarginRankingLoss"), "module(x0, x1, x2.detach())"),
    **dict.fromkeys(("HingeEmbeddingLoss", "SoftMarginLoss"), "module(x0, x1.detach())"),
}
# What is random in training is compared in evaluation.
RANDOM = {
    "RReLU",
    "AlphaDropout",
    "FeatureAlphaDropout",
    *(f"Dropout{dimensions}" for dimensions in ("", "1d", "2d", "3d")),
}

NO_SECOND = "PyTorch has no second derivative"
# Up to which order a class is compared with PyTorch, if not to the second, and why; beyond, with central differences.
ORDERS = {
    "Hardsigmoid": (0, "PyTorch computes its gradient with the digits of float32"),
    **dict.fromkeys(("CTCLoss", "EmbeddingBag", "MultiLabelMarginLoss", "MultiMarginLoss"), (1, NO_SECOND)),
}

DEPRECATED = "a deprecated name"
LAZY = "sizes are given, so that a parameter has its shape from the start"
ONE_PROCESS = "for several devices or processes"
BASE = "a base, which computes nothing by itself"
LARGE = "for vocabularies of 100,000 words and more"
MISSING = {
    "Container": DEPRECATED,
    "NLLLoss2d": DEPRECATED,
    "CrossMapLRN2d": "LocalResponseNorm does the same, and can be differentiated",
    "RNNBase": BASE,
    "RNNCellBase": BASE,
    "AdaptiveLogSoftmaxWithLoss": LARGE,
    "LinearCrossEntropyLoss": LARGE,
    "FractionalMaxPool2d": "its regions are random, and it is hardly ever used",
    "FractionalMaxPool3d": "as FractionalMaxPool2d",
    "DataParallel": ONE_PROCESS,
    "SyncBatchNorm": ONE_PROCESS,
    **{name: LAZY for name in classes(torch.nn) if name.startswith("Lazy")},
}
SHARED = sorted(classes(torch.nn) & classes(tg.nn))


def call_of(name: str) -> str:
    """What makes a module of the class."""
    return f"T.nn.{name}({SAMPLES[name][0]})" + (".eval()" if name in RANDOM else "")


def check(name: str, order: int) -> None:
    """Compare a class with PyTorch's up to that order, or with central differences beyond what PyTorch has."""
    if order > highest_order(name):
        check_differences(name)
    else:
        with sdpa_kernel(SDPBackend.MATH):  # PyTorch's other ways to compute attention have no second derivative
            check_module(call_of(name), *SAMPLES[name][1:], order=order, forward=CALLS.get(name, "module({})"))


def highest_order(name: str) -> int:
    return ORDERS[name][0] if name in ORDERS else 2


def check_differences(name: str) -> None:
    """Compare first and second gradients with central differences."""
    module = eval(call_of(name), {"T": tg}).double()
    parameters = dict(module.named_parameters())
    operands = {f"x{place}": tg.from_numpy(value) for place, value in enumerate(SAMPLES[name][1:])}
    wanted = parameters | {x: value.requires_grad_() for x, value in operands.items() if value.is_floating_point()}

    def output(*values: Any) -> Any:
        given = dict(zip(wanted, values, strict=True))
        own = {key: value for key, value in given.items() if key in parameters}
        called = CALLS.get(name, "module({})").format(", ".join(operands))
        names = {"T": tg, "module": lambda *inputs: tg.func.functional_call(module, own, inputs)}
        return eval(called, names, operands | given)

    assert tg.autograd.gradcheck(output, tuple(wanted.values()))
    assert tg.autograd.gradgradcheck(output, tuple(wanted.values()))


def check_state(name: str) -> None:
    """Compare the names, shapes and dtypes of a class's state, and take that of PyTorch's over."""
    ours, theirs = (eval(call_of(name), {"T": package}) for package in (tg, torch))
    found, expected = (
        [
            (key, tuple(value.shape), str(value.dtype).removeprefix("torch."))
            for key, value in module.state_dict().items()
        ]
        for module in (ours, theirs)
    )
    assert found == expected
    ours.load_state_dict({key: tg.from_numpy(value.numpy()) for key, value in theirs.state_dict().items()})
    for key, value in theirs.state_dict().items():
        np.testing.assert_array_equal(ours.state_dict()[key].numpy(), value.numpy())


def test_what_is_missing_is_missing_for_a_reason() -> None:
    assert classes(torch.nn) - classes(tg.nn) == set(MISSING)


def test_what_pytorch_does_not_have() -> None:
    assert classes(tg.nn) - classes(torch.nn) == {"MLP"}


@pytest.mark.parametrize("name", SHARED)
def test_values_and_gradients(name: str) -> None:
    check(name, highest_order(name))


@pytest.mark.parametrize("name", sorted(set(ORDERS) & set(SHARED)))
def test_gradients_that_pytorch_does_not_have(name: str) -> None:
    check_differences(name)


@pytest.mark.parametrize("name", SHARED)
def test_state(name: str) -> None:
    check_state(name)


def main() -> None:
    """Print the table of what agrees, and of what is missing."""
    print("| layer | value | gradient | second order | state_dict | |\n|---|---|---|---|---|---|")
    for name in SHARED:
        marks = [*(_mark(check, name, order) for order in range(3)), _mark(check_state, name)]
        note = f"{ORDERS[name][1]}: beside central differences" if name in ORDERS else ""
        print(f"| {' | '.join([name, *marks, note])} |", flush=True)
    print("\n| missing | why |\n|---|---|")
    for name, reason in sorted(MISSING.items()):
        print(f"| {name} | {reason} |")


def _mark(compare: Callable[..., None], *arguments: Any) -> str:
    try:
        compare(*arguments)
    except Exception:
        return "✗"
    return "✓"


if __name__ == "__main__":
    main()
