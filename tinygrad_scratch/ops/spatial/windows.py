"""Windows that slide over the spatial dimensions: their sizes, places and errors."""
