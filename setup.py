"""Compiles the kernels, where there is a compiler; everything else is in setup.cfg.

CLEANER_INTERPRETED=1 leaves them as they are, CLEANER_BOUNDS=1 has every index checked.
"""

from __future__ import annotations

import os
import platform
import sys
from pathlib import Path

from setuptools import Extension, setup

KERNELS = sorted(Path("cleaner").rglob("*_kernel.py"))
# What all compiled modules need of Cython, compiled once.
SHARED = "cleaner.core._cython"
# -g0: nobody debugs the generated C, and with its symbols the modules are six times as large.
# No multiplication is joined with an addition, so that all machines round alike.
FLAGS = [] if sys.platform == "win32" else ["-O3", "-g0", "-ffp-contract=off"]
if platform.machine() in {"x86_64", "AMD64"} and FLAGS:
    # Processors since 2009, as numpy asks for too; signatures are computed three times as fast.
    FLAGS.append("-march=x86-64-v2")


def extension(name: str, source: str) -> Extension:
    """Return a module that is left out where it cannot be compiled."""
    return Extension(name, [source], extra_compile_args=FLAGS, optional=True)


def extensions() -> list[Extension]:
    """Return the modules to compile: none where Cython is missing or was not wanted."""
    if os.environ.get("CLEANER_INTERPRETED"):
        return []
    try:
        from Cython.Build import cythonize
    except ImportError:
        return []
    modules = [extension(".".join(path.with_suffix("").parts), str(path)) for path in KERNELS]
    return cythonize(
        [*modules, extension(SHARED, f"{SHARED.replace('.', '/')}.c")],
        build_dir="build/cython",
        nthreads=os.cpu_count() or 1,
        shared_utility_qualified_name=SHARED,
        compiler_directives={
            "language_level": 3,
            "boundscheck": bool(os.environ.get("CLEANER_BOUNDS")),
            "wraparound": False,
            "cdivision": True,
            "initializedcheck": False,
        },
    )


setup(ext_modules=extensions(), options={"build_ext": {"parallel": os.cpu_count() or 1}})
