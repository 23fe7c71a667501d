"""Files opened for reading, and never anything that is no file."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path
from typing import BinaryIO


def open_file(path: Path, buffering: int = -1) -> BinaryIO:
    """Open the file at `path`; OSError where it is none.

    What was a file when it was found may be a pipe by now, which would be waited for without end.
    """
    file = os.fdopen(os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC), "rb", buffering)
    if stat.S_ISREG(os.fstat(file.fileno()).st_mode):
        return file
    file.close()
    raise OSError(errno.EINVAL, "is no file", str(path))
