"""The one place that knows the compiler.

Only entry points are kept for the next process; the functions they call are compiled into them. The
cache of machine code lies where NUMBA_CACHE_DIR says when this is first imported, else beside the
sources or in the user's own cache folder. Where none can be written, every process compiles anew:
slower to start, the same answers.
"""

import hashlib
from collections.abc import Callable
from typing import Any, Final, TypeVar

import numba

Function = TypeVar("Function", bound=Callable[..., Any])

# Contraction to fused multiply-add only: every other liberty would change roundings. The error
# model leaves out the test for a divisor of zero, which would keep loops from being vectorised.
_OPTIONS: Final[dict[str, Any]] = {"nogil": True, "fastmath": {"contract"}, "error_model": "numpy"}

_sources = hashlib.sha256()


def compiled(function: Function) -> Function:
    """Compile into the entry points that call it."""
    _add_source(function)
    made: Function = numba.njit(**_OPTIONS)(function)
    return made


def compiled_entry(make: Callable[[str], Function]) -> Function:
    """Compile at first use and keep the machine code.

    The cache itself looks only at the file of the entry point. ``make`` closes over a fingerprint
    of everything compiled before, which the cache does look at: a change in any of it compiles
    anew.
    """
    _add_source(make)
    function = make(_sources.hexdigest())
    _add_source(function)
    try:
        made: Function = numba.njit(cache=True, **_OPTIONS)(function)
    except RuntimeError:  # no folder for the cache
        made = numba.njit(**_OPTIONS)(function)
    return made


def _add_source(function: Callable[..., Any]) -> None:
    code = function.__code__
    constants = [repr(value) for value in code.co_consts if not hasattr(value, "co_code")]
    numbers = {name: function.__globals__.get(name) for name in code.co_names}
    plain = {name: repr(v) for name, v in numbers.items() if isinstance(v, (int, float))}
    _sources.update(repr((code.co_name, code.co_code, constants, sorted(plain.items()))).encode())
