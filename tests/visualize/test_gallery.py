"""The gallery: examples/graphs.py writes everything that its page shows."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tinygrad_scratch.visualize.engines import find_engine

ROOT = Path(__file__).parents[2]


@pytest.mark.skipif(find_engine() is None, reason="no Graphviz: pip install 'tinygrad-scratch[viz]'")
def test_the_page_shows_what_was_written(tmp_path: Path) -> None:
    command = [sys.executable, "-W", "error", ROOT / "examples/graphs.py", "--output", tmp_path]
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, env={**os.environ, "PYTHONPATH": str(ROOT)}
    )
    assert done.stderr == ""
    shown = re.findall(r'(?:src|srcset|href)="(.*?)"', (tmp_path / "index.html").read_text(encoding="utf-8"))
    assert len(shown) == 10 * 2 + 8  # ten pictures in light and dark, eight pages to explore
    assert sorted(shown) == sorted(file.name for file in tmp_path.iterdir() if file.name != "index.html")
