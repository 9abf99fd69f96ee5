"""What the examples share: their command lines, what they learn from, how, and pictures of what they have learned."""

import sys
from importlib.util import find_spec

_missing = [name for name in ("matplotlib", "safetensors", "sklearn", "tqdm") if find_spec(name) is None]
if _missing:
    sys.exit(f"the examples need {', '.join(_missing)}: pip install 'tinygrad-scratch[examples]'")
