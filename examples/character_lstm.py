"""An LSTM learns to write, character by character, from what Python's help() says or a text of your own.

    python examples/character_lstm.py
    python examples/character_lstm.py --text mine.txt
    python examples/character_lstm.py --resume runs/character_lstm/checkpoint --steps 4000
    python examples/character_lstm.py --resume runs/character_lstm/checkpoint --steps 0 --prompt "A class" --top-k 5

The last only writes. Ctrl-C stops early and keeps what has been learned; --resume goes on, to the last bit as if it had
never stopped.
"""

from __future__ import annotations

from collections.abc import Iterator

from support.characters import Alphabet, Choice, read_text
from support.command_line import fraction, positive_int, run
from support.plots import coloured_text
from support.writing import Lesson, options_of_writing
from tinygrad_scratch import Tensor, nn

State = tuple[Tensor, Tensor]


class CharacterLSTM(nn.Module):
    """Reads characters one by one; what it remembers of them says which may come next."""

    def __init__(self, characters: int, hidden: int, layers: int, dropout: float) -> None:
        super().__init__()
        self.embedding = nn.Embedding(characters, hidden)
        self.lstm = nn.LSTM(hidden, hidden, layers, dropout=dropout, batch_first=True)
        self.scores = nn.Linear(hidden, characters)

    def forward(self, text: Tensor) -> Tensor:
        return self.read(text)[0]

    def read(self, text: Tensor, state: State | None = None) -> tuple[Tensor, State]:
        """Scores (N, L, characters) of what comes after each character of ``text`` (N, L), and what is remembered."""
        memories, state = self.lstm(self.embedding(text), state)
        return self.scores(memories), state

    def write(self, prompt: Tensor, choose: Choice) -> Iterator[Tensor]:
        scores, state = self.read(prompt)
        while True:
            character = choose(scores[:, -1])
            yield character
            scores, state = self.read(character[None], state)


def main(arguments: list[str] | None = None) -> None:
    options = options_of_writing("character_lstm", __doc__)
    options.add_argument("--hidden", type=positive_int, default=256, help="numbers that each layer remembers")
    options.add_argument("--layers", type=positive_int, default=1, help="each reads what the one before remembers")
    options.add_argument("--dropout", type=fraction, default=0.0, help="between layers")
    chosen = options.parse(arguments)

    text = read_text(chosen.text)
    alphabet = Alphabet.of(text)
    model = CharacterLSTM(len(alphabet), chosen.hidden, chosen.layers, chosen.dropout)
    lesson = Lesson(text, alphabet, model, chosen)
    lesson.run()
    coloured_text(chosen.output / "surprise.png", *lesson.surprise(640), "bits of surprise")


if __name__ == "__main__":
    run(main)
