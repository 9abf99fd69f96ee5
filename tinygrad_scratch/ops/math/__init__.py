"""Functions of numbers, element by element: arithmetic, exp and its kin, comparisons, special functions."""
