"""Values picked by position, and put there: indexing, gather and scatter."""
