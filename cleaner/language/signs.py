"""How likely signs beyond ASCII are where they stand."""

from __future__ import annotations

import functools
import unicodedata

import regex

_SIGN = regex.compile(r"[^\p{Ll}\p{Lu}\p{Lt}\p{M}\p{Lo}ー\uff70 \n\r\t]|[ªº]")

_COMMON_ASCII = frozenset("0123456789.,;:!?'\"-()/")
_OPENING = frozenset("“‘„‚«‹¿¡")
_CLOSING = frozenset("”’“‘»›…")
_DASHES = frozenset("–—―")
_AFTER_DIGIT = frozenset("°ºª%€£¥²³¹½¼¾×±µ¢′″‰")
_BULLETS = frozenset("•·●■▪◦□○►◆–—")
_LINES = frozenset("─═│║")
_MARKS = frozenset("§©®™№")
_WIDE = frozenset("、。〈〉《》「」『』【】〔〕・ー〜！（），：；？．［］…—　“”‘’·")
_CLOSING_ONLY = frozenset("”’»›")
_OPENERS = "“„«‹‘‚"
_UNOPENED = 2.0
_PLAIN = 4.5
_ODD = 11.0


def cost_of_signs(text: str) -> float:
    """Return -log of the likelihood of all that is no letter in `text`, each by its neighbours."""
    total = 0.0
    last = len(text) - 1
    unopened: bool | None = None
    for found in _SIGN.finditer(text):
        at = found.start()
        sign = found[0]
        if sign in _COMMON_ASCII:
            total += 3.0
        elif sign < "\x7f":
            total += 6.0 if sign >= " " else 12.0
        else:
            before = text[at - 1] if at else "\n"
            behind = text[at + 1] if at < last else "\n"
            total += _cost(sign, before, behind)
            if sign in _CLOSING_ONLY:
                if unopened is None:
                    unopened = not any(c in text for c in _OPENERS)
                total += _UNOPENED * unopened
    return total


@functools.lru_cache(maxsize=1 << 12)
def _cost(sign: str, before: str, behind: str) -> float:
    if sign in _WIDE and (before > "\u2fff" or behind > "\u2fff"):
        return 3.0
    open_before = before.isspace() or before in "(-/[\"'“‘„«‹–—¿¡\n\xa0>"
    end_behind = behind.isspace() or behind in ")-.,;:!?/]\"'”’»›–—…\xa0<"
    word_before = before.isalnum() or before in ".,;:!?)%”’»…\"'"
    word_behind = behind.isalnum() or behind in "(“‘„«‹¿¡\"'…<"
    if sign == "’" and before.isalpha() and behind.isalpha():
        return 2.5
    if sign in _OPENING and open_before and word_behind:
        return _PLAIN
    if sign in _CLOSING and word_before and (end_behind or sign == "…"):
        return _PLAIN
    if sign in _DASHES and (
        (open_before and (end_behind or behind.isalnum()))
        or (before.isdigit() and behind.isdigit())
        or (word_before and (behind.isspace() or behind in "\"'”’»"))
    ):
        return _PLAIN
    if sign in "«‹" and open_before and behind in " \xa0":
        return _PLAIN
    if sign in "»›" and before in " \xa0":
        return _PLAIN
    if sign in _AFTER_DIGIT and (before.isdigit() or behind.isdigit()):
        return _PLAIN + 1.0
    if sign == "\xa0":
        # No-break spaces part words, numbers and signs; beside a plain space they do nothing.
        apart = (before.isalnum() or before in ".,;:!?)%«»–—°€") and (
            behind.isalnum() or behind in "(«»–—%€!?;:°"
        )
        return _PLAIN + 2.0 if apart else _ODD
    if sign == "°" and before in " \xa0" and behind in "CF":
        return _PLAIN
    if sign == "·" and before.isalpha() and behind.isalpha():
        return _PLAIN + 1.0
    if sign in _BULLETS and open_before and behind.isspace():
        return _PLAIN + 1.0
    if sign in _MARKS and (open_before or end_behind):
        return _PLAIN + 2.0
    if sign in "€£¥" and open_before and end_behind:
        return _PLAIN + 2.0
    if sign == "´" and before.isalpha() and behind.isalpha():
        return _PLAIN + 3.0
    if "\u2500" <= sign <= "\u259f":
        if sign in (before, behind):
            return 4.0
        return 8.0 if {before, behind} & _LINES or (open_before and end_behind) else _ODD + 1.0
    if "\u0660" <= sign <= "\u06f9" or sign in "،؛؟٪":
        beside = "\u05ff" < before < "\u0700" or "\u05ff" < behind < "\u0700"
        return 3.5 if beside else _ODD
    if "\uff61" <= sign <= "\uff9f":
        return 9.0
    if "\uff01" <= sign <= "\uff5e" or sign == "\u3000" or "\u3000" < sign < "\u3040":
        return 6.0 if before > "\u2fff" or behind > "\u2fff" else _ODD
    return _OF_KIND.get(unicodedata.category(sign), _ODD)


_OF_KIND = {"Cc": 14.0, "Cf": 13.0, "Co": 16.0, "Cn": 16.0, "Cs": 15.0, "Sk": 12.0, "Lm": 12.0}
