"""Layers that cut images into patches and put them together again."""
