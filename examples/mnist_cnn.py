"""Trains a convolutional network on the MNIST digits, and draws what its first layer sees in them.

    python examples/mnist_cnn.py
    python examples/mnist_cnn.py --channels 8 16 --epochs 2
    python examples/mnist_cnn.py --weights runs/mnist_cnn/weights.safetensors --epochs 0

The last only tests the weights that an earlier run has saved. Ctrl-C stops early and keeps what has been learned.
"""

from __future__ import annotations

from itertools import pairwise

import tinygrad_scratch as tg
from support.command_line import count, positive_int, run
from support.digit_classifier import learn, options_of_training
from support.digits import mnist_or_small_digits
from support.plots import filters_and_maps
from tinygrad_scratch import Tensor, nn
from tinygrad_scratch.nn import functional as F


class RandomShift(nn.Module):
    """In training, moves each image by up to so many pixels, up or down and to a side.

    A digit is the same digit wherever it stands; so each epoch has images that the network has not seen before.
    """

    def __init__(self, pixels: int) -> None:
        super().__init__()
        self.pixels = pixels

    def extra_repr(self) -> str:
        return f"pixels={self.pixels}"

    def forward(self, images: Tensor) -> Tensor:
        if not self.training:
            return images
        number, _, height, width = images.shape
        top, left = tg.randint(0, 2 * self.pixels + 1, (2, number, 1))
        rows, columns = top + tg.arange(height), left + tg.arange(width)
        image = tg.arange(number)[:, None, None]
        padded = F.pad(images, (self.pixels,) * 4)
        return padded[image, 0, rows[:, :, None], columns[:, None, :]].unsqueeze(1)


class CNN(nn.Module):
    """Convolutions that look for ever larger features, each followed by pooling that halves the image; then an MLP."""

    def __init__(self, image_size: int, channels: list[int], hidden: int, shift: int) -> None:
        super().__init__()
        self.shift = RandomShift(shift)
        self.features = nn.Sequential()
        for before, after in pairwise([1, *channels]):
            self.features.extend([nn.Conv2d(before, after, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2)])
        self.classifier = nn.Sequential(
            nn.Flatten(),
            nn.Linear(channels[-1] * (image_size >> len(channels)) ** 2, hidden),
            nn.ReLU(),
            nn.Dropout(0.4),
            nn.Linear(hidden, 10),
        )

    def forward(self, images: Tensor) -> Tensor:
        return self.classifier(self.features(self.shift(images)))


def main(arguments: list[str] | None = None) -> None:
    options = options_of_training("mnist_cnn", __doc__)
    options.set_defaults(epochs=12)
    options.add_argument("--channels", type=positive_int, nargs="+", default=[16, 32], help="of each convolution")
    options.add_argument("--hidden", type=positive_int, default=128, help="size of the layer after them")
    options.add_argument("--shift", type=count, default=1, help="pixels to move the training digits by, at most")
    chosen = options.parse(arguments)

    train, test = mnist_or_small_digits(chosen.data)
    model = CNN(train[0][0].shape[-1], chosen.channels, chosen.hidden, chosen.shift)
    learn(model, train, test, chosen)

    images = test.tensors[0][:5]
    convolution = model.features[0]
    with tg.no_grad():
        filters, maps = convolution.weight[:, 0].numpy(), convolution(images).relu().numpy()
    filters_and_maps(chosen.output / "first_layer.png", filters, images[:, 0].numpy(), maps)


if __name__ == "__main__":
    run(main)
