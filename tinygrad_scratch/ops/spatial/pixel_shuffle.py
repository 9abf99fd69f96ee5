"""Channels made of pixels, and pixels of channels."""
