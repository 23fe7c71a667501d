"""Compiles the kernels, where there is a compiler; everything else is in setup.cfg.

CLEANER_INTERPRETED=1 leaves them as they are, CLEANER_BOUNDS=1 has every index checked.
"""

from __future__ import annotations

import os
import platform
import sys
import sysconfig
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import setuptools
from setuptools import Extension

KERNELS = sorted(Path("cleaner").rglob("*_kernel.py"))
# What all compiled modules need of Cython, compiled once.
SHARED = "cleaner.core._cython"
# -g0: nobody debugs the generated C, and with its symbols the modules are six times as large.
# No multiplication is joined with an addition, so that all machines round alike.
FLAGS = [] if sys.platform == "win32" else ["-O3", "-g0", "-ffp-contract=off"]
if platform.machine() in {"x86_64", "AMD64"} and FLAGS:
    # Processors since 2009, as numpy asks for too; signatures are computed three times as fast.
    FLAGS.append("-march=x86-64-v2")


def has_compiler() -> bool:
    """Return whether a C file that needs Python's headers compiles here."""
    from distutils.ccompiler import new_compiler
    from distutils.sysconfig import customize_compiler

    with TemporaryDirectory() as folder:
        source = Path(folder, "trial.c")
        source.write_text("#include <Python.h>\n", "ascii")
        compiler = new_compiler()
        customize_compiler(compiler)
        headers = [sysconfig.get_path("include"), sysconfig.get_path("platinclude")]
        try:
            compiler.compile([str(source)], folder, include_dirs=headers, extra_preargs=FLAGS)
        except Exception:  # of many kinds, one for each way in which a compiler can be missing
            return False
    return True


def extensions() -> list[Extension]:
    """Return the modules to compile."""
    from Cython.Build import cythonize

    names = [".".join(path.with_suffix("").parts) for path in KERNELS]
    sources = [*map(str, KERNELS), f"{SHARED.replace('.', '/')}.c"]
    modules = [
        Extension(name, [source], extra_compile_args=FLAGS)
        for name, source in zip([*names, SHARED], sources, strict=True)
    ]
    return cythonize(  # type: ignore[no-any-return]
        modules,
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


class Interpreted(setuptools.Distribution):
    """The package with its kernels as they are, which import what compiled ones do not."""

    def parse_config_files(self, *arguments: Any, **named: Any) -> None:
        """Add Cython, whose names the kernels use, to what setup.cfg requires."""
        super().parse_config_files(*arguments, **named)
        self.install_requires.append("cython >= 3.1")


if os.environ.get("CLEANER_INTERPRETED") or not has_compiler():
    print("cleaner: kernels are not compiled and will run slowly", file=sys.stderr)
    setuptools.setup(distclass=Interpreted)
else:
    # One that cannot be compiled ends the installation: left out, it would be slow unseen.
    setuptools.setup(
        ext_modules=extensions(),
        options={"build_ext": {"parallel": os.cpu_count() or 1}},
    )
