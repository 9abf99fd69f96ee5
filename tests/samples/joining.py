"""Tensors put together and taken apart."""

from __future__ import annotations

from tests.samples.sample import array, more, normal

more(
    "vstack",
    "T.vstack([x, y]) -> np.vstack([x, y])",
    "T.vstack((x[0], y))",
    x=array(normal, 2, 3),
    y=array(normal, 4, 3),
)
more(
    "hstack",
    "T.hstack([x, y]) -> np.hstack([x, y])",
    "T.hstack([x[0], y[1]])",
    x=array(normal, 2, 3),
    y=array(normal, 2, 1),
)
more(
    "dstack",
    "T.dstack([x, y]) -> np.dstack([x, y])",
    "T.dstack([x[0], y[1]])",
    x=array(normal, 2, 3),
    y=array(normal, 2, 3),
)
more(
    "column_stack",
    "T.column_stack([x, y]) -> np.column_stack([x, y])",
    "T.column_stack([x[:, 0], y])",
    x=array(normal, 2, 3),
    y=array(normal, 2, 1),
)
for shape in ((), (2,), (2, 3), (2, 3, 4)):
    for name in ("atleast_1d", "atleast_2d", "atleast_3d"):
        more(name, f"T.{name}(x) -> np.{name}(x)", x=array(normal, *shape))
for x in (array(normal, 5, 3), array(normal, 3, 5).T):
    more("unbind", "T.unbind(x)", "x.unbind(-1)", "T.stack(x.unbind(1)[::-1])", x=x)
    more(
        "tensor_split",
        "T.tensor_split(x, 2)",
        "x.tensor_split(4, dim=1)",
        "x.tensor_split([1, 3])",
        "x.tensor_split([4, 2])",
        x=x,
    )
    more("narrow", "T.narrow(x, 0, 1, 3) -> x[1:4]", "x.narrow(-1, -2, 2)", "x.narrow(0, 2, 0)", x=x)
    more("select", "T.select(x, 0, 1) -> x[1]", "x.select(1, -1) -> x[:, -1]", x=x)
more("split_with_sizes", "T.split_with_sizes(x, [1, 3], 1)", "x.split_with_sizes([2, 0])", x=array(normal, 2, 4))
more("narrow_copy", "T.narrow_copy(x, 1, 1, 2) -> x[:, 1:3]", "x.narrow_copy(0, 1, 1)", x=array(normal, 2, 4))
for x in (array(normal, 2, 4, 6), array(normal, 2, 4, 6)[:, ::-1, ::2]):
    more("hsplit", "T.hsplit(x, 2)", "x.hsplit([1, 3])", "T.hsplit(x[0, 0], 3)", x=x)
    more("vsplit", "T.vsplit(x, 2)", "x.vsplit([1])", x=x)
    more("dsplit", "T.dsplit(x, 3)", "x.dsplit([1, 2])", x=x)
more("concat", "T.cat([E, x, E])", "T.cat((E, x), 1)", "T.cat([E, x[0]])", x=array(normal, 2, 3), E=array(normal, 0))
more(
    "atleast_2d",
    "T.atleast_2d(x, y)",
    "T.atleast_1d([x, y])",
    "T.atleast_3d(x, y)",
    x=array(normal, 3),
    y=array(normal),
)
