"""All rules there are, and the context that the settings make of them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import lru_cache

from cleaner.core.errors import ConfigError, UsageError
from cleaner.core.inline_ignores import Comments
from cleaner.core.left_texts import by_code
from cleaner.core.rules import Rule, Selection
from cleaner.core.settings.budget import limits_of
from cleaner.core.settings.config import Boilerplate, Settings
from cleaner.dedup import rules as dedup_rules
from cleaner.formats import encoding
from cleaner.steps.context import Context

# A field is no file, which ends with a line end.
_OF_FILES = ("FMT506",)


@lru_cache(maxsize=1)
def all_rules() -> dict[str, Rule]:
    """Return every rule by its code, in the order of the codes."""
    from cleaner.steps import chain

    rules = (*encoding.RULES, *chain.RULES, *dedup_rules.RULES)
    return {rule.code: rule for rule in sorted(rules, key=lambda rule: rule.code)}


def rule_names(codes: Collection[str]) -> dict[str, str]:
    """Return the names of rules, without loading those on other things where all are on duplicates.

    >>> rule_names(["DUP401"])["DUP401"]
    'exact-duplicate-in-file'
    """
    names = {rule.code: rule.name for rule in dedup_rules.RULES}
    if not all(code in names for code in codes):
        names = {code: rule.name for code, rule in all_rules().items()}
    return names


def noting_rules(codes: Collection[str]) -> frozenset[str]:
    """Return the rules among these whose findings are notes on text that stays as it is.

    >>> sorted(noting_rules(["DUP401", "DUP413"]))
    ['DUP413']
    """
    known = {rule.code: rule for rule in dedup_rules.RULES}
    if not all(code in known for code in codes):
        known = all_rules()
    return frozenset(code for code in codes if code in known and known[code].notes)


def context_for(
    settings: Settings,
    *,
    of_field: bool = False,
    ignored: tuple[str, ...] = (),
    comments: Comments = "",
) -> Context:
    """Return what steps may know under these settings.

    What is said of files alone does not act on a text that is a field of a record, nor what is
    `ignored` in its file; `comments` says what may be told in the text itself.

    Raises UsageError where a selected or ignored prefix fits no rule, ConfigError where a rule
    file or a pattern of the configuration cannot be used.
    """
    # Rule files may change while a process lives, so they are looked at every time.
    _check_boilerplate(settings.boilerplate)
    return _context(settings, of_field=of_field, ignored=ignored, comments=comments)


def check_rules(settings: Settings) -> None:
    """Raise what `context_for` raises, without loading the rules where none is named."""
    _check_boilerplate(settings.boilerplate)
    severity = settings.severity
    check_prefixes((*severity.error, *severity.warning, *severity.note))
    check_prefixes([one.prefix for one in limits_of(settings.budget.max_removed) if one.prefix])
    check_prefixes([code for _, codes in settings.per_file_ignores for code in codes])
    check_prefixes([code for code, _ in settings.ignore_texts])
    if settings.select or settings.ignore:
        _context(settings)


@lru_cache(maxsize=32)
def _context(
    settings: Settings,
    *,
    of_field: bool = False,
    ignored: tuple[str, ...] = (),
    comments: Comments = "",
) -> Context:
    check_prefixes((*settings.select, *settings.ignore))
    selection = Selection(
        settings.select,
        (*settings.ignore, *_OF_FILES) if of_field else settings.ignore,
        unsafe_fixes=settings.unsafe_fixes,
        rules=all_rules().values(),
        never=ignored,
    )
    left = by_code(settings.ignore_texts)
    return Context(rules=selection, settings=settings, comments=comments, left_texts=left)


def _check_boilerplate(settings: Boilerplate) -> None:
    if not settings.rules and not settings.keep:
        return
    import regex

    from cleaner.steps.boilerplate import RuleFileError, load_rules

    try:
        load_rules(settings.rules)
    except RuleFileError as error:
        first, *more = str(error).splitlines()
        also = f" (and {len(more)} more problems)" if more else ""
        raise ConfigError(first + also, hint="`cleaner rules check` lists all") from error
    for pattern in settings.keep:
        try:
            regex.compile(pattern)
        except regex.error as error:
            raise ConfigError(
                f"`boilerplate.keep` has a pattern that does not compile: {pattern!r}",
                why=str(error),
            ) from error


def selection_for(settings: Settings) -> Selection:
    """Return which rules on duplicates act, without loading the others where none is named."""
    if settings.select or settings.ignore:
        return context_for(settings).rules
    return Selection(unsafe_fixes=settings.unsafe_fixes, rules=dedup_rules.RULES)


def check_prefixes(prefixes: Sequence[str]) -> None:
    """Raise UsageError where one of these begins no rule's code."""
    if not prefixes:
        return
    import difflib

    codes = list(all_rules())
    for prefix in prefixes:
        if prefix != "ALL" and not any(code.startswith(prefix) for code in codes):
            known = [*codes, *sorted({code[:3] for code in codes})]
            near = difflib.get_close_matches(prefix, known, n=1, cutoff=0.5)
            raise UsageError(
                f"no rule begins with {prefix!r}",
                hint=f"did you mean {near[0]}?" if near else "`cleaner rule` lists them",
            )
