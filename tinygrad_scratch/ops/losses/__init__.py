"""Losses: how far a network's outputs are from what they should be."""
