"""Linear algebra."""

from __future__ import annotations

from tests.samples.sample import array, more, normal

for left, right in (
    ((2, 3), (3, 4)),
    ((3,), (3,)),
    ((2, 3), (3,)),
    ((3,), (3, 2)),
    ((3,), (2, 3, 2)),
    ((4, 2, 3), (3,)),
):
    more(
        "matmul", "T.matmul(x, y) -> np.matmul(x, y)", "x @ y", x=array(normal, *left), y=array(normal, *right, seed=1)
    )
for left, right in (
    ((5, 2, 3), (5, 3, 2)),
    ((5, 1, 2, 3), (4, 3, 2)),
    ((2, 3), (4, 3, 2)),
    ((0, 3), (3, 2)),
    ((2, 0), (0, 2)),
):
    more("matmul", "x @ y -> np.matmul(x, y)", x=array(normal, *left), y=array(normal, *right, seed=1))
for shape in ((4, 3), (3,), (2, 4, 3), (0, 3)):
    x, w, b = array(normal, *shape), array(normal, 2, 3, seed=1), array(normal, 2, seed=2)
    more("linear", "T.linear(x, w, b) -> x @ w.T + b", "T.linear(x, w) -> x @ w.T", x=x, w=w, b=b)
for lead in ((4,), (), (2, 4), (0,)):
    x, y = array(normal, *lead, 3), array(normal, *lead, 2, seed=1)
    w, b = array(normal, 5, 3, 2, seed=2), array(normal, 5, seed=3)
    expected = "np.einsum('...i,kij,...j->...k', x, w, y)"
    more(
        "bilinear",
        f"T.bilinear(x, y, w) -> {expected}",
        f"T.bilinear(x, y, w, b) -> {expected} + b",
        x=x,
        y=y,
        w=w,
        b=b,
    )

x, y, v, w = array(normal, 2, 3), array(normal, 3, 4), array(normal, 3), array(normal, 4)
more("dot", "T.dot(v, v * 2) -> v @ v * 2", "v.dot(v)", v=v)
more("mv", "T.mv(x, v) -> x @ v", "T.mm(x, y) -> x @ y", "x.mm(y)", x=x, y=y, v=v)
more("mm", "T.mm(x.mT, x)", "T.chain_matmul(x, x.mT, x)", x=x)
more("chain_matmul", "T.chain_matmul(x, y)", x=x, y=y)
more("bmm", "T.bmm(a, b) -> a @ b", "a.bmm(b)", a=array(normal, 2, 3, 4), b=array(normal, 2, 4, 2))
more("addmm", "T.addmm(a, x, y)", "a.addmm(x, y, beta=0.5, alpha=2)", x=x, y=y, a=array(normal, 2, 4))
more("addmv", "T.addmv(a, x, v)", "a.addmv(x, v, beta=0.5, alpha=2)", x=x, v=v, a=array(normal, 2))
more(
    "baddbmm",
    "T.baddbmm(c, a, b)",
    "c.baddbmm(a, b, beta=0.5, alpha=2)",
    a=array(normal, 2, 3, 4),
    b=array(normal, 2, 4, 2),
    c=array(normal, 2, 3, 2),
)
more("outer", "T.outer(v, w) -> np.outer(v, w)", "v.outer(w)", "T.ger(v, w)", v=v, w=w)
more("inner", "T.inner(x, y) -> np.inner(x, y)", "T.inner(v, v)", "T.inner(x, v[0])", x=x, y=array(normal, 4, 3), v=v)
more("kron", "T.kron(x, y) -> np.kron(x, y)", "T.kron(v, x)", "T.kron(x, v)", x=x, y=y, v=v)
more(
    "cross",
    "T.linalg.cross(a, b) -> np.cross(a, b)",
    "T.linalg.cross(a, b, dim=0)",
    a=array(normal, 3, 3),
    b=array(normal, 3, 3, seed=1),
)
more("cross", "T.cross(a, b, dim=-1)", a=array(normal, 3), b=array(normal, 3, seed=1))
more(
    "tensordot",
    "T.tensordot(a, b) -> np.tensordot(a, b)",
    "T.tensordot(a, b, dims=([0], [2]))",
    "T.tensordot(a, b, ([1, 2], [0, 1])) -> np.tensordot(a, b)",
    "T.tensordot(a[0], b[0], 1)",
    "T.tensordot(a, b, 0)",
    a=array(normal, 2, 3, 4),
    b=array(normal, 3, 4, 2),
)
for equation, operands in {
    "ij,jk->ik": "x, y",
    "ij,jk": "x, y",
    "ij,jk->": "x, y",
    "ij,kl->ijkl": "x, y",
    "ij->ji": "x",
    "ij->j": "x",
    "ij,ij->i": "x, x",
}.items():
    more("einsum", f"T.einsum({equation!r}, {operands}) -> np.einsum({equation!r}, {operands})", x=x, y=y)
more(
    "einsum",
    "T.einsum('ii', s) -> np.trace(s)",
    "T.einsum('ii->i', s) -> np.diag(s)",
    "T.einsum('ij,ji->', s, s)",
    "T.einsum('...i,...i->...', s, v)",
    "T.einsum('...ij,...jk->...ik', a, s[:, :2])",
    "T.einsum('bij,bjk,kl->bil', a, a.mT, s[:2])",
    "T.einsum('iij->j', T.stack([s, s * s, s]))",
    "T.einsum('bi...->b...i', a)",
    "T.einsum('i,j,k->ijk', v, v, v)",
    "T.einsum('ij,kj->ik', [s, s])",
    s=array(normal, 3, 3),
    v=v,
    a=array(normal, 4, 2, 3),
)
more("vdot", "T.vdot(x, y) -> np.vdot(x, y)", "x.vdot(y)", x=array(normal, 3), y=array(normal, 3, seed=1))
