"""Functions from functions: gradients, Jacobians and products with them, nested in any way."""

from tinygrad_scratch.face import offered
from tinygrad_scratch.func.jacobian import hessian, jacfwd, jacrev
from tinygrad_scratch.func.modules import functional_call
from tinygrad_scratch.func.products import hvp, jvp, vjp
from tinygrad_scratch.func.transforms import grad, grad_and_value, value_and_grad
from tinygrad_scratch.func.vmap import vmap

__all__ = [
    "functional_call",
    "grad",
    "grad_and_value",
    "hessian",
    "hvp",
    "jacfwd",
    "jacrev",
    "jvp",
    "value_and_grad",
    "vjp",
    "vmap",
]

offered(globals())
