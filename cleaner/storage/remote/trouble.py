"""What went wrong on the way to a server, in words, and whether it may pass.

The libraries behind fsspec each raise errors of their own, whose texts hold URLs with all that
stands in them; so nothing of those is ever shown, and they are told by status and class alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

# What a server answers that may answer otherwise in a moment.
_BUSY = frozenset({408, 425, 429, 500, 502, 503, 504})
_NO_ACCESS = frozenset({401, 403, 407})
_MISSING = frozenset({404, 410})

# By the names of classes, since none of those libraries need be installed.
_NO_CREDENTIALS = (
    "CredentialsError",
    "NoCredentials",
    "CredentialRetrievalError",
    "TokenRetrieval",
)
_UNREACHED = ("ConnectorError", "EndpointConnectionError", "gaierror", "ConnectTimeoutError")
_CUT_OFF = (
    "ClientError",
    "ClientPayloadError",
    "ConnectionError",
    "HTTPClientError",
    "HttpProcessingError",
    "IncompleteRead",
    "IncompleteReadError",
    "ResponseStreamingError",
    "TransferEncodingError",
)


class Trouble(NamedTuple):
    """What is to be said of an error; one that `passes` is worth another try."""

    what: str
    why: str = ""
    hint: str = ""
    passes: bool = False


def trouble_of(error: BaseException) -> Trouble:
    """Return what is to be said of an error.

    >>> trouble_of(FileNotFoundError("https://me:word@example.org/a"))
    Trouble(what='not found', why='', hint='', passes=False)
    >>> trouble_of(TimeoutError()).passes
    True
    """
    chain = list(_chain(error))
    for one in chain:
        status = _status(one)
        if status is not None:
            return _of_status(status)
    for one in chain:
        found = _of_class(one)
        if found is not None:
            return found
    return Trouble("cannot be reached", why=type(error).__name__)


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__


def _status(error: BaseException) -> int | None:
    """Return the status of HTTP that an error tells of."""
    answer = getattr(error, "response", None)
    if isinstance(answer, dict):  # botocore's
        answer = answer.get("ResponseMetadata", {}).get("HTTPStatusCode")
    else:
        answer = getattr(answer, "status_code", None)
    if answer is None:
        # Others of aiohttp have a code too, of what they could not read.
        name = "code" if type(error).__name__ == "HttpError" else "status"
        answer = getattr(error, name, None)
    return answer if isinstance(answer, int) and 400 <= answer < 600 else None


def _of_status(status: int) -> Trouble:
    if status in _MISSING:
        return Trouble("not found")
    if status in _NO_ACCESS:
        return _no_access(f"the server answered {status}")
    return Trouble("cannot be reached", f"the server answered {status}", passes=status in _BUSY)


def _no_access(why: str) -> Trouble:
    return Trouble("no access", why, "check the credentials that its library finds, and the name")


def _of_class(error: BaseException) -> Trouble | None:
    names = [kind.__name__ for kind in type(error).__mro__]
    if any(part in name for name in names for part in _NO_CREDENTIALS):
        return _no_access("there are no credentials")
    if isinstance(error, FileNotFoundError | NotADirectoryError | IsADirectoryError):
        return Trouble("not found")
    if isinstance(error, PermissionError):
        return _no_access("it was refused")
    if any(part in name for name in names for part in _UNREACHED):
        return Trouble("cannot be reached", "there is no connection", passes=True)
    if isinstance(error, TimeoutError) or any("Timeout" in name for name in names):
        return Trouble("cannot be reached", "there was no answer in time", passes=True)
    if isinstance(error, ConnectionError | EOFError) or any(name in _CUT_OFF for name in names):
        return Trouble("cannot be reached", "the connection was cut off", passes=True)
    if isinstance(error, OSError) and error.errno is not None and error.filename is not None:
        return Trouble("cannot be written", error.strerror or "")
    return None
