"""Compiled functions kept as one object file, which later runs load without numba.

numba takes more than half a second to start, even for functions whose machine code it has cached.
So the code that it makes is put in a file in the user's cache folder once, for this source, this
numba and this processor, and is loaded from there through llvmlite and called through ctypes. The
functions must neither allocate nor raise. Where anything stands in the way, numba's own functions
do the work.
"""

# mypy: disable-error-code="import-untyped,no-untyped-call"

from __future__ import annotations

import atexit
import contextlib
import ctypes
import functools
import hashlib
import operator
import os
import re
import shutil
import struct
import sys
import tempfile
import threading
from collections.abc import Callable, Mapping
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np

_PARAMETER = re.compile(r"(\w+)(\[(?:::1|:,::1)\])?")
_STUBS = """
define void @NRT_Free(ptr %block) {
  ret void
}
define void @NRT_MemInfo_call_dtor(ptr %info) {
  ret void
}
"""
_KNOWN = ("memset", "memcpy", "memmove", "llvm.")

_OPTIONS: dict[str, Any] = {
    "nogil": True,
    "error_model": "numpy",
    "boundscheck": False,
    # The functions are called through the object file only.
    "no_cpython_wrapper": True,
    "no_cfunc_wrapper": True,
}
_DIGEST_BYTES = 32

# Neither compiling nor loading may be done by two threads at a time.
_LOADING = threading.Lock()


class NotNativeError(RuntimeError):
    """The functions cannot be kept as an object file here."""


class Parameter:
    """One parameter of a compiled function: a scalar or a C-contiguous array."""

    def __init__(self, text: str) -> None:
        match = _PARAMETER.fullmatch(text)
        if match is None:
            raise ValueError(f"not a parameter: {text}")
        self.text = text
        self.name = match[1]
        self.axes = 0 if match[2] is None else 2 if "," in match[2] else 1
        self.dtype = np.dtype("bool" if self.name == "boolean" else self.name)

    def values(self, value: Any) -> tuple[int, ...]:
        """Return an argument as 64-bit values: of an array address and shape. Raises TypeError."""
        if not self.axes:
            if self.name == "float64":
                return (int.from_bytes(struct.pack("=d", value), sys.byteorder),)
            return (operator.index(value),)
        if value.dtype != self.dtype or value.ndim != self.axes or not value.flags.c_contiguous:
            raise TypeError(f"expected a contiguous {self.text}, got {value.dtype} {value.shape}")
        return (value.ctypes.data, *value.shape)

    def count(self) -> int:
        """Return how many values an argument has."""
        return 1 + self.axes

    def unpacked(self, at: int) -> tuple[list[str], list[str]]:
        """Return LLVM code that makes of the values from `at` on what numba hands over.

        Second come the arguments that the code makes. Of an array these are two owners, its size,
        the size of an item, its address, its shape and its strides in bytes.
        """
        code = []
        for index in range(at, at + self.count()):
            code.append(f"%place{index} = getelementptr i64, ptr %values, i64 {index}")
            code.append(f"%value{index} = load i64, ptr %place{index}")
        if not self.axes:
            if self.name != "float64":
                return code, [f"i64 %value{at}"]
            code.append(f"%scalar{at} = bitcast i64 %value{at} to double")
            return code, [f"double %scalar{at}"]
        shape = [f"%value{at + 1 + axis}" for axis in range(self.axes)]
        size, strides = shape[0], [str(self.dtype.itemsize)]
        if self.axes > 1:
            size = f"%size{at}"
            code.append(f"{size} = mul i64 {shape[0]}, {shape[1]}")
            code.append(f"%stride{at} = mul i64 {shape[1]}, {self.dtype.itemsize}")
            strides.insert(0, f"%stride{at}")
        code.append(f"%array{at} = inttoptr i64 %value{at} to ptr")
        whole = ["ptr null", "ptr null", f"i64 {size}", f"i64 {self.dtype.itemsize}"]
        return code, [*whole, f"ptr %array{at}", *(f"i64 {one}" for one in (*shape, *strides))]


class Handed:
    """An array made ready to be handed over many times; it must not be resized meanwhile."""

    __slots__ = ("array", "values")

    def __init__(self, array: Any, text: str) -> None:
        self.array = array
        self.values = _parameter(text).values(array)


@functools.cache
def _parameter(text: str) -> Parameter:
    return Parameter(text)


class Function:
    """A compiled function at an address; `engine` holds its code for as long as it lives."""

    def __init__(self, address: int, signature: str, engine: Any) -> None:
        self._engine = engine
        self._parameters, self._result = parse(signature)
        self._packed = ctypes.c_int64 * sum(one.count() for one in self._parameters)
        self._call = ctypes.CFUNCTYPE(ctypes.c_int32, ctypes.c_void_p, ctypes.c_void_p)(address)

    def __call__(self, *arguments: Any) -> Any:
        """Call the function without the interpreter's lock."""
        values: list[int] = []
        for parameter, argument in zip(self._parameters, arguments, strict=True):
            values += argument.values if type(argument) is Handed else parameter.values(argument)
        result = ctypes.c_int64()
        status = self._call(ctypes.byref(result), self._packed(*values))
        if status:
            raise RuntimeError(f"a compiled function ended with status {status}")
        return result.value if self._result else None


def parse(signature: str) -> tuple[list[Parameter], bool]:
    """Return the parameters of a signature, and whether it gives back an int64.

    >>> parameters, result = parse("uint8[::1], int64 -> int64")
    >>> [parameter.axes for parameter in parameters], result
    ([1, 0], True)
    """
    left, arrow, _ = signature.partition("->")
    return [Parameter(part.strip()) for part in re.split(r",(?![^\[]*\])", left)], bool(arrow)


def load(
    signatures: Mapping[str, Mapping[str, str]],
    constants: tuple[str, ...] = (),
    announce: Callable[[str], None] | None = None,
) -> SimpleNamespace:
    """Return the functions that `signatures` names: module, then function, then signature.

    `constants` names further modules whose text the code depends on.

    The first call on a machine compiles them, which takes some ten seconds and is told to
    `announce`. Raises NotNativeError where they cannot be kept or loaded.
    """
    try:
        with _LOADING:
            path = _place(signatures, constants)
            code = read_kept(path)
            if code is None:
                if announce is not None:
                    announce("compiling the kernels once for this machine")
                code = _compile(signatures)
                with contextlib.suppress(OSError):
                    keep(path, code)
            return _open(code, signatures)
    except (OSError, ImportError, AttributeError, RuntimeError) as error:
        raise NotNativeError(str(error)) from error


def is_kept(signatures: Mapping[str, Mapping[str, str]], constants: tuple[str, ...] = ()) -> bool:
    """Whether `load` would find the functions compiled."""
    try:
        return _place(signatures, constants).is_file()
    except (OSError, ImportError, RuntimeError):
        return False


def _place(signatures: Mapping[str, Mapping[str, str]], constants: tuple[str, ...]) -> Path:
    """Return the object file for this source, these libraries and this processor."""
    from llvmlite import binding

    digest = hashlib.sha256()
    for module in ("numba._version", "llvmlite._version", "numpy.version"):
        digest.update(_source(module))
    digest.update(f"{sys.version} {binding.get_host_cpu_name()}\n".encode())
    digest.update(binding.get_host_cpu_features().flatten().encode())
    for module in sorted({__name__, "cleaner.core.machine", *signatures, *constants}):
        digest.update(_source(module))
    digest.update(repr(sorted((k, sorted(v.items())) for k, v in signatures.items())).encode())
    return cache_folder() / f"kernels-{digest.hexdigest()[:32]}.o"


def _source(module: str) -> bytes:
    """Return the text of a module, found without importing it: numba alone takes half a second."""
    package, _, name = module.rpartition(".")
    spec = find_spec(package or module)
    if spec is None or spec.origin is None:
        raise NotNativeError(f"there is no source of {module}")
    return (
        Path(spec.origin).with_name(f"{name}.py") if package else Path(spec.origin)
    ).read_bytes()


def cache_folder() -> Path:
    """Return the folder for what is made once, by default ``~/.cache/cleaner``.

    Where that cannot be written, it is a folder of this process and those it starts, which goes
    with it; numba, which also needs one, finds it by the same variable.
    """
    base = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
    place = Path(base) / "cleaner"
    with contextlib.suppress(OSError):
        if place.is_absolute():
            place.mkdir(mode=0o700, parents=True, exist_ok=True)
            if os.access(place, os.W_OK | os.X_OK):
                return place
    base = tempfile.mkdtemp(prefix="cleaner-cache-")
    atexit.register(shutil.rmtree, base, ignore_errors=True)
    os.environ["XDG_CACHE_HOME"] = base
    return Path(base) / "cleaner"


def read_kept(path: Path) -> bytes | None:
    """Return what `keep` wrote to a file; None where there is none, or it is damaged."""
    try:
        data = path.read_bytes()
    except OSError:
        return None
    kept = data[_DIGEST_BYTES:]
    return kept if hashlib.sha256(kept).digest() == data[:_DIGEST_BYTES] else None


def keep(path: Path, data: bytes) -> None:
    """Write a file of the cache folder in one step, with a digest that tells damage."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(hashlib.sha256(data).digest() + data)
        os.replace(name, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(name)
        raise


def _symbol(module: str, function: str) -> str:
    return f"cleaner_{module.rpartition('.')[2]}_{function}"


def _compile(signatures: Mapping[str, Mapping[str, str]]) -> bytes:
    """Return the object code of all functions, made by numba."""
    import numba
    from llvmlite import binding
    from numba.core import types

    whole = binding.parse_assembly(_STUBS)
    names = set()
    for module, functions in signatures.items():
        for name, signature in functions.items():
            parameters, result = parse(signature)
            kinds = tuple(_numba_type(numba, parameter) for parameter in parameters)
            source = getattr(import_module(module), name).py_func
            function = numba.njit(**_OPTIONS)(source)
            function.compile((types.int64 if result else types.none)(*kinds))
            compiled: Any = function.overloads[kinds]
            part = binding.parse_bitcode(compiled.library._final_module.as_bitcode())
            for one in part.functions:
                if one.name == compiled.fndesc.llvm_func_name:
                    one.name = f"{_symbol(module, name)}_numba"
                    one.linkage = "external"
                elif not one.is_declaration:
                    one.linkage = "internal"
            whole.link_in(part)
            whole.link_in(binding.parse_assembly(_entry(_symbol(module, name), parameters)))
            names.add(_symbol(module, name))
    for one in whole.functions:
        if not one.is_declaration and one.name not in names:
            one.linkage = "internal"
    for variable in whole.global_variables:
        if not variable.is_declaration:
            variable.linkage = "internal"
    machine = _machine(binding)
    options = binding.create_pipeline_tuning_options(speed_level=3)
    builder = binding.create_pass_builder(machine, options)
    passes = binding.create_new_module_pass_manager()
    passes.add_global_dead_code_eliminate_pass()
    passes.run(whole, builder)
    missing = [
        one.name
        for one in [*whole.functions, *whole.global_variables]
        if one.is_declaration and not one.name.startswith(_KNOWN)
    ]
    if missing:
        raise NotNativeError(f"the kernels need {', '.join(missing)} at run time")
    code: bytes = machine.emit_object(whole)
    return code


def _entry(name: str, parameters: list[Parameter]) -> str:
    """Return LLVM code of a function that takes all arguments packed: `Parameter.values` in a row.

    To hand over each value by itself takes longer than many a kernel runs.
    """
    code: list[str] = []
    arguments: list[str] = []
    at = 0
    for parameter in parameters:
        lines, made = parameter.unpacked(at)
        code += lines
        arguments += made
        at += parameter.count()
    kinds = ", ".join(argument.split()[0] for argument in arguments)
    body = "\n  ".join(code)
    return f"""
declare i32 @{name}_numba(ptr, ptr, {kinds})

define i32 @{name}(ptr %result, ptr %values) {{
  %trouble = alloca ptr
  {body}
  %status = call i32 @{name}_numba(ptr %result, ptr %trouble, {", ".join(arguments)})
  ret i32 %status
}}
"""


def _numba_type(numba: Any, parameter: Parameter) -> Any:
    kind = getattr(numba.types, parameter.name)
    return numba.types.Array(kind, parameter.axes, "C") if parameter.axes else kind


def _machine(binding: Any) -> Any:
    binding.initialize_native_target()
    binding.initialize_native_asmprinter()
    return binding.Target.from_default_triple().create_target_machine(
        cpu=binding.get_host_cpu_name(),
        features=binding.get_host_cpu_features().flatten(),
        opt=3,
        jit=True,
        reloc="default",
        codemodel="jitdefault",
    )


def _open(code: bytes, signatures: Mapping[str, Mapping[str, str]]) -> SimpleNamespace:
    """Load an object file's content and return its functions."""
    from llvmlite import binding

    machine = _machine(binding)
    engine = binding.create_mcjit_compiler(binding.parse_assembly(""), machine)
    engine.add_object_file(binding.ObjectFileRef.from_data(code))
    engine.finalize_object()
    found = SimpleNamespace()
    for module, functions in signatures.items():
        for name, signature in functions.items():
            address = engine.get_function_address(_symbol(module, name))
            if not address:
                raise NotNativeError(f"the kernels have no {name}")
            setattr(found, name, Function(address, signature, engine))
    return found
