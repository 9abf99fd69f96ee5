"""Text as numbers, one for each character: where it comes from, and how a model's scores become text again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from itertools import islice
from pathlib import Path
from pydoc_data.topics import topics
from typing import Protocol, Self

import tinygrad_scratch as tg
from support.command_line import UserError
from tinygrad_scratch import Generator, Tensor

Choice = Callable[[Tensor], Tensor]


class Writer(Protocol):
    """A model that goes on with a text."""

    def write(self, prompt: Tensor, choose: Choice) -> Iterator[Tensor]:
        """The numbers (1,) of the characters after ``prompt`` (1, L), each chosen by the scores of all, without end."""


class Alphabet:
    """The different characters of a text; the number of each is its place among them."""

    def __init__(self, characters: str) -> None:
        self.characters = characters
        self._numbers = {character: number for number, character in enumerate(characters)}

    @classmethod
    def of(cls, text: str) -> Self:
        return cls("".join(sorted(set(text))))

    def __len__(self) -> int:
        return len(self.characters)

    def encode(self, text: str) -> Tensor:
        try:
            return tg.tensor([self._numbers[character] for character in text])
        except KeyError as missing:
            raise UserError(f"{missing} is none of the {len(self)} characters that were learned") from None

    def decode(self, numbers: Tensor) -> str:
        return "".join(self.characters[number] for number in numbers.tolist())


def read_text(path: Path | None) -> str:
    """The text in the file ``path``; without one what Python tells of itself in ``help()``, some 400,000 characters.

    UserError for a file that is no text.
    """
    if path is None:  # what several topics share stands there once, so that nothing is both learned and held out
        return "\n\n".join(dict.fromkeys("\n\n".join(topics.values()).split("\n\n")))
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise UserError(f"{path} is not a text in UTF-8: {error}") from error


def written(
    model: Writer, alphabet: Alphabet, prompt: str, length: int, temperature: float, top_k: int, seed: int
) -> str:
    """``prompt`` and the ``length`` characters that ``model`` goes on with. The same ``seed`` gives the same text."""
    choose = partial(choose_character, temperature=temperature, top_k=top_k, generator=Generator().manual_seed(seed))
    with tg.no_grad():
        numbers = list(islice(model.write(alphabet.encode(prompt)[None], choose), length))
    return prompt + (alphabet.decode(tg.cat(numbers)) if numbers else "")


def choose_character(scores: Tensor, temperature: float, top_k: int, generator: Generator) -> Tensor:
    """The number (1,) of a character, drawn with the chances that ``scores`` (1, characters) give it.

    Only the ``top_k`` best have a chance. A low ``temperature`` favours the best even more, a high one is fair.
    """
    best, numbers = scores[0].topk(min(top_k, scores.shape[1]))
    return numbers[tg.multinomial((best / temperature).softmax(0), 1, generator=generator)]
