"""What neural networks are made of: activations, normalization, embeddings, losses."""
