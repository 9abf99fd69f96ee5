"""A small GPT learns to write, character by character, from what Python's help() says or a text of your own.

    python examples/character_transformer.py
    python examples/character_transformer.py --text mine.txt
    python examples/character_transformer.py --resume runs/character_transformer/checkpoint --steps 4000
    python examples/character_transformer.py --resume runs/character_transformer/checkpoint --steps 0 --prompt "A class"

The last only writes. Ctrl-C stops early and keeps what has been learned; --resume goes on, to the last bit as if it had
never stopped.
"""

from __future__ import annotations

from collections.abc import Iterator

import tinygrad_scratch as tg
from support.characters import Alphabet, Choice, read_text
from support.command_line import fraction, positive_int, run
from support.plots import attention_maps
from support.writing import Lesson, options_of_writing
from tinygrad_scratch import Tensor, nn


class CharacterTransformer(nn.Module):
    """Looks back, from each character of a window, at those before it, to say which may come next."""

    def __init__(self, characters: int, window: int, channels: int, heads: int, layers: int, dropout: float) -> None:
        super().__init__()
        self.embedding = nn.Embedding(characters, channels)
        self.positions = nn.Embedding(window, channels)
        layer = nn.TransformerEncoderLayer(
            channels, heads, 4 * channels, dropout, activation="gelu", batch_first=True, norm_first=True
        )
        self.encoder = nn.TransformerEncoder(layer, layers, nn.LayerNorm(channels), enable_nested_tensor=False)
        self.scores = nn.Linear(channels, characters)

    def forward(self, text: Tensor) -> Tensor:
        """Scores (N, L, characters) of what comes after each character of ``text`` (N, L)."""
        return self.scores(self.encoder(self.embed(text), mask=self.past(text), is_causal=True))

    def embed(self, text: Tensor) -> Tensor:
        return self.embedding(text) + self.positions.weight[: text.shape[1]]

    def past(self, text: Tensor) -> Tensor:
        """The mask (L, L) that keeps each character from looking at later ones."""
        return nn.Transformer.generate_square_subsequent_mask(text.shape[1])

    def write(self, prompt: Tensor, choose: Choice) -> Iterator[Tensor]:
        text = prompt
        while True:
            text = text[:, -self.positions.num_embeddings :]
            character = choose(self(text)[:, -1])
            yield character
            text = tg.cat([text, character[None]], dim=1)

    def attention(self, text: Tensor) -> Tensor:
        """How much each character of ``text`` (L,) looks at each before it: (layers, heads, L, L), rows add up to 1."""
        x, weights = self.embed(text[None]), []
        for layer in self.encoder.layers:
            seen = layer.norm1(x)
            weights.append(layer.self_attn(seen, seen, seen, attn_mask=self.past(x), average_attn_weights=False)[1])
            x = layer(x, self.past(x), is_causal=True)
        return tg.cat(weights)


def main(arguments: list[str] | None = None) -> None:
    options = options_of_writing("character_transformer", __doc__)
    options.add_argument("--channels", type=positive_int, default=96, help="numbers that stand for a character")
    options.add_argument("--heads", type=positive_int, default=4, help="places that each layer looks at")
    options.add_argument("--layers", type=positive_int, default=3, help="of attention")
    options.add_argument("--dropout", type=fraction, default=0.0, help="in each layer")
    chosen = options.parse(arguments)

    text = read_text(chosen.text)
    alphabet = Alphabet.of(text)
    sizes = (len(alphabet), chosen.window, chosen.channels, chosen.heads, chosen.layers, chosen.dropout)
    model = CharacterTransformer(*sizes)
    lesson = Lesson(text, alphabet, model, chosen)
    lesson.run()

    phrase = lesson.held_out[: min(chosen.window, 32)]
    with tg.no_grad():
        attention = model.attention(phrase).numpy()
    attention_maps(chosen.output / "attention.png", attention, alphabet.decode(phrase))


if __name__ == "__main__":
    run(main)
