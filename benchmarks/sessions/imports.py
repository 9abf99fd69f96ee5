"""The time that a new Python takes to import a library."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import Any

from benchmarks.peers import NUMPY, THIS_PROJECT, TORCH

STATEMENTS = {
    THIS_PROJECT: "import tinygrad_scratch, nn, nn.optim",
    NUMPY: "import numpy",
    TORCH: "import torch",
    "jax": "import jax.numpy",
    "sklearn": "from sklearn.neural_network import MLPClassifier",
    "autograd": "import autograd.numpy",
    "mygrad": "import mygrad",
    "tinygrad": "import tinygrad",
    "micrograd": "import micrograd.nn",
}

_PROGRAM = "import time; start = time.perf_counter(); {statement}; print(time.perf_counter() - start)"


class ImportSession:
    """Starts Pythons that import the library of ``peer``."""

    def __init__(self, peer: str) -> None:
        self._command = [sys.executable, "-c", _PROGRAM.format(statement=STATEMENTS[peer])]
        # What Python compiles is to be there the next time, as it ordinarily is.
        self._environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}

    def turn(self) -> float:
        """The seconds that the import takes."""
        done: Any = subprocess.run(self._command, env=self._environment, capture_output=True, text=True, check=True)
        return float(done.stdout.splitlines()[-1])
