"""What the word list of its language says of a break between letters."""

from __future__ import annotations

import functools
from importlib.resources import files

import regex

from cleaner.steps.hyphens.breaks import Break
from cleaner.steps.hyphens.outcome import Verdict, joined, kept, left_alone
from cleaner.steps.lost_spaces.languages.language import COMPOUNDING
from cleaner.steps.lost_spaces.odds import KNOWN, UNKNOWN_BASE
from cleaner.steps.lost_spaces.words.compounds import compounds_of
from cleaner.steps.lost_spaces.words.lexicon import Lexicon

# All odds are log10. The whole must be so much likelier than its parts side by side: more where
# many words have a hyphen, less where hardly any has.
_MIN_ODDS = {"en": 1.0, "fr": 0.0}
_MIN_ODDS_ELSEWHERE = 0.5
_MIN_ODDS_UNHYPHENATED = -1.5
_UNHYPHENATED = frozenset("cs el es gl hi it lt lv pl sh sk sl".split())
# So much likelier a word is joined whatever the text.
_SURE_ODDS = 4.0
# So common a word is none of two that happen to make it up.
_SURELY_WHOLE = -4.2
# One letter is hardly ever split off, so the whole must be this much commoner than the rest.
_MIN_LETTER_ODDS = 1.3
# A word that stands by itself so often, and has so many letters, is no mere part of another.
_OWN_WORD = -5.3
_MIN_OWN_WORD = 4
# Both halves of two adjectives are so long: teórico-práctico.
_MIN_ADJECTIVE = 5
_APOSTROPHE = regex.compile("['’]")
# Lists hold endings ("ness") as if they were words; so many words (log10) end in them.
_MANY_WORDS = 1.3
# They begin, or end, no compounds: a hyphen beside them is a dash, or what it is cannot be told.
_NO_BEGINNINGS = frozenset(
    (
        "the a an and or but of that this these those which who whom whose was were is are has "
        "have had his her its their my your our they we it if as because with from for at when "
        "where been being be us them could would should shall may did does"
    ).split()
)
NO_ENDINGS = _NO_BEGINNINGS | frozenset("he she i me him then there what so than yet".split())
# English words do not part from these with a hyphen; those of the second, if the whole is listed.
_PREFIXES = frozenset("dis im mis un".split())
_ENDINGS = frozenset("dom ful fully hood less lessly ment ments ness ship ships ward wards".split())
_LISTED_ENDINGS = frozenset("able ably how man men woman women".split())
# "In" is such a prefix, but in these a word.
_BEHIND_IN = frozenset(
    (
        "app between browser built car class depth ear flight game home house kind law laws line "
        "memory ground person place process room school season service state store text window "
        "world"
    ).split()
)
# What is written with a hyphen more often than other words are.
_OWN_HYPHEN = {
    "bg": regex.compile("(?:най|по)-"),
    "en": regex.compile(
        "(?:all|cross|ex|full|half|high|ill|long|low|mid|non|part|quasi|self|semi|short|well)-"
    ),
    "ru": regex.compile(r"по-\w+(?:[сц]ки|[ео]му|ьи)$|во-\w+ых$|кое-"),
    "uk": regex.compile(r"по-\w+(?:[сц]ьки|[ео]му)$|(?:будь|казна)-"),
}
_BEFORE_NAMES = frozenset(
    (
        "afro all anti contra cross early east euro ex extra far half inner inter intra late mid "
        "much near neo non north northern once outer pan part post pre pro pseudo quasi self semi "
        "south southern sub super then trans un west"
    ).split()
)
# Pronouns that are written to the verb with a hyphen.
_CLITICS = {
    "ca": frozenset("lo la los les li hi ho ne se me te vos nos els em en us".split()),
    "fr": frozenset(
        "il elle on ils elles je tu nous vous ce ci là moi toi lui leur le la les y en même mêmes "
        "être".split()
    ),
    "pt": frozenset("lhe lhes se me te nos vos lo la los las no na nos nas".split()),
    "ro": frozenset("mi ți i ne vă le se te mă o l un o ul".split()),
}
_OWN_MARGIN = 1.5
# But a word so common (log10) as "highlight" is not taken for it.
_COMMON_WHOLE = -5.0
# Such parts of English words keep their hyphen in German, Dutch and the like: Make-up, Know-how.
_PARTICLES = frozenset("up how off".split())
_FORMER, _FORMER_ODDS = "ex", 3.0
# Adjectives of equal rank keep theirs: deutsch-französisch.
_ADJECTIVE = regex.compile(r"(?:isch|lich|deutsch|rot|schwarz|weiß|grün|blau|gelb)$", regex.I)
# Such words are adjectives, both of them, whether a list has them or not.
_RANKED = regex.compile(r"\p{L}\p{Ll}+(?:isch|lich)-\p{Ll}{2,}(?:isch|lich)(?:e[mnrs]?)?")
# One of foreign origin before another: they may be a compound, or two adjectives.
_FOREIGN = regex.compile(r"\p{Ll}{3,}(?:al|ell|iv)-\p{Ll}{3,}e[mnrs]?")
# English participles that no verb has: double-handed, brown-eyed; others end words of Latin origin.
_PARTICIPLE = regex.compile(r"\p{Ll}{2,}(?<!at|i[sz]|ifi)ed")
# Letters that would make another sound without the hyphen.
_CLASH_ODDS = 1.0
_CLASH = {
    "nl": regex.compile(r"(?:a-[aeiu]|e-[eiu]|i-[ej]|o-[eiou]|u-[iu])", regex.I),
    "fi": regex.compile(r"([aeiouyäö])-\1", regex.I),
}


@functools.cache
def _homographs() -> frozenset[str]:
    """Return English words that are other words without their hyphen."""
    table = files("cleaner").joinpath("data", "hyphens", "homographs.txt").read_text("utf-8")
    return frozenset(
        word for line in table.splitlines() if not line.startswith("#") for word in line.split()
    )


def judge_by_words(brk: Break, lexicon: Lexicon, margin: float) -> Verdict:
    """Return what the word list says of a break between letters."""
    left, right = _cores(brk)
    whole = left + right
    language = lexicon.language
    odds = lexicon.logp(left), lexicon.logp(right)
    odds_whole = lexicon.logp(whole)
    listed = lexicon.listed.get(whole) is not None
    if language == "en" and f"{left}-{right}" in _homographs():
        return left_alone(f"{left}-{right} and {whole} are different words")
    if len(left) == 1:
        return _behind_letter(brk, odds_whole, odds[1])
    if language == "en" and _is_derived(left, right, listed=listed):
        return joined(f"{whole} is made with {left} or {right}")
    if language in COMPOUNDING and (own := _kept_compound(brk, lexicon, odds, listed=listed)):
        return own
    no_compound = (
        language == "en"
        and not _is_chained(brk)
        and (left in _NO_BEGINNINGS or right in NO_ENDINGS)
    )
    clitic = right in _CLITICS.get(language, ())
    least = _MIN_ODDS_UNHYPHENATED if language in _UNHYPHENATED else _MIN_ODDS_ELSEWHERE
    least = _MIN_ODDS.get(language, least) + (min(margin, 0.0) if no_compound else margin)
    hyphened = _OWN_HYPHEN.get(language)
    is_own = clitic or (hyphened is not None and hyphened.match(f"{left}-{right}"))
    if is_own and odds_whole < _COMMON_WHOLE:
        least += _OWN_MARGIN
    if listed and (odds_whole > _SURELY_WHOLE or odds_whole >= sum(odds) + least):
        sure = odds_whole >= sum(odds) + _SURE_ODDS
        return joined(f"{whole} is a word of the language", sure=sure)
    if language == "de" and not listed and _FOREIGN.fullmatch(f"{brk.left}-{brk.right}"):
        return left_alone(f"{left} and {right} may be two adjectives")
    if language in COMPOUNDING:
        return joined(f"{brk.whole} may be a compound")
    if clitic and not listed:
        return kept(f"{right} is a pronoun behind {left}")
    known = tuple(
        one >= UNKNOWN_BASE and not _is_ending(part, one, lexicon)
        for part, one in zip((left, right), odds, strict=True)
    )
    is_own_word = odds[0] > _OWN_WORD and len(left) >= _MIN_OWN_WORD
    if known[0] and not listed and _is_chained(brk):
        return kept(f"{left} is a part of a longer name or compound")
    if language == "en" and is_own_word and not listed and _PARTICIPLE.fullmatch(right):
        return kept(f"{left} and {right} make a participle")
    if not all(known):
        if known[1] and odds[1] > _OWN_WORD and len(right) >= _MIN_OWN_WORD:
            return left_alone(f"{left} may be a name before {right}")
        return joined(f"{left if not known[0] else right} is no word by itself")
    if no_compound:
        return left_alone(f"{left} and {right} make no compound")
    if margin < 0.0 and not listed and brk.left.istitle() and not _is_chained(brk):
        return left_alone(f"{brk.whole} may be a name in a text whose words are split")
    if language in _UNHYPHENATED and not listed and not _is_chained(brk):
        if left[-1] == "o" and min(len(left), len(right)) >= _MIN_ADJECTIVE:
            return left_alone(f"{left} and {right} may be two adjectives")
        return joined(f"the language has few hyphens, {whole} may be a word")
    return kept(f"{left} and {right} are words, {whole} is none or a rarer one")


def are_of_equal_rank(brk: Break) -> bool:
    """Whether both halves are German adjectives: öffentlich-rechtlich, but Zimmer-pflanze."""
    return _RANKED.fullmatch(f"{brk.left}-{brk.right}") is not None


def begins_words(part: str, lexicon: Lexicon) -> bool:
    """Whether an English word with a hyphen may begin with `part` before a name: pro-European."""
    return (
        part in _BEFORE_NAMES
        or lexicon.logp(part) < KNOWN
        or compounds_of(lexicon.language).beginning(part) > _MANY_WORDS
    )


def _cores(brk: Break) -> tuple[str, str]:
    """Return both words in lower case, without what is written to them with an apostrophe."""
    left, right = _APOSTROPHE.split(brk.left)[-1], _APOSTROPHE.split(brk.right)[0]
    return (left or brk.left).lower(), (right or brk.right).lower()


def _is_derived(left: str, right: str, *, listed: bool) -> bool:
    """Whether one half of an English word is but a prefix or an ending."""
    return (
        left in _PREFIXES
        or right in _ENDINGS
        or (listed and right in _LISTED_ENDINGS)
        or (listed and left == "in" and right not in _BEHIND_IN)
    )


def _is_ending(part: str, odds: float, lexicon: Lexicon) -> bool:
    return odds < _OWN_WORD and compounds_of(lexicon.language).ending(part) > _MANY_WORDS


def _is_chained(brk: Break) -> bool:
    """Whether the word has a hyphen of its own elsewhere: up-to-date."""
    rest = brk.after[len(brk.right) : len(brk.right) + 2]
    return "-" in brk.before[1 : -len(brk.left)] or (rest[:1] == "-" and rest[1:].isalnum())


def _behind_letter(brk: Break, odds_whole: float, odds_right: float) -> Verdict:
    """Return what becomes of a single letter before a hyphen: e-mail, but a-bout."""
    if odds_whole <= odds_right or odds_whole < UNKNOWN_BASE:
        return kept(f"{brk.left} before the hyphen is a letter")
    if odds_whole > odds_right + _MIN_LETTER_ODDS:
        return joined(f"{brk.whole} is a word of the language")
    return left_alone(f"{brk.whole} and {brk.right} are words")


def _kept_compound(
    brk: Break, lexicon: Lexicon, odds: tuple[float, float], *, listed: bool
) -> Verdict | None:
    """Return why a word keeps its hyphen in a language that writes compounds as one word, if so."""
    left, right = brk.left, brk.right
    clash = _CLASH.get(lexicon.language)
    if min(odds) < UNKNOWN_BASE:
        return None
    if (
        clash is not None
        and clash.search(f"{left[-1]}-{right[0]}")
        and len(right) >= _MIN_OWN_WORD
        and (not listed or lexicon.logp(brk.whole) < sum(odds) + _CLASH_ODDS)
    ):
        return kept(f"{brk.whole} would be read otherwise")
    if left.lower() == _FORMER and (
        not listed or lexicon.logp(brk.whole) < sum(odds) + _FORMER_ODDS
    ):
        return kept("ex before a hyphen is a word")
    if right.lower() in _PARTICLES:
        return kept(f"{left}-{right} is an English word")
    if not listed and (_is_chained(brk) or (left.islower() and _ADJECTIVE.search(left[-7:]))):
        return kept(f"{left} and {right} are words, {brk.whole} is not listed")
    return None
