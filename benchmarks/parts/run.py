"""What all parts of a run share."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass, field

from benchmarks.peers import NUMPY, PEERS, THIS_PROJECT, TORCH
from benchmarks.processes.contest import Contest, Pace, Tally

FULL, QUICK = Pace(rounds=11, turn=0.25, pause=0.3), Pace(rounds=3, turn=0.1, pause=0.25)
PATIENCE, PATIENCE_OF_QUICK_RUN = 240.0, 20.0  # seconds
BASELINES = (THIS_PROJECT, NUMPY, TORCH)


@dataclass
class Run:
    """Who takes part, and at which pace; ``is_quick`` leaves out what takes long."""

    names: Sequence[str] = tuple(PEERS)
    is_quick: bool = False
    tally: Tally = field(init=False)

    def __post_init__(self) -> None:
        self.tally = Tally(PATIENCE_OF_QUICK_RUN if self.is_quick else PATIENCE)

    @property
    def pace(self) -> Pace:
        return QUICK if self.is_quick else FULL

    def missing(self, names: Sequence[str] = tuple(PEERS)) -> dict[str, str]:
        """Why some among ``names`` cannot take part."""
        reasons = {name: PEERS[name].missing for name in self.names if name in names}
        return {name: reason for name, reason in reasons.items() if reason is not None}

    def contest(self, session: str, names: Sequence[str] = tuple(PEERS), pace: Pace | None = None) -> Contest:
        """Those among ``names`` who can take part, at the run's pace unless another is given."""
        missing = self.missing(names)
        present = [name for name in self.names if name in names and name not in missing]
        return Contest(present, session, self.pace if pace is None else pace, self.tally)

    def say(self, line: str) -> None:
        """Tell how far the run is."""
        print(line, file=sys.stderr, flush=True)
