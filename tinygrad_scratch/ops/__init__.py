"""The operation tables, on shelves. Importing them adds their operations to Tensor and to the package."""

from importlib import import_module
from pkgutil import walk_packages

from tinygrad_scratch.ops import in_place

TABLES = [import_module(module.name) for module in walk_packages(__path__, f"{__name__}.")]

in_place.add_methods()
