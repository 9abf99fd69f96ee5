"""What neural networks are made of: activations, softmax, normalization, dropout, embeddings."""
