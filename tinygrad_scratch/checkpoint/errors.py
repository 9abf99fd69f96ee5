"""What is raised when a file is not the checkpoint that it should be."""


class CheckpointError(ValueError):
    """A checkpoint is damaged, cut off, or another kind of file; the message says which. Nothing of it was loaded."""
