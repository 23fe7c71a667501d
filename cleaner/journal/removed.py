"""The journal line of a removed record, which holds the record's own bytes.

A record that is a line of JSON stands as it is under the last key, so it can be cut out again
without being read; other bytes stand in base64.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping
from typing import Any

from cleaner.journal.lines import Line, packed

BEGIN = b'{"type":"removed","number":'
RAW_KEY = b',"raw":'


def read_removed(data: bytes, loaded: Callable[[bytes], Any] = json.loads) -> Line | None:
    r"""Return the line of a removed record with its bytes as ``raw``; None for other lines.

    What is JSON in it is read by `loaded`. Raises ValueError where the line is broken.

    >>> read_removed(b'{"type":"removed","number":7,"raw":{"raw": NaN}}\n')["raw"]
    b'{"raw": NaN}\n'
    """
    if not data.startswith(BEGIN):
        return None
    # Quotes inside strings are escaped, so the first such bytes are the key.
    at = data.find(RAW_KEY)
    line: Line
    if at < 0:
        line = loaded(data)
        packed_bytes = line.pop("bytes", None)
        if not isinstance(packed_bytes, str):
            raise ValueError("a removed record without its bytes")
        line["raw"] = base64.b64decode(packed_bytes)
        return line
    if not data.endswith(b"}\n"):
        raise ValueError("a removed record without its end")
    line = loaded(data[:at] + b"}")
    line["raw"] = data[at + len(RAW_KEY) : -2] + (b"" if line.get("open") else b"\n")
    return line


def removed_line(number: int, found: Mapping[str, Any], raw: bytes, *, json_line: bool) -> bytes:
    """Return the line of a removed record; `json_line`: its bytes are a line of JSON."""
    line: Line = {"type": "removed", "number": number, **found}
    if not json_line:
        return packed({**line, "bytes": base64.b64encode(raw).decode("ascii")})
    if not raw.endswith(b"\n"):
        line["open"] = True
    return packed(line)[:-2] + RAW_KEY + raw.removesuffix(b"\n") + b"}\n"
