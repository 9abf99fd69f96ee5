"""Convolutions."""

from __future__ import annotations

from tests.samples.sample import array, more, normal

images, kernels, bias = array(normal, 2, 3, 5, 4), array(normal, 2, 3, 3, 2, seed=1), array(normal, 2, seed=2)
more(
    "conv1d",
    "T.conv1d(x, w)",
    "T.conv1d(x, w, b, stride=2, padding=1)",
    "T.conv1d(x, w, padding='same', dilation=2)",
    "T.conv1d(x[0], w, b)",
    x=array(normal, 2, 2, 6),
    w=array(normal, 3, 2, 3, seed=1),
    b=array(normal, 3, seed=2),
)
more(
    "conv1d",
    "T.conv1d(x, w) -> np.convolve(x.ravel(), w.ravel()[::-1], 'valid')[None]",
    x=images[0, :1, 0],
    w=kernels[:1, :1, 0],
)
more(
    "conv2d",
    "T.conv2d(x, w)",
    "T.conv2d(x, w, b)",
    "T.conv2d(x, w, b, padding=1)",
    "T.conv2d(x, w, b, (2, 1), (0, 2), (1, 2))",
    "T.conv2d(x, w, dilation=(2, 1), padding='valid')",
    x=images,
    w=kernels,
    b=bias,
)
more("conv2d", "T.conv2d(x, w, b, groups=3)", x=images, w=array(normal, 6, 1, 2, 2), b=array(normal, 6))
more("conv2d", "T.conv2d(x, w) -> np.einsum('oc,nchw->nohw', w[:, :, 0, 0], x)", x=images, w=array(normal, 2, 3, 1, 1))
more("conv2d", "T.conv2d(x, w, b, 2)", x=array(normal, 4, 5, 3, 2).T, w=array(normal, 3, 2, 3, 2).T, b=bias)
more("conv2d", "T.conv2d(x, w, b)", x=images[:0], w=kernels, b=bias)
more(
    "conv3d",
    "T.conv3d(x, w)",
    "T.conv3d(x, w, b, stride=(1, 2, 1), padding=(1, 0, 1))",
    x=array(normal, 1, 2, 3, 3, 2),
    w=array(normal, 2, 2, 2, 2, 1, seed=1),
    b=bias,
)
more(
    "conv_transpose1d",
    "T.conv_transpose1d(x, w)",
    "T.conv_transpose1d(x, w, b, 3, 1, output_padding=2)",
    "T.conv_transpose1d(x[0], w, dilation=2)",
    x=array(normal, 2, 2, 3),
    w=array(normal, 2, 3, 2, seed=1),
    b=array(normal, 3, seed=2),
)
more(
    "conv_transpose1d",
    "T.conv_transpose1d(x, w) -> np.convolve(x.ravel(), w.ravel())[None]",
    x=images[0, :1, 0],
    w=kernels[:1, :1, 0],
)
more(
    "conv_transpose2d",
    "T.conv_transpose2d(x, w)",
    "T.conv_transpose2d(x, w, b, padding=1)",
    "T.conv_transpose2d(x, w, b, (2, 1), (0, 1), output_padding=(1, 0))",
    "T.conv_transpose2d(x, w, dilation=(1, 2))",
    x=array(normal, 2, 3, 3, 2),
    w=array(normal, 3, 2, 3, 2, seed=1),
    b=bias,
)
more(
    "conv_transpose2d",
    "T.conv_transpose2d(x, w, b, 2, groups=2)",
    x=array(normal, 2, 2, 3, 2),
    w=array(normal, 2, 2, 2, 2),
    b=array(normal, 4),
)
more(
    "conv_transpose3d",
    "T.conv_transpose3d(x, w)",
    "T.conv_transpose3d(x, w, b, 2, (0, 0, 1))",
    x=array(normal, 1, 2, 2, 1, 3),
    w=array(normal, 2, 2, 2, 2, 1, seed=1),
    b=bias,
)
