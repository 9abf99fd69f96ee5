"""Interpolation: an image of another size."""
