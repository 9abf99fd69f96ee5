"""Scripts that a user of the library could have written: read README.md beside this file first.

They run as ``python examples/mnist.py`` and as ``python -m examples.mnist``. The first finds what they share, the
package ``support``, beside the script; the second, thanks to the line below.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
