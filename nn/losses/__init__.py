"""Losses as modules: each is the function of `nn.functional` that its ``forward`` calls, with its options fixed."""
