"""Vectors and matrices: products, solving, decompositions, norms and distances."""
