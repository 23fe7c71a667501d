"""Properties of the repair of lost spaces and hyphen breaks."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleaner.core.edits import apply_edits
from cleaner.core.rules import Rule, Selection
from cleaner.core.settings.config import Glue, Settings
from cleaner.steps import hyphens
from cleaner.steps.context import Context
from cleaner.steps.hyphens import rejoin_hyphens
from cleaner.steps.lost_spaces import rules
from cleaner.steps.lost_spaces.candidates.code import is_shielded
from cleaner.steps.lost_spaces.corpus.learn import learn_glue, learn_words
from cleaner.steps.lost_spaces.corpus.tables import GlueTables, merge_glue
from cleaner.steps.lost_spaces.decision.posterior import may_pass, passing, posteriors
from cleaner.steps.lost_spaces.repair import repair_glue
from cleaner.steps.lost_spaces.words.lexicon import lexicon_of
from cleaner.steps.lost_spaces.wrapping.rescore_breaks import reconsidered
from cleaner.steps.lost_spaces.wrapping.wrap import Breaks

CONTEXT = Context()

# Words of a small world: common ones, names, a compound, tokens with seams of their own.
WORDS = [
    "the",
    "of",
    "and",
    "to",
    "in",
    "was",
    "that",
    "for",
    "with",
    "his",
    "the",
    "of",
    "and",
    "harbour",
    "captain",
    "storm",
    "island",
    "ferry",
    "evening",
    "winter",
    "letter",
    "morning",
    "boats",
    "village",
    "Quuxby",
    "Brombeek",
    "Tollivar",
    "wheelhouse",
    "lighthouse",
    "YouTube",
    "3rd",
    "1923",
    "e.g.",
    "U.S.",
    "example.com",
    "re-read",
    "long-term",
    "said,",
    "came.",
    '"Wait,"',
    "it's",
    "crew's",
    "N,N-dimethyl",
]
words = st.sampled_from(WORDS)


@st.composite
def damaged_paragraphs(draw: st.DrawFn) -> str:
    """Paragraphs of these words of which some lost spaces, at random or by a wrap."""
    lines = []
    for _ in range(draw(st.integers(1, 4))):
        chosen = draw(st.lists(words, min_size=5, max_size=60))
        kind = draw(st.sampled_from(["clean", "random", "wrapped"]))
        if kind == "clean":
            lines.append(" ".join(chosen))
        elif kind == "wrapped":
            lines.append(wrapped(" ".join(chosen), draw(st.integers(40, 90))))
        else:
            gaps = draw(
                st.lists(
                    st.sampled_from(["", " ", " ", " "]), min_size=len(chosen), max_size=len(chosen)
                )
            )
            lines.append("".join(w + g for w, g in zip(chosen, gaps, strict=True)).strip())
    return "\n".join(lines)


def wrapped(text: str, width: int) -> str:
    """Return `text` wrapped greedily at `width` columns, with its line ends deleted."""
    lines: list[str] = []
    line = ""
    for word in text.split(" "):
        if line and len(line) + 1 + len(word) > width:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}" if line else word
    return "".join([*lines, line])


@settings(max_examples=150, deadline=None)
@given(damaged_paragraphs())
def test_a_second_run_changes_nothing(text: str) -> None:
    once = repair_glue(text, CONTEXT)
    assert repair_glue(once.text, CONTEXT).edits == ()


@settings(max_examples=60, deadline=None)
@given(st.lists(damaged_paragraphs(), min_size=1, max_size=4))
def test_a_second_run_with_tables_learned_again_changes_nothing(texts: list[str]) -> None:
    tables = learn_glue(texts)
    once = [repair_glue(text, CONTEXT, tables).text for text in texts]
    again = learn_glue(once)
    assert [repair_glue(text, CONTEXT, again).text for text in once] == once


@settings(max_examples=150, deadline=None)
@given(damaged_paragraphs())
def test_only_spaces_are_put_in(text: str) -> None:
    result = repair_glue(text, CONTEXT)
    assert apply_edits(text, result.edits) == result.text
    assert result.text.replace(" ", "") == text.replace(" ", "")
    for edit in result.edits:
        assert edit.after.replace(" ", "") == edit.before.replace(" ", "")
        assert len(edit.after) > len(edit.before)
        assert edit.detail


@settings(max_examples=200, deadline=None)
@given(st.text(st.characters(), max_size=200))
def test_any_text_is_taken(text: str) -> None:
    for result in (repair_glue(text, CONTEXT), rejoin_hyphens(text, CONTEXT)):
        assert apply_edits(text, result.edits) == result.text
    learn_glue([text])


@settings(max_examples=200, deadline=None)
@given(st.text(st.sampled_from("ab -\u00ad\n\rüA1.'"), max_size=60))
def test_hyphens_are_settled_in_one_run(text: str) -> None:
    text = "the old man and the sea of the island " + text
    once = rejoin_hyphens(text, CONTEXT)
    assert rejoin_hyphens(once.text, CONTEXT).edits == ()


@settings(max_examples=40, deadline=None)
@given(st.lists(damaged_paragraphs(), max_size=3), st.lists(damaged_paragraphs(), max_size=3))
def test_tables_do_not_depend_on_order_or_grouping(some: list[str], others: list[str]) -> None:
    together = learn_glue([*some, *others])
    for merged in (
        merge_glue(learn_glue(some), learn_glue(others)),
        merge_glue(learn_glue(others), learn_glue(some)),
    ):
        assert (merged.words.counts == together.words.counts).all()
        assert merged.passages.keys.tolist() == together.passages.keys.tolist()


@given(
    odds=st.lists(st.floats(-12.0, 14.0), min_size=1, max_size=30),
    words=st.integers(0, 1_000_000),
    bar=st.floats(0.0, 1.0),
)
def test_bounds_on_probabilities_agree_with_them(odds: list[float], words: int, bar: float) -> None:
    over = [chance > bar for chance in posteriors(odds, words)]
    assert passing(odds, words, bar) == over
    assert may_pass(odds, words, bar) or not any(over)


def test_higher_confidence_repairs_less() -> None:
    text = "It wassaid thatthe ships were lost and thecrew came to the house of theisland at night."
    counts = [
        len(repair_glue(text, Context(settings=Settings(glue=Glue(confidence=bar)))).edits)
        for bar in (0.0, 0.5, 0.9999, 1.0)
    ]
    assert counts == sorted(counts, reverse=True)
    assert counts[0] > counts[-1] == 0


def test_a_rule_that_does_not_act_edits_nothing() -> None:
    text = "It wassaid thatthe ships were in the harbour,renowned for its light, and thecrew slept."
    for code in ("GLU202", "GLU203"):
        context = Context(rules=Selection(ignore=[code]))
        found = {edit.code for edit in repair_glue(text, context).edits}
        assert code not in found
        assert found


COPY = (
    "The harbour master of the outer island said that Brombeek and Tollivar had left before the "
    "storm came in from the west."
)


def test_a_copy_of_the_passage_decides() -> None:
    glued = COPY.replace("Brombeek and", "Brombeekand")
    assert repair_glue(glued, CONTEXT).edits == ()
    result = repair_glue(glued, CONTEXT, learn_glue([COPY]))
    assert result.text == COPY
    assert [edit.code for edit in result.edits] == ["GLU204"]


def test_a_copy_with_a_space_too_many_does_not_decide() -> None:
    broken = COPY.replace("Brombeek and", "brom beek and")
    whole = COPY.replace("Brombeek and", "brombeek and")
    assert repair_glue(whole, CONTEXT, learn_glue([broken])).text == whole


def test_a_form_that_many_documents_have_is_a_word() -> None:
    glued = COPY.replace("Brombeek and", "Brombeekand")
    elsewhere = [
        f"In the year of {year} the Brombeekand was in the town." for year in range(1900, 1910)
    ]
    tables = learn_glue([COPY, *elsewhere])
    assert repair_glue(glued, CONTEXT, tables).edits == ()


def test_words_are_counted_by_document() -> None:
    counts = learn_words(
        ["The Quuxby ferry and the Quuxby crew.", "A man of Quuxby is in the house."]
    )
    assert counts.documents("Quuxby") == 2
    assert counts.documents("Tollivar") == 0


def test_no_tables_are_as_empty_tables() -> None:
    text = COPY.replace("that ", "that")
    assert repair_glue(text, CONTEXT) == repair_glue(text, CONTEXT, GlueTables())


# GLU204 goes by what other documents say; its example is run as files by test_rules.
ALONE = [rule for rule in (*rules.RULES, *hyphens.RULES) if rule.code != "GLU204"]


@pytest.mark.parametrize("rule", ALONE, ids=lambda rule: rule.code)
def test_examples(rule: Rule) -> None:
    step = repair_glue if rule.code.startswith("GLU") else rejoin_hyphens
    for example in rule.examples:
        result = step(example.before, CONTEXT)
        assert result.text == example.after
        assert {edit.code for edit in result.edits} <= {rule.code}


def test_one_huge_line_is_taken() -> None:
    text = "the captain of the ferry said that " * 20_000 + "thatthe boats were in the harbour"
    result = repair_glue(text, CONTEXT)
    assert len(result.edits) <= 1


def test_two_lost_spaces_beside_a_long_row_of_dots() -> None:
    text = (
        "The keeper of thelight said that allofthe boats were in theharbour, and that hewas "
        f"aboutthehouse{'.' * 58} with hismother and thecaptain ofthe ferry."
    )
    found = {edit.after for edit in repair_glue(text, CONTEXT).edits}
    assert {"about the house", "the captain"} <= found


@pytest.mark.parametrize("mark", [*r"@\_#=<>{}|~^*$[]`", "://", "()", "::", "->", ".com", ".JSON"])
def test_each_mark_shields_its_token(mark: str) -> None:
    assert is_shielded(f"harbour{mark}")
    assert is_shielded(f"„Straße{mark}”")


@pytest.mark.parametrize("token", ["www.harbour", "'seaWall',", '"seaWall":'])
def test_addresses_and_quoted_names_are_shielded(token: str) -> None:
    assert is_shielded(token)


@pytest.mark.parametrize("token", ["end.The", "(1990)and", "'tis", "“Wait,”he", "o’clock:then"])
def test_prose_is_not_shielded(token: str) -> None:
    assert not is_shielded(token)


def test_a_second_look_moves_breaks_only_to_far_likelier_places() -> None:
    line = "the keeper of Hostingoreis not here"
    start = line.index("Hostingoreis")
    splits = {"Hostingoreis": ((4, -1.0), (10, -2.0))}

    def look(text: str, place: int) -> int:
        found = Breaks([start + place], [-1.0], [20])
        moved = reconsidered(text, found, [0], lambda _: splits, lexicon_of("en"))
        return moved.places[0] - start

    assert look(line, 4) == 4
    assert look(f"{line}\nso Hostingore it was", 4) == 10


@pytest.mark.parametrize("joined", ["ropebased", "rope-based", "uscan"])
def test_a_copy_with_a_space_where_no_word_ends_is_no_evidence(joined: str) -> None:
    parted = {"ropebased": "rope based", "rope-based": "rope- based", "uscan": "u scan"}[joined]
    text = f"The keeper of the light wrote that the {joined} bridge of the parish was gone by noon."
    tables = learn_glue([text.replace(joined, parted)] * 2)
    found = {edit.after for edit in repair_glue(text, CONTEXT, tables).edits}
    assert found == ({parted} if joined == "ropebased" else set())


def test_a_line_end_behind_a_hyphen_is_no_space_of_a_copy() -> None:
    text = "The keeper of the light wrote that the tidewater bridge of the parish was gone by noon."
    tables = learn_glue([text.replace("tidewater", "tide-\nwater")] * 2)
    assert repair_glue(text, CONTEXT, tables).text == text


def test_a_copy_that_spells_a_term_apart_proves_nothing_in_a_list() -> None:
    item = "* The keeper of the light has now all of the ropebased bridges of the parish by noon."
    text = f"* It is in the list.\n{item}\n* It is not in the list of the parish."
    tables = learn_glue([text.replace("ropebased", "rope based")] * 2)
    assert repair_glue(text, CONTEXT, tables).text == text


def test_one_odd_word_in_a_long_text_is_a_name() -> None:
    sentence = "They walked to the harbour, and it was late when the last of the boats came in. "
    text = sentence * 60 + "Then controlledby came up."
    assert repair_glue(text, CONTEXT).text == text
    glued = text.replace("when the last", "when thelast", 1).replace("it was late", "itwas late", 1)
    assert "controlled by" in repair_glue(glued, CONTEXT).text


def test_a_copy_that_parts_a_german_compound_proves_nothing() -> None:
    text = "Wir haben es gesehen, dass der Kapitän mit dem Boot im Nebel voranfährt, nicht wir."
    tables = learn_glue([text.replace("voranfährt", "voran fährt")] * 2)
    assert repair_glue(text, CONTEXT, tables).text == text
