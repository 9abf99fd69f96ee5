"""Tensors from other things, and into other dtypes; what can be asked of a tensor."""
