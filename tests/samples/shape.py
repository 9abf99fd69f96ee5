"""Shape."""

from __future__ import annotations

from tests.samples.sample import array, more, normal

for x in (array(normal, 2, 3, 4), array(normal, 4, 3, 2).T):
    more("reshape", "T.reshape(x, (4, 6))", "x.reshape(3, -1)", "x.reshape(2, 3, 2, 2)", "x.contiguous().view(-1)", x=x)
    more("flatten", "T.flatten(x) -> x.ravel()", "x.flatten(1)", "x.flatten(0, 1)", "T.flatten(x, 1, 1)", x=x)
    more("ravel", "T.ravel(x) -> x.ravel()", x=x)
    more("permute", "T.permute(x, (2, 0, 1))", "x.permute(1, -1, 0)", "x.permute(2, 1, 0) -> x.T", x=x)
    more(
        "transpose",
        "T.transpose(x, 0, 1) -> x.swapaxes(0, 1)",
        "x.transpose(-1, 0)",
        "x.mT -> x.mT",
        "x.swapaxes(1, 2)",
        x=x,
    )
    more("unsqueeze", "T.unsqueeze(x, 1) -> x[:, None]", "x.unsqueeze(-1) -> x[..., None]", "x.unsqueeze(0)", x=x)
    more("split", "T.split(x, 2, dim=1)", "x.split([1, 2], 1)[1]", "x.split(3)", "T.cat(x.split(1, -1)[::2], 0)", x=x)
    more("chunk", "T.chunk(x, 2, dim=2)[1]", "x.chunk(5)", "x.chunk(2, 1)", x=x)
more("t", "T.t(x) -> x.T", "x.t() * 2", "x.T -> x.T", x=array(normal, 2, 3))
more(
    "squeeze",
    "T.squeeze(x) -> x.squeeze()",
    "x.squeeze(0)",
    "x.squeeze((0, 2))",
    "x.squeeze(1)",
    x=array(normal, 1, 3, 1),
)
more(
    "broadcast_to",
    "T.broadcast_to(x, (2, 3, 4)) -> np.broadcast_to(x, (2, 3, 4))",
    "x.expand(3, 4) -> np.broadcast_to(x, (3, 4))",
    "x.expand(2, -1, 4)",
    "x.expand_as(T.zeros(3, 2))",
    x=array(normal, 3, 1),
)
more(
    "cat",
    "T.cat([x, y]) -> np.concatenate([x, y])",
    "T.cat((x, x[:, :1], y[:2]), dim=1)",
    "T.concat([x, y, x], 0) * T.cat([y, x, x], -2)",
    x=array(normal, 2, 3),
    y=array(normal, 4, 3),
)
more(
    "stack",
    "T.stack([x, y]) -> np.stack([x, y])",
    "T.stack((x, y, x), dim=-1)",
    x=array(normal, 2, 3),
    y=array(normal, 2, 3),
)

more("numel", "T.numel(x)", "x.numel()", "x.size(1)", "x.dim()", x=array(normal, 2, 3))

more(
    "broadcast_tensors",
    "T.broadcast_tensors(x, y)",
    "T.broadcast_tensors(x)",
    x=array(normal, 2, 1),
    y=array(normal, 3),
)
more("broadcast_shapes", "tuple(T.broadcast_shapes((2, 1), (3,)))", x=array(normal, 2))
for x in (array(normal, 2, 3), array(normal, 2, 3, 4), array(normal, 3, 2).T):
    more("adjoint", "T.adjoint(x) * 2", "x.adjoint()", "x.mH", x=x)
more("adjoint", "x.H", x=array(normal, 2, 3))
