"""Lengths, distances and angles."""

from __future__ import annotations

from tests.samples.sample import array, away_from_zero, distinct, more, normal

for x in (array(away_from_zero, 2, 3, 4), array(away_from_zero, 4, 3, 2).T):
    more(
        "norm",
        "T.norm(x) -> np.sqrt((x**2).sum())",
        "T.norm(x, dim=1)",
        "x.norm(1, 0)",
        "x.norm(3, (0, 2), keepdim=True)",
        "x.norm(float('inf'), -1)",
        x=x + array(distinct, *x.shape),
    )
    more(
        "linalg.vector_norm",
        "T.linalg.vector_norm(x) -> np.linalg.norm(x.ravel())",
        "T.linalg.vector_norm(x, 1.5, dim=1) -> np.linalg.norm(x, 1.5, 1)",
        "T.linalg.vector_norm(x, 0, dim=(0, 1))",
        "T.linalg.vector_norm(x, -float('inf'), dim=2, keepdim=True)",
        "T.linalg.vector_norm(x, 0.5, dim=-1)",
        "T.linalg.vector_norm(x, -2, dim=-1)",
        x=x,
    )
    more("normalize", "T.normalize(x)", "T.normalize(x, p=1, dim=-1)", "T.normalize(x, dim=0)", x=x)
more("norm", "T.norm(x)", "T.norm(x, 1)", x=array(normal))
x, y = array(normal, 4, 3), array(normal, 4, 3, seed=1)
more(
    "cosine_similarity",
    "T.cosine_similarity(x, y)",
    "T.cosine_similarity(x, y, dim=0)",
    "T.cosine_similarity(x, y[:1], -1)",
    x=x,
    y=y,
)
more("pairwise_distance", "T.pairwise_distance(x, y)", "T.pairwise_distance(x, y, p=1, keepdim=True)", x=x, y=y)
more(
    "cdist", "T.cdist(x, y)", "T.cdist(x, y[:2], p=1)", "T.cdist(x, y, p=3.0)", "T.cdist(T.stack([x, y]), y)", x=x, y=y
)
for x in (array(normal, 4, 3), array(normal, 3, 4).T, array(normal, 1, 3)):
    more("pdist", "T.pdist(x)", "T.pdist(x, 1)", "T.pdist(x, p=3)", x=x)
    more(
        "dist",
        "T.dist(x, y) -> np.linalg.norm(x - y)",
        "x.dist(y[0], 1)",
        "x.dist(y, float('inf'))",
        x=x,
        y=array(normal, *x.shape, seed=1),
    )
    more(
        "renorm", "T.renorm(x, 2, 0, 1.0)", "x.renorm(1, 1, 2.5)", "[c := x * 1, c.renorm_(2, 0, 0.5), c * c][-1]", x=x
    )
more("renorm", "T.renorm(x, 2, -1, 0.8)", x=array(normal, 2, 3, 4))
more("cosine_similarity", "T.cosine_similarity(x, x[0] + 1)", x=array(normal, 2, 3))
