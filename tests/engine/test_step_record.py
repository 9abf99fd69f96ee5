"""A whole training step as a list of all that happened, and that list replayed: the contract for a compiler."""

from __future__ import annotations

from typing import Any

import numpy as np

import tinygrad_scratch as tg
from tests.replay import Accumulated, Ran, Record, Replay, Wrote
from tinygrad_scratch import nn, optim
from tinygrad_scratch.nn import functional as F
from tinygrad_scratch.record.mode import observing


class Training:
    """A network for MNIST with batch norm and dropout, trained by Adam, after its first step."""

    def __init__(self) -> None:
        tg.manual_seed(0)
        self.model = nn.Sequential(
            nn.Linear(784, 32), nn.BatchNorm1d(32), nn.ReLU(), nn.Dropout(0.2), nn.Linear(32, 10)
        )
        self.optimizer = optim.Adam(self.model.parameters(), lr=0.01)
        self.step(*batch(0))

    def step(self, images: tg.Tensor, labels: tg.Tensor) -> tg.Tensor:
        loss = F.cross_entropy(self.model(images), labels)
        self.optimizer.zero_grad()
        loss.backward()
        self.optimizer.step()
        return loss

    def tensors(self) -> dict[str, tg.Tensor]:
        """All that a step changes, by name."""
        state = self.optimizer.state
        of_optimizer = {
            f"{name}.{kept}": state[parameter][kept]
            for name, parameter in self.model.named_parameters()
            for kept in ("exp_avg", "exp_avg_sq")
        }
        return {**self.model.state_dict(), **of_optimizer}


def batch(seed: int) -> tuple[tg.Tensor, tg.Tensor]:
    random = np.random.default_rng(seed)
    return tg.tensor(random.random((16, 784), np.float32)), tg.tensor(random.integers(10, size=16))


def recorded_step(training: Training, images: tg.Tensor, labels: tg.Tensor) -> Record:
    record = Record()
    with observing(record):
        training.step(images, labels)
    return record


def values(training: Training) -> dict[str, Any]:
    return {name: tensor.numpy(force=True).copy() for name, tensor in training.tensors().items()}


def replayed_values(training: Training, replay: Replay) -> dict[str, Any]:
    return {name: replay.values(tensor) for name, tensor in training.tensors().items()}


def assert_same(found: dict[str, Any], expected: dict[str, Any]) -> None:
    assert found.keys() == expected.keys()
    for name, array in expected.items():
        np.testing.assert_array_equal(found[name], array, err_msg=name, strict=True)


def test_a_replayed_step_changes_everything_as_the_step_did_to_the_last_bit() -> None:
    training = Training()
    before, draws = values(training), tg.get_rng_state()
    record = recorded_step(training, *batch(1))
    tg.set_rng_state(draws)
    replayed = replayed_values(training, record.replay({}))
    assert_same(replayed, values(training))
    assert not any(np.array_equal(replayed[name], before[name]) for name in before)


def test_a_step_that_is_seen_is_the_step_that_is_not() -> None:
    seen, unseen = Training(), Training()
    tg.manual_seed(1)
    recorded_step(seen, *batch(1))
    tg.manual_seed(1)
    unseen.step(*batch(1))
    assert_same(values(seen), values(unseen))


def test_a_step_replayed_on_another_batch_from_another_state_with_other_draws() -> None:
    training, other = Training(), Training()
    other.step(*batch(2))
    other.step(*batch(3))
    state = values(other)
    images, labels = batch(1)
    record = recorded_step(training, images, labels)
    given = {training.tensors()[name]: array for name, array in state.items()}
    # Numbers such as the corrections of Adam's averages are settings of the record: these are those of the second step.
    for parameters in (training, other):
        for buckets in parameters.optimizer._active:
            for bucket in buckets:
                bucket.steps = 1
    other_images, other_labels = batch(4)
    tg.manual_seed(5)
    replay = record.replay({images: other_images, labels: other_labels, **given})
    tg.manual_seed(5)
    other.step(other_images, other_labels)
    assert_same(replayed_values(training, replay), values(other))


# Each operation with the shapes of its results, as in "linear (16, 32)", and each write with that of its target.
FORWARD = """
linear (16, 32) · clone () · add () · write () · standardize (16, 32) (1, 32) (1, 32) · reshape (32,) ·
subtract (32,) · multiply (32,) · add (32,) · write (32,) · reshape (32,) · multiply (32,) · subtract (32,) ·
multiply (32,) · add (32,) · write (32,) · scale_and_shift (16, 32) · relu (16, 32) · uniform (16, 32) ·
ge (16, 32) · cast (16, 32) · multiply (16, 32) · multiply (16, 32) · linear (16, 10) · cross_entropy ()
"""
BACKWARD = """
cross_entropy_gradient (16, 10) · matmul (16, 32) · transpose (10, 16) · matmul (10, 32) · sum (10,) ·
multiply (16, 32) · ne (16, 32) · convert (16, 32) · multiply (16, 32) · scale_and_shift (16, 32) ·
sum_of_products (32,) · sum (32,) · add (1, 32) · sqrt (1, 32) · divide (1, 32) · divide (1, 32) · multiply (1, 32) ·
divide (1, 32) · standardize_gradient (16, 32) · transpose (32, 16) · matmul (32, 784) · sum (32,)
"""
# For each parameter, the smallest first.
ADAM = "subtract multiply add multiply multiply multiply add sqrt add divide multiply subtract write write write"
PARAMETERS = ("(10,)", "(32,)", "(32,)", "(32,)", "(10, 32)", "(32, 784)")


def told(event: Any) -> str:
    match event:
        case Ran(primitive, _, _, results):
            return f"{primitive.name} {' '.join(str(result.shape) for result in results)}"
        case Wrote(target):
            return f"write {target.shape}"
        case Accumulated(grad):
            return f"accumulate {grad.shape}"
    return f"convert {event.array.shape}"


def test_the_list_of_a_step() -> None:
    record = recorded_step(Training(), *batch(1))
    expected = [event.strip() for event in f"{FORWARD} · {BACKWARD}".replace(" ·\n", " · ").split(" · ")]
    expected += [f"{name} {shape}" for shape in PARAMETERS for name in ADAM.split()]
    assert [told(event) for event in record.events] == expected
    assert record.reads == []
