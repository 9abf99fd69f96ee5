"""A hundred steps of training beside PyTorch, in float64, from the same weights and on the same batches.

The losses may differ by ``TOLERANCE`` of themselves. Rounding makes up to 1e-15 of a step's results, and every step
goes on with what the one before has left: for a hundred steps that is 1e-13. Training amplifies it: weights that are
changed by 1e-10 of themselves change a loss within a hundred steps by up to 300 times as much (the residual network;
the others by at most a tenth of that). So up to 3e-11 may be rounding, though what is seen is 3e-13 at most. A wrong
gradient, statistic or update shows in the second step, and is larger by many orders.

    python -m tests.parity.test_trajectories

prints the losses as a table.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

import tinygrad_scratch as tg

torch = pytest.importorskip("torch", reason="needs PyTorch: pip install -e .[peers]")

STEPS, TOLERANCE = 100, 1e-10
SHOWN = (1, 10, 100)  # steps
PADDING, IGNORED = 0, -100  # a word that is none, and the target where there is none

Array = np.ndarray[Any, np.dtype[Any]]
Batch = tuple[Array, ...]  # the inputs of the model, then its targets


@dataclass(frozen=True)
class Training:
    """A model, as a function of the package that it is made with; a batch, as one of chance; and an optimizer."""

    model: Callable[[Any], Any]
    batch: Callable[[np.random.Generator], Batch]
    optimizer: Callable[[Any, Any], Any]


def cnn(package: Any) -> Any:
    nn = package.nn
    return nn.Sequential(
        *(nn.Conv2d(1, 4, 3), nn.ReLU(), nn.MaxPool2d(2)),
        *(nn.Conv2d(4, 8, 3, padding="same"), nn.ReLU(), nn.AvgPool2d(2, ceil_mode=True)),
        *(nn.Flatten(), nn.Linear(8 * 3 * 3, 5)),
    )


def residual_network(package: Any) -> Any:
    nn = package.nn

    class Block(nn.Module):  # type: ignore[misc]
        def __init__(self, inputs: int, outputs: int, stride: int) -> None:
            super().__init__()
            self.conv1 = nn.Conv2d(inputs, outputs, 3, stride=stride, padding=1, bias=False)
            self.bn1 = nn.BatchNorm2d(outputs)
            self.conv2 = nn.Conv2d(outputs, outputs, 3, padding=1, bias=False)
            self.bn2 = nn.BatchNorm2d(outputs)
            self.relu = nn.ReLU(inplace=True)
            self.shortcut = nn.Identity()
            if stride != 1:
                self.shortcut = nn.Sequential(
                    nn.Conv2d(inputs, outputs, 1, stride=stride, bias=False), nn.BatchNorm2d(outputs)
                )

        def forward(self, x: Any) -> Any:
            out = self.relu(self.bn1(self.conv1(x)))
            return self.relu(self.bn2(self.conv2(out)) + self.shortcut(x))

    return nn.Sequential(
        *(nn.Conv2d(1, 4, 3, bias=False), nn.BatchNorm2d(4), nn.ReLU(inplace=True)),
        *(Block(4, 4, 1), Block(4, 8, 2)),
        *(nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(8, 5)),
    )


def autoencoder(package: Any) -> Any:
    nn = package.nn
    return nn.Sequential(
        *(nn.Conv2d(1, 4, 3, stride=2, padding=1), nn.LeakyReLU()),
        *(nn.Conv2d(4, 6, 3, stride=2, padding=1), nn.LeakyReLU()),
        *(nn.ConvTranspose2d(6, 4, 3, stride=2, padding=1, output_padding=1), nn.LeakyReLU()),
        *(nn.ConvTranspose2d(4, 1, 4, stride=2, padding=1), nn.Sigmoid()),
    )


def recurrent(layer: str, **options: Any) -> Callable[[Any], Any]:
    """A classifier of sequences of different lengths: two layers, in both directions."""

    def make(package: Any) -> Any:
        nn, rnn = package.nn, package.nn.utils.rnn

        class Classifier(nn.Module):  # type: ignore[misc]
            def __init__(self) -> None:
                super().__init__()
                self.embedding = nn.Embedding(12, 6, padding_idx=PADDING)
                self.recurrent = getattr(nn, layer)(6, 8, num_layers=2, bidirectional=True, batch_first=True, **options)
                self.head = nn.Linear(2 * options.get("proj_size", 8), 5)

            def forward(self, words: Any, lengths: Any) -> Any:
                packed = rnn.pack_padded_sequence(
                    self.embedding(words), lengths, batch_first=True, enforce_sorted=False
                )
                outputs, lengths = rnn.pad_packed_sequence(self.recurrent(packed)[0], batch_first=True)
                return self.head(outputs.sum(1) / lengths.unsqueeze(1))

        return Classifier()

    return make


def transformer(package: Any) -> Any:
    """A translator whose decoder sees neither later words nor padding."""
    nn = package.nn

    class Translator(nn.Module):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            self.words = nn.Embedding(12, 16)
            self.places = nn.Embedding(8, 16)
            self.transformer = nn.Transformer(16, 2, 2, 2, dim_feedforward=24, dropout=0.0, batch_first=True)
            self.head = nn.Linear(16, 12)

        def embedded(self, words: Any) -> Any:
            return self.words(words) + self.places(package.arange(words.shape[1]))

        def forward(self, source: Any, target: Any) -> Any:
            later = package.ones(target.shape[1], target.shape[1], dtype=package.bool).triu(1)
            hidden = self.transformer(
                self.embedded(source),
                self.embedded(target),
                tgt_mask=later,
                src_key_padding_mask=source == PADDING,
                tgt_key_padding_mask=target == PADDING,
                memory_key_padding_mask=source == PADDING,
            )
            return self.head(hidden).flatten(0, 1)

    return Translator()


def language_model(package: Any) -> Any:
    """Encoder layers as they are used for writing: normalized first, each word sees itself and those before."""
    nn = package.nn

    class LanguageModel(nn.Module):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            self.words = nn.Embedding(12, 16)
            layer = nn.TransformerEncoderLayer(
                16, 4, dim_feedforward=32, dropout=0.0, activation="gelu", batch_first=True, norm_first=True
            )
            self.encoder = nn.TransformerEncoder(layer, 2, norm=nn.LayerNorm(16), enable_nested_tensor=False)
            self.head = nn.Linear(16, 12)

        def forward(self, words: Any) -> Any:
            mask = nn.Transformer.generate_square_subsequent_mask(words.shape[1], dtype=package.float64)
            return self.head(self.encoder(self.words(words), mask=mask, is_causal=True)).flatten(0, 1)

    return LanguageModel()


def images(random: np.random.Generator) -> Batch:
    """Noise around a pattern for each class."""
    labels = random.integers(5, size=8)
    return PATTERNS[labels] + 0.3 * random.standard_normal((8, 1, 12, 12)), labels


def images_and_themselves(random: np.random.Generator) -> Batch:
    x, _ = images(random)
    return x, 1 / (1 + np.exp(-x))


def words(random: np.random.Generator) -> tuple[Array, Array]:
    """Rows of up to 7 words, padded, and how many each has."""
    lengths = random.integers(1, 8, 6)
    lengths[0] = 7
    return np.where(np.arange(7) < lengths[:, None], random.integers(1, 12, (6, 7)), PADDING), lengths


def words_and_class(random: np.random.Generator) -> Batch:
    """The class is that of the first word."""
    rows, lengths = words(random)
    return rows, lengths, rows[:, 0] % 5


def words_and_their_reverse(random: np.random.Generator) -> Batch:
    """What is to be written, from a start sign on, are the same words from the last to the first."""
    rows, lengths = words(random)
    wanted = np.full_like(rows, IGNORED)
    for place, length in enumerate(lengths):
        wanted[place, :length] = rows[place, :length][::-1]
    begun = np.where(wanted == IGNORED, PADDING, wanted)[:, :-1]
    return rows, np.concatenate([np.full((6, 1), 11), begun], 1), wanted.ravel()


def words_and_next(random: np.random.Generator) -> Batch:
    """Each word is by one or two more than the word before it."""
    text = (random.integers(12, size=(6, 1)) + random.integers(1, 3, (6, 9)).cumsum(1)) % 12
    return text[:, :-1], text[:, 1:].ravel()


PATTERNS = np.random.default_rng(0).standard_normal((5, 1, 12, 12))
TRAININGS = {
    "CNN": Training(cnn, images, lambda optim, p: optim.Adam(p, lr=3e-3)),
    "residual network with batch norm": Training(
        residual_network, images, lambda optim, p: optim.SGD(p, lr=0.05, momentum=0.9, weight_decay=1e-4)
    ),
    "LSTM on packed sequences": Training(recurrent("LSTM"), words_and_class, lambda optim, p: optim.Adam(p, lr=1e-2)),
    "LSTM with projections on packed sequences": Training(
        recurrent("LSTM", proj_size=4), words_and_class, lambda optim, p: optim.Adam(p, lr=1e-2)
    ),
    "GRU on packed sequences": Training(recurrent("GRU"), words_and_class, lambda optim, p: optim.RMSprop(p, lr=3e-3)),
    "Transformer with causal and padding masks": Training(
        transformer, words_and_their_reverse, lambda optim, p: optim.AdamW(p, lr=3e-3)
    ),
    "Transformer encoder, normalized first, causal": Training(
        language_model, words_and_next, lambda optim, p: optim.AdamW(p, lr=3e-3)
    ),
    "autoencoder with transposed convolutions": Training(
        autoencoder, images_and_themselves, lambda optim, p: optim.Adam(p, lr=1e-2)
    ),
}


def losses(package: Any, training: Training, model: Any) -> list[float]:
    """Those of all steps of the model."""
    random = np.random.default_rng(1)
    optimizer = training.optimizer(package.optim, model.parameters())
    found = []
    for _ in range(STEPS):
        *inputs, target = map(package.from_numpy, training.batch(random))
        optimizer.zero_grad()
        loss_of = package.nn.functional.mse_loss if target.is_floating_point() else package.nn.functional.cross_entropy
        loss = loss_of(model(*inputs), target)
        loss.backward()
        optimizer.step()
        found.append(loss.item())
    return found


def both(name: str) -> tuple[list[float], list[float]]:
    """The losses here and in PyTorch."""
    training = TRAININGS[name]
    tg.manual_seed(0)
    ours, theirs = training.model(tg).double(), training.model(torch).double()
    theirs.load_state_dict({name: torch.from_numpy(value.numpy().copy()) for name, value in ours.state_dict().items()})
    return losses(tg, training, ours), losses(torch, training, theirs)


@pytest.mark.parametrize("name", TRAININGS)
def test_losses_of_a_hundred_steps(name: str) -> None:
    ours, theirs = both(name)
    np.testing.assert_allclose(ours, theirs, rtol=TOLERANCE)
    assert np.mean(ours[-10:]) < 0.8 * np.mean(ours[:10]), "it should learn, or its losses would show little"


def main() -> None:
    """Print the table."""
    steps = " | ".join(f"step {step}: here, PyTorch" for step in SHOWN)
    print(f"| | {steps} | largest relative difference |\n|---|{'---:|' * (len(SHOWN) + 1)}")
    for name in TRAININGS:
        ours, theirs = both(name)
        shown = " | ".join(f"{ours[step - 1]:.12f}, {theirs[step - 1]:.12f}" for step in SHOWN)
        difference = max(abs(mine / other - 1) for mine, other in zip(ours, theirs, strict=True))
        print(f"| {name} | {shown} | {difference:.0e} |", flush=True)


if __name__ == "__main__":
    main()
