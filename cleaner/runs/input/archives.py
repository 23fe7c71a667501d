"""Archives among the inputs: each is read like a folder of its name."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from cleaner.core.errors import InputError
from cleaner.core.openfile import open_file
from cleaner.core.settings.config import Input
from cleaner.formats.refused import HEAD_BYTES
from cleaner.formats.registry import format_of
from cleaner.storage.archive_kinds import Kind, kind_of_archive
from cleaner.storage.compress import SUFFIXES, codec_of, reading
from cleaner.storage.digests import DigestReader
from cleaner.storage.ignoring import EXCLUDED, HIDDEN, Ignoring
from cleaner.storage.walk import Found


@dataclass
class Archive:
    """An archive that was read: its digest and size as it stands on disk."""

    name: str
    path: Path
    kind: Kind
    sha256: str = ""
    size: int = 0


@dataclass(frozen=True)
class Unpacked:
    """A member as a file: as the walk would find it, and where it stands."""

    found: Found
    place: Path


@dataclass
class Archives:
    """The archives of a run, unpacked into a folder that goes with them."""

    archives: list[Archive] = field(default_factory=list)
    _folder: tempfile.TemporaryDirectory[str] | None = None
    _others: list[Archives] = field(default_factory=list)

    def keep(self, others: Archives) -> None:
        """Keep the members of archives that are none of these as long as those of these."""
        self._others.append(others)

    def members(
        self,
        file: Found,
        kind: Kind,
        options: Input,
        passed_over: dict[str, str],
        errors: list[InputError],
        shown: str = "",
    ) -> Iterator[Unpacked]:
        """Yield the members of an archive, by name; tell of those that are not read, and why.

        Where it was fetched from elsewhere, people are told of it as it is `shown`. None is read of
        an archive that is broken, or that unpacks to too much.
        """
        from cleaner.storage.archives import unpack

        if self._folder is None:
            self._folder = tempfile.TemporaryDirectory(prefix="cleaner-")
        folder = Path(tempfile.mkdtemp(dir=self._folder.name))
        ignoring = Ignoring(options.exclude, options.hidden, gitignore=False)
        archive = Archive(file.name, file.path, kind)
        found = []
        told = []
        try:
            with open_file(file.path) as raw:
                codec = codec_of(file.path, raw.read(HEAD_BYTES))
                raw.seek(0)
                tap = DigestReader(raw)
                tap.drain()
                archive.sha256, archive.size = tap.hexdigest(), tap.size
                raw.seek(0)
                most = options.max_archive_size
                for name, error in unpack(raw, kind, codec, most, folder, tap.size):
                    if error:
                        where = f"{shown or file.path}/{name}"
                        told.append(InputError("is not read", where=where, why=error))
                    else:
                        found.append(name)
        except OSError as error:
            raise InputError("cannot be read", why=error.strerror or str(error)) from error
        errors += told
        self.archives.append(archive)
        for name in sorted(found):
            full = f"{file.name}/{name}"
            if not options.hidden and any(part.startswith(".") for part in name.split("/")):
                passed_over[full] = HIDDEN
            elif ignoring.excludes(full, folder=False):
                passed_over[full] = EXCLUDED
            else:
                yield Unpacked(Found(file.path / name, full), folder / name)

    def close(self) -> None:
        """Remove what was unpacked."""
        for others in self._others:
            others.close()
        if self._folder is not None:
            self._folder.cleanup()
            self._folder = None


def archive_of(path: Path, name: str) -> Kind | None:
    """Return the kind of an archive at a path; None where there is none, or nothing to be read."""
    kind = kind_of_archive(name, b"")
    if kind is not None or format_of(name, tuple(SUFFIXES)) is not None:
        return kind
    try:
        with open_file(path) as raw:
            codec = codec_of(path, raw.read(HEAD_BYTES))
            raw.seek(0)
            with reading(raw, codec) as stream:
                head = stream.read(HEAD_BYTES)
    except (OSError, InputError):
        head = b""
    return kind_of_archive(name, head)
