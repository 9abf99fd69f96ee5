"""Training a model to write, character by character: windows of a text, samples as it goes on, and a checkpoint."""

from __future__ import annotations

import argparse
import time
from math import log
from pathlib import Path
from textwrap import indent
from typing import Any

from tqdm import tqdm, trange

import tinygrad_scratch as tg
from support.characters import Alphabet, written
from support.command_line import CtrlC, Options, UserError, count, positive_float, positive_int
from support.plots import Array, learning_curves
from tinygrad_scratch import Tensor, nn, optim
from tinygrad_scratch.nn import functional as F

HELD_OUT = 0.1  # the fraction of a text, at its end, that is only tested with


def options_of_writing(name: str, description: str | None) -> Options:
    """A parser for the example ``name`` with the options that `Lesson` needs."""
    options = Options(name, description)
    options.add_argument("--text", type=Path, help="file to learn from; if not named, what Python's help() says")
    options.add_argument("--steps", type=count, default=2000, help="of training, with those before --resume")
    options.add_argument("--batch-size", type=positive_int, default=32, help="windows of the text for each step")
    options.add_argument("--window", type=positive_int, default=64, help="characters that are seen at once")
    options.add_argument("--learning-rate", type=positive_float, default=0.003, help="of AdamW; it sinks to 0")
    options.add_argument("--resume", type=Path, help="checkpoint to go on from")
    writing = options.add_argument_group("what is written")
    writing.add_argument("--every", type=positive_int, default=500, help="steps from one sample to the next")
    writing.add_argument("--prompt", default="The ", help="how the text begins")
    writing.add_argument("--characters", type=count, default=800, help="to write in the end")
    writing.add_argument("--temperature", type=positive_float, default=0.7, help="1: as in the text; lower: surer")
    writing.add_argument("--top-k", type=positive_int, default=20, help="choose among so many characters")
    return options


class Lesson:
    """A text, the ``model`` that learns to go on with it, and everything that changes meanwhile.

    Where in the text the next steps are is in the state of the generator: each takes windows from random places.
    """

    def __init__(self, text: str, alphabet: Alphabet, model: nn.Module, chosen: argparse.Namespace) -> None:
        self.alphabet = alphabet
        self.model = model
        self.chosen = chosen
        numbers = alphabet.encode(text)
        end = round(len(numbers) * (1 - HELD_OUT))
        self.learned, self.held_out = numbers[:end], numbers[end:]
        if min(len(self.learned), len(self.held_out)) <= chosen.window:
            raise UserError(f"a text of {len(text):,} characters is too short for windows of {chosen.window}")
        self.optimizer = optim.AdamW(model.parameters(), lr=chosen.learning_rate)
        self.scheduler = optim.lr_scheduler.LambdaLR(self.optimizer, lambda step: 1 - step / max(1, chosen.steps))
        self.history: list[tuple[float, float]] = []  # mean loss of some steps, and that on the text held out

    def state_dict(self) -> dict[str, Any]:
        return {
            "alphabet": self.alphabet.characters,
            "model": self.model.state_dict(),
            "optimizer": self.optimizer.state_dict(),
            "scheduler": self.scheduler.state_dict(),
            "generator": tg.get_rng_state(),
            "history": self.history,
        }

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Go on from where `state_dict` was called; UserError if it is of another text or of another model."""
        if state["alphabet"] != self.alphabet.characters:
            raise UserError("the checkpoint is of a text with other characters (--text says which it is)")
        try:
            self.model.load_state_dict(state["model"])
        except RuntimeError as error:
            raise UserError(f"the checkpoint is of another model; options say its sizes (--help)\n{error}") from error
        self.optimizer.load_state_dict(state["optimizer"])
        self.scheduler.load_state_dict(state["scheduler"])
        tg.set_rng_state(state["generator"])
        self.history = state["history"]

    def run(self) -> None:
        """Resume, learn, save the curves, and write, as the options say."""
        if self.chosen.resume:
            self.load_state_dict(tg.load(self.chosen.resume))
        parameters = sum(parameter.numel() for parameter in self.model.parameters())
        sizes = f"{len(self.learned):,} to learn from, {len(self.held_out):,} held out to test with"
        print(f"{len(self.alphabet)} different characters: {sizes}; {parameters:,} parameters\n")
        self.learn()
        if self.history:
            learned, held_out = zip(*self.history, strict=True)
            curves = {"loss": {"train": learned, "held out": held_out}}
            learning_curves(self.chosen.output / "learning_curves.png", curves, along=f"{self.chosen.every} steps")
        print(self.write(self.chosen.characters))
        print(f"\npictures and checkpoint: {self.chosen.output}")

    def learn(self) -> None:
        """Make the steps that are left, with samples and checkpoints now and then; Ctrl-C ends with both."""
        done, steps, every = self.scheduler.last_epoch, self.chosen.steps, self.chosen.every
        losses: list[float] = []
        start = time.perf_counter()
        with CtrlC() as ctrl_c, trange(done, steps, initial=done, total=steps, unit=" steps", leave=False) as bar:
            for step in bar:
                losses.append(self.step())
                bar.set_postfix(loss=f"{losses[-1]:.3f}", refresh=False)
                if (step + 1) % every == 0 or step + 1 == steps or ctrl_c.pressed:
                    self.history.append((sum(losses) / len(losses), self.test()))
                    losses.clear()
                    tqdm.write(self.report(time.perf_counter() - start))
                    tg.save(self.state_dict(), self.chosen.output / "checkpoint")
                if ctrl_c.pressed:
                    break

    def step(self) -> float:
        """Learn from windows at random places of the text; the loss of before."""
        self.model.train()
        starts = tg.randint(0, len(self.learned) - self.chosen.window, (self.chosen.batch_size, 1))
        loss = self.loss(self.learned[starts + tg.arange(self.chosen.window + 1)])
        self.optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        self.optimizer.step()
        self.scheduler.step()
        return loss.item()

    def test(self) -> float:
        """The mean loss on the text that was held out, in windows one after another."""
        self.model.eval()
        windows = self.held_out.unfold(0, self.chosen.window + 1, self.chosen.window)
        with tg.no_grad():
            return sum(self.loss(some).item() * len(some) for some in windows.split(64)) / len(windows)

    def loss(self, windows: Tensor) -> Tensor:
        """How badly the model tells from all the characters before it each of the ``windows`` (N, L + 1)."""
        return F.cross_entropy(self.model(windows[:, :-1]).flatten(0, 1), windows[:, 1:].flatten())

    def report(self, seconds: float) -> str:
        learned, held_out = self.history[-1]
        progress = f"step {self.scheduler.last_epoch:,}: loss {learned:.3f}, on the text held out {held_out:.3f}"
        return f"{progress} ({seconds:.0f} s)\n{indent(self.write(160), '    ')}\n"

    def write(self, length: int) -> str:
        """The prompt, and so many characters more."""
        self.model.eval()
        settings = self.chosen.temperature, self.chosen.top_k, self.chosen.seed
        return written(self.model, self.alphabet, self.chosen.prompt, length, *settings)

    def surprise(self, length: int) -> tuple[str, Array]:
        """Some of the text that was held out, and for each character the bits that it came as a surprise by."""
        window = self.held_out[None, : length + 1]
        self.model.eval()
        with tg.no_grad():
            losses = F.cross_entropy(self.model(window[:, :-1])[0], window[0, 1:], reduction="none")
        return self.alphabet.decode(window[0, 1:]), losses.numpy() / log(2)
