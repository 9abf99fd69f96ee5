"""Draws what a script defines, without a change to it: ``python -m tinygrad_scratch.visualize script.py:name``."""

from __future__ import annotations

import argparse
import math
import re
import sys
import warnings
from collections.abc import Mapping, Sequence
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path
from typing import Any

import numpy as np

import tinygrad_scratch as tg
from tinygrad_scratch.visualize.engines import HOW_TO_INSTALL, RenderingError, check_format
from tinygrad_scratch.visualize.recording import recording
from tinygrad_scratch.visualize.roots import arguments_of, roots_of
from tinygrad_scratch.visualize.views import draw, explore

_SHAPE = re.compile(r"(?P<sizes>\d+(?:x\d+)*)(?::(?P<dtype>\w+))?")
_DESCRIPTION = """\
Run a script and draw a loss, a model or a function that it defines: NAME may be a Tensor, or something to call with the
--input given. An --output that ends in .html is a page to explore, with a replay of the backward pass; .svg, .png, .pdf
and .dot are pictures, to which the other options apply."""
_EXAMPLES = """\
examples:
  python -m tinygrad_scratch.visualize train.py:loss
  python -m tinygrad_scratch.visualize train.py:model --input 32x784 --output model.svg --depth 2
  python -m tinygrad_scratch.visualize train.py:loss_function --input x --input t --output loss.pdf --backward"""


class UsageError(ValueError):
    """The command line asks for something that does not exist; the message says what, and what does."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Do what the command line ``arguments`` say (by default those of this process)."""
    parser = _parser()
    options = parser.parse_args(arguments)
    try:
        written = _write(options)
    except (UsageError, RenderingError) as error:
        parser.error(str(error))
    print(f"wrote {written}")
    if written.suffix != options.output.suffix:
        print(f"{options.output} could not be drawn; {HOW_TO_INSTALL}")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m tinygrad_scratch.visualize",
        description=_DESCRIPTION,
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("target", metavar="SCRIPT:NAME", help="a file, and the name of something in it")
    parser.add_argument(
        "--input",
        action="append",
        default=[],
        metavar="INPUT",
        help="an input to call it with: a name in the script, or a shape such as 32x784 (random numbers) or 8x20:int64 "
        "(zeros); one option for each input",
    )
    parser.add_argument(
        "--output", type=_output, default=Path("graph.html"), help="the file to write (default: %(default)s)"
    )
    parser.add_argument("--main", action="store_true", help="also run what stands under if __name__ == '__main__'")
    picture = parser.add_argument_group("pictures")
    picture.add_argument("--values", action="store_true", help="write values and gradients into the boxes")
    picture.add_argument("--backward", action="store_true", help="draw the backward pass beside the forward one")
    picture.add_argument("--depth", type=_depth, help="close the modules at that depth; 'all' closes none")
    picture.add_argument("--fold-repeats", action="store_true", help="draw blocks that repeat only once")
    picture.add_argument("--left-to-right", action="store_true", help="let the data flow from left to right")
    picture.add_argument("--dark", action="store_true", help="on a dark background")
    return parser


def _output(text: str) -> Path:
    path = Path(text)
    if path.suffix not in (".html", ".dot"):
        try:
            check_format(path.suffix[1:])
        except ValueError as error:
            raise argparse.ArgumentTypeError(f"{error}; a page to explore is .html") from None
    return path


def _depth(text: str) -> float:
    if text == "all":
        return math.inf
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"expected a number from 1 on, or 'all', not {text!r}")
    return int(text)


def _write(options: argparse.Namespace) -> Path:
    script, colon, name = options.target.rpartition(":")
    if not colon or not Path(script).is_file():
        raise UsageError(f"{options.target!r} is not of the form SCRIPT:NAME with a script that exists")
    names = _run(Path(script), "__main__" if options.main else "__script__")
    root = _root(names, name, [_input(names, text) for text in options.input])
    how = {
        option: getattr(options, option)
        for option in ("values", "backward", "depth", "fold_repeats", "left_to_right", "dark")
    }
    if options.output.suffix == ".html":
        if any(how.values()):
            raise UsageError(
                "the options for pictures do not apply to a page; give --output a picture, such as graph.svg"
            )
        explore(root, options.output, names=names, title=f"{name} · {Path(script).name}")
        return Path(options.output)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # a missing engine is reported at the end
        return draw(root, names=names, **how).save(options.output)


def _run(script: Path, run_as: str) -> dict[str, Any]:
    """Run the user's script, recording what it computes, and return what it defines."""
    sys.path.insert(0, str(script.parent.resolve()))
    loader = SourceFileLoader(run_as, str(script))
    spec = spec_from_loader(run_as, loader)
    assert spec is not None
    module = module_from_spec(spec)
    sys.modules[run_as] = module
    with recording():
        loader.exec_module(module)
    return vars(module)


def _root(names: Mapping[str, Any], name: str, inputs: list[Any]) -> Any:
    value = _named(names, name)
    if not callable(value):
        try:
            roots_of(value)
        except (TypeError, RuntimeError) as error:
            raise UsageError(f"{name}: {error}") from None
        return value
    if isinstance(value, type):
        raise UsageError(f"{name} is a class; name an instance of it")
    try:
        arguments_of(value, inputs)
    except TypeError as error:
        raise UsageError(f"{error}; give one --input for each") from None
    return value, inputs


def _named(names: Mapping[str, Any], path: str) -> Any:
    first, *rest = path.split(".")
    try:
        value = names[first]
        for name in rest:
            value = getattr(value, name)
    except (KeyError, AttributeError):
        known = ", ".join(name for name, value in names.items() if _can_be_drawn(name, value)) or "nothing to draw"
        raise UsageError(
            f"the script does not define {path!r} (it defines {known}); "
            "what stands under if __name__ == '__main__' is only run with --main"
        ) from None
    return value


def _can_be_drawn(name: str, value: Any) -> bool:
    is_function = callable(value) and not isinstance(value, type)
    return not name.startswith("_") and (isinstance(value, tg.Tensor) or is_function)


def _input(names: Mapping[str, Any], text: str) -> Any:
    shape = _SHAPE.fullmatch(text)
    if shape is None and not text.replace(".", "").isidentifier():
        raise UsageError(f"--input {text!r} is neither a name in the script nor a shape, such as 32x784 or 8x20:int64")
    if shape is None:
        return _named(names, text)
    sizes = [int(size) for size in shape["sizes"].split("x")]
    if shape["dtype"] is None:
        return tg.randn(*sizes)
    dtype = getattr(tg, shape["dtype"], None)
    if not isinstance(dtype, np.dtype):
        raise UsageError(f"there is no dtype {shape['dtype']!r}, as in {text!r}")
    return tg.zeros(*sizes, dtype=dtype)


if __name__ == "__main__":
    main()
