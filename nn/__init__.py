"""nn: layers, losses, optimizers and data for models built on tinygrad_scratch, under PyTorch's names.

>>> import nn, tinygrad_scratch as tg
>>> model = nn.Sequential(nn.Linear(3, 2), nn.ReLU())
>>> model(tg.ones(4, 3)).shape
(4, 2)
"""

from tinygrad_scratch.engine import offered
from tinygrad_scratch.nn import data as data
from tinygrad_scratch.nn import functional as functional
from tinygrad_scratch.nn import init as init
from tinygrad_scratch.nn import optim as optim
from tinygrad_scratch.nn import short_name
from tinygrad_scratch.nn import utils as utils
from tinygrad_scratch.nn.containers import ModuleDict as ModuleDict
from tinygrad_scratch.nn.containers import ModuleList as ModuleList
from tinygrad_scratch.nn.containers import ParameterDict as ParameterDict
from tinygrad_scratch.nn.containers import ParameterList as ParameterList
from tinygrad_scratch.nn.containers import Sequential as Sequential
from tinygrad_scratch.nn.layers import *
from tinygrad_scratch.nn.losses import *
from tinygrad_scratch.nn.module import Module as Module
from tinygrad_scratch.nn.parameter import Parameter as Parameter
from tinygrad_scratch.nn.utils.summary import summary as summary

if __name__ == "nn":
    short_name.install()

_PARTS = ("data", "functional", "init", "optim", "summary", "utils")
globals()["__all__"] = [name for name, value in vars().items() if isinstance(value, type) or name in _PARTS]


def __dir__() -> list[str]:
    return list(globals()["__all__"])


offered(globals())
