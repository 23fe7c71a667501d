"""The index that `dedup --index` keeps, as it is looked at from outside."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from cleaner.api.arguments import AnyPath
from cleaner.core.errors import UsageError


def index_info(path: AnyPath) -> dict[str, str]:
    """Return what an index holds, by name; UsageError where the file is none."""
    from cleaner.dedup.index.index import Index

    with _usable_index(), Index(path) as index:
        held = index.info()
    return {
        "units": f"{held.units:,}",
        "near": f"{held.near:,} long enough for near-duplicates",
        "sources": f"{held.sources:,}",
        "bytes": f"{held.size:,}",
        **{name: str(value) for name, value in held.parameters.items()},
    }


def compact_index(path: AnyPath) -> tuple[int, int]:
    """Rewrite an index without unused room; return its bytes before and after."""
    from cleaner.dedup.index.index import compact

    with _usable_index():
        return compact(path)


def export_index(path: AnyPath, url: str) -> int:
    """Write an index into a datasketch MinHashLSH on Redis; return how many units were new."""
    try:
        from redis.exceptions import RedisError
    except ImportError as error:
        raise UsageError(
            "the Redis client is not installed", hint='pip install "corpus-cleaner[redis]"'
        ) from error
    from cleaner.dedup.index.export import export

    try:
        with _usable_index():
            return export(path, url)
    except RedisError as error:
        raise UsageError("Redis does not answer", where=url, why=str(error)) from error


@contextmanager
def _usable_index() -> Iterator[None]:
    try:
        yield
    except ValueError as error:
        raise UsageError(str(error), hint="name a file that `dedup --index` made") from error
