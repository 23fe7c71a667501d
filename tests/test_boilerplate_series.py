"""Series of documents keep their fixed parts, and pages of a site lose what the site put there."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner.core.rules import Selection
from cleaner.steps.boilerplate import RULES, freeze_lines, learn_lines, remove_boilerplate
from cleaner.steps.context import Context
from tests.sites import FOOTER, MENU, page, prose, site

Series = Callable[[random.Random, int], str]
CONTEXT = Context(rules=Selection(select=["BOI350"], rules=RULES))
_STOPS = tuple(
    "Quay|Mill Lane|Old Bridge|Chapel|Ropewalk|Hill Top|North Bay|Pier|Weir|Gate".split("|")
)
_LICENCE = ("# Copyright 2019 The Harbour Authors", "#", "# You may use this file as you like,")
_IMPORTS = ("import json", "import os", "import re", "import sys", "from typing import Any")
_CODE = "\n".join(f"def moor_{number}(ship):\n    return ship.draft + {{}}" for number in range(3))


def lines(*parts: str) -> str:
    return "\n".join(parts) + "\n"


SERIES: dict[str, Series] = {
    "scores": lambda r, n: lines(
        f"Larks {r.randint(0, 2)}, Rooks {r.randint(0, 2)}", prose(r, 9), f"Crowd {r.randint(8, 9)}"
    ),
    "one-line records": lambda r, n: lines(f"Mill Road {n} is a road in the north of the county."),
    "one line for all": lambda r, n: lines("The ferry was late, and nobody could say why."),
    "formula": lambda r, n: lines("In the name of the sea and of the stars", "", prose(r, 9)),
    "outcome": lambda r, n: lines(prose(r, 9), "", r.choice(["Appeal allowed.", "Dismissed."])),
    "questions": lambda r, n: lines(
        *(part for q in ("Where were you born?", "What did you do?") for part in (q, prose(r, 4)))
    ),
    "recipe": lambda r, n: lines(
        f"Pie {n}", "Serves four", "Ingredients", f"{n + 9} g flour", "Salt", "Pepper", "Butter",
        "Method", prose(r, 6), "Serve warm.",
    ),
    "paper": lambda r, n: lines(
        f"On nets, part {n}", "Abstract", prose(r, 3), "Methods", prose(r, 3), "References", f"{n}"
    ),
    "header fields": lambda r, n: lines(
        f"Proposal: {n}", "Status: Draft", "Type: Process", "Created: in spring", "", prose(r, 9)
    ),
    "table": lambda r, n: lines(
        f"Station {n}", "Day Rain Wind", *(f"{k} {r.randint(0, 9)} {n}" for k in range(9))
    ),
    "worksheet": lambda r, n: lines("Answer in full sentences.", "", prose(r, 9)),
    "dictionary": lambda r, n: lines(f"net{n}", "Part of speech: noun", prose(r, 1)),
    "minutes": lambda r, n: lines(
        "Parish Council", "Minutes of the meeting", "Village Hall", "Members present",
        prose(r, 12), "There being no more to say, the meeting closed.", "Signed by the chairman",
    ),
    "court": lambda r, n: lines(
        "IN THE HIGH COURT", "QUEEN'S BENCH", "COMMERCIAL COURT", "Strand, London", f"No. {n}",
        prose(r, 12), "Costs are reserved.", "It is so ordered.",
    ),
    "order of service": lambda r, n: lines(
        "Welcome", "First hymn", "Prayer", "Reading", "Second hymn", "Sermon", prose(r, 12),
        "Offering", "Last hymn", "Blessing",
    ),
    "liturgy": lambda r, n: lines(
        "The Lord be with you.", "And also with you.", "Let us pray.", prose(r, 12),
        "Go in peace.", "Thanks be to God.", "Amen.",
    ),
    "doxology": lambda r, n: lines(
        f"Psalm {n}", prose(r, 9), "Glory be to the Father,", "as it was in the beginning,",
        "is now, and ever shall be,", "world without end. Amen.",
    ),
    "letters": lambda r, n: lines(
        "Harbour Board", "The Old Customs House", "Quay Street", "Larkfield", f"No. {n}",
        prose(r, 12), "Yours sincerely,", "Ann Lee", "Harbour Master",
    ),
    "line stops": lambda r, n: lines(f"Route {n}", *_STOPS, "Harbour Gate", prose(r, 12)),
    "cast": lambda r, n: lines(f"Episode {n}", prose(r, 12), "Cast", *_STOPS, "Extras"),
    "survey": lambda r, n: lines(
        *(
            line
            for q in ("The quay is safe.", "The quay is clean.", "The ferry is fast.")
            for line in (q, "Strongly agree", "Agree", "Neutral", "Disagree", prose(r, 2))
        )
    ),
    "contents": lambda r, n: lines(
        *_STOPS, "Lighthouse", *(part for stop in _STOPS for part in (stop, prose(r, 2))),
        "End notes", "Sources", "Maps", "Plates", "Index",
    ),
    "programs": lambda r, n: lines(*_LICENCE, "", *_IMPORTS, "", _CODE.format(n, n + 1, n + 2)),
    "system prompts": lambda r, n: lines(
        "You are a helpful clerk.", "Answer briefly.", "Do not guess.", prose(r, 9), "End"
    ),
    "Chinese recipes": lambda r, n: lines("水边菜谱", "李安", f"第{n}道", prose(r, 9), "趁热吃。"),
    "Arabic chapters": lambda r, n: lines("باسم خالق البحر والنجوم", f"{n}", prose(r, 9)),
}  # fmt: skip


def documents_of(texts: list[str]) -> list[tuple[str, str, str]]:
    return [(str(number), "", text) for number, text in enumerate(texts)]


def cleaned(texts: list[str]) -> list[str]:
    table = freeze_lines(learn_lines(documents_of(texts)))
    return [remove_boilerplate(text, CONTEXT, table).text for text in texts]


@pytest.mark.parametrize("name", SERIES)
@pytest.mark.parametrize("number", [5, 24])
def test_series_keep_their_fixed_parts(name: str, number: int) -> None:
    rng = random.Random(name)
    texts = [SERIES[name](rng, index) for index in range(number)]
    assert cleaned(texts) == texts


SITES = {
    "en": (MENU, FOOTER),
    "de": (
        ("Hafenbote", "Titelseite", "Stadt und Land", "Leserbriefe", "Anzeigen", "Kontakt"),
        ("Der Hafenbote erscheint jeden Donnerstag.", "Nachdruck nur mit Erlaubnis."),
    ),
    "ru": (
        ("Вестник гавани", "Первая полоса", "Город и село", "Письма", "Объявления"),
        ("Вестник гавани выходит по четвергам.", "Редакция открыта с девяти."),
    ),
    "ar": (
        ("بريد الميناء", "أخبار المدينة", "رسائل القراء", "إعلانات"),
        ("يصدر بريد الميناء كل خميس.", "المكتب مفتوح كل صباح."),
    ),
    "hi": (
        ("घाट समाचार", "नगर की खबरें", "पाठकों के पत्र", "विज्ञापन"),
        ("घाट समाचार हर गुरुवार को छपता है।", "कार्यालय नौ से खुला है।"),
    ),
    "ja": (
        ("港の新聞", "町のニュース", "読者の声", "潮の時刻表"),
        ("港の新聞は毎週木曜日に出ます。", "無断で転載できません。"),
    ),
    "th": (
        ("ข่าวท่าเรือ", "ข่าวเมือง", "จดหมาย", "โฆษณา", "ตารางน้ำ"),
        ("ข่าวท่าเรือพิมพ์ทุกวันพฤหัสบดีที่โรงสีเก่า", "สำนักงานเปิดทุกเช้าตั้งแต่เก้าโมงถึงสี่โมง"),
    ),
}


@pytest.mark.parametrize("language", SITES)
@pytest.mark.parametrize("number", [12, 40])
def test_menu_and_footer_of_a_site_go(language: str, number: int) -> None:
    head, tail = SITES[language]
    texts = site(number, head, tail)
    bodies = site(number, (), ())
    assert cleaned(texts) == bodies


def test_few_pages_need_a_longer_menu() -> None:
    assert cleaned(site(5)) == site(5, (), ())
    assert cleaned(site(5, MENU[:4])) == site(5, MENU[:4])


def test_pages_of_several_sites_in_one_file_need_a_longer_menu() -> None:
    long = tuple(f"{first} {second}" for first in ("Old", "New") for second in _STOPS)
    others = [f"{prose(random.Random(number), 12)}\n" for number in range(90)]
    texts = [*site(9, long), *others]
    assert cleaned(texts) == [*site(9, (), ()), *others]
    texts = [*site(9), *others]
    assert cleaned(texts) == texts


def test_a_line_that_introduces_the_body_stays() -> None:
    head = (*MENU, "The board must be told of this:")
    assert cleaned(site(20, head)) == site(20, ("The board must be told of this:",), ())


def test_an_outcome_above_the_footer_stays() -> None:
    rng = random.Random(2)
    outcomes = [
        "The motion was carried by the board." if n % 5 else "It was lost." for n in range(20)
    ]
    texts = [page(rng, MENU, (outcome, *FOOTER)) for outcome in outcomes]
    for text, outcome in zip(cleaned(texts), outcomes, strict=True):
        assert text.endswith(f"\n{outcome}\n")


def test_fields_under_a_title_stay_on_pages_of_a_site() -> None:
    rng = random.Random(3)
    fields = ("Serves four", "Ingredients", "Flour", "Salt")
    texts = [
        lines(*MENU, f"Pie {n}", *fields, f"{n} eggs", prose(rng, 12), *FOOTER) for n in range(20)
    ]
    for number, text in enumerate(cleaned(texts)):
        assert text.startswith(lines(f"Pie {number}", *fields, f"{number} eggs"))


def test_what_is_mostly_shared_is_no_page() -> None:
    short = [lines(*MENU, f"Closed until day {n} of the month.", *FOOTER) for n in range(12)]
    assert cleaned(short) == short
    story = [prose(random.Random(n), 2) for n in range(30)]
    versions = [lines(*story[:20], f"Edition {n}", prose(random.Random(n), 9), *story[20:])
                for n in range(6)]  # fmt: skip
    assert cleaned(versions) == versions


_LABELS = st.sampled_from(["Home", "News", "Letters", "Old mill", "Quay Street", "Status: new"])


@given(
    head=st.lists(_LABELS, max_size=14),
    tail=st.lists(st.one_of(_LABELS, st.sampled_from(FOOTER)), max_size=8),
    sentences=st.lists(st.integers(0, 12), min_size=2, max_size=14),
    seed=st.integers(0, 9),
)
def test_no_document_loses_half_and_a_second_run_finds_nothing(
    head: list[str], tail: list[str], sentences: list[int], seed: int
) -> None:
    rng = random.Random(seed)
    texts = [lines(*head, prose(rng, number), *tail) for number in sentences]
    for _ in range(3):
        left = cleaned(texts)
        for before, after in zip(texts, left, strict=True):
            assert 2 * len(after.split()) >= len(before.split())
        if left == texts:
            break
        texts = left
    else:
        pytest.fail("not at rest after three looks")
