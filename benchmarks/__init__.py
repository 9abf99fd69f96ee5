"""Benchmarks of this project beside others, on your machine: ``python -m benchmarks``. See README.md in this folder."""
