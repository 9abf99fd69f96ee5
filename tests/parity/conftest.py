"""Parity tests compare with PyTorch and are skipped where it is not installed (``pip install -e .[peers]``)."""

import pytest

pytest.importorskip("torch", reason="PyTorch is not installed: pip install -e '.[peers]'")
