"""What tells that a file is an archive; what reads archives is loaded only where there is one."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Literal

from cleaner.storage.compress import SUFFIXES

Kind = Literal["zip", "tar"]

_ZIP_SUFFIX = ".zip"
_TAR_SUFFIXES = (".tar", ".tgz", ".tbz", ".tbz2", ".txz", ".tzst")
_ZIP_HEADS = (b"PK\x03\x04", b"PK\x05\x06")
_TAR_MARK, _TAR_AT = b"ustar", 257


def kind_of_archive(name: str, head: bytes) -> Kind | None:
    r"""Return the kind of an archive, by its name and by the first bytes of its content.

    What is packed like one and bears another name is something else: documents are, and workbooks.

    >>> kind_of_archive("a.zip", b"PK\x03\x04"), kind_of_archive("a.docx", b"PK\x03\x04")
    ('zip', None)
    >>> kind_of_archive("a.tar.gz", b"")
    'tar'
    """
    suffixes = [suffix.lower() for suffix in PurePosixPath(name).suffixes[-2:]]
    if suffixes and suffixes[-1] == _ZIP_SUFFIX:
        return "zip"
    if suffixes and (suffixes[-1] in _TAR_SUFFIXES):
        return "tar"
    if suffixes and suffixes[0] == _TAR_SUFFIXES[0] and suffixes[-1] in SUFFIXES:
        return "tar"
    if head[_TAR_AT : _TAR_AT + len(_TAR_MARK)] == _TAR_MARK:
        return "tar"
    return "zip" if not suffixes and head.startswith(_ZIP_HEADS) else None
