"""The encodings that bytes may be in: how usual each is, and whose languages it was made for."""

from __future__ import annotations

from typing import NamedTuple

from cleaner.language.letters import ARABIC, CYRILLIC, GREEK, HEBREW, THAI


class Candidate(NamedTuple):
    """An encoding by Python's name, -log of its share among texts, and its own languages."""

    name: str
    cost: float
    languages: frozenset[str]


_WESTERN = "en de fr es pt it nl ca da nb sv fi is af br et eu fo ga gl lb oc sq"
_CENTRAL = "pl cs sk hu sl sh ro sq de"
_TURKISH = "tr"
_BALTIC = "lt lv et"
_NORDIC = "da nb sv is fo"
_CYRILLIC = " ".join(CYRILLIC)
_GREEK = " ".join(GREEK)
_HEBREW = " ".join(HEBREW)
_ARABIC = " ".join(ARABIC)
_THAI = " ".join(THAI)

# Of encodings that read the same bytes as the same text the first is named. Those of Windows come
# first, then those of Unix, of DOS, of the Macintosh.
_TABLE = (
    ("cp1252", 0.0, _WESTERN),
    ("iso8859-15", 1.5, _WESTERN),
    ("cp1250", 1.5, _CENTRAL),
    ("iso8859-2", 2.0, _CENTRAL),
    ("iso8859-16", 4.0, "ro"),
    ("cp1251", 1.0, _CYRILLIC),
    ("koi8-r", 2.0, "ru bg"),
    ("koi8-u", 2.5, "ru uk be"),
    ("cp1253", 1.5, _GREEK),
    ("iso8859-7", 2.0, _GREEK),
    ("cp1254", 2.0, _TURKISH),
    ("iso8859-9", 3.0, _TURKISH),
    ("cp1255", 1.5, _HEBREW),
    ("iso8859-8", 2.0, _HEBREW),
    ("cp1256", 1.5, _ARABIC),
    ("iso8859-6", 2.5, _ARABIC),
    ("cp1257", 2.0, _BALTIC),
    ("iso8859-13", 3.0, _BALTIC),
    ("iso8859-4", 4.0, _BALTIC),
    ("cp1258", 3.0, "vi"),
    ("cp874", 2.0, _THAI),
    ("cp932", 1.5, "ja"),
    ("euc_jp", 2.0, "ja"),
    ("gb18030", 1.5, "zh zh-Hant"),
    ("big5", 2.0, "zh-Hant"),
    ("cp950", 2.5, "zh-Hant"),
    ("big5hkscs", 3.0, "zh-Hant"),
    ("cp949", 1.5, "ko"),
    ("johab", 7.0, "ko"),
    ("cp850", 3.5, _WESTERN),
    ("cp437", 4.0, _WESTERN),
    ("cp858", 4.5, _WESTERN),
    ("cp852", 3.5, _CENTRAL),
    ("cp866", 3.0, _CYRILLIC),
    ("cp855", 6.0, _CYRILLIC),
    ("cp737", 4.0, _GREEK),
    ("cp857", 5.0, _TURKISH),
    ("cp775", 5.0, _BALTIC),
    ("cp860", 6.0, "pt"),
    ("cp861", 6.0, "is fo"),
    ("cp862", 4.0, _HEBREW),
    ("cp863", 6.0, "fr"),
    ("cp865", 6.0, _NORDIC),
    ("cp720", 6.0, _ARABIC),
    ("mac_roman", 3.5, _WESTERN),
    ("mac_latin2", 5.0, _CENTRAL),
    ("mac_cyrillic", 4.5, _CYRILLIC),
    ("mac_greek", 5.5, _GREEK),
    ("mac_turkish", 6.0, _TURKISH),
    ("mac_iceland", 6.0, "is fo"),
    ("iso8859-5", 3.0, _CYRILLIC),
    ("iso8859-3", 4.0, "eo mt"),
    ("iso8859-10", 6.0, "se is fo da nb sv"),
    ("iso8859-14", 4.0, "cy ga br"),
    ("kz1048", 5.0, "kk"),
)

SINGLE_BYTE_AND_ASIAN = tuple(
    Candidate(name, cost, frozenset(languages.split())) for name, cost, languages in _TABLE
)

#: Without a byte-order mark; made for every language.
WIDE = (Candidate("utf-16-le", 3.0, frozenset()), Candidate("utf-16-be", 3.5, frozenset()))
WIDEST = (Candidate("utf-32-le", 3.0, frozenset()), Candidate("utf-32-be", 3.5, frozenset()))
#: UTF-8 in which single bytes went wrong.
UTF_8 = Candidate("utf-8", 3.0, frozenset())
