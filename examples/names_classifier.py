"""A GRU reads the names of letters and guesses which script they belong to: ALPHA is Greek, SHIN WITH DOT is Hebrew.

    python examples/names_classifier.py
    python examples/names_classifier.py --guess "ZHE WITH TAIL" TSADI "A WITH HOOK"

The names are those of Unicode, which every Python has. A fifth of each script's names is kept to test with; a name is
known by its sound alone, and where scripts share their names, nobody could tell them apart: so the picture of what is
taken for what shows which scripts are related.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from collections import defaultdict

from tqdm import trange

import tinygrad_scratch as tg
from support.characters import Alphabet
from support.command_line import CtrlC, Options, positive_float, positive_int, run
from support.plots import confusion_matrix, learning_curves
from tinygrad_scratch import Tensor, nn, optim
from tinygrad_scratch.nn import functional as F
from tinygrad_scratch.nn.utils.rnn import PackedSequence, pack_sequence
from tinygrad_scratch.utils.data import DataLoader

FEWEST, MOST = 60, 300  # names of a script: there are 11,000 of Hangul
SHAPE = "(?:(?:SMALL|CAPITAL|INITIAL|MEDIAL|FINAL|ISOLATED) )*"
LETTER = re.compile(rf"([A-Z]+) {SHAPE}(?:LETTER|SYLLABLE) {SHAPE}([A-Z -]+)")

Named = tuple[str, int]  # the name of a letter, and the number of its script


def names_of_letters() -> dict[str, list[str]]:
    """For each script that has many letters, their names without what says so: GREEK SMALL LETTER ALPHA is ALPHA."""
    names = defaultdict(set)
    for code in range(sys.maxunicode):
        if match := LETTER.fullmatch(unicodedata.name(chr(code), "")):
            names[match[1]].add(match[2])
    del names["MODIFIER"]  # which is no script
    return {script: sorted(names[script]) for script in sorted(names) if len(names[script]) >= FEWEST}


def divided(names: dict[str, list[str]]) -> tuple[list[Named], list[Named]]:
    """At most `MOST` names of each script, at random: to learn from, and to test with."""
    train, test = [], []
    for number, of_script in enumerate(names.values()):
        chosen = [(of_script[i], number) for i in tg.randperm(len(of_script))[:MOST].tolist()]
        train += chosen[len(chosen) // 5 :]
        test += chosen[: len(chosen) // 5]
    return train, test


class NameClassifier(nn.Module):
    """Reads names from both ends; what it remembers when it is through says what script they are from."""

    def __init__(self, characters: int, hidden: int, scripts: int) -> None:
        super().__init__()
        self.embedding = nn.Embedding(characters, hidden)
        self.gru = nn.GRU(hidden, hidden, bidirectional=True)
        self.dropout = nn.Dropout(0.4)
        self.scores = nn.Linear(2 * hidden, scripts)

    def forward(self, names: PackedSequence) -> Tensor:
        embedded = self.dropout(self.embedding(names.data))
        _, last = self.gru(names._replace(data=embedded))
        return self.scores(self.dropout(last.transpose(0, 1).flatten(1)))


def main(arguments: list[str] | None = None) -> None:
    options = Options("names_classifier", __doc__)
    options.add_argument("--hidden", type=positive_int, default=64, help="numbers that are remembered, each way")
    options.add_argument("--epochs", type=positive_int, default=15, help="how often to go through the names")
    options.add_argument("--batch-size", type=positive_int, default=32, help="names for each step")
    options.add_argument(
        "--learning-rate", type=positive_float, default=0.005, help="of Adam; it sinks with each epoch"
    )
    options.add_argument(
        "--guess", nargs="+", default=["ALPHA", "TSADI", "ZHE WITH TAIL", "GGEONG", "KA"], help="names"
    )
    chosen = options.parse(arguments)

    names = names_of_letters()
    scripts = [script.capitalize() for script in names]
    alphabet = Alphabet.of("".join(name for of_script in names.values() for name in of_script))
    train, test = divided(names)
    print(f"{len(train):,} names of letters in {len(scripts)} scripts to learn from, {len(test):,} to test with")

    def packed(named: list[str]) -> PackedSequence:
        """Names of different lengths, one beside the other."""
        return pack_sequence([alphabet.encode(name) for name in named], enforce_sorted=False)

    def collate(batch: list[Named]) -> tuple[PackedSequence, Tensor]:
        return packed([name for name, _ in batch]), tg.tensor([script for _, script in batch])

    model = NameClassifier(len(alphabet), chosen.hidden, len(scripts))
    optimizer = optim.Adam(model.parameters(), lr=chosen.learning_rate)
    scheduler = optim.lr_scheduler.LinearLR(optimizer, start_factor=1, end_factor=0, total_iters=chosen.epochs)
    batches = DataLoader(train, chosen.batch_size, shuffle=True, collate_fn=collate)
    tested, right_scripts = collate(test)
    unknown = packed(chosen.guess)
    accuracies = []
    with CtrlC() as ctrl_c, trange(chosen.epochs, desc="training", unit=" epochs", leave=False) as bar:
        for _ in bar:
            model.train()
            for batch, labels in batches:
                optimizer.zero_grad()
                F.cross_entropy(model(batch), labels).backward()
                optimizer.step()
                if ctrl_c.pressed:
                    break
            scheduler.step()
            model.eval()
            with tg.no_grad():
                guessed = model(tested).argmax(1)
            accuracies.append((guessed == right_scripts).float().mean().item())
            bar.set_postfix(accuracy=f"{accuracies[-1]:.1%}", refresh=False)
            if ctrl_c.pressed:
                break

    print(f"test accuracy: {accuracies[-1]:.1%}\n")
    with tg.no_grad():
        best, places = model(unknown).softmax(1).topk(3)
    for name, chances, numbers in zip(chosen.guess, best.tolist(), places.tolist(), strict=True):
        guesses = [f"{scripts[number]} {chance:.0%}" for number, chance in zip(numbers, chances, strict=True)]
        print(f"{name:>16}: {', '.join(guesses)}")
    learning_curves(chosen.output / "learning_curves.png", {"accuracy": {"test": accuracies}})
    counts = F.one_hot(right_scripts, len(scripts)).T @ F.one_hot(guessed, len(scripts))
    confusion_matrix(chosen.output / "confusion.png", counts.numpy(), scripts)
    print(f"\npictures: {chosen.output}")


if __name__ == "__main__":
    run(main)
