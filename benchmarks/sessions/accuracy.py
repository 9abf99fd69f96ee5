"""Training a network on MNIST with one peer, an epoch at a time."""

from __future__ import annotations

from typing import Any

from benchmarks.configurations import Array, batches_of_digits, outputs
from benchmarks.sessions.measurement import measured
from benchmarks.sessions.training import TrainingSession


class AccuracySession(TrainingSession):
    """A network, made as in `TrainingSession`, and the digits that it learns and is tested on."""

    def load(self, images: Array, labels: Array, test_images: Array, test_labels: Array) -> None:
        """Take the digits, images (N, 784) as they are to be trained on."""
        self._images, self._labels = images, labels
        self._test_images, self._test_labels = test_images, test_labels

    def epoch(self, order: Array) -> dict[str, Any]:
        """Train on the samples in that order; returns what it took (see `measured`) and the test ``accuracy`` then.

        The batches are put together beforehand, and the accuracy is computed by the same code for everyone; neither is
        in the time.
        """
        x, y = batches_of_digits(self._configuration, self._images[order], self._labels[order])
        batches = self._trainer.prepare(x, y)
        taken = measured(lambda: self._trainer.train(batches))
        seen = outputs(self._configuration, self._trainer.parameters(), self._test_images).argmax(1)
        return {**taken, "accuracy": float((seen == self._test_labels).mean())}
