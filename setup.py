"""Compiles the kernels, where there is a compiler; everything else is in setup.cfg."""

from __future__ import annotations

import os
import platform
import sys
from pathlib import Path

from setuptools import Extension, setup

# The kernels are ordinary modules, and all of them are compiled.
KERNELS = sorted(
    path for path in Path("cleaner").rglob("*_kernel.py") if "import cython" in path.read_text()
)
# -g0: nobody debugs the generated C, and with its symbols the modules are six times as large.
FLAGS = [] if sys.platform == "win32" else ["-O3", "-g0"]
if platform.machine() in {"x86_64", "AMD64"} and FLAGS:
    # Processors since 2009, as numpy asks for too; signatures are computed three times as fast.
    FLAGS.append("-march=x86-64-v2")


def extensions() -> list[Extension]:
    """Return the extension modules: none where Cython is missing or was not wanted."""
    if os.environ.get("CLEANER_INTERPRETED"):
        return []
    try:
        from Cython.Build import cythonize
    except ImportError:
        return []
    modules = [
        Extension(
            ".".join(path.with_suffix("").parts),
            [str(path)],
            extra_compile_args=FLAGS,
            optional=True,
        )
        for path in KERNELS
    ]
    return cythonize(
        modules,
        build_dir="build/cython",
        nthreads=os.cpu_count() or 1,
        compiler_directives={
            "language_level": 3,
            # With CLEANER_BOUNDS every index is checked, for tests.
            "boundscheck": bool(os.environ.get("CLEANER_BOUNDS")),
            "wraparound": False,
            "cdivision": True,
            "initializedcheck": False,
        },
    )


setup(ext_modules=extensions())
