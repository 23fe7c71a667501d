"""Addresses of files elsewhere, and how they are shown: never with what gives access to them."""

from __future__ import annotations

import re
from urllib.parse import unquote, urlsplit

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]{0,31}://")
_COMMON = ("s3", "s3a", "gs", "gcs", "hf", "http", "https", "file", "ftp", "sftp", "az", "abfs")
# A name and a password before the host, and a query behind the path, which may be a signature. A
# path that was made of a URL has lost one of its slashes.
_SECRETS = re.compile(
    r"(?P<scheme>\b[A-Za-z][A-Za-z0-9+.-]{1,31}:/{1,2})(?P<user>[^\s/?#'\"]{1,2048}@)?"
    r"(?P<path>[^\s?#'\"]{0,4096})(?P<query>[?#][^\s'\"]*)?"
)


def is_url(text: str) -> bool:
    """Whether a text names something by a URL.

    >>> is_url("s3://bucket/a.jsonl"), is_url("notes/a.jsonl")
    (True, False)
    """
    return _SCHEME.match(text) is not None


def was_url(text: str) -> bool:
    """Whether a path was made of a URL, which has lost one of its slashes.

    >>> was_url("s3:/bucket/a.jsonl"), was_url("notes:/a")
    (True, False)
    """
    scheme, colon, rest = text.partition(":/")
    return bool(colon) and not rest.startswith("/") and scheme.lower() in _COMMON


def scheme_of(url: str) -> str:
    """Return what a URL begins with: the kind of storage.

    >>> scheme_of("S3://bucket/key")
    's3'
    """
    return url.partition("://")[0].lower()


def local_path(url: str) -> str:
    """Return the path that a URL of this machine's files names.

    >>> local_path("file:///data/my%20notes")
    '/data/my notes'
    """
    return unquote(urlsplit(url).path)


def redacted(text: str) -> str:
    """Return a text in which no URL tells a name, a password or a query.

    >>> redacted("https://me:word@example.org/a.jsonl?sig=1f: not found")
    'https://example.org/a.jsonl?...: not found'
    >>> redacted("s3://bucket/a.jsonl: not found")
    's3://bucket/a.jsonl: not found'
    """
    return _SECRETS.sub(_shown, text) if ":/" in text else text


def _shown(found: re.Match[str]) -> str:
    query = found["query"] or ""
    # What a sentence goes on with stands right behind the URL.
    shown = "?..." + ":" * query.endswith(":") if query else ""
    return f"{found['scheme']}{found['path']}{shown}"
