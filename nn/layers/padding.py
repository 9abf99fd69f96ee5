"""Layers that add values at the edges."""
