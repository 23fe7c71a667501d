"""Kernels as the interpreter runs them: what the compiled ones are held to."""

from __future__ import annotations

import importlib
import importlib.util
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import FunctionType, ModuleType
from unittest.mock import patch

import pytest

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


def use_interpreted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Put the interpreted kernels in place of the compiled ones, wherever they were imported."""
    replacements = {
        id(getattr(compiled, attribute)): value
        for compiled, plain in [(importlib.import_module(one), interpreted(one)) for one in KERNELS]
        for attribute, value in vars(plain).items()
        if isinstance(value, FunctionType) and value.__module__ == plain.__name__
        if hasattr(compiled, attribute)
    }
    for module in [one for name, one in sys.modules.items() if name.startswith("cleaner")]:
        for attribute, value in list(vars(module).items()):
            if id(value) in replacements:
                monkeypatch.setattr(module, attribute, replacements[id(value)])


@contextmanager
def kernels(*, compiled: bool) -> Iterator[None]:
    """Have the kernels run as they were built or, unless `compiled`, interpreted."""
    with pytest.MonkeyPatch.context() as patches:
        if not compiled:
            use_interpreted(patches)
        yield
