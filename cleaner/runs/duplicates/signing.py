"""Signing: the units of a spool part as hashes, signatures and band keys."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from cleaner.core.left_texts import LeftTexts
from cleaner.core.settings.config import Dedup
from cleaner.dedup.signing.sign import Batch, Signed, sign
from cleaner.runs.duplicates.config import dedup_config
from cleaner.runs.duplicates.spared import Bits, bits_of_file, bits_of_units, of_duplicates
from cleaner.runs.duplicates.units.units import Unit, damage_of, unit_spans, units_of
from cleaner.runs.input.spool import StagedDocument, load_spool


class SignedPart(NamedTuple):
    """The signed units of a spool part.

    `counts`: uint32, shape (documents,), units of each document, 0 for those that do not count;
    `numbers`: int64, (documents,), the record of each; `document_files`: uint32, (documents,).
    `damage`: uint32, by unit, where it was asked for; `spared`, as in `Spared`.
    """

    signed: Signed
    counts: npt.NDArray[np.uint32]
    numbers: npt.NDArray[np.int64]
    document_files: npt.NDArray[np.uint32]
    damage: npt.NDArray[np.uint32] | None
    spared: Bits | None


@dataclass(frozen=True)
class SignPart:
    """Signing as a picklable function of a spool part; `failed` are numbers of files.

    With `repaired`, what had to be repaired in a unit counts as damage.
    """

    settings: Dedup
    failed: frozenset[int]
    repaired: bool
    ignore_texts: tuple[tuple[str, tuple[str, ...]], ...] = ()

    def __call__(self, spool_part: Path) -> SignedPart:
        """Return the signed units of the spool part."""
        texts: list[str] = []
        staged_documents: list[tuple[int, int, int]] = []
        damage: dict[int, list[int]] = {}
        spared: dict[int, list[int]] = {}
        left = of_duplicates(self.ignore_texts)
        for staged in load_spool(spool_part):
            texts.append("" if staged.file in self.failed else staged.text)
            place = staged.record or staged.number
            staged_documents.append((staged.number, staged.file, place))
            if self.repaired and staged.steps:
                damage[len(texts) - 1] = damage_of(
                    unit_spans(texts[-1], self.settings.unit), staged.steps
                )
            if staged.ignored or staged.comments or left:
                spared[len(texts) - 1] = _spared(staged, self.settings.unit, left)
        units, counts = units_of(Batch.from_texts(texts), self.settings.unit)
        all_damage = np.zeros(len(units), dtype=np.uint32)
        first_units = np.append(0, np.cumsum(counts, dtype=np.int64))
        for number, own in damage.items():
            all_damage[first_units[number] : first_units[number + 1]] = own
        all_spared = np.zeros(len(units), dtype=np.uint8)
        for number, bits in spared.items():
            if counts[number]:
                all_spared[first_units[number] : first_units[number + 1]] = bits
        columns = np.array(staged_documents, dtype=np.int64).reshape(-1, 3)
        documents = (columns[:, 1] << 32 | columns[:, 0]).astype(np.uint64)
        return SignedPart(
            sign(replace(units, files=np.repeat(documents, counts)), dedup_config(self.settings)),
            counts,
            columns[:, 2],
            columns[:, 1].astype(np.uint32),
            all_damage if self.repaired else None,
            all_spared if all_spared.any() else None,
        )


def _spared(staged: StagedDocument, unit: Unit, left: LeftTexts) -> list[int]:
    """Return the bits of the rules that are to leave each unit of a document."""
    spans = unit_spans(staged.text, unit)
    whole = bits_of_file(staged.ignored)
    return [whole | own for own in bits_of_units(staged.text, spans, staged.comments, left)]
