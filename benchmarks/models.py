"""Networks that are more than a multilayer perceptron: convolutional, recurrent, and a Transformer.

Each is written once, as PyTorch's users write it, as a function of the package: ``torch`` or `tinygrad_scratch`.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.configurations import CROSS_ENTROPY, Array

SIZE = 28  # of an image, in both directions
VOCABULARY = 65  # characters


@dataclass(frozen=True)
class Model:
    """A network and how it is trained, in float32, by batches of ``batch`` samples.

    ``make`` makes it with a package that has PyTorch's names. It classifies images, or, if it is of sequences of so
    many ``characters``, says of each character which one is next. The loss is the mean cross-entropy; ``optimizer``,
    of the learning rate ``lr``, has its usual settings.
    """

    name: str
    make: Callable[[Any], Any]
    batch: int
    optimizer: str = "Adam"
    lr: float = 1e-3
    characters: int | None = None
    loss: str = CROSS_ENTROPY

    def __str__(self) -> str:
        return f"{self.name}, {'one sample' if self.batch == 1 else f'batch {self.batch}'}"


def convolutional(torch: Any) -> Any:
    """Two convolutions, 1 → 16 → 32 channels, and a linear layer."""
    nn = torch.nn
    return nn.Sequential(
        *(nn.Conv2d(1, 16, 3), nn.ReLU()),
        *(nn.Conv2d(16, 32, 3), nn.ReLU()),
        *(nn.MaxPool2d(2), nn.Flatten(), nn.Linear(32 * 12 * 12, 10)),
    )


def residual(torch: Any) -> Any:
    """A convolution and two residual blocks with batch norm, of 16 channels on 14 × 14 places."""
    nn = torch.nn

    class Block(nn.Module):  # type: ignore[misc]
        def __init__(self, channels: int) -> None:
            super().__init__()
            self.conv1 = nn.Conv2d(channels, channels, 3, padding=1, bias=False)
            self.bn1 = nn.BatchNorm2d(channels)
            self.conv2 = nn.Conv2d(channels, channels, 3, padding=1, bias=False)
            self.bn2 = nn.BatchNorm2d(channels)
            self.relu = nn.ReLU(inplace=True)

        def forward(self, x: Any) -> Any:
            out = self.relu(self.bn1(self.conv1(x)))
            return self.relu(self.bn2(self.conv2(out)) + x)

    return nn.Sequential(
        *(nn.Conv2d(1, 16, 3, stride=2, padding=1, bias=False), nn.BatchNorm2d(16), nn.ReLU(inplace=True)),
        *(Block(16), Block(16)),
        *(nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(16, 10)),
    )


def character_lstm(torch: Any) -> Any:
    """An LSTM of 128 units over characters."""
    nn = torch.nn

    class CharacterLSTM(nn.Module):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            self.embedding = nn.Embedding(VOCABULARY, 64)
            self.lstm = nn.LSTM(64, 128, batch_first=True)
            self.head = nn.Linear(128, VOCABULARY)

        def forward(self, characters: Any) -> Any:
            hidden, _ = self.lstm(self.embedding(characters))
            return self.head(hidden.flatten(0, 1))

    return CharacterLSTM()


def character_gpt(torch: Any) -> Any:
    """A Transformer of 4 layers, 64 channels and 4 heads that reads up to 32 characters."""
    nn, F = torch.nn, torch.nn.functional  # noqa: N806, its usual name
    channels, heads, context = 64, 4, 32

    class SelfAttention(nn.Module):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            self.qkv = nn.Linear(channels, 3 * channels, bias=False)
            self.projection = nn.Linear(channels, channels)

        def forward(self, x: Any) -> Any:
            batch, length, _ = x.shape
            q, k, v = (
                part.view(batch, length, heads, channels // heads).transpose(1, 2)
                for part in self.qkv(x).split(channels, dim=2)
            )
            mixed = F.scaled_dot_product_attention(q, k, v, is_causal=True)
            return self.projection(mixed.transpose(1, 2).reshape(batch, length, channels))

    class Block(nn.Module):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            self.ln1 = nn.LayerNorm(channels)
            self.attention = SelfAttention()
            self.ln2 = nn.LayerNorm(channels)
            self.mlp = nn.Sequential(nn.Linear(channels, 4 * channels), nn.GELU(), nn.Linear(4 * channels, channels))

        def forward(self, x: Any) -> Any:
            x = x + self.attention(self.ln1(x))
            return x + self.mlp(self.ln2(x))

    class CharacterGPT(nn.Module):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            self.tokens = nn.Embedding(VOCABULARY, channels)
            self.positions = nn.Embedding(context, channels)
            self.blocks = nn.Sequential(*(Block() for _ in range(4)))
            self.ln = nn.LayerNorm(channels)
            self.head = nn.Linear(channels, VOCABULARY)

        def forward(self, characters: Any) -> Any:
            x = self.tokens(characters) + self.positions(torch.arange(characters.shape[1]))
            return self.head(self.ln(self.blocks(x))).flatten(0, 1)

    return CharacterGPT()


MODELS = {
    str(model): model
    for model in (
        Model("CNN 1-16-32", convolutional, 64),
        Model("CNN 1-16-32", convolutional, 1),
        Model("residual CNN, batch norm", residual, 64),
        Model("LSTM of 128, 64 characters", character_lstm, 32, characters=64),
        Model("GPT of 4 layers, 32 characters", character_gpt, 16, "AdamW", characters=32),
    )
}


def first_state(model: Model, seed: int = 0) -> list[Array]:
    """The parameters and buffers that it begins with, in the order of its ``state_dict``."""
    import tinygrad_scratch  # only here, so that the process of another contender does not load this project

    tinygrad_scratch.manual_seed(seed)
    return [value.numpy().copy() for value in model.make(tinygrad_scratch).state_dict().values()]


def batches_of_images(model: Model, images: Array, labels: Array) -> tuple[Array, Array]:
    """The digits in batches, as many as are full: inputs (count, batch, 1, 28, 28) and targets (count, batch)."""
    used = len(images) // model.batch * model.batch
    inputs = images[:used].reshape(-1, model.batch, 1, SIZE, SIZE)
    return inputs, labels[:used].reshape(-1, model.batch).astype(np.int64)


def batches_of_text(model: Model, count: int) -> tuple[Array, Array]:
    """Pieces of a text that every Python has: inputs (count, batch, characters) and the characters that follow each.

    The targets (count, batch · characters) are as flat as what the model says of them.
    """
    assert model.characters is not None
    text = Path(argparse.__file__).read_text()
    known = {character: number for number, (character, _) in enumerate(Counter(text).most_common(VOCABULARY - 1))}
    numbers = np.array([known.get(character, VOCABULARY - 1) for character in text])
    starts = np.random.default_rng(0).integers(len(numbers) - model.characters, size=(count, model.batch, 1))
    places = starts + np.arange(model.characters)
    return numbers[places], numbers[places + 1].reshape(count, -1)
