# Written by `python -m tinygrad_scratch.stubs`: what the package and its operation tables define.
import builtins
from typing import Any

import numpy as np

import nn as nn
from nn import optim as optim
from tinygrad_scratch import visualize as visualize
from tinygrad_scratch import autograd as autograd
from tinygrad_scratch import ops as ops
from tinygrad_scratch.device import cuda as cuda
from tinygrad_scratch.device import device as device
from tinygrad_scratch.dtypes import bool_ as bool_
from tinygrad_scratch.dtypes import float16 as float16
from tinygrad_scratch.dtypes import float32 as float32
from tinygrad_scratch.dtypes import float64 as float64
from tinygrad_scratch.dtypes import get_default_dtype as get_default_dtype
from tinygrad_scratch.dtypes import int8 as int8
from tinygrad_scratch.dtypes import int16 as int16
from tinygrad_scratch.dtypes import int32 as int32
from tinygrad_scratch.dtypes import int64 as int64
from tinygrad_scratch.dtypes import set_default_dtype as set_default_dtype
from tinygrad_scratch.dtypes import uint8 as uint8
from tinygrad_scratch.dtypes import uint16 as uint16
from tinygrad_scratch.dtypes import uint32 as uint32
from tinygrad_scratch.dtypes import uint64 as uint64
from tinygrad_scratch.ops.random import Generator as Generator
from tinygrad_scratch.ops.random import default_generator as default_generator
from tinygrad_scratch.record.mode import enable_grad as enable_grad
from tinygrad_scratch.record.mode import is_grad_enabled as is_grad_enabled
from tinygrad_scratch.record.mode import no_grad as no_grad
from tinygrad_scratch.record.mode import set_grad_enabled as set_grad_enabled
from tinygrad_scratch.record.operation import FUNCTIONS as FUNCTIONS
from tinygrad_scratch.record.operation import primitive as primitive
from tinygrad_scratch.record.tensor import Tensor as Tensor
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
from tinygrad_scratch.ops.conversion import clone as clone
from tinygrad_scratch.ops.elementwise import multiply as multiply
mul = multiply
from tinygrad_scratch.ops.elementwise import floor_divide as floor_divide
from tinygrad_scratch.ops.elementwise import remainder as remainder
from tinygrad_scratch.ops.elementwise import fmod as fmod
from tinygrad_scratch.ops.elementwise import maximum as maximum
from tinygrad_scratch.ops.elementwise import minimum as minimum
from tinygrad_scratch.ops.elementwise import fmax as fmax
from tinygrad_scratch.ops.elementwise import fmin as fmin
from tinygrad_scratch.ops.elementwise import positive as positive
from tinygrad_scratch.ops.elementwise import negative as negative
neg = negative
from tinygrad_scratch.ops.elementwise import absolute as absolute
abs = absolute
from tinygrad_scratch.ops.elementwise import sign as sign
sgn = sign
from tinygrad_scratch.ops.elementwise import square as square
from tinygrad_scratch.ops.elementwise import reciprocal as reciprocal
from tinygrad_scratch.ops.elementwise import sqrt as sqrt
from tinygrad_scratch.ops.elementwise import rsqrt as rsqrt
from tinygrad_scratch.ops.elementwise import hypot as hypot
from tinygrad_scratch.ops.elementwise import copysign as copysign
from tinygrad_scratch.ops.elementwise import heaviside as heaviside
from tinygrad_scratch.ops.elementwise import floor as floor
from tinygrad_scratch.ops.elementwise import ceil as ceil
from tinygrad_scratch.ops.elementwise import trunc as trunc
fix = trunc
from tinygrad_scratch.ops.elementwise import frac as frac
from tinygrad_scratch.ops.elementwise import exp as exp
from tinygrad_scratch.ops.elementwise import exp2 as exp2
from tinygrad_scratch.ops.elementwise import expm1 as expm1
from tinygrad_scratch.ops.elementwise import log as log
from tinygrad_scratch.ops.elementwise import log2 as log2
from tinygrad_scratch.ops.elementwise import log10 as log10
from tinygrad_scratch.ops.elementwise import log1p as log1p
from tinygrad_scratch.ops.elementwise import logaddexp as logaddexp
from tinygrad_scratch.ops.elementwise import logaddexp2 as logaddexp2
from tinygrad_scratch.ops.elementwise import sin as sin
from tinygrad_scratch.ops.elementwise import cos as cos
from tinygrad_scratch.ops.elementwise import tan as tan
from tinygrad_scratch.ops.elementwise import asin as asin
arcsin = asin
from tinygrad_scratch.ops.elementwise import acos as acos
arccos = acos
from tinygrad_scratch.ops.elementwise import atan as atan
arctan = atan
from tinygrad_scratch.ops.elementwise import atan2 as atan2
arctan2 = atan2
from tinygrad_scratch.ops.elementwise import sinh as sinh
from tinygrad_scratch.ops.elementwise import cosh as cosh
from tinygrad_scratch.ops.elementwise import tanh as tanh
from tinygrad_scratch.ops.elementwise import asinh as asinh
arcsinh = asinh
from tinygrad_scratch.ops.elementwise import acosh as acosh
arccosh = acosh
from tinygrad_scratch.ops.elementwise import atanh as atanh
arctanh = atanh
from tinygrad_scratch.ops.elementwise import deg2rad as deg2rad
from tinygrad_scratch.ops.elementwise import rad2deg as rad2deg
from tinygrad_scratch.ops.elementwise import add as add
from tinygrad_scratch.ops.elementwise import subtract as subtract
sub = subtract
from tinygrad_scratch.ops.elementwise import divide as divide
div = divide
true_divide = divide
from tinygrad_scratch.ops.elementwise import pow as pow
power = pow
from tinygrad_scratch.ops.elementwise import where as where
from tinygrad_scratch.ops.elementwise import clamp as clamp
clip = clamp
from tinygrad_scratch.ops.activation import relu as relu
from tinygrad_scratch.ops.activation import sigmoid as sigmoid
from tinygrad_scratch.ops.activation import softmax as softmax
from tinygrad_scratch.ops.activation import log_softmax as log_softmax
from tinygrad_scratch.ops.creation import tensor as tensor
from tinygrad_scratch.ops.creation import as_tensor as as_tensor
from tinygrad_scratch.ops.creation import from_numpy as from_numpy
from tinygrad_scratch.ops.creation import zeros as zeros
from tinygrad_scratch.ops.creation import ones as ones
from tinygrad_scratch.ops.creation import empty as empty
from tinygrad_scratch.ops.creation import full as full
from tinygrad_scratch.ops.creation import arange as arange
from tinygrad_scratch.ops.creation import linspace as linspace
from tinygrad_scratch.ops.creation import eye as eye
from tinygrad_scratch.ops.creation import zeros_like as zeros_like
from tinygrad_scratch.ops.creation import ones_like as ones_like
from tinygrad_scratch.ops.creation import empty_like as empty_like
from tinygrad_scratch.ops.creation import full_like as full_like
from tinygrad_scratch.ops.indexing import gather as gather
from tinygrad_scratch.ops.indexing import one_hot as one_hot
from tinygrad_scratch.ops.linear_algebra import matmul as matmul
from tinygrad_scratch.ops.linear_algebra import linear as linear
from tinygrad_scratch.ops.logic import eq as eq
from tinygrad_scratch.ops.logic import ne as ne
not_equal = ne
from tinygrad_scratch.ops.logic import lt as lt
less = lt
from tinygrad_scratch.ops.logic import le as le
less_equal = le
from tinygrad_scratch.ops.logic import gt as gt
greater = gt
from tinygrad_scratch.ops.logic import ge as ge
greater_equal = ge
from tinygrad_scratch.ops.logic import isnan as isnan
from tinygrad_scratch.ops.logic import isinf as isinf
from tinygrad_scratch.ops.logic import isfinite as isfinite
from tinygrad_scratch.ops.logic import isposinf as isposinf
from tinygrad_scratch.ops.logic import isneginf as isneginf
from tinygrad_scratch.ops.logic import signbit as signbit
from tinygrad_scratch.ops.logic import logical_and as logical_and
from tinygrad_scratch.ops.logic import logical_or as logical_or
from tinygrad_scratch.ops.logic import logical_xor as logical_xor
from tinygrad_scratch.ops.logic import logical_not as logical_not
from tinygrad_scratch.ops.logic import bitwise_and as bitwise_and
from tinygrad_scratch.ops.logic import bitwise_or as bitwise_or
from tinygrad_scratch.ops.logic import bitwise_xor as bitwise_xor
from tinygrad_scratch.ops.logic import bitwise_not as bitwise_not
from tinygrad_scratch.ops.logic import bitwise_left_shift as bitwise_left_shift
from tinygrad_scratch.ops.logic import bitwise_right_shift as bitwise_right_shift
from tinygrad_scratch.ops.logic import isclose as isclose
from tinygrad_scratch.ops.logic import allclose as allclose
from tinygrad_scratch.ops.logic import equal as equal
from tinygrad_scratch.ops.loss import mse_loss as mse_loss
from tinygrad_scratch.ops.loss import binary_cross_entropy as binary_cross_entropy
from tinygrad_scratch.ops.loss import binary_cross_entropy_with_logits as binary_cross_entropy_with_logits
from tinygrad_scratch.ops.loss import cross_entropy as cross_entropy
from tinygrad_scratch.ops.loss import nll_loss as nll_loss
from tinygrad_scratch.ops.shape import reshape as reshape
from tinygrad_scratch.ops.shape import flatten as flatten
from tinygrad_scratch.ops.shape import ravel as ravel
from tinygrad_scratch.ops.shape import permute as permute
from tinygrad_scratch.ops.shape import transpose as transpose
swapaxes = transpose
swapdims = transpose
from tinygrad_scratch.ops.shape import t as t
from tinygrad_scratch.ops.shape import broadcast_to as broadcast_to
from tinygrad_scratch.ops.shape import squeeze as squeeze
from tinygrad_scratch.ops.shape import unsqueeze as unsqueeze
from tinygrad_scratch.ops.shape import cat as cat
concat = cat
concatenate = cat
from tinygrad_scratch.ops.shape import stack as stack
from tinygrad_scratch.ops.shape import split as split
from tinygrad_scratch.ops.shape import chunk as chunk
from tinygrad_scratch.ops.shape import numel as numel
from tinygrad_scratch.ops.random import manual_seed as manual_seed
from tinygrad_scratch.ops.random import seed as seed
from tinygrad_scratch.ops.random import initial_seed as initial_seed
from tinygrad_scratch.ops.random import get_rng_state as get_rng_state
from tinygrad_scratch.ops.random import set_rng_state as set_rng_state
from tinygrad_scratch.ops.random import rand as rand
from tinygrad_scratch.ops.random import randn as randn
from tinygrad_scratch.ops.random import randint as randint
from tinygrad_scratch.ops.random import randperm as randperm
from tinygrad_scratch.ops.random import rand_like as rand_like
from tinygrad_scratch.ops.random import randn_like as randn_like
from tinygrad_scratch.ops.random import normal as normal
from tinygrad_scratch.ops.reduction import sum as sum
from tinygrad_scratch.ops.reduction import mean as mean
from tinygrad_scratch.ops.reduction import var as var
from tinygrad_scratch.ops.reduction import std as std
from tinygrad_scratch.ops.reduction import logsumexp as logsumexp
from tinygrad_scratch.ops.reduction import amax as amax
from tinygrad_scratch.ops.reduction import amin as amin
from tinygrad_scratch.ops.reduction import all as all
from tinygrad_scratch.ops.reduction import any as any
from tinygrad_scratch.ops.reduction import max as max
from tinygrad_scratch.ops.reduction import min as min
from tinygrad_scratch.ops.reduction import argmax as argmax
from tinygrad_scratch.ops.reduction import argmin as argmin
