"""Layers: modules between the input and the loss, other than activations."""
