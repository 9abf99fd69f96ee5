# Written by `python -m tinygrad_scratch.stubs`: what the package and its operation tables define.
import builtins
from typing import Any

import numpy as np

from tinygrad_scratch import nn as nn
from tinygrad_scratch import optim as optim
from tinygrad_scratch import utils as utils
from tinygrad_scratch import visualize as visualize
from tinygrad_scratch import autograd as autograd
from tinygrad_scratch import func as func
from tinygrad_scratch import linalg as linalg
from tinygrad_scratch import ops as ops
from tinygrad_scratch import special as special
from tinygrad_scratch.checkpoint import CheckpointError as CheckpointError
from tinygrad_scratch.checkpoint import load as load
from tinygrad_scratch.checkpoint import save as save
from tinygrad_scratch.denormals import set_flush_denormal as set_flush_denormal
from tinygrad_scratch.device import accelerator as accelerator
from tinygrad_scratch.device import backends as backends
from tinygrad_scratch.device import cuda as cuda
from tinygrad_scratch.device import device as device
from tinygrad_scratch.device import set_default_device as set_default_device
from tinygrad_scratch.dtypes import bool_ as bool_
from tinygrad_scratch.dtypes import finfo as finfo
from tinygrad_scratch.dtypes import float16 as float16
from tinygrad_scratch.dtypes import float32 as float32
from tinygrad_scratch.dtypes import float64 as float64
from tinygrad_scratch.dtypes import get_default_dtype as get_default_dtype
from tinygrad_scratch.dtypes import iinfo as iinfo
from tinygrad_scratch.dtypes import int8 as int8
from tinygrad_scratch.dtypes import int16 as int16
from tinygrad_scratch.dtypes import int32 as int32
from tinygrad_scratch.dtypes import int64 as int64
from tinygrad_scratch.dtypes import set_default_dtype as set_default_dtype
from tinygrad_scratch.dtypes import uint8 as uint8
from tinygrad_scratch.dtypes import uint16 as uint16
from tinygrad_scratch.dtypes import uint32 as uint32
from tinygrad_scratch.dtypes import uint64 as uint64
from tinygrad_scratch.func import vmap as vmap
from tinygrad_scratch.ops.random.generator import Generator as Generator
from tinygrad_scratch.ops.random.generator import default_generator as default_generator
from tinygrad_scratch.record.mode import enable_grad as enable_grad
from tinygrad_scratch.record.mode import is_grad_enabled as is_grad_enabled
from tinygrad_scratch.record.mode import no_grad as no_grad
from tinygrad_scratch.record.mode import set_grad_enabled as set_grad_enabled
from tinygrad_scratch.record.operation import primitive as primitive
from tinygrad_scratch.record.printing import set_printoptions as set_printoptions
from tinygrad_scratch.record.tensor import Tensor as Tensor
Size = tuple[builtins.int, ...]
bool: np.dtype[Any]
double: np.dtype[Any]
e: builtins.float
float: np.dtype[Any]
half: np.dtype[Any]
inf: builtins.float
int: np.dtype[Any]
long: np.dtype[Any]
nan: builtins.float
pi: builtins.float
short: np.dtype[Any]
from tinygrad_scratch.ops.create.conversion import clone as clone
from tinygrad_scratch.ops.index.indexing import gather as gather
from tinygrad_scratch.ops.index.indexing import one_hot as one_hot
from tinygrad_scratch.ops.index.indexing import unravel_index as unravel_index
from tinygrad_scratch.ops.in_place import fill as fill
from tinygrad_scratch.ops.create.creation import tensor as tensor
from tinygrad_scratch.ops.create.creation import as_tensor as as_tensor
from tinygrad_scratch.ops.create.creation import asarray as asarray
from tinygrad_scratch.ops.create.creation import scalar_tensor as scalar_tensor
from tinygrad_scratch.ops.create.creation import from_numpy as from_numpy
from tinygrad_scratch.ops.create.creation import zeros as zeros
from tinygrad_scratch.ops.create.creation import ones as ones
from tinygrad_scratch.ops.create.creation import empty as empty
from tinygrad_scratch.ops.create.creation import full as full
from tinygrad_scratch.ops.create.creation import arange as arange
from tinygrad_scratch.ops.create.creation import linspace as linspace
from tinygrad_scratch.ops.create.creation import eye as eye
from tinygrad_scratch.ops.create.creation import zeros_like as zeros_like
from tinygrad_scratch.ops.create.creation import ones_like as ones_like
from tinygrad_scratch.ops.create.creation import empty_like as empty_like
from tinygrad_scratch.ops.create.creation import full_like as full_like
from tinygrad_scratch.ops.create.creation import logspace as logspace
from tinygrad_scratch.ops.create.creation import tril_indices as tril_indices
from tinygrad_scratch.ops.create.creation import triu_indices as triu_indices
from tinygrad_scratch.ops.shape.shape import reshape as reshape
from tinygrad_scratch.ops.shape.shape import flatten as flatten
from tinygrad_scratch.ops.shape.shape import ravel as ravel
from tinygrad_scratch.ops.shape.shape import permute as permute
from tinygrad_scratch.ops.shape.shape import transpose as transpose
swapaxes = transpose
swapdims = transpose
from tinygrad_scratch.ops.shape.shape import t as t
from tinygrad_scratch.ops.shape.shape import adjoint as adjoint
from tinygrad_scratch.ops.shape.shape import broadcast_to as broadcast_to
from tinygrad_scratch.ops.shape.shape import squeeze as squeeze
from tinygrad_scratch.ops.shape.shape import unsqueeze as unsqueeze
from tinygrad_scratch.ops.shape.shape import numel as numel
from tinygrad_scratch.ops.shape.shape import unflatten as unflatten
from tinygrad_scratch.ops.shape.shape import broadcast_tensors as broadcast_tensors
from tinygrad_scratch.ops.shape.shape import broadcast_shapes as broadcast_shapes
from tinygrad_scratch.ops.create.properties import is_floating_point as is_floating_point
from tinygrad_scratch.ops.create.properties import is_tensor as is_tensor
from tinygrad_scratch.ops.create.properties import is_signed as is_signed
from tinygrad_scratch.ops.create.properties import is_complex as is_complex
from tinygrad_scratch.ops.create.properties import is_same_size as is_same_size
from tinygrad_scratch.ops.create.properties import is_nonzero as is_nonzero
from tinygrad_scratch.ops.create.properties import promote_types as promote_types
from tinygrad_scratch.ops.create.properties import result_type as result_type
from tinygrad_scratch.ops.create.properties import can_cast as can_cast
from tinygrad_scratch.ops.math.elementwise import multiply as multiply
mul = multiply
from tinygrad_scratch.ops.math.elementwise import floor_divide as floor_divide
from tinygrad_scratch.ops.math.elementwise import remainder as remainder
from tinygrad_scratch.ops.math.elementwise import fmod as fmod
from tinygrad_scratch.ops.math.elementwise import maximum as maximum
from tinygrad_scratch.ops.math.elementwise import minimum as minimum
from tinygrad_scratch.ops.math.elementwise import fmax as fmax
from tinygrad_scratch.ops.math.elementwise import fmin as fmin
from tinygrad_scratch.ops.math.elementwise import positive as positive
from tinygrad_scratch.ops.math.elementwise import negative as negative
neg = negative
from tinygrad_scratch.ops.math.elementwise import absolute as absolute
abs = absolute
from tinygrad_scratch.ops.math.elementwise import sign as sign
sgn = sign
from tinygrad_scratch.ops.math.elementwise import square as square
from tinygrad_scratch.ops.math.elementwise import reciprocal as reciprocal
from tinygrad_scratch.ops.math.elementwise import sqrt as sqrt
from tinygrad_scratch.ops.math.elementwise import rsqrt as rsqrt
from tinygrad_scratch.ops.math.elementwise import hypot as hypot
from tinygrad_scratch.ops.math.elementwise import copysign as copysign
from tinygrad_scratch.ops.math.elementwise import heaviside as heaviside
from tinygrad_scratch.ops.math.elementwise import nextafter as nextafter
from tinygrad_scratch.ops.math.elementwise import gcd as gcd
from tinygrad_scratch.ops.math.elementwise import lcm as lcm
from tinygrad_scratch.ops.math.elementwise import floor as floor
from tinygrad_scratch.ops.math.elementwise import ceil as ceil
from tinygrad_scratch.ops.math.elementwise import trunc as trunc
fix = trunc
from tinygrad_scratch.ops.math.elementwise import frac as frac
from tinygrad_scratch.ops.math.elementwise import exp as exp
from tinygrad_scratch.ops.math.elementwise import exp2 as exp2
from tinygrad_scratch.ops.math.elementwise import expm1 as expm1
from tinygrad_scratch.ops.math.elementwise import log as log
from tinygrad_scratch.ops.math.elementwise import log2 as log2
from tinygrad_scratch.ops.math.elementwise import log10 as log10
from tinygrad_scratch.ops.math.elementwise import log1p as log1p
from tinygrad_scratch.ops.math.elementwise import logaddexp as logaddexp
from tinygrad_scratch.ops.math.elementwise import logaddexp2 as logaddexp2
from tinygrad_scratch.ops.math.elementwise import sin as sin
from tinygrad_scratch.ops.math.elementwise import cos as cos
from tinygrad_scratch.ops.math.elementwise import tan as tan
from tinygrad_scratch.ops.math.elementwise import asin as asin
arcsin = asin
from tinygrad_scratch.ops.math.elementwise import acos as acos
arccos = acos
from tinygrad_scratch.ops.math.elementwise import atan as atan
arctan = atan
from tinygrad_scratch.ops.math.elementwise import atan2 as atan2
arctan2 = atan2
from tinygrad_scratch.ops.math.elementwise import sinh as sinh
from tinygrad_scratch.ops.math.elementwise import cosh as cosh
from tinygrad_scratch.ops.math.elementwise import tanh as tanh
from tinygrad_scratch.ops.math.elementwise import asinh as asinh
arcsinh = asinh
from tinygrad_scratch.ops.math.elementwise import acosh as acosh
arccosh = acosh
from tinygrad_scratch.ops.math.elementwise import atanh as atanh
arctanh = atanh
from tinygrad_scratch.ops.math.elementwise import deg2rad as deg2rad
from tinygrad_scratch.ops.math.elementwise import rad2deg as rad2deg
from tinygrad_scratch.ops.math.arithmetic import add as add
from tinygrad_scratch.ops.math.arithmetic import subtract as subtract
sub = subtract
from tinygrad_scratch.ops.math.arithmetic import rsub as rsub
from tinygrad_scratch.ops.math.arithmetic import divide as divide
div = divide
true_divide = divide
from tinygrad_scratch.ops.math.arithmetic import pow as pow
power = pow
from tinygrad_scratch.ops.math.arithmetic import where as where
from tinygrad_scratch.ops.math.arithmetic import clamp as clamp
clip = clamp
from tinygrad_scratch.ops.math.arithmetic import clamp_min as clamp_min
from tinygrad_scratch.ops.math.arithmetic import clamp_max as clamp_max
from tinygrad_scratch.ops.math.arithmetic import round as round
from tinygrad_scratch.ops.math.arithmetic import float_power as float_power
from tinygrad_scratch.ops.math.arithmetic import ldexp as ldexp
from tinygrad_scratch.ops.math.arithmetic import frexp as frexp
from tinygrad_scratch.ops.math.arithmetic import lerp as lerp
from tinygrad_scratch.ops.math.arithmetic import addcmul as addcmul
from tinygrad_scratch.ops.math.arithmetic import addcdiv as addcdiv
from tinygrad_scratch.ops.math.arithmetic import nan_to_num as nan_to_num
from tinygrad_scratch.ops.shape.joining import cat as cat
concat = cat
concatenate = cat
from tinygrad_scratch.ops.shape.joining import stack as stack
from tinygrad_scratch.ops.shape.joining import split as split
from tinygrad_scratch.ops.shape.joining import chunk as chunk
from tinygrad_scratch.ops.shape.joining import vstack as vstack
row_stack = vstack
from tinygrad_scratch.ops.shape.joining import hstack as hstack
from tinygrad_scratch.ops.shape.joining import dstack as dstack
from tinygrad_scratch.ops.shape.joining import column_stack as column_stack
from tinygrad_scratch.ops.shape.joining import atleast_1d as atleast_1d
from tinygrad_scratch.ops.shape.joining import atleast_2d as atleast_2d
from tinygrad_scratch.ops.shape.joining import atleast_3d as atleast_3d
from tinygrad_scratch.ops.shape.joining import unbind as unbind
from tinygrad_scratch.ops.shape.joining import tensor_split as tensor_split
from tinygrad_scratch.ops.shape.joining import narrow as narrow
from tinygrad_scratch.ops.shape.joining import select as select
from tinygrad_scratch.ops.shape.joining import split_with_sizes as split_with_sizes
from tinygrad_scratch.ops.shape.joining import hsplit as hsplit
from tinygrad_scratch.ops.shape.joining import vsplit as vsplit
from tinygrad_scratch.ops.shape.joining import dsplit as dsplit
from tinygrad_scratch.ops.shape.joining import narrow_copy as narrow_copy
from tinygrad_scratch.ops.index.scatter import scatter as scatter
from tinygrad_scratch.ops.index.scatter import scatter_add as scatter_add
from tinygrad_scratch.ops.index.scatter import index_select as index_select
from tinygrad_scratch.ops.index.scatter import index_add as index_add
from tinygrad_scratch.ops.index.scatter import index_copy as index_copy
from tinygrad_scratch.ops.index.scatter import index_fill as index_fill
from tinygrad_scratch.ops.index.scatter import take as take
from tinygrad_scratch.ops.index.scatter import take_along_dim as take_along_dim
from tinygrad_scratch.ops.index.scatter import masked_fill as masked_fill
from tinygrad_scratch.ops.index.scatter import masked_select as masked_select
from tinygrad_scratch.ops.index.scatter import nonzero as nonzero
from tinygrad_scratch.ops.index.scatter import argwhere as argwhere
from tinygrad_scratch.ops.index.scatter import index_put as index_put
from tinygrad_scratch.ops.index.scatter import masked_scatter as masked_scatter
from tinygrad_scratch.ops.shape.padding import pad as pad
from tinygrad_scratch.ops.shape.diagonal import diagonal as diagonal
from tinygrad_scratch.ops.shape.diagonal import diag_embed as diag_embed
from tinygrad_scratch.ops.shape.diagonal import diag as diag
from tinygrad_scratch.ops.shape.diagonal import diagflat as diagflat
from tinygrad_scratch.ops.shape.diagonal import trace as trace
from tinygrad_scratch.ops.shape.diagonal import tril as tril
from tinygrad_scratch.ops.shape.diagonal import triu as triu
from tinygrad_scratch.ops.shape.diagonal import block_diag as block_diag
from tinygrad_scratch.ops.index.replacing import select_scatter as select_scatter
from tinygrad_scratch.ops.index.replacing import slice_scatter as slice_scatter
from tinygrad_scratch.ops.index.replacing import diagonal_scatter as diagonal_scatter
from tinygrad_scratch.ops.index.replacing import put as put
from tinygrad_scratch.ops.reduce.sorting import sort as sort
from tinygrad_scratch.ops.reduce.sorting import argsort as argsort
from tinygrad_scratch.ops.reduce.sorting import msort as msort
from tinygrad_scratch.ops.reduce.sorting import topk as topk
from tinygrad_scratch.ops.reduce.sorting import kthvalue as kthvalue
from tinygrad_scratch.ops.reduce.sorting import mode as mode
from tinygrad_scratch.ops.reduce.sorting import unique as unique
from tinygrad_scratch.ops.reduce.sorting import unique_consecutive as unique_consecutive
from tinygrad_scratch.ops.reduce.sorting import searchsorted as searchsorted
from tinygrad_scratch.ops.reduce.sorting import bucketize as bucketize
from tinygrad_scratch.ops.reduce.sorting import bincount as bincount
from tinygrad_scratch.ops.reduce.sorting import isin as isin
from tinygrad_scratch.ops.reduce.sorting import histc as histc
from tinygrad_scratch.ops.reduce.sorting import histogram as histogram
from tinygrad_scratch.ops.index.scatter_reduce import scatter_reduce as scatter_reduce
from tinygrad_scratch.ops.index.scatter_reduce import index_reduce as index_reduce
from tinygrad_scratch.ops.linalg.einsum import einsum as einsum
from tinygrad_scratch.ops.shape.rearrange import movedim as movedim
moveaxis = movedim
from tinygrad_scratch.ops.shape.rearrange import flip as flip
from tinygrad_scratch.ops.shape.rearrange import fliplr as fliplr
from tinygrad_scratch.ops.shape.rearrange import flipud as flipud
from tinygrad_scratch.ops.shape.rearrange import rot90 as rot90
from tinygrad_scratch.ops.shape.rearrange import roll as roll
from tinygrad_scratch.ops.shape.rearrange import tile as tile
from tinygrad_scratch.ops.shape.rearrange import repeat_interleave as repeat_interleave
from tinygrad_scratch.ops.shape.rearrange import meshgrid as meshgrid
from tinygrad_scratch.ops.shape.rearrange import cartesian_prod as cartesian_prod
from tinygrad_scratch.ops.shape.rearrange import combinations as combinations
from tinygrad_scratch.ops.linalg.products import matmul as matmul
from tinygrad_scratch.ops.linalg.products import linear as linear
from tinygrad_scratch.ops.linalg.products import bilinear as bilinear
from tinygrad_scratch.ops.linalg.products import dot as dot
from tinygrad_scratch.ops.linalg.products import vdot as vdot
from tinygrad_scratch.ops.linalg.products import mv as mv
from tinygrad_scratch.ops.linalg.products import mm as mm
from tinygrad_scratch.ops.linalg.products import bmm as bmm
from tinygrad_scratch.ops.linalg.products import outer as outer
ger = outer
from tinygrad_scratch.ops.linalg.products import inner as inner
from tinygrad_scratch.ops.linalg.products import tensordot as tensordot
from tinygrad_scratch.ops.linalg.products import kron as kron
from tinygrad_scratch.ops.linalg.products import cross as cross
from tinygrad_scratch.ops.linalg.products import chain_matmul as chain_matmul
from tinygrad_scratch.ops.math.logic import eq as eq
from tinygrad_scratch.ops.math.logic import ne as ne
not_equal = ne
from tinygrad_scratch.ops.math.logic import lt as lt
less = lt
from tinygrad_scratch.ops.math.logic import le as le
less_equal = le
from tinygrad_scratch.ops.math.logic import gt as gt
greater = gt
from tinygrad_scratch.ops.math.logic import ge as ge
greater_equal = ge
from tinygrad_scratch.ops.math.logic import isnan as isnan
from tinygrad_scratch.ops.math.logic import isinf as isinf
from tinygrad_scratch.ops.math.logic import isfinite as isfinite
from tinygrad_scratch.ops.math.logic import isposinf as isposinf
from tinygrad_scratch.ops.math.logic import isneginf as isneginf
from tinygrad_scratch.ops.math.logic import isreal as isreal
from tinygrad_scratch.ops.math.logic import signbit as signbit
from tinygrad_scratch.ops.math.logic import logical_and as logical_and
from tinygrad_scratch.ops.math.logic import logical_or as logical_or
from tinygrad_scratch.ops.math.logic import logical_xor as logical_xor
from tinygrad_scratch.ops.math.logic import logical_not as logical_not
from tinygrad_scratch.ops.math.logic import bitwise_and as bitwise_and
from tinygrad_scratch.ops.math.logic import bitwise_or as bitwise_or
from tinygrad_scratch.ops.math.logic import bitwise_xor as bitwise_xor
from tinygrad_scratch.ops.math.logic import bitwise_not as bitwise_not
from tinygrad_scratch.ops.math.logic import bitwise_left_shift as bitwise_left_shift
from tinygrad_scratch.ops.math.logic import bitwise_right_shift as bitwise_right_shift
from tinygrad_scratch.ops.math.logic import isclose as isclose
from tinygrad_scratch.ops.math.logic import allclose as allclose
from tinygrad_scratch.ops.math.logic import equal as equal
from tinygrad_scratch.ops.reduce.cumulative import cumsum as cumsum
from tinygrad_scratch.ops.reduce.cumulative import cumprod as cumprod
from tinygrad_scratch.ops.reduce.cumulative import logcumsumexp as logcumsumexp
from tinygrad_scratch.ops.reduce.cumulative import cummax as cummax
from tinygrad_scratch.ops.reduce.cumulative import cummin as cummin
from tinygrad_scratch.ops.reduce.reduction import sum as sum
from tinygrad_scratch.ops.reduce.reduction import mean as mean
from tinygrad_scratch.ops.reduce.reduction import prod as prod
from tinygrad_scratch.ops.reduce.reduction import logsumexp as logsumexp
from tinygrad_scratch.ops.reduce.reduction import amax as amax
from tinygrad_scratch.ops.reduce.reduction import amin as amin
from tinygrad_scratch.ops.reduce.reduction import nansum as nansum
from tinygrad_scratch.ops.reduce.reduction import nanmean as nanmean
from tinygrad_scratch.ops.reduce.reduction import count_nonzero as count_nonzero
from tinygrad_scratch.ops.reduce.reduction import aminmax as aminmax
from tinygrad_scratch.ops.reduce.reduction import all as all
from tinygrad_scratch.ops.reduce.reduction import any as any
from tinygrad_scratch.ops.reduce.reduction import max as max
from tinygrad_scratch.ops.reduce.reduction import min as min
from tinygrad_scratch.ops.reduce.reduction import argmax as argmax
from tinygrad_scratch.ops.reduce.reduction import argmin as argmin
from tinygrad_scratch.ops.linalg.added_products import addmm as addmm
from tinygrad_scratch.ops.linalg.added_products import addmv as addmv
from tinygrad_scratch.ops.linalg.added_products import baddbmm as baddbmm
from tinygrad_scratch.ops.linalg.added_products import addbmm as addbmm
from tinygrad_scratch.ops.linalg.added_products import addr as addr
from tinygrad_scratch.ops.linalg.norm import normalize as normalize
from tinygrad_scratch.ops.linalg.norm import renorm as renorm
from tinygrad_scratch.ops.linalg.distance import cosine_similarity as cosine_similarity
from tinygrad_scratch.ops.linalg.distance import pairwise_distance as pairwise_distance
from tinygrad_scratch.ops.linalg.distance import cdist as cdist
from tinygrad_scratch.ops.linalg.distance import pdist as pdist
from tinygrad_scratch.ops.linalg.distance import dist as dist
from tinygrad_scratch.ops.linalg.matrices import logdet as logdet
from tinygrad_scratch.ops.linalg.matrices import det as det
from tinygrad_scratch.ops.linalg.matrices import slogdet as slogdet
from tinygrad_scratch.ops.linalg.matrices import matrix_power as matrix_power
from tinygrad_scratch.ops.linalg.matrices import cholesky as cholesky
from tinygrad_scratch.ops.linalg.matrices import inv as inv
inverse = inv
from tinygrad_scratch.ops.linalg.matrices import pinv as pinv
pinverse = pinv
from tinygrad_scratch.ops.linalg.matrix_functions import matrix_exp as matrix_exp
from tinygrad_scratch.ops.linalg.matrix_functions import cholesky_solve as cholesky_solve
from tinygrad_scratch.ops.linalg.matrix_functions import cholesky_inverse as cholesky_inverse
from tinygrad_scratch.ops.linalg.legacy import svd as svd
from tinygrad_scratch.ops.linalg.legacy import qr as qr
from tinygrad_scratch.ops.linalg.legacy import norm as norm
from tinygrad_scratch.ops.linalg.legacy import vander as vander
from tinygrad_scratch.ops.math.special import sigmoid as sigmoid
from tinygrad_scratch.ops.math.special import erf as erf
from tinygrad_scratch.ops.math.special import erfc as erfc
from tinygrad_scratch.ops.math.special import erfinv as erfinv
from tinygrad_scratch.ops.math.special import lgamma as lgamma
from tinygrad_scratch.ops.math.special import digamma as digamma
from tinygrad_scratch.ops.math.special import xlogy as xlogy
from tinygrad_scratch.ops.math.special import sinc as sinc
from tinygrad_scratch.ops.math.special import polygamma as polygamma
from tinygrad_scratch.ops.math.special import logit as logit
from tinygrad_scratch.ops.math.special import mvlgamma as mvlgamma
from tinygrad_scratch.ops.math.special import i0 as i0
from tinygrad_scratch.ops.random.generator import manual_seed as manual_seed
from tinygrad_scratch.ops.random.generator import seed as seed
from tinygrad_scratch.ops.random.generator import initial_seed as initial_seed
from tinygrad_scratch.ops.random.generator import get_rng_state as get_rng_state
from tinygrad_scratch.ops.random.generator import set_rng_state as set_rng_state
from tinygrad_scratch.ops.random.sampling import rand as rand
from tinygrad_scratch.ops.random.sampling import randn as randn
from tinygrad_scratch.ops.random.sampling import randint as randint
from tinygrad_scratch.ops.random.sampling import randperm as randperm
from tinygrad_scratch.ops.random.sampling import rand_like as rand_like
from tinygrad_scratch.ops.random.sampling import randn_like as randn_like
from tinygrad_scratch.ops.random.sampling import randint_like as randint_like
from tinygrad_scratch.ops.random.sampling import normal as normal
from tinygrad_scratch.ops.neural.softmax import softmax as softmax
from tinygrad_scratch.ops.neural.softmax import log_softmax as log_softmax
from tinygrad_scratch.ops.neural.softmax import softmin as softmin
from tinygrad_scratch.ops.neural.softmax import gumbel_softmax as gumbel_softmax
from tinygrad_scratch.ops.losses.classification import binary_cross_entropy as binary_cross_entropy
from tinygrad_scratch.ops.losses.classification import binary_cross_entropy_with_logits as binary_cross_entropy_with_logits
from tinygrad_scratch.ops.losses.classification import cross_entropy as cross_entropy
from tinygrad_scratch.ops.losses.classification import nll_loss as nll_loss
from tinygrad_scratch.ops.losses.ctc import ctc_loss as ctc_loss
from tinygrad_scratch.ops.neural.activation import logsigmoid as logsigmoid
from tinygrad_scratch.ops.neural.activation import softsign as softsign
from tinygrad_scratch.ops.neural.activation import tanhshrink as tanhshrink
from tinygrad_scratch.ops.neural.activation import relu as relu
from tinygrad_scratch.ops.neural.activation import leaky_relu as leaky_relu
from tinygrad_scratch.ops.neural.activation import prelu as prelu
from tinygrad_scratch.ops.neural.activation import rrelu as rrelu
from tinygrad_scratch.ops.neural.activation import elu as elu
from tinygrad_scratch.ops.neural.activation import selu as selu
from tinygrad_scratch.ops.neural.activation import celu as celu
from tinygrad_scratch.ops.neural.activation import gelu as gelu
from tinygrad_scratch.ops.neural.activation import silu as silu
from tinygrad_scratch.ops.neural.activation import mish as mish
from tinygrad_scratch.ops.neural.activation import softplus as softplus
from tinygrad_scratch.ops.neural.activation import softshrink as softshrink
from tinygrad_scratch.ops.neural.activation import hardshrink as hardshrink
from tinygrad_scratch.ops.neural.activation import threshold as threshold
from tinygrad_scratch.ops.neural.activation import hardtanh as hardtanh
from tinygrad_scratch.ops.neural.activation import relu6 as relu6
from tinygrad_scratch.ops.neural.activation import hardsigmoid as hardsigmoid
from tinygrad_scratch.ops.neural.activation import hardswish as hardswish
from tinygrad_scratch.ops.neural.activation import glu as glu
from tinygrad_scratch.ops.neural.activation import relu_ as relu_
from tinygrad_scratch.ops.neural.activation import leaky_relu_ as leaky_relu_
from tinygrad_scratch.ops.neural.activation import rrelu_ as rrelu_
from tinygrad_scratch.ops.neural.activation import elu_ as elu_
from tinygrad_scratch.ops.neural.activation import selu_ as selu_
from tinygrad_scratch.ops.neural.activation import celu_ as celu_
from tinygrad_scratch.ops.neural.activation import threshold_ as threshold_
from tinygrad_scratch.ops.neural.activation import hardtanh_ as hardtanh_
from tinygrad_scratch.ops.losses.margin import hinge_embedding_loss as hinge_embedding_loss
from tinygrad_scratch.ops.losses.margin import cosine_embedding_loss as cosine_embedding_loss
from tinygrad_scratch.ops.losses.margin import margin_ranking_loss as margin_ranking_loss
from tinygrad_scratch.ops.losses.margin import soft_margin_loss as soft_margin_loss
from tinygrad_scratch.ops.losses.margin import multilabel_soft_margin_loss as multilabel_soft_margin_loss
from tinygrad_scratch.ops.losses.margin import multi_margin_loss as multi_margin_loss
from tinygrad_scratch.ops.losses.margin import multilabel_margin_loss as multilabel_margin_loss
from tinygrad_scratch.ops.losses.margin import triplet_margin_loss as triplet_margin_loss
from tinygrad_scratch.ops.losses.margin import triplet_margin_with_distance_loss as triplet_margin_with_distance_loss
from tinygrad_scratch.ops.losses.regression import mse_loss as mse_loss
from tinygrad_scratch.ops.losses.regression import l1_loss as l1_loss
from tinygrad_scratch.ops.losses.regression import huber_loss as huber_loss
from tinygrad_scratch.ops.losses.regression import smooth_l1_loss as smooth_l1_loss
from tinygrad_scratch.ops.losses.regression import poisson_nll_loss as poisson_nll_loss
from tinygrad_scratch.ops.losses.regression import gaussian_nll_loss as gaussian_nll_loss
from tinygrad_scratch.ops.losses.regression import kl_div as kl_div
from tinygrad_scratch.ops.math.differences import diff as diff
from tinygrad_scratch.ops.math.differences import trapezoid as trapezoid
trapz = trapezoid
from tinygrad_scratch.ops.math.differences import cumulative_trapezoid as cumulative_trapezoid
from tinygrad_scratch.ops.math.differences import gradient as gradient
from tinygrad_scratch.ops.math.differences import cov as cov
from tinygrad_scratch.ops.math.differences import corrcoef as corrcoef
from tinygrad_scratch.ops.neural.dropout import dropout as dropout
from tinygrad_scratch.ops.neural.dropout import dropout1d as dropout1d
from tinygrad_scratch.ops.neural.dropout import dropout2d as dropout2d
from tinygrad_scratch.ops.neural.dropout import dropout3d as dropout3d
from tinygrad_scratch.ops.neural.dropout import alpha_dropout as alpha_dropout
from tinygrad_scratch.ops.neural.dropout import feature_alpha_dropout as feature_alpha_dropout
from tinygrad_scratch.ops.neural.embedding import embedding as embedding
from tinygrad_scratch.ops.neural.embedding import embedding_bag as embedding_bag
from tinygrad_scratch.ops.neural.normalization import layer_norm as layer_norm
from tinygrad_scratch.ops.neural.normalization import rms_norm as rms_norm
from tinygrad_scratch.ops.neural.normalization import group_norm as group_norm
from tinygrad_scratch.ops.neural.normalization import batch_norm as batch_norm
from tinygrad_scratch.ops.neural.normalization import instance_norm as instance_norm
from tinygrad_scratch.ops.neural.normalization import local_response_norm as local_response_norm
from tinygrad_scratch.ops.reduce.quantile import median as median
from tinygrad_scratch.ops.reduce.quantile import nanmedian as nanmedian
from tinygrad_scratch.ops.reduce.quantile import quantile as quantile
from tinygrad_scratch.ops.reduce.quantile import nanquantile as nanquantile
from tinygrad_scratch.ops.reduce.statistics import var as var
from tinygrad_scratch.ops.reduce.statistics import std as std
from tinygrad_scratch.ops.reduce.statistics import var_mean as var_mean
from tinygrad_scratch.ops.reduce.statistics import std_mean as std_mean
from tinygrad_scratch.ops.random.distributions import bernoulli as bernoulli
from tinygrad_scratch.ops.random.distributions import multinomial as multinomial
from tinygrad_scratch.ops.random.distributions import poisson as poisson
from tinygrad_scratch.ops.random.distributions import binomial as binomial
from tinygrad_scratch.ops.sequence.attention import scaled_dot_product_attention as scaled_dot_product_attention
from tinygrad_scratch.ops.sequence.multi_head_attention import multi_head_attention_forward as multi_head_attention_forward
from tinygrad_scratch.ops.sequence.recurrent import rnn_tanh_cell as rnn_tanh_cell
from tinygrad_scratch.ops.sequence.recurrent import rnn_relu_cell as rnn_relu_cell
from tinygrad_scratch.ops.sequence.recurrent import lstm_cell as lstm_cell
from tinygrad_scratch.ops.sequence.recurrent import gru_cell as gru_cell
from tinygrad_scratch.ops.spatial.interpolation import interpolate as interpolate
from tinygrad_scratch.ops.spatial.interpolation import upsample as upsample
from tinygrad_scratch.ops.spatial.interpolation import upsample_nearest as upsample_nearest
from tinygrad_scratch.ops.spatial.interpolation import upsample_bilinear as upsample_bilinear
from tinygrad_scratch.ops.spatial.average_pooling import avg_pool1d as avg_pool1d
from tinygrad_scratch.ops.spatial.average_pooling import avg_pool2d as avg_pool2d
from tinygrad_scratch.ops.spatial.average_pooling import avg_pool3d as avg_pool3d
from tinygrad_scratch.ops.spatial.average_pooling import adaptive_avg_pool1d as adaptive_avg_pool1d
from tinygrad_scratch.ops.spatial.average_pooling import adaptive_avg_pool2d as adaptive_avg_pool2d
from tinygrad_scratch.ops.spatial.average_pooling import adaptive_avg_pool3d as adaptive_avg_pool3d
from tinygrad_scratch.ops.spatial.average_pooling import lp_pool1d as lp_pool1d
from tinygrad_scratch.ops.spatial.average_pooling import lp_pool2d as lp_pool2d
from tinygrad_scratch.ops.spatial.average_pooling import lp_pool3d as lp_pool3d
from tinygrad_scratch.ops.spatial.convolution import conv1d as conv1d
from tinygrad_scratch.ops.spatial.convolution import conv2d as conv2d
from tinygrad_scratch.ops.spatial.convolution import conv3d as conv3d
from tinygrad_scratch.ops.spatial.convolution import conv_transpose1d as conv_transpose1d
from tinygrad_scratch.ops.spatial.convolution import conv_transpose2d as conv_transpose2d
from tinygrad_scratch.ops.spatial.convolution import conv_transpose3d as conv_transpose3d
from tinygrad_scratch.ops.spatial.grid import grid_sample as grid_sample
from tinygrad_scratch.ops.spatial.grid import affine_grid as affine_grid
from tinygrad_scratch.ops.spatial.max_pooling import max_pool1d as max_pool1d
from tinygrad_scratch.ops.spatial.max_pooling import max_pool2d as max_pool2d
from tinygrad_scratch.ops.spatial.max_pooling import max_pool3d as max_pool3d
from tinygrad_scratch.ops.spatial.max_pooling import max_pool1d_with_indices as max_pool1d_with_indices
from tinygrad_scratch.ops.spatial.max_pooling import max_pool2d_with_indices as max_pool2d_with_indices
from tinygrad_scratch.ops.spatial.max_pooling import max_pool3d_with_indices as max_pool3d_with_indices
from tinygrad_scratch.ops.spatial.max_pooling import adaptive_max_pool1d as adaptive_max_pool1d
from tinygrad_scratch.ops.spatial.max_pooling import adaptive_max_pool2d as adaptive_max_pool2d
from tinygrad_scratch.ops.spatial.max_pooling import adaptive_max_pool3d as adaptive_max_pool3d
from tinygrad_scratch.ops.spatial.max_pooling import adaptive_max_pool1d_with_indices as adaptive_max_pool1d_with_indices
from tinygrad_scratch.ops.spatial.max_pooling import adaptive_max_pool2d_with_indices as adaptive_max_pool2d_with_indices
from tinygrad_scratch.ops.spatial.max_pooling import adaptive_max_pool3d_with_indices as adaptive_max_pool3d_with_indices
from tinygrad_scratch.ops.spatial.max_pooling import max_unpool1d as max_unpool1d
from tinygrad_scratch.ops.spatial.max_pooling import max_unpool2d as max_unpool2d
from tinygrad_scratch.ops.spatial.max_pooling import max_unpool3d as max_unpool3d
from tinygrad_scratch.ops.spatial.patches import unfold as unfold
from tinygrad_scratch.ops.spatial.patches import fold as fold
from tinygrad_scratch.ops.spatial.pixel_shuffle import pixel_shuffle as pixel_shuffle
from tinygrad_scratch.ops.spatial.pixel_shuffle import pixel_unshuffle as pixel_unshuffle
from tinygrad_scratch.ops.spatial.pixel_shuffle import channel_shuffle as channel_shuffle
detach = Tensor.detach
detach_ = Tensor.detach_
zero_ = Tensor.zero_
fill_ = Tensor.fill_
multiply_ = Tensor.multiply_
mul_ = Tensor.mul_
floor_divide_ = Tensor.floor_divide_
remainder_ = Tensor.remainder_
fmod_ = Tensor.fmod_
maximum_ = Tensor.maximum_
minimum_ = Tensor.minimum_
fmax_ = Tensor.fmax_
fmin_ = Tensor.fmin_
positive_ = Tensor.positive_
negative_ = Tensor.negative_
neg_ = Tensor.neg_
absolute_ = Tensor.absolute_
abs_ = Tensor.abs_
sign_ = Tensor.sign_
sgn_ = Tensor.sgn_
square_ = Tensor.square_
reciprocal_ = Tensor.reciprocal_
sqrt_ = Tensor.sqrt_
rsqrt_ = Tensor.rsqrt_
hypot_ = Tensor.hypot_
copysign_ = Tensor.copysign_
heaviside_ = Tensor.heaviside_
nextafter_ = Tensor.nextafter_
gcd_ = Tensor.gcd_
lcm_ = Tensor.lcm_
floor_ = Tensor.floor_
ceil_ = Tensor.ceil_
trunc_ = Tensor.trunc_
fix_ = Tensor.fix_
frac_ = Tensor.frac_
exp_ = Tensor.exp_
exp2_ = Tensor.exp2_
expm1_ = Tensor.expm1_
log_ = Tensor.log_
log2_ = Tensor.log2_
log10_ = Tensor.log10_
log1p_ = Tensor.log1p_
logaddexp_ = Tensor.logaddexp_
logaddexp2_ = Tensor.logaddexp2_
sin_ = Tensor.sin_
cos_ = Tensor.cos_
tan_ = Tensor.tan_
asin_ = Tensor.asin_
arcsin_ = Tensor.arcsin_
acos_ = Tensor.acos_
arccos_ = Tensor.arccos_
atan_ = Tensor.atan_
arctan_ = Tensor.arctan_
atan2_ = Tensor.atan2_
arctan2_ = Tensor.arctan2_
sinh_ = Tensor.sinh_
cosh_ = Tensor.cosh_
tanh_ = Tensor.tanh_
asinh_ = Tensor.asinh_
arcsinh_ = Tensor.arcsinh_
acosh_ = Tensor.acosh_
arccosh_ = Tensor.arccosh_
atanh_ = Tensor.atanh_
arctanh_ = Tensor.arctanh_
deg2rad_ = Tensor.deg2rad_
rad2deg_ = Tensor.rad2deg_
add_ = Tensor.add_
subtract_ = Tensor.subtract_
sub_ = Tensor.sub_
divide_ = Tensor.divide_
div_ = Tensor.div_
true_divide_ = Tensor.true_divide_
pow_ = Tensor.pow_
power_ = Tensor.power_
clamp_ = Tensor.clamp_
clip_ = Tensor.clip_
clamp_min_ = Tensor.clamp_min_
clamp_max_ = Tensor.clamp_max_
round_ = Tensor.round_
ldexp_ = Tensor.ldexp_
lerp_ = Tensor.lerp_
addcmul_ = Tensor.addcmul_
addcdiv_ = Tensor.addcdiv_
nan_to_num_ = Tensor.nan_to_num_
scatter_ = Tensor.scatter_
scatter_add_ = Tensor.scatter_add_
index_add_ = Tensor.index_add_
index_copy_ = Tensor.index_copy_
index_fill_ = Tensor.index_fill_
masked_fill_ = Tensor.masked_fill_
index_put_ = Tensor.index_put_
masked_scatter_ = Tensor.masked_scatter_
tril_ = Tensor.tril_
triu_ = Tensor.triu_
put_ = Tensor.put_
scatter_reduce_ = Tensor.scatter_reduce_
index_reduce_ = Tensor.index_reduce_
eq_ = Tensor.eq_
ne_ = Tensor.ne_
not_equal_ = Tensor.not_equal_
lt_ = Tensor.lt_
less_ = Tensor.less_
le_ = Tensor.le_
less_equal_ = Tensor.less_equal_
gt_ = Tensor.gt_
greater_ = Tensor.greater_
ge_ = Tensor.ge_
greater_equal_ = Tensor.greater_equal_
logical_and_ = Tensor.logical_and_
logical_or_ = Tensor.logical_or_
logical_xor_ = Tensor.logical_xor_
logical_not_ = Tensor.logical_not_
bitwise_and_ = Tensor.bitwise_and_
bitwise_or_ = Tensor.bitwise_or_
bitwise_xor_ = Tensor.bitwise_xor_
bitwise_not_ = Tensor.bitwise_not_
bitwise_left_shift_ = Tensor.bitwise_left_shift_
bitwise_right_shift_ = Tensor.bitwise_right_shift_
cumsum_ = Tensor.cumsum_
cumprod_ = Tensor.cumprod_
addmm_ = Tensor.addmm_
addmv_ = Tensor.addmv_
baddbmm_ = Tensor.baddbmm_
addbmm_ = Tensor.addbmm_
addr_ = Tensor.addr_
renorm_ = Tensor.renorm_
sigmoid_ = Tensor.sigmoid_
erf_ = Tensor.erf_
erfc_ = Tensor.erfc_
erfinv_ = Tensor.erfinv_
lgamma_ = Tensor.lgamma_
digamma_ = Tensor.digamma_
xlogy_ = Tensor.xlogy_
sinc_ = Tensor.sinc_
logit_ = Tensor.logit_
i0_ = Tensor.i0_
