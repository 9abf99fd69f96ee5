"""The record: what a Tensor is, what an operation is, and the graph that running one on the other leaves behind."""
