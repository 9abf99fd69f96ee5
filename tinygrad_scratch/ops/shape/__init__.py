"""The same values in another shape or order: views, joining and splitting, padding, diagonals."""
