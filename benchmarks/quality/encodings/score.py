"""Encode sentences in legacy encodings, read them back, and count what comes out.

    python -m benchmarks.quality.encodings.score FOLDER [--samples 10] [--lengths 1,2,5,20]

`FOLDER` holds a file of sentences, one a line, for each language: ``de.txt``, ``ru.txt`` and so on.
Printed for each length: right, right but noted as doubtful, wrong but noted, silently wrong; and
each encoding that has any of the last. Sentences that an encoding cannot hold are left out, after
their quotation marks and dashes are made plain. Romanian letters with commas and cedillas count as
the same.
"""

from __future__ import annotations

import argparse
import random
from collections import Counter, defaultdict
from pathlib import Path

from cleaner.core.errors import InputError
from cleaner.formats.encoding import decode

WESTERN = "cp1252 iso8859-1 iso8859-15 cp437 cp850 mac_roman"
ENCODINGS = {
    "en": "cp1252 cp437 cp850 mac_roman", "de": WESTERN, "fr": WESTERN, "es": WESTERN,
    "pt": "cp1252 iso8859-1 cp850 cp860 mac_roman", "it": WESTERN, "nl": WESTERN,
    "ca": "cp1252 cp850",
    "da": "cp1252 cp850 cp865 mac_roman", "nb": "cp1252 cp850 cp865 mac_roman", "sv": WESTERN,
    "fi": WESTERN, "is": "cp1252 cp861 cp850 mac_iceland", "gl": "cp1252 cp850",
    "et": "cp1257 cp1252",
    "pl": "cp1250 iso8859-2 cp852 mac_latin2", "cs": "cp1250 iso8859-2 cp852 mac_latin2",
    "sk": "cp1250 iso8859-2 cp852", "hu": "cp1250 iso8859-2 cp852 mac_latin2",
    "hr": "cp1250 iso8859-2 cp852", "sl": "cp1250 iso8859-2 cp852",
    "ro": "cp1250 iso8859-2 iso8859-16 cp852", "tr": "cp1254 iso8859-9 cp857 mac_turkish",
    "lt": "cp1257 iso8859-13 iso8859-4 cp775", "lv": "cp1257 iso8859-13 iso8859-4 cp775",
    "ru": "cp1251 koi8-r cp866 iso8859-5 mac_cyrillic cp855",
    "uk": "cp1251 koi8-u iso8859-5 mac_cyrillic", "be": "cp1251", "mk": "cp1251 iso8859-5",
    "bg": "cp1251 koi8-r cp866 iso8859-5 mac_cyrillic", "sr": "cp1251 iso8859-5",
    "el": "cp1253 iso8859-7 cp737 mac_greek", "he": "cp1255 iso8859-8 cp862",
    "ar": "cp1256 iso8859-6", "fa": "cp1256", "ur": "cp1256", "th": "cp874",
    "ja": "cp932 euc_jp utf-16-le utf-16-be", "zh": "gb18030 utf-16-le",
    "zh-Hant": "big5 cp950 gb18030", "ko": "cp949 euc_kr johab utf-16-be",
}  # fmt: skip
PLAIN = str.maketrans({
    **dict.fromkeys("“”„«»", '"'), **dict.fromkeys("‘’‹›", "'"), **dict.fromkeys("–—−‑", "-"),
    "…": "...", "\u00a0": " ", "\u202f": " ", "\u2009": " ", "\u200c": "",
})  # fmt: skip
CEDILLAS = str.maketrans("șțȘȚ", "şţŞŢ")


def encoded(text: str, encoding: str) -> tuple[bytes, str] | None:
    """Return the bytes and what they say; None where the encoding has no such letters."""
    for form in (text, text.translate(PLAIN), text.translate(PLAIN).translate(CEDILLAS)):
        try:
            return form.encode(encoding), form
        except UnicodeEncodeError:
            continue
    return None


def outcome(data: bytes, text: str) -> str:
    """Return what became of the bytes of a text."""
    try:
        decoded = decode(data)
    except InputError:
        return "refused"
    right = decoded.text.translate(CEDILLAS) == text.translate(CEDILLAS)
    noted = any(note.code == "ENC104" for note in decoded.notes)
    return ("right" if right else "wrong") + (", noted" if noted else "")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--samples", type=int, default=10)
    parser.add_argument("--lengths", default="1,2,5,20")
    args = parser.parse_args()
    counts: dict[tuple[int, str], Counter[str]] = defaultdict(Counter)
    for file in sorted(args.folder.glob("*.txt")):
        sentences = file.read_text("utf-8").splitlines()
        for encoding in ENCODINGS.get(file.stem, "").split():
            for length in map(int, args.lengths.split(",")):
                dice = random.Random(f"{file.stem} {encoding} {length}")
                for _ in range(args.samples):
                    chosen = [encoded(one, encoding) for one in dice.choices(sentences, k=length)]
                    text = "\n".join(one[1] for one in chosen if one)
                    if not text.isascii():
                        counts[length, encoding][outcome(text.encode(encoding), text)] += 1
    for length in sorted({length for length, _ in counts}):
        whole = sum((c for (n, _), c in counts.items() if n == length), Counter())
        print(f"{length:3} sentences: {dict(whole)}, of {whole.total()}")
        for (n, encoding), one in sorted(counts.items()):
            if n == length and (one["wrong"] or one["refused"]):
                print(f"    {encoding}: {dict(one)}")


if __name__ == "__main__":
    main()
