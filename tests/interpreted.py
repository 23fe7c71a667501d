"""Kernels as the interpreter runs them: what the compiled ones are held to."""

from __future__ import annotations

import importlib.util
import re
import sys
from functools import cache
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import ModuleType
from unittest.mock import patch

import cleaner

ROOT = Path(cleaner.__file__).parent
KERNELS = tuple(
    "cleaner." + ".".join(path.relative_to(ROOT).with_suffix("").parts)
    for path in sorted(ROOT.rglob("*_kernel.py"))
    if "import cython" in path.read_text("utf-8")
)


_IMPORTED = re.compile(r"^ *from (cleaner\.[\w.]+_kernel) import ", re.MULTILINE)


@cache
def interpreted(module: str) -> ModuleType:
    """Return a module loaded from its source, whether or not it was compiled.

    The kernels that it imports are loaded so too.
    """
    path = ROOT.joinpath(*module.split(".")[1:]).with_suffix(".py")
    name = f"interpreted.{module}"
    spec = importlib.util.spec_from_loader(name, SourceFileLoader(name, str(path)))
    assert spec is not None
    assert spec.loader is not None
    loaded = importlib.util.module_from_spec(spec)
    sys.modules[name] = loaded
    source = path.read_text("utf-8")
    with patch.dict(sys.modules, {one: interpreted(one) for one in _IMPORTED.findall(source)}):
        spec.loader.exec_module(loaded)
    return loaded
