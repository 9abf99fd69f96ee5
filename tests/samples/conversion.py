"""Conversion."""

from __future__ import annotations

from tests.samples.sample import array, more, normal

more("clone", "T.clone(x) * 2", "x.clone()", x=array(normal, 2, 3))
more(
    "to", "x.to(T.float64)", "x.double() * 2", "x.type_as(x)", "x.to('cpu')", "x.contiguous()", x=array(normal, 3, 2).T
)
more("to", "x.type(T.float64)", "x.type(T.int64)", "x.char()", x=array(normal, 2, 3))
