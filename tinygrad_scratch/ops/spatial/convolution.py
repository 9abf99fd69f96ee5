"""Convolutions of one, two and three dimensions, and the transposed ones."""
