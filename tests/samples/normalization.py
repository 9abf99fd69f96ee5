"""Normalization."""

from __future__ import annotations

import numpy as np

from tests.samples.sample import array, more, normal, positive

for x, shape in ((array(normal, 4, 3), (3,)), (array(normal, 2, 3, 4), (3, 4)), (array(normal, 3, 4, 2).T, (3,))):
    more(
        "layer_norm",
        f"T.layer_norm(x, {shape})",
        f"T.layer_norm(x, {shape}, w, b)",
        f"T.layer_norm(x, {shape}, eps=0.1)",
        f"T.layer_norm(x, {shape}, bias=b)",
        x=x,
        w=array(positive, *shape),
        b=array(normal, *shape, seed=1),
    )
    more(
        "rms_norm",
        f"T.rms_norm(x, {shape})",
        f"T.rms_norm(x, {shape}, w)",
        f"T.rms_norm(x, {shape}, w, eps=0.1)",
        x=x,
        w=array(positive, *shape),
    )
x = array(normal, 2, 3)
more(
    "layer_norm",
    "T.layer_norm(x, [3]) -> (x - x.mean(1, keepdims=True)) / np.sqrt(x.var(1, keepdims=True) + 1e-5)",
    x=x,
)
more("rms_norm", "T.rms_norm(x, [3], eps=0.1) -> x / np.sqrt((x**2).mean(1, keepdims=True) + 0.1)", x=x)
images = array(normal, 2, 4, 3, 2)
batch_innermost = np.moveaxis(array(normal, 4, 2, 3, 3), -1, 0)
for x in (array(normal, 4, 6), array(normal, 2, 4, 3), array(normal, 2, 4, 6).T, images, batch_innermost):
    channels = x.shape[1]
    w, b = array(positive, channels), array(normal, channels, seed=1)
    more(
        "group_norm", "T.group_norm(x, 2)", "T.group_norm(x, 1, w, b)", "T.group_norm(x, 2, w, eps=0.1)", x=x, w=w, b=b
    )
    more(
        "batch_norm",
        "T.batch_norm(x, None, None, training=True)",
        "T.batch_norm(x, None, None, w, b, training=True, eps=0.1)",
        "T.batch_norm(x, M, V)",
        "T.batch_norm(x, M, V, w, b)",
        x=x,
        w=w,
        b=b,
        M=array(normal, channels, seed=2),
        V=array(positive, channels, seed=3),
    )
for x in (array(normal, 2, 4, 3), array(normal, 3, 4, 2).T, images, batch_innermost):
    channels = x.shape[1]
    more(
        "instance_norm",
        "T.instance_norm(x)",
        "T.instance_norm(x, None, None, w, b, eps=0.1)",
        "T.instance_norm(x, M, V, w, b, use_input_stats=False)",
        x=x,
        w=array(positive, channels),
        b=array(normal, channels, seed=1),
        M=array(normal, channels, seed=2),
        V=array(positive, channels, seed=3),
    )
    more(
        "local_response_norm",
        "T.local_response_norm(x, 3, alpha=0.5)",
        "T.local_response_norm(x, 2, 2.0, 0.5, 0.1)",
        "T.local_response_norm(x, 11, k=2.0)",
        x=x,
    )
