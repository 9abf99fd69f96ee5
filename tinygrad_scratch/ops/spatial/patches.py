"""Patches: the windows of an image as columns of a matrix, and back."""
