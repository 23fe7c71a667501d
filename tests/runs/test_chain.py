"""The chain of steps as a whole."""

from __future__ import annotations

import re
import signal
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given

from cleaner import Settings, clean_text
from cleaner.blocks import Kind, find_blocks
from cleaner.core.edits import Edit, apply_edits
from cleaner.formats.base import Frame
from cleaner.runs.input.spool import StagedDocument, load_spool, save_spool
from cleaner.runs.rule_registry import context_for
from cleaner.steps import chain
from cleaner.steps.chain import (
    CHARACTER_STEPS,
    RULES,
    is_whole,
    normalize,
    repair_characters,
    text_steps,
)
from cleaner.steps.context import Context
from cleaner.steps.learn import NO_TABLES, Sample, collect_stats, count_lines, freeze
from tests.strategies import texts

EVERYTHING = Settings(
    unsafe_fixes=True, select=("ALL", *(rule.code for rule in RULES if rule.safety.value != "safe"))
)


@given(texts)
def test_every_step_says_what_it_changed(text: str) -> None:
    codes = {rule.code for rule in RULES}
    for step in (*CHARACTER_STEPS, *text_steps(NO_TABLES)):
        result = step(text, Context())
        assert apply_edits(text, result.edits) == result.text
        starts = [edit.start for edit in result.edits]
        assert starts == sorted(starts)
        assert {edit.code for edit in result.edits} <= codes
        assert all(a.end <= b.start for a, b in zip(result.edits, result.edits[1:], strict=False))
        text = result.text


@given(texts)
def test_no_step_asks_whether_the_last_line_ends(text: str) -> None:
    text = text.rstrip("\n")
    for step in (*CHARACTER_STEPS, *text_steps(NO_TABLES)):
        result = step(text, Context())
        # The last step puts the line end there.
        if text and result.text == text:
            again = step(f"{text}\n", Context())
            assert (again.text, again.edits) == (f"{text}\n", result.edits)


@given(texts)
def test_chain_reaches_a_stable_text(text: str) -> None:
    result = normalize(text, Context())
    again = normalize(result.text, Context())
    assert again.steps == ()
    assert again.text == result.text


@given(texts)
def test_calm_steps_have_nothing_to_do(text: str) -> None:
    for result in (repair_characters(text, Context()), normalize(text, Context())):
        for place, step in enumerate((*CHARACTER_STEPS, *text_steps(NO_TABLES))):
            if result.no_op_steps >> place & 1:
                assert step(result.text, Context()) == (result.text, ())
        again = normalize(result.text, Context(), no_op_steps=result.no_op_steps)
        assert again == normalize(result.text, Context())


def test_steps_are_calm_whatever_the_tables() -> None:
    first = len(CHARACTER_STEPS)
    no_op_steps = normalize("Salt and pepper.\n", Context()).no_op_steps
    assert [no_op_steps >> place & 1 for place in range(first)] == [1] * first
    assert [no_op_steps >> first + place & 1 for place in range(6)] == [1, 1, 0, 0, 1, 1]


@given(texts)
def test_output_is_canonical(text: str) -> None:
    import unicodedata

    result = clean_text(text).text
    assert "\r" not in result
    # Blank lines in code are part of it, and so are tabs behind which a cell is empty.
    code = {block.end for block in find_blocks(result) if block.kind in (Kind.CODE, Kind.DIFF)}
    assert all(found.start() in code for found in re.finditer("\n{3,}", result))
    assert not result.startswith("\n")
    assert result == "" or (result.endswith("\n") and not result.endswith("\n\n"))
    assert unicodedata.is_normalized("NFC", result)
    assert not any(line.endswith(" ") for line in result.split("\n"))
    assert not any(
        line.endswith("\t") and "\t" not in result.strip() for line in result.split("\n")
    )
    result.encode("utf-8")


def test_empty_text() -> None:
    assert clean_text("").text == ""
    assert clean_text("").edits == ()


@pytest.mark.parametrize("depth", [1, 3, 7, 12, 40, 400])
def test_escapes_of_escapes_do_not_keep_the_rest_from_being_cleaned(depth: int) -> None:
    for unit in ("amp;", "#38;", "#x26;", "#038;", "AMP;"):
        text = "The  tide & " + "&" + unit * depth + "lt;"
        assert clean_text(text).text == "The tide & <\n", unit


HOSTILE = {
    "escaped escapes": "&" + "amp;" * 250_000 + "x",
    "numbers": "&#38;" * 10_000,
    "ampersands": "&" * 1_000_000,
    "spaces": " " * 1_000_000 + "x",
    "spaces and tabs": " \t" * 500_000 + "x",
    "ideographic spaces": "a" + "  \u3000" * 300_000 + "b",
    "line ends": "\r\n" * 10_000 + "x",
    "blank lines": "x" + "\n \n" * 10_000 + "x",
    "escapes of a terminal": "\x1b[" * 10_000,
    "an escape of a terminal": "\x1b[" + "0" * 1_000_000,
    "marks on one letter": "e" + "\u0301" * 1_000_000,
    "conjoining": "\u1112\u1161\u11ab" * 5_000,
    "zero-width": "\u200b" * 10_000,
    "directional": "\u202ax\n" * 5_000,
    "directional in one line": "\u202ax" * 10_000,
    "mojibake": "Ã©" * 100_000,
    "mojibake of mojibake": "ÃƒÂ©" * 50_000,
    "surrogates": "\ud800" * 1_000_000,
    "stray bytes": "\udce9x" * 10_000,
    "one word": "x" * 1_000_000,
    "short lines": "a\n" * 10_000,
    "hyphens": "ab-\n" * 10_000,
    "quotations": "> a b c d\n" * 5_000,
    "equal paragraphs": "The tide came in over the step.\n\n" * 2_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_takes_no_longer_than_its_length(name: str) -> None:
    def give_up(*args: object) -> None:
        raise AssertionError("takes far longer than its length")

    signal.signal(signal.SIGALRM, give_up)
    signal.alarm(60)
    try:
        text = clean_text(HOSTILE[name]).text
        assert [e for e in clean_text(text).edits if e.before != e.after] == []
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, signal.SIG_DFL)


def test_text_that_does_not_come_to_rest_is_left_and_reported(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # No text is known that needs so many rounds.
    monkeypatch.setattr("cleaner.steps.chain._MOST_ROUNDS", 1)
    result = clean_text("salt  &amp;amp; pepper\n")
    assert result.text == "salt  &amp;amp; pepper\n"
    assert [edit.code for edit in result.edits] == ["FMT599"]
    assert clean_text("salt & pepper\n").edits == ()


def test_a_draft_is_no_longer_calm_when_its_text_changes() -> None:
    staged = StagedDocument(0, 0, text="salt", no_op_steps=3)
    staged.change("pepper", [])
    assert staged.no_op_steps == 0


def test_a_text_known_to_be_whole_teaches_as_it_is() -> None:
    glued = "It wassaid that the ships werelost in the storm and thatthe crew was safe on land.\n"
    samples = [Sample("1", "", glued), Sample("2", "", "The crew was safe on land by then.\n")]
    learned = collect_stats(samples, Context())
    tables = freeze(learned, count_lines(samples, learned.sketch))
    results = [normalize(sample.text, Context(), tables) for sample in samples]
    assert [is_whole(result.no_op_steps) for result in results] == [True, True]
    assert not is_whole(normalize(glued, Context()).no_op_steps)
    again = [Sample(str(n), "", result.text) for n, result in enumerate(results)]
    known = [sample._replace(laid_out=True, whole=True) for sample in again]
    ones, others = (collect_stats(some, Context()).glue for some in (again, known))
    assert np.array_equal(ones.passages.keys, others.passages.keys)
    assert np.array_equal(ones.words.counts, others.words.counts)


@pytest.mark.parametrize("text", ["salt", "sel \u2013 \U0001f9c2", "s\udce9l"])
def test_drafts_are_loaded_as_they_were_saved(tmp_path: Path, text: str) -> None:
    staged_documents = [
        StagedDocument(
            1, 2, id="one", site="shop", text=text, frame=Frame('{"text": "', '"}'),
            form={"bytes": "AAA="}, steps=[[Edit(0, 4, text, "x", "ENC101", "why")]],
            notes=[Edit(0, 0, "", "", "BOI399")], mark="m", no_op_steps=7,
        ),
        StagedDocument(1, 3, raw=b"\xff\0{", error="no JSON"),
    ]  # fmt: skip
    save_spool(tmp_path / "0.spool.zst", staged_documents)
    assert list(load_spool(tmp_path / "0.spool.zst")) == staged_documents


@pytest.mark.parametrize("select", [("FMT",), ("GLU2",), ("ENC1", "HYP"), ("BOI",), ()])
def test_steps_of_which_no_rule_acts_would_do_nothing(
    select: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    context = context_for(Settings(select=select))
    dirty = [
        "caf\u00c3\u00a9 &amp; bar  two\r\nexam-\nple thetwo men\n\nShare this article:\n",
        "Home | About | Contact\n\nIt wasa long way, saidthe keeper of the lantern.\u200b\n",
    ]
    found = [normalize(text, context) for text in dirty]
    assert chain._idle(context) or not select
    monkeypatch.setattr(chain, "_idle", lambda context: frozenset())
    assert [normalize(text, context) for text in dirty] == found
