"""Layers that change the size of images."""
