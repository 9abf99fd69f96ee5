"""Weights in safetensors files, which PyTorch and many others read and write, and which hold nothing but tensors."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from tinygrad_scratch import CheckpointError, Tensor, from_numpy
from tinygrad_scratch.engine import atomic_write
from tinygrad_scratch.nn.module import Module


def save_safetensors(
    state: Module | Mapping[str, Tensor], path: str | os.PathLike[str], metadata: Mapping[str, str] | None = None
) -> None:
    """Write the tensors in ``state``, or the state_dict of a module, to a safetensors file, all or nothing.

    ``metadata`` are texts to go with them. TypeError for what is not a tensor; ImportError without the safetensors
    library (the ``examples`` extra).

    >>> import nn, tempfile
    >>> path = tempfile.mkdtemp() + "/model.safetensors"
    >>> save_safetensors(nn.Linear(2, 3), path)
    >>> nn.Linear(2, 3).load_state_dict(load_safetensors(path))
    <All keys matched successfully>
    """
    tensors = state.state_dict() if isinstance(state, Module) else state
    for name, tensor in tensors.items():
        if not isinstance(tensor, Tensor):
            raise TypeError(f"save_safetensors: {name} should be a Tensor, not a {type(tensor).__name__}")
    arrays = {name: np.asarray(tensor.detach().numpy(), order="C") for name, tensor in tensors.items()}
    content = _library().numpy.save(arrays, None if metadata is None else dict(metadata))
    with atomic_write(path) as file:
        file.write(content)


def load_safetensors(path: str | os.PathLike[str]) -> dict[str, Tensor]:
    """The tensors in a safetensors file, by name, for `Module.load_state_dict`.

    CheckpointError if the file is cut off, another kind of file, or has a dtype that no tensor here can have;
    ImportError without the safetensors library (the ``examples`` extra).
    """
    library, name = _library(), Path(path).name
    content = Path(path).read_bytes()
    try:
        return {key: from_numpy(array) for key, array in library.numpy.load(content).items()}
    except library.SafetensorError as error:
        raise CheckpointError(f"{name} is not a complete safetensors file: {error}") from error
    except (KeyError, TypeError) as error:
        raise CheckpointError(f"{name} holds tensors of a dtype that is not supported: {error}") from error


def _library() -> Any:
    try:
        import safetensors.numpy
    except ImportError as error:
        raise ImportError("safetensors files need safetensors: pip install 'tinygrad-scratch[examples]'") from error
    return safetensors
