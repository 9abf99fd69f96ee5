"""Options that all examples have, mistakes told in a sentence instead of a traceback, a Ctrl-C that loses nothing."""

from __future__ import annotations

import argparse
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Self

import tinygrad_scratch as tg
from tinygrad_scratch import CheckpointError
from tinygrad_scratch.nn.datasets import DataError


class UserError(ValueError):
    """What the user asked for cannot be done; the message says why, and what would be right."""


class Options(argparse.ArgumentParser):
    """A parser for the example ``name``: it shows all defaults, and has ``--output`` and ``--seed``."""

    def __init__(self, name: str, description: str | None) -> None:
        super().__init__(description=description, formatter_class=_HelpFormatter)
        self.add_argument("--output", type=Path, default=Path("runs") / name, help="folder for pictures and weights")
        self.add_argument("--seed", type=int, default=0, help="where all randomness starts from")

    def parse(self, arguments: list[str] | None) -> argparse.Namespace:
        """The options in ``arguments`` (by default the command line's); sets the seed and makes the output folder."""
        options = self.parse_args(arguments)
        tg.manual_seed(options.seed)
        options.output.mkdir(parents=True, exist_ok=True)
        return options


class _HelpFormatter(argparse.ArgumentDefaultsHelpFormatter, argparse.RawDescriptionHelpFormatter):
    """Shows the default of every option that has one."""

    def _get_help_string(self, action: argparse.Action) -> str | None:
        return action.help if action.default is None else super()._get_help_string(action)


def positive_int(text: str) -> int:
    return _at_least(1, int(text))


def count(text: str) -> int:
    return _at_least(0, int(text))


def positive_float(text: str) -> float:
    number = float(text)
    if not 0 < number < float("inf"):
        raise argparse.ArgumentTypeError(f"must be a positive number, not {text}")
    return number


def not_negative_float(text: str) -> float:
    return 0.0 if float(text) == 0 else positive_float(text)


def fraction(text: str) -> float:
    number = float(text)
    if not 0 <= number < 1:
        raise argparse.ArgumentTypeError(f"must be at least 0 and less than 1, not {text}")
    return number


def _at_least(lowest: int, number: int) -> int:
    if number < lowest:
        raise argparse.ArgumentTypeError(f"must be at least {lowest}, not {number}")
    return number


def run(main: Callable[[], Any]) -> None:
    """Run an example; what a user can put right ends it with a message instead of a traceback."""
    try:
        main()
    except (UserError, DataError, CheckpointError, OSError) as error:
        sys.exit(f"{Path(sys.argv[0]).name}: {error}")
    except KeyboardInterrupt:
        sys.exit(f"\n{Path(sys.argv[0]).name}: stopped by Ctrl-C")


class CtrlC:
    """Inside ``with``, Ctrl-C stops nothing at once: it is noted as ``pressed``, for loops to end where it is safe.

    Half a step of training would leave weights that are neither old nor new. A second Ctrl-C stops everything as ever.
    """

    pressed = False

    def __enter__(self) -> Self:
        self._usual = signal.signal(signal.SIGINT, self._note)
        return self

    def __exit__(self, *exception: object) -> None:
        signal.signal(signal.SIGINT, self._usual)

    def _note(self, *_: object) -> None:
        if self.pressed:
            raise KeyboardInterrupt
        self.pressed = True
        print("\nstopping after this step, and keeping what has been learned (Ctrl-C again: stop at once)")
