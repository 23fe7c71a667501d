"""Telling the single-byte encodings of Latin scripts apart by the letters that languages use."""

from __future__ import annotations

from collections import Counter

# Letters beyond ASCII, in lower case, by encoding; one alphabet a language. Of encodings that fit
# equally well the first is taken.
_ALPHABETS = (
    (
        ("cp1252",),
        (
            "àâæçèéêëîïôœùûüÿ",  # French
            "äöüßéàè",  # German
            "áéíñóúüªº",  # Spanish
            "àáâãçéêíóôõúü",  # Portuguese
            "àèéìíîòóùú",  # Italian
            "áéëïóöüèê",  # Dutch
            "àçèéíïòóúü·",  # Catalan
            "äåöéæøüà",  # Danish, Finnish, Norwegian, Swedish
            "áæðéíóöúýþ",  # Icelandic
        ),
    ),
    (
        ("cp1250", "iso8859-2"),
        (
            "ąćęłńóśźż",  # Polish
            "áčďéěíňóřšťúůýž",  # Czech
            "áäčďéíĺľňóôŕšťúýž",  # Slovak
            "áéíóöőúüű",  # Hungarian
            "čćđšž",  # Bosnian, Croatian, Slovene
            "ăâîşţșț",  # Romanian
        ),
    ),
    (("cp1254",), ("çğıİöşüâîû",)),  # Turkish
)
# Of all letters beyond ASCII so many more must be of one alphabet than of the encoding before.
_CLEARLY = 0.03


def likeliest_latin(data: bytes) -> str:
    """Return the encoding in which one alphabet has most of the letters of `data` beyond ASCII.

    >>> likeliest_latin("zażółć gęślą jaźń".encode("cp1250"))
    'cp1250'
    >>> likeliest_latin("ein größeres Übel".encode("cp1252"))
    'cp1252'
    """
    best, best_share = "cp1252", 0.0
    for encodings, alphabets in _ALPHABETS:
        for encoding in encodings:
            share = _covered(data.decode(encoding, "replace"), alphabets)
            if share > best_share + (_CLEARLY if best_share else 0.0):
                best, best_share = encoding, share
    return best


def _covered(text: str, alphabets: tuple[str, ...]) -> float:
    """Return the share of the characters beyond ASCII inside words that one alphabet has."""
    counts = Counter(
        c for c in text.lower() if c > "\x7f" and not c.isspace() and c not in "“”‘’„«»–—…"
    )
    total = counts.total()
    if not total:
        return 0.0
    return max(sum(counts[c] for c in alphabet) for alphabet in alphabets) / total
