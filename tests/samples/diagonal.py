"""Diagonals and triangles."""

from __future__ import annotations

from tests.samples.sample import array, more, normal

for x in (array(normal, 3, 4), array(normal, 4, 3).T):
    more("diagonal", "T.diagonal(x) -> np.diagonal(x)", "x.diagonal(1)", "x.diagonal(-1, 1, 0)", x=x)
    more("diag", "T.diag(x) -> np.diag(x)", "x.diag(-2)", "T.diag(x[0])", "T.diag(x[:, 1], 2)", x=x)
    more("trace", "T.trace(x) -> np.trace(x)", x=x)
    more("tril", "T.tril(x) -> np.tril(x)", "x.tril(-1)", "x.tril(diagonal=1)", x=x)
    more("triu", "T.triu(x) -> np.triu(x)", "x.triu(-1)", "x.triu(diagonal=1)", x=x)
more("diagonal", "x.diagonal(0, -2, -1)", "x.diagonal(1, 0, 2)", "x.tril() + x.triu(1)", x=array(normal, 2, 3, 4))
more("diag_embed", "T.diag_embed(x)", "x.diag_embed(1)", "x.diag_embed(offset=-2)", x=array(normal, 2, 3))
more("diagonal", "[c := x * 2, c.diagonal().mul_(3), c * x][-1]", x=array(normal, 3, 3))
more("block_diag", "T.block_diag(x, y)", "T.block_diag(y, x[0], y)", x=array(normal, 2, 3), y=array(normal, 1, 2))
more("diagonal", "[c := x * 2, c.fill_diagonal_(5.0), c * x][-1]", x=array(normal, 3, 3))
for x in (array(normal, 2, 3), array(normal, 3), array(normal), array(normal, 4, 3).T):
    more("diagflat", "T.diagflat(x) -> np.diagflat(x)", "x.diagflat(1)", "T.diagflat(x, -2)", x=x)
more(
    "diag_embed",
    "T.diag_embed(x, 1, 0, 2)",
    "x.diag_embed(-1, 2, 1)",
    "T.diag_embed(x, dim1=0, dim2=1)",
    x=array(normal, 2, 3),
)
