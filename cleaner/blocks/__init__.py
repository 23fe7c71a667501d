"""What the blocks of a text are: prose, verse, a list, a table, code and so on."""

from cleaner.blocks.kinds import Block, Kind
from cleaner.blocks.lines import BLANKS, ends_sentence, starts_low
from cleaner.blocks.scripts import parts_latin, seam
from cleaner.blocks.survey import (
    Survey,
    find_blocks,
    give_survey,
    kinds_of,
    pack_survey,
    survey,
)

__all__ = [
    "BLANKS",
    "Block",
    "Kind",
    "Survey",
    "ends_sentence",
    "find_blocks",
    "give_survey",
    "kinds_of",
    "pack_survey",
    "parts_latin",
    "seam",
    "starts_low",
    "survey",
]
