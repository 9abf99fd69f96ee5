"""Compare this project with others on this machine, and write a table (Markdown), all figures (JSON) and plots.

Parts, all of which are run if none is named:

  mnist     training speed: a whole step, of networks for XOR and MNIST
  models    training speed of a CNN, a residual CNN, an LSTM and a Transformer, beside PyTorch
  accuracy  time to 98 % test accuracy on MNIST
  overhead  single operations, forward and backward, by the size of the operands
  memory    peak of training, and what the graph of a step keeps
  imports   import time
  growth    time and memory by the number of nodes, and by width, depth and batch size
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from benchmarks import machine
from benchmarks.parts import PARTS
from benchmarks.parts.run import Run
from benchmarks.peers import NUMPY, PEERS, THIS_PROJECT
from benchmarks.report.markdown import markdown
from benchmarks.report.plots import save_plots
from benchmarks.results import Report

ABOUT_SESSION = "benchmarks.sessions.about:AboutSession"
ALWAYS = (THIS_PROJECT, NUMPY)
BUSY = 0.1  # of a core


def main(arguments: Sequence[str] | None = None) -> int:
    """Run, write and print the report; returns 1 if a contender failed or computed something else, and 0 otherwise."""
    options = _parsed(arguments)
    run = Run([name for name in PEERS if name in (*ALWAYS, *options.peers)], options.quick)
    report = Report(
        started=datetime.now().astimezone().isoformat(" ", "seconds"),
        command=" ".join(["python -m benchmarks", *(sys.argv[1:] if arguments is None else arguments)]),
        machine=machine.describe(),
        warnings=[],
        contenders=_about_contenders(run),
        comparisons=[],
    )
    report.warnings += _warnings_before(report)
    for part in options.parts or PARTS:
        report.comparisons += PARTS[part](run)
    report.warnings += _warnings_after(run)
    _write(report, options.output)
    return 1 if report.failures else 0


def _parsed(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        "python -m benchmarks", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("parts", nargs="*", metavar="part", help=f"one of {', '.join(PARTS)}")
    parser.add_argument("--quick", action="store_true", help="fewer and shorter rounds, and fewer and smaller networks")
    parser.add_argument(
        "--peers",
        type=lambda names: names.split(","),
        default=list(PEERS),
        metavar="NAMES",
        help=f"whom to compare with, beside {' and '.join(ALWAYS)}, separated by commas: {', '.join(PEERS)}",
    )
    parser.add_argument(
        "--output", type=Path, default=Path("runs/benchmarks"), metavar="DIR", help="default: %(default)s"
    )
    options = parser.parse_args(arguments)
    for given, known in ((options.parts, PARTS), (options.peers, PEERS)):
        unknown = [name for name in given if name not in known]
        if unknown:
            parser.error(f"unknown: {', '.join(unknown)}; there are {', '.join(known)}")
    return options


def _about_contenders(run: Run) -> dict[str, dict[str, Any]]:
    missing = run.missing()
    about: dict[str, dict[str, Any]] = {}
    with run.contest(ABOUT_SESSION) as contest:
        present = contest.gather()
        for name in run.names:
            if name in present:
                about[name] = contest.ask(name, "about")
            else:
                about[name] = {"missing": missing.get(name) or contest.failed[name].splitlines()[-1]}
    return about


def _warnings_before(report: Report) -> list[str]:
    others = machine.share_of_others()
    warnings = []
    if others is not None and others > BUSY:
        warnings.append(f"The machine was not idle at the start: other programs used {others:.1f} of its cores.")
    note = machine.note_on_kernel(report.contenders[NUMPY].get("thread_pools", []))
    return warnings if note is None else [*warnings, note]


def _warnings_after(run: Run) -> list[str]:
    tally = run.tally
    if not tally.disturbed:
        return []
    return [
        f"Of {tally.turns} turns, {tally.disturbed} were disturbed by other programs however often they were repeated; "
        "run again on an idle machine."
    ]


def _write(report: Report, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    text = markdown(report)
    (folder / "report.md").write_text(text)
    (folder / "report.json").write_text(json.dumps(asdict(report), indent=1))
    print(text)
    try:
        plots = save_plots(report.comparisons, folder)
    except ImportError as error:
        plots = []
        print(error, file=sys.stderr)
    print("written:", *(folder / "report.md", folder / "report.json", *plots), sep="\n  ", file=sys.stderr)
    for failure in report.failures:
        print(failure, file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
