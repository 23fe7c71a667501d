"""What becomes of a break: the word is joined, its hyphen is kept, or nothing is touched."""

from __future__ import annotations

import regex

from cleaner.steps.hyphens.breaks import NO_BREAK, Break
from cleaner.steps.hyphens.by_words import (
    NO_ENDINGS,
    are_of_equal_rank,
    begins_words,
    judge_by_words,
)
from cleaner.steps.hyphens.evidence import Evidence
from cleaner.steps.hyphens.languages import script_of
from cleaner.steps.hyphens.outcome import Outcome, Verdict, joined, kept, left_alone
from cleaner.steps.hyphens.suspended import is_suspended, may_be_conjunction
from cleaner.steps.lost_spaces.candidates.code import is_shielded
from cleaner.steps.lost_spaces.corpus.tables import GlueTables
from cleaner.steps.lost_spaces.words.lexicon import Lexicon

_MIN_DOCUMENTS = 2
# Scripts whose words are never split with a hyphen.
_UNDIVIDED = frozenset("Hebrew Arabic Han Hiragana Katakana Hangul".split())
_NUMBERED = frozenset("mid pre post sub over under covid windows".split())
_MAX_NUMBERED = 4
_ACRONYM = 6
_ITEM = regex.compile(r"\p{N}{1,3}[.)]|\p{L}\)|\p{Lu}.{0,40}:")
# So many words without the hyphen show that two adjectives are written as one.
_MANY_WHOLE = 2
# A conjunction of a language that is not known stands so often in the text.
_MIN_STANDING = 2
_SOLIDUS = regex.compile(r"^[(\"'„“‘]*(?:\.{0,2}|~)/|/[^/]+/")
_FILE = regex.compile(
    r"[\w)]\.(?:txt|md|rst|csv|tsv|docx?|xlsx?|pptx?|odt|rtf|tex|log|ini|cfg|conf|toml|ya?ml|sql|"
    r"sh|bat|c|h|cc|cpp|hpp|rs|go|java|rb|pl|css|ts|svg|bmp|tiff?|mp[34]|wav|avi|mkv|iso|deb|rpm|"
    r"tar|gz|bz2|xz|7z|rar|dll|so|bak|dat|bin|epub)\b"
)


def judge(
    brk: Break,
    text: str,
    evidence: Evidence,
    lexicon: Lexicon | None,
    tables: GlueTables,
    margin: float,
) -> Verdict:
    """Return what becomes of a break between letters or digits.

    `lexicon` is of their language; `margin` is how much likelier than usual (log10) a doubtful word
    must be to be joined.
    """
    left, right = brk.left, brk.right
    if left[-1].isalpha() and _ITEM.fullmatch(brk.after):
        return left_alone("the next line is an item of a list")
    if _is_conjunction(brk, text, evidence, lexicon):
        suspended = is_suspended(left, right, text, brk.end + len(right), lexicon)
        if suspended is not False:
            return _suspended(brk, sure=suspended is not None)
    if text[brk.hyphen] == NO_BREAK:
        return kept("no line ends behind a no-break hyphen unless it is the word's own")
    if _is_name_of_file(brk) or left[-1].isdigit():
        return kept(f"{left} before the hyphen is no part of a word")
    if right[0].isdigit():
        return _before_number(left)
    if right[0].isupper() and not (left.isupper() and right.isupper() and len(right) > 1):
        if evidence.count(f"{left}-{right}") > 0:
            return kept(f"{left}-{right} stands in the document")
        return _before_capital(left, right, lexicon)
    if left.isupper() and right.islower() and 1 < len(left) < _ACRONYM:
        return kept(f"{left} is an acronym")
    if script_of(left) in _UNDIVIDED:
        return kept("words of this script are not split")
    wholes, hyphened = evidence.count(brk.whole), evidence.count(f"{left}-{right}")
    if (
        lexicon is not None
        and lexicon.language == "de"
        and are_of_equal_rank(brk)
        and wholes < hyphened + _MANY_WHOLE
    ):
        return kept(f"{left} and {right} are adjectives of equal rank")
    if wholes > hyphened:
        return joined(f"{brk.whole} stands {wholes} times in the document")
    if hyphened > wholes:
        return kept(f"{left}-{right} stands {hyphened} times in the document")
    if tables.words.documents(brk.whole) >= _MIN_DOCUMENTS:
        return joined(f"{brk.whole} stands in {tables.words.documents(brk.whole)} documents")
    if lexicon is None:
        return left_alone("the language is not known")
    return judge_by_words(brk, lexicon, margin)


def _is_conjunction(brk: Break, text: str, evidence: Evidence, lexicon: Lexicon | None) -> bool:
    """Whether a conjunction follows; a short one of an unknown language stands elsewhere, too."""
    return may_be_conjunction(
        text,
        brk.end,
        brk.right,
        lexicon,
        often=lexicon is None and evidence.count(brk.right) >= _MIN_STANDING,
    )


def _suspended(brk: Break, *, sure: bool) -> Verdict:
    if sure:
        return Verdict(Outcome.SUSPENDED, f"{brk.right} follows a suspended hyphen")
    return left_alone(f"{brk.whole} is a word, and {brk.right} a conjunction")


def _is_name_of_file(brk: Break) -> bool:
    """Whether the break stands in an address, a path, an option or another name of a machine."""
    token = f"{brk.before}-{brk.after}"
    return (
        brk.before.lstrip("([\"'`").startswith("--")
        or is_shielded(token)
        or _FILE.search(brk.after) is not None
        or _SOLIDUS.search(token) is not None
    )


def _before_number(left: str) -> Verdict:
    if left != left.lower() or len(left) < _MAX_NUMBERED or left.lower() in _NUMBERED:
        return kept(f"{left} is numbered")
    return left_alone(f"{left} in front of a number may be a word before a dash")


def _before_capital(left: str, right: str, lexicon: Lexicon | None) -> Verdict:
    if lexicon is not None and lexicon.language == "en":
        shouted = left.isupper() and len(left) > 1
        if (left.islower() or (shouted and len(right) == 1)) and right.lower() in NO_ENDINGS:
            return left_alone(f"{right} may begin a sentence behind a dash")
        if left.islower() and not begins_words(left, lexicon):
            return left_alone(f"{right} may begin a line behind a dash")
    return kept(f"{right} has a capital")
