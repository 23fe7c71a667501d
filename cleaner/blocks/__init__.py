"""What the blocks of a text are: prose, verse, a list, a table, code and so on."""

from cleaner.blocks.classify import find_blocks, kinds_of
from cleaner.blocks.kinds import Block, Kind

__all__ = ["Block", "Kind", "find_blocks", "kinds_of"]
