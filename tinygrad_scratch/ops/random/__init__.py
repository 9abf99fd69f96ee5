"""Random numbers: generators, and the distributions drawn from them."""
