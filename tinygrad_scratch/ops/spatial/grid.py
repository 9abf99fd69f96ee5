"""Images read at the points of a grid."""
