"""Pixels and channels."""
