"""Growth: time and memory of a graph by its number of nodes, time of a training step by width, depth and batch."""

from __future__ import annotations

from benchmarks.by_hand.digits import digits
from benchmarks.configurations import Configuration, batches_of_digits
from benchmarks.equality import STEPS
from benchmarks.parts import mnist
from benchmarks.parts.run import BASELINES, QUICK, Run
from benchmarks.peers import THIS_PROJECT, TORCH
from benchmarks.results import Comparison

CHAIN_SESSION = "benchmarks.sessions.chain:ChainSession"
NODES = (1_000, 10_000, 100_000, 1_000_000)
WIDTHS, DEPTHS, BATCHES = (16, 64, 256, 1024), (1, 4, 16, 64), (1, 16, 256, 4096)
LEARNING_RATE = 0.01


def run(run: Run) -> list[Comparison]:
    """A comparison for each size and figure; quick runs leave out the largest, and more."""
    return [*_by_nodes(run), *_by_network(run)]


def _by_nodes(run: Run) -> list[Comparison]:
    names = (THIS_PROJECT, TORCH)
    comparisons = []
    for nodes in NODES[:-1] if run.is_quick else NODES:
        run.say(f"growth: a chain of {nodes:,} nodes")
        # New processes, so that memory is really taken in the first turn.
        with run.contest(CHAIN_SESSION, names) as contest:
            turns = contest.take_turns(contest.gather(), "turn", rounds=3, nodes=nodes)
        for figure in ("forward", "backward", "freed"):
            group = f"Chain of multiplications, {figure}"
            comparison = Comparison("growth", group, f"{nodes:,} nodes", "s", size=nodes)
            comparison.values = {name: [turn[figure] for turn in found] for name, found in turns.items()}
            comparisons.append(comparison)
        memory = Comparison("growth", "Chain of multiplications, memory", f"{nodes:,} nodes", "bytes", size=nodes)
        memory.values = {name: [found[0]["bytes"]] for name, found in turns.items() if found[0]["bytes"] is not None}
        comparisons.append(memory)
        for comparison in comparisons[-4:]:
            comparison.absent, comparison.failed = run.missing(names), dict(contest.failed)
    return sorted(comparisons, key=lambda comparison: comparison.group)


def _by_network(run: Run) -> list[Comparison]:
    networks = {
        "width": {width: Configuration((784, width, width, 10), 128, "SGD", LEARNING_RATE) for width in WIDTHS},
        "depth": {depth: Configuration((784, *[64] * depth, 10), 32, "SGD", LEARNING_RATE) for depth in DEPTHS},
        "batch size": {batch: Configuration((784, 128, 10), batch, "SGD", LEARNING_RATE) for batch in BATCHES},
    }
    images, labels = digits(train=True)
    comparisons = []
    with run.contest(mnist.SESSION, BASELINES, QUICK) as contest:
        for what, configurations in networks.items():
            for size, configuration in list(configurations.items())[:: 2 if run.is_quick else 1]:
                run.say(f"growth: {what} {size}")
                used = max(mnist.SAMPLES, STEPS * configuration.batch)
                x, y = batches_of_digits(configuration, images[:used], labels[:used])
                comparison = Comparison("growth", f"Training step by {what}", str(configuration), "s", size=size)
                comparison.absent = run.missing(BASELINES)
                mnist.compare_steps(contest, comparison, configuration, x, y)
                comparisons.append(comparison)
    return comparisons
