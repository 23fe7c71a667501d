"""Kernels: loops that are compiled where a compiler was at hand, and interpreted elsewhere.

A kernel is an ordinary module named ``…_kernel.py`` whose functions carry Cython's type annotations
(https://cython.readthedocs.io/en/latest/src/tutorial/pure.html); `setup.py` compiles all of them.
They take arrays that their caller made, allocate nothing, and let other threads run meanwhile.
"""

from __future__ import annotations

import functools
import types
from collections.abc import Callable
from typing import Any, TypeVar

import numpy as np

Kernel = TypeVar("Kernel", bound=Callable[..., Any])


def takes_arrays(kernel: Kernel) -> Kernel:
    """Let an interpreted kernel take numpy arrays as the compiled one does.

    It is handed views of their memory, in which elements are Python's integers: they neither wrap
    around nor lose digits, and an index out of range raises IndexError. A compiled kernel comes
    back as it is.

    >>> @takes_arrays
    ... def double(numbers):
    ...     for at in range(numbers.shape[0]):
    ...         numbers[at] = 2 * numbers[at]
    >>> numbers = np.array([1, 2**40], dtype=np.int64)
    >>> double(numbers)
    >>> numbers.tolist()
    [2, 2199023255552]
    """
    if not isinstance(kernel, types.FunctionType):
        return kernel

    @functools.wraps(kernel)
    def with_views(*arguments: Any) -> Any:
        return kernel(
            *(memoryview(one) if isinstance(one, np.ndarray) else one for one in arguments)  # type: ignore[arg-type]
        )

    return with_views  # type: ignore[return-value]
