"""The small handwritten digits that scikit-learn carries, for when there is nothing to download from."""

from __future__ import annotations

import numpy as np

from tinygrad_scratch import from_numpy
from tinygrad_scratch.nn.data import TensorDataset


class Digits(TensorDataset):
    """1,797 digits of 8 × 8 pixels: images (1, 8, 8), float32 in [0, 1], and labels 0 to 9.

    Every fifth is a test digit (``train=False``), the others are for training. Comes with scikit-learn (the
    ``examples`` extra); ImportError without it.
    """

    classes = tuple("0123456789")

    def __init__(self, train: bool = True) -> None:
        try:
            from sklearn.datasets import load_digits
        except ImportError as error:
            raise ImportError("Digits needs scikit-learn: pip install 'tinygrad-scratch[examples]'") from error
        images, labels = load_digits(return_X_y=True)
        chosen = (np.arange(len(labels)) % 5 != 0) == train
        pixels = (images[chosen] / 16).astype(np.float32).reshape(-1, 1, 8, 8)
        super().__init__(from_numpy(pixels), from_numpy(labels[chosen].astype(np.int64)))
