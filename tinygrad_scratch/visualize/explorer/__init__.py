"""The explorer: one HTML file in which a graph can be looked at closely and its backward pass replayed."""

from tinygrad_scratch.visualize.explorer.page import Explorer

__all__ = ["Explorer"]
