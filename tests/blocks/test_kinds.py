"""What the blocks of texts of every kind are."""

from __future__ import annotations

import textwrap

import pytest

from cleaner.blocks import find_blocks, kinds_of, survey

_COUNCIL = (
    "The council of the valley sat until late in the night, for the snow had closed the pass and "
    "nobody could go home before the morning. They spoke of the road, of the price of hay and of "
    "the school, whose roof had come down in the autumn. When the lamps went out they were still "
    "there, and the clerk wrote the last lines of his book in the dark, as well as he could."
)
WRAPPED = textwrap.fill(_COUNCIL, 70)

TEXTS = {
    "one sentence": ("The snow had closed the pass.", "prose"),
    "a title": ("The pass in winter", "heading"),
    "an introduction": ("Bring all of these things:\n- hay\n- salt", "prose list"),
    "a heading on top of prose": (f"CHAPTER I\n{WRAPPED}", "heading prose"),
    "a salutation and a signature": (
        f"Dear Anna,\n{WRAPPED}\nYours truly,\nFinn Eide\n\n{WRAPPED}",
        "prose prose list prose",
    ),
    "a heading that is underlined": ("The pass\n========\n\nText follows here.", "heading prose"),
    "a separator": (f"{WRAPPED}\n* * *\n{WRAPPED}", "prose markup prose"),
    "fenced code with blank lines": ("```\nx = 1\n\n\ny = 2\n```", "code code"),
    "a fence that nothing closes": ("~~~ waves ~~~\n\nThe sea was calm.", "heading prose"),
    "literal blocks": ("Say::\n\n    play it\n\n    again\n\nDone so.", "prose code code prose"),
    "a program": ("def play(note):\n    return keys[note]", "code"),
    "statements of a database": ("SELECT name FROM inn\nWHERE piano = 1\nORDER BY name;", "code"),
    "commands": ("$ tide --help\n$ tide valley.txt", "code"),
    "comments": ("# Nobody ordered it, and nobody\n# can play it.", "code"),
    "a drawing": ("   /\\\n  /  \\\n /____\\\n~~~~~~~~", "code"),
    "a certificate": ("-----BEGIN KEY-----\nQUJD\n\nREVG\n-----END KEY-----", "code code"),
    "JSON": ('{\n  "inn": "Valley",\n  "keys": [1, 2]\n}', "markup"),
    "front matter": ("---\ntitle: Snow\n---\n\nThe snow came early.", "markup prose"),
    "mail that is quoted": ("> The snow came\n> early that year.", "markup"),
    "a directive": (".. note:: the pass\n   is closed", "markup"),
    "a table with bars": ("| hay | 12 |\n|-----|----|\n| salt | 3 |", "table"),
    "a grid": ("+-----+----+\n| hay | 12 |\n+-----+----+", "table"),
    "rows parted by tabs": ("year\thay\n1919\t12\n1920\t", "table"),
    "rows parted by commas": ('year,hay,"and, salt"\n1919,12,3\n1920,9,', "table"),
    "columns of spaces": ("hay     12\nsalt     3\npiano  480", "table"),
    "figures flush right": ("two bales of hay   12.00\na piano, tuned    480.00", "table"),
    "a table of contents": ("Preface ....... 3\nThe pass ...... 17", "table"),
    "two columns": ("The snow had      On the next day\nclosed the pass   the sun shone.", "table"),
    "a dump": ("00000000  7f 45 4c 46 02  |.ELF.|\n00000010  02 00 3e 00 01  |..>..|", "table"),
    "items": ("1. Fetch hay.\n2. Fetch salt.", "list"),
    "items with letters": ("A. Hay\nB. Salt\nC. Oil", "list"),
    "verses of a chapter": ("1:1 There was snow,\n1:2 and there was a pass,", "list"),
    "an option": ("-o FILE    write the table to FILE and\n           not to the screen", "list"),
    "names": ("Anna Moe\nFinn Eide\nBert Quay", "list"),
    "a log": ("2021-03-01 12:00:01 INFO up\n2021-03-01 12:00:02 WARN no hay", "log"),
    "a log of a system": ("Mar  1 12:00:01 inn cat[3]: on the keys", "log"),
    "subtitles": ("1\n00:00:01,000 --> 00:00:02,000\nWho is\nthere?\n\n2\n00:00:03,000 --> "
                  "00:00:04,000\nA cat.", "subtitles subtitles"),
    "a change": ("--- a/inn\n+++ b/inn\n@@ -1,2 +1,2 @@\n cat\n-hay\n+salt", "diff"),
    "a play": ("ANNA. Who is there?\nFINN. A friend.", "dialogue"),
    "a chat": ("<anna> who is there\n<finn> a friend", "dialogue"),
    "an interview": ("Q. Who is there?\nA. A friend.\nQ. What friend?\nA. A cat.", "dialogue"),
    "speakers that come back": ("Anna: Who is it?\nFinn: A cat.\nAnna: What cat?", "dialogue"),
    "speeches after dashes": ("— Qui est là ?\n— Un ami.", "dialogue"),
    "fields": ("Name: Anna\nVillage: Upper Valley", "form"),
    "one field": ("Village: Upper Valley", "form"),
    "references": (
        "Moe, A. (1998). Snow. Bern: Valley Press.\nEide, F. (2004). Passes. J Alp Stud, 12, 4-5.",
        "bibliography",
    ),
    "verse with capitals": (
        "The snow lies deep on every road we knew\nAnd nobody will come to us tonight\n"
        "The lamps burn low, the wine is almost through\nAnd still we wait here for the morning "
        "light",
        "verse",
    ),
    "verse that runs on in lower case": (
        "I saw the valley in the early light and could not tell\nwhat anyone was doing by the "
        "gate beneath the bell\nuntil he turned and lifted up a candle to his face\nand called a "
        "name I could not hear in that forsaken place;",
        "verse",
    ),
    "verse of Chinese": ("千山鸟飞绝\n万径人踪灭\n孤舟蓑笠翁\n独钓寒江雪", "list"),
    "wrapped prose": (WRAPPED, "prose"),
    "paragraphs that stand one a line": (f"{_COUNCIL}\n{_COUNCIL}", "prose prose"),
}  # fmt: skip


@pytest.mark.parametrize("name", TEXTS)
def test_kinds(name: str) -> None:
    text, kinds = TEXTS[name]
    assert " ".join(block.kind for block in find_blocks(text)) == kinds


@pytest.mark.parametrize("name", TEXTS)
def test_kinds_beside_prose(name: str) -> None:
    text, _ = TEXTS[name]
    if text.startswith("---"):
        return
    found = survey(f"{WRAPPED}\n\n{text}\n\n{WRAPPED}")
    # What the kinds of prose around leave alone keeps its lines.
    lone = survey(text)
    kept = {b.first + WRAPPED.count("\n") + 2 for b in lone.blocks if b.kind in UNWRAPPED}
    assert not kept & set(found.joins)


UNWRAPPED = "verse heading table code markup log subtitles form diff bibliography".split()


def test_kinds_of_spans() -> None:
    text = "Bring this:\n- hay\n- salt\n"
    assert kinds_of(text, [(0, 11), (12, 17), (18, 24)]) == ["heading", "list", "list"]


def test_time_is_that_of_the_length() -> None:
    import time

    def seconds(text: str) -> float:
        start = time.process_time()
        find_blocks(text)
        return time.process_time() - start

    for piece in (
        "a::\n  b\n",
        "```\n",
        "---\n",
        "a: b\n",
        "* \n",
        "x\n\x0c\n",
        "1. a\n\n",
        "(",
        "a  ",
    ):
        short, long = seconds(piece * 2_000), seconds(piece * 20_000)
        assert long < 40 * short + 0.5, piece
