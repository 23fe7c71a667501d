"""How a run that was stopped is gone on with.

Whatever a pass leaves for the next bears in its name a digest of all that it depends on: version,
packages, settings, the records, and what was left before. So nothing has to be decided: what is
there by its name is used, all else is made. What this run was begun with is written down beside
that, to tell people what is done anew, and why.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import Any

import msgspec

from cleaner.core.plugins import fingerprint
from cleaner.core.settings.config import Settings
from cleaner.core.version import VERSION
from cleaner.runs.input.reading import Inputs
from cleaner.runs.input.spool import Folders
from cleaner.storage.replace import whole_file

# Settings that change no byte of a run; and those that do not bear on how a text is repaired.
WITHOUT_EFFECT = ("jobs", "budget", "severity", "dedup.memory")
AFTER_REPAIRS = (*WITHOUT_EFFECT, "dedup", "output", "model")

_BEGUN = "begun.json"
_PARTS = "*.spool.zst"
_MOST_NAMED = 3


def depending(settings: Settings, without: Sequence[str], *given: str) -> str:
    """Return a digest of version, packages, settings but for some, and what else is `given`."""
    digest = hashlib.sha256(VERSION.encode())
    digest.update(fingerprint().encode())
    digest.update(msgspec.json.encode(_values(settings, without)))
    for one in given:
        data = one.encode("utf-8", "surrogatepass")
        digest.update(b"%d " % len(data) + data)
    return digest.hexdigest()[:24]


def _values(settings: Settings, without: Sequence[str] = WITHOUT_EFFECT) -> dict[str, Any]:
    """Return settings by their dotted keys."""
    return {
        key: value
        for key, value in _dotted(msgspec.json.decode(msgspec.json.encode(settings)), "")
        if not any(key == one or key.startswith(f"{one}.") for one in without)
    }


def _dotted(values: dict[str, Any], above: str) -> Iterator[tuple[str, Any]]:
    for key, value in values.items():
        if isinstance(value, dict):
            yield from _dotted(value, f"{above}{key}.")
        else:
            yield f"{above}{key}", value


class _Begun(msgspec.Struct):
    """What a run was begun with; `inputs`: size and time of change of each file, by name."""

    version: str
    packages: str
    settings: dict[str, Any]
    inputs: dict[str, list[int]]


def begin(folders: Folders, inputs: Inputs, settings: Settings) -> str:
    """Write down what a run is begun with; return what is to be said where one was stopped here."""
    begun = _Begun(VERSION, fingerprint(), _values(settings), dict(_stamps(inputs)))
    earlier = _load(folders.work)
    with whole_file(folders.work, _BEGUN) as file:
        file.write(msgspec.json.encode(begun))
    done = len(list(folders.spool.glob(_PARTS)))
    if earlier is None or not done:
        return ""
    if (earlier.version, earlier.packages) != (begun.version, begun.packages):
        return "the version has changed since this run was begun, so all of it is done anew"
    changed = _changed(earlier.settings, begun.settings)
    if changed:
        after = all(key.startswith(AFTER_REPAIRS) for key in changed)
        what = "what goes by that" if after else "all of it"
        return f"{_some(changed)} changed since this run was begun, so {what} is done anew"
    changed = _changed(earlier.inputs, begun.inputs)
    if changed:
        return (
            f"{len(changed):,} inputs have changed since this run was begun, or are new or gone "
            f"({_some(changed)}); what they decide is done anew"
        )
    return f"goes on where a run was stopped, with {done:,} of its parts"


def _load(work: Path) -> _Begun | None:
    try:
        return msgspec.json.decode((work / _BEGUN).read_bytes(), type=_Begun)
    except (OSError, msgspec.DecodeError):
        return None


def _changed(before: dict[str, Any], now: dict[str, Any]) -> list[str]:
    keys = sorted(before.keys() | now.keys())
    return [key for key in keys if before.get(key) != now.get(key)]


def _some(names: Sequence[str]) -> str:
    more = " and others" if len(names) > _MOST_NAMED else ""
    return f"{', '.join(islice(names, _MOST_NAMED))}{more}"


def _stamps(inputs: Inputs) -> Iterator[tuple[str, list[int]]]:
    for file in inputs.files:
        with suppress(OSError):
            status = file.on_disk.stat()
            name = file.name.encode("utf-8", "backslashreplace").decode("utf-8")
            yield name, [status.st_size, status.st_mtime_ns]


def drop_stale(spool: Path, current: Collection[Path]) -> None:
    """Remove the parts of a spool that are not made of what is read now."""
    own = {_stem(path) for path in current}
    for path in spool.glob(_PARTS):
        if _stem(path) not in own:
            with suppress(FileNotFoundError):
                path.unlink()


def _stem(path: Path) -> str:
    return path.name.partition(".")[0]
