"""Files that a person writes: read whole, and refused where they cannot be such files."""

from __future__ import annotations

import errno
from pathlib import Path

from cleaner.core.openfile import open_file

# No person writes more settings or rules than this.
MOST_BYTES = 16 << 20


def read_small_file(path: Path) -> str:
    """Return the text of a file of settings or rules, without a byte order mark.

    Raises OSError for what is no file, or too large to be one, and UnicodeDecodeError.
    """
    with open_file(path) as file:
        data = file.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise OSError(errno.EFBIG, f"is larger than {MOST_BYTES:,} bytes", str(path))
    return data.decode("utf-8-sig")
