"""An index as a datasketch MinHashLSH on Redis, for other services to query."""

# mypy: disable-error-code="import-untyped"

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from cleaner.dedup.index.index import Index, signatures_of
from cleaner.dedup.signing.hashing import shingle_hash
from cleaner.dedup.signing.minhash import PERMUTATIONS, SEED
from cleaner.dedup.text.words import split_words

if TYPE_CHECKING:
    from datasketch import MinHash, MinHashLSH

SCHEME = "affine32"


def minhash(text: str, shingle: int = 5) -> MinHash:
    """Return the datasketch MinHash of `text`, as it stands in an exported index."""
    from datasketch import MinHash

    words = split_words(text).words
    made = MinHash(num_perm=PERMUTATIONS, seed=SEED, scheme=SCHEME, hashfunc=shingle_hash)
    if words:
        count = max(1, len(words) - shingle + 1)
        made.update_batch(words[at : at + shingle] for at in range(count))
    return made


def storage(url: str, name: str = "cleaner") -> dict[str, Any]:
    """Return datasketch's storage configuration for ``redis://[user:password@]host[:port][/db]``.

    >>> storage("redis://example.org:7000/2")["redis"]
    {'host': 'example.org', 'port': 7000, 'db': 2}
    """
    parts = urlsplit(url)
    if parts.scheme not in ("redis", "rediss") or not parts.hostname:
        raise ValueError(f"{url!r} is no redis://host[:port][/db] address")
    place: dict[str, Any] = {"host": parts.hostname, "port": parts.port or 6379}
    database = parts.path.strip("/")
    if database:
        if not database.isdecimal():
            raise ValueError(f"{url!r}: the database must be a number")
        place["db"] = int(database)
    if parts.username:
        place["username"] = unquote(parts.username)
    if parts.password:
        place["password"] = unquote(parts.password)
    if parts.scheme == "rediss":
        place["ssl"] = True
    return {"type": "redis", "basename": name.encode("utf-8"), "redis": place}


def open_lsh(index: Index, url: str, name: str = "cleaner") -> MinHashLSH:
    """Return the MinHashLSH on Redis that `index` is exported to, with the index's bands."""
    from datasketch import MinHashLSH

    return MinHashLSH(
        num_perm=PERMUTATIONS,
        params=(index.parameters["bands"], index.parameters["rows"]),
        storage_config=storage(url, name),
    )


def export(path: str | os.PathLike[str], url: str, *, name: str = "cleaner") -> int:
    """Write the index at `path` to Redis; keys are ``source:line``. Returns how many were new."""
    from datasketch import MinHash

    written = 0
    with Index(path) as index:
        lsh = open_lsh(index, url, name)
        with lsh.insertion_session() as session:
            for known in index.batches():
                signatures = signatures_of(known.signed.shingles, known.signed.places)
                for near, values in zip(known.signed.rows.tolist(), signatures, strict=True):
                    key = f"{known.sources[near]}:{known.lines[near]}"
                    if key in lsh:
                        continue
                    made = MinHash(hashvalues=values, seed=SEED, scheme=SCHEME)
                    session.insert(key, made, check_duplication=False)
                    written += 1
    return written
