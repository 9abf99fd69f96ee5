"""nn, and its parts under the names that PyTorch's scripts use: the same modules, whatever stands beside a script."""

from __future__ import annotations

import importlib
import json
import os
import subprocess
import sys
from itertools import product
from pathlib import Path
from pkgutil import walk_packages
from typing import Any
from zipfile import ZipFile

import pytest

import nn
import tinygrad_scratch as tg

ROOT = Path(__file__).parents[2]
# Runs, and has no error for a type checker, only if all is ours but for `users_own`, whose Linear takes no arguments.
SCRIPT = """\
import tinygrad_scratch as torch
import tinygrad_scratch.nn as nn
import tinygrad_scratch.nn.functional as F
from tinygrad_scratch import optim
from tinygrad_scratch.nn import Parameter, init
from tinygrad_scratch.nn.utils import clip_grad_norm_
from tinygrad_scratch.optim import Adam
from tinygrad_scratch.optim.lr_scheduler import StepLR
from tinygrad_scratch.utils.data import DataLoader, TensorDataset

import nn as users_own

layer: torch.nn.Linear = nn.Linear(2, 3)
weight: Parameter = layer.weight
optimizer: torch.optim.Optimizer = Adam([init.ones_(weight)])
schedule: torch.optim.lr_scheduler.LRScheduler = StepLR(optim.SGD([layer.weight], lr=0.1), 2)
data: torch.utils.data.Dataset = TensorDataset(torch.ones(4, 2))
loader: torch.utils.data.DataLoader = DataLoader(data)
clip_grad_norm_([weight], 1.0)
F.relu(layer(torch.ones(4, 2)))
torch.nn.functional.mse_loss(torch.ones(2), torch.ones(2))
users_own.Linear()
"""
OURS = "class Linear: ...\n"
BESIDE = {
    "files": {f"{name}.py": OURS for name in ("nn", "optim", "utils", "data", "functional")},
    "folders": {f"{name}/__init__.py": OURS for name in ("nn", "optim", "utils", "data", "functional")},
}


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What is in the wheel, as it would be installed."""
    pytest.importorskip("hatchling")
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run([sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder], cwd=ROOT, check=True)
    ZipFile(next(folder.glob("*.whl"))).extractall(folder)
    return folder


@pytest.fixture
def library(request: pytest.FixtureRequest) -> Path:
    return ROOT if request.param == "checkout" else request.getfixturevalue("wheel")


@pytest.fixture
def folder(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A folder with a script, and with an nn, optim, utils and data that are the user's own."""
    for name, text in {"script.py": SCRIPT, **BESIDE[request.param]}.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


in_each = pytest.mark.parametrize(("folder", "library"), [*product(BESIDE, ("checkout", "wheel"))], indirect=True)
# Type checkers take their time.
in_some = pytest.mark.parametrize(("folder", "library"), [("files", "checkout"), ("folders", "wheel")], indirect=True)


def check(command: list[str], folder: Path, **variables: str) -> None:
    environment = {**os.environ, **variables}
    run = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr


@in_each
def test_beside_a_users_own_nn(folder: Path, library: Path) -> None:
    check([sys.executable, "script.py"], folder, PYTHONPATH=str(library))


@in_some
def test_beside_a_users_own_nn_for_mypy(folder: Path, library: Path) -> None:
    pytest.importorskip("mypy")
    command = [sys.executable, "-m", "mypy", "--strict", "--follow-imports=silent", "script.py"]
    check(command, folder, MYPYPATH=f".{os.pathsep}{library}")


@in_some
def test_beside_a_users_own_nn_for_pyright(folder: Path, library: Path) -> None:
    pytest.importorskip("pyright")
    (folder / "pyrightconfig.json").write_text(json.dumps({"extraPaths": [str(library)]}))
    check([sys.executable, "-m", "pyright", "--pythonpath", sys.executable, "script.py"], folder)


@in_each
def test_beside_a_users_own_nn_for_jedi(folder: Path, library: Path) -> None:
    jedi = pytest.importorskip("jedi")
    project = jedi.Project(folder, sys_path=[str(folder), str(library), *sys.path])
    script = jedi.Script(path=folder / "script.py", project=project)
    imported = [name for name in script.get_names() if name.type != "statement"]
    homes = {name.name: {found.module_path for found in name.goto(follow_imports=True)} for name in imported}
    (users_own,) = homes.pop("users_own")
    assert users_own.is_relative_to(folder)
    others = {name for name, paths in homes.items() if not any(path.is_relative_to(library) for path in paths)}
    assert len(homes) == 11
    assert not others


@pytest.mark.parametrize("name", [module.name for module in walk_packages(nn.__path__, "nn.")])
def test_nn_is_short_for_the_same_modules(name: str) -> None:
    assert importlib.import_module(name) is importlib.import_module(f"tinygrad_scratch.{name}")


def test_nn_is_a_part_of_the_package() -> None:
    assert tg.nn is nn
    assert sys.modules["nn"] is sys.modules["tinygrad_scratch.nn"] is nn


@pytest.mark.parametrize(
    ("name", "home"),
    [
        ("tinygrad_scratch.optim", nn.optim),
        ("tinygrad_scratch.optim.lr_scheduler", nn.optim.lr_scheduler),
        ("tinygrad_scratch.utils.data", nn.data),
    ],
)
def test_pytorchs_other_names_have_the_same_contents(name: str, home: Any) -> None:
    module = importlib.import_module(name)
    for public in home.__all__:
        if public != "lr_scheduler":
            assert getattr(module, public) is getattr(home, public)


@pytest.mark.parametrize(
    "script",
    [
        "import tinygrad_scratch as tg; tg.optim.SGD; tg.utils.data.DataLoader; tg.nn.functional.relu",
        "from tinygrad_scratch.optim import Adam; import nn; assert Adam is nn.optim.Adam",
        "import nn.optim as first; import tinygrad_scratch.nn.optim as second; assert first is second",
        "import tinygrad_scratch, sys; assert 'tinygrad_scratch.nn' not in sys.modules  # the engine does without",
    ],
)
def test_first_imports_of_all(script: str) -> None:
    check([sys.executable, "-c", script], ROOT)


def test_names_that_are_not_there() -> None:
    for name in ("tinygrad_scratch.optim.swa_utils", "tinygrad_scratch.nn.Linear", "nn.Linear"):
        with pytest.raises(ModuleNotFoundError, match=f"No module named '.*{name}'"):
            importlib.import_module(name)
    with pytest.raises(AttributeError, match="tinygrad_scratch has no attribute 'optimizers'"):
        tg.optimizers  # noqa: B018
