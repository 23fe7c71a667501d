"""Files below a folder, by names that anybody may have written: nothing outside is ever touched.

A path that was found harmless may lead elsewhere by the time it is opened, and a folder on its way
may be a link. So a name is followed part by part from an open folder, and no link is followed; only
the folder itself may be reached by one.
"""

from __future__ import annotations

import errno
import os
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath
from typing import BinaryIO

# The folder in which a run keeps its journal; it is never input.
RUN_DIR = "_cleaner"

# Where a run keeps, below its output folder, what a killed one is gone on with.
WORK_FOLDER = f"{RUN_DIR}/work"

# Where it keeps compressed sources that cannot be made again from their content.
CONTAINERS = f"{RUN_DIR}/containers"

# Where it keeps rows of tables that are not in the output, as a table of the same form. Hidden, or
# those who load the output as a data set would find them again.
REMOVED_ROWS = f"{RUN_DIR}/.rows"
# Where it keeps outputs in the form of their sources, where others were asked for. Hidden as well.
KEPT_OUTPUTS = f"{RUN_DIR}/.outputs"
# The journal of versions before it was Parquet.
OLD_JOURNAL = f"{RUN_DIR}/journal.jsonl.zst"

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC


def stays_below(name: object) -> bool:
    """Whether `name`, read from a file anybody may have written, can be a source's name.

    >>> stays_below("a/b.txt"), stays_below("../b.txt"), stays_below("/b.txt"), stays_below(5)
    (True, False, False, False)
    >>> stays_below("_cleaner/journal.parquet")
    False
    """
    if not isinstance(name, str) or "\0" in name:
        return False
    try:
        os.fsencode(name)
    except UnicodeEncodeError:
        return False
    path = PurePosixPath(name)
    return (
        path.as_posix() == name
        and bool(path.parts)
        and not path.is_absolute()
        and not {"..", RUN_DIR} & set(path.parts)
    )


@contextmanager
def folder_of(root: Path, name: str, *, make: bool = False) -> Iterator[tuple[int, str]]:
    """Give the open folder in which `name` stands below `root`, and the last part of `name`.

    With `make`, folders that are missing are made. Raises OSError where a part is a link or no
    folder.
    """
    *folders, last = PurePosixPath(name).parts
    if ".." in folders or last == ".." or os.sep in (folders or [""])[0]:
        raise OSError(errno.EINVAL, "leads out of the folder", name)
    if make:
        root.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        for part in folders:
            if make:
                with suppress(FileExistsError):
                    os.mkdir(part, dir_fd=descriptor)
            _refuse_link(part, descriptor)
            deeper = os.open(part, _FOLDER, dir_fd=descriptor)
            os.close(descriptor)
            descriptor = deeper
        yield descriptor, last
    finally:
        os.close(descriptor)


def open_below(root: Path, name: str) -> BinaryIO:
    """Open the file `name` below `root` for reading; OSError where it is a link, or no file."""
    with folder_of(root, name) as (folder, last):
        _refuse_link(last, folder)
        descriptor = os.open(last, _FILE, dir_fd=folder)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise OSError(errno.EINVAL, "is no file", name)
    return os.fdopen(descriptor, "rb")


def kind_below(root: Path, name: str) -> str:
    """Return what stands at `name` below `root`: "file", "folder", "link", "device", "" (nothing).

    A link on the way there counts as one.
    """
    try:
        with folder_of(root, name) as (folder, last):
            mode = os.stat(last, dir_fd=folder, follow_symlinks=False).st_mode
    except (FileNotFoundError, NotADirectoryError):
        return ""
    except OSError as error:
        if error.errno == errno.ELOOP:
            return "link"
        raise
    kinds = {stat.S_IFREG: "file", stat.S_IFDIR: "folder", stat.S_IFLNK: "link"}
    return kinds.get(stat.S_IFMT(mode), "device")


def create_below(root: Path, name: str) -> BinaryIO:
    """Open a new file `name` below `root` for writing, with the usual permissions."""
    with folder_of(root, name, make=True) as (folder, last):
        return os.fdopen(os.open(last, _NEW, 0o666, dir_fd=folder), "wb")


def move_below(root: Path, name: str, other: str) -> None:
    """Give the file `name` the name `other`, both below `root`, in place of what stands there."""
    with folder_of(root, name) as (start, old), folder_of(root, other, make=True) as (end, new):
        os.replace(old, new, src_dir_fd=start, dst_dir_fd=end)


def remove_below(root: Path, name: str) -> None:
    """Remove the file or folder `name` below `root`, where there is one."""
    with suppress(FileNotFoundError), folder_of(root, name) as (folder, last):
        if stat.S_ISDIR(os.stat(last, dir_fd=folder, follow_symlinks=False).st_mode):
            shutil.rmtree(last, dir_fd=folder)
        else:
            os.unlink(last, dir_fd=folder)


def container_name(name: str) -> str:
    """Return where, below an output, a compressed source is kept that cannot be made again."""
    return f"{CONTAINERS}/{name}"


def kept_name(name: str) -> str:
    """Return where, below an output, one in the form of its source is kept beside another."""
    return f"{KEPT_OUTPUTS}/{name}"


def output_place(root: Path, name: str) -> str:
    """Return where, below an output, the one in the form of its source stands."""
    kept = kept_name(name)
    return kept if kind_below(root, kept) == "file" else name


def rows_name(name: str) -> str:
    """Return where, below an output, the rows of a table are kept that are not in it."""
    return f"{REMOVED_ROWS}/{name}"


def files_below(root: Path, name: str) -> Iterator[str]:
    """Yield the names of all that stands in the folder `name` below `root`, but for folders.

    There may be no such folder. Where a link stands in its place, it is not followed.
    """
    with suppress(OSError), folder_of(root, f"{name}/-") as (folder, _):
        for path, _, files, _ in os.fwalk(".", dir_fd=folder):
            yield from ((PurePosixPath(name) / path / file).as_posix() for file in files)


def _refuse_link(part: str, folder: int) -> None:
    # The flags refuse links too; this tells people why.
    with suppress(FileNotFoundError):
        if stat.S_ISLNK(os.stat(part, dir_fd=folder, follow_symlinks=False).st_mode):
            raise OSError(errno.ELOOP, "is a link, and links are not followed here", part)
