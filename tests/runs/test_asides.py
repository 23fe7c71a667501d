"""What goes from a document because it stands in another one: its body, or an aside of prose."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

from tests.runs.corpus import deduplicate

_NOTE = (
    "Readers who keep bees may write to the post office of the valley, where the seeds of clover "
    "are given out every Friday in spring, free of charge and as long as there are any left."
)
_FIRST = (
    "The mill was sold in autumn to a baker from the plain, who wants to grind rye there again, "
    "and who has asked three of the old hands to come back before the first frost sets in.\n\n"
    "They said that they would think about it, for the wheel has not turned for eleven years, "
    "and nobody knows whether the dam would bear the weight of the water that it needs.\n\n"
    "At the inn there was talk of little else all week, and the baker paid for most of it."
)
_SECOND = (
    "A bear was seen twice near the upper meadows, once by the teacher and once by her pupils, "
    "who had gone there to count butterflies and came home without having counted a single one.\n\n"
    "The hunters were told to stay at home, since the bear did no harm and is said to be old.\n\n"
    "Whoever meets it should stand still, talk in a low voice and walk away slowly, the forester "
    "wrote on a sheet of paper that now hangs at the chapel, and not run, whatever happens."
)


def left(folder: Path, first: str, second: str, name: str = "b.txt") -> str:
    """Return what is left of `second` beside `first`."""
    (folder / "in").mkdir()
    (folder / "in/a.txt").write_text(first + "\n", "utf-8")
    (folder / "in" / name).write_text(second + "\n", "utf-8")
    deduplicate(folder / "in", output=folder / "out")
    written = folder / "out" / name
    return written.read_text("utf-8").rstrip("\n") if written.exists() else ""


def test_an_aside_between_paragraphs_goes(tmp_path: Path) -> None:
    start, rest = _SECOND.split("\n\n", 1)
    assert left(tmp_path, f"{_FIRST}\n\n{_NOTE}", f"{start}\n\n{_NOTE}\n\n{rest}") == _SECOND


def test_the_body_goes_with_its_headings(tmp_path: Path) -> None:
    body = f"The mill\n\n{_FIRST}\n\nThe bear\n\n{_SECOND}"
    assert left(tmp_path, body, f"{body}\n\n{_NOTE}") == _NOTE


def test_a_quoted_letter_is_not_torn(tmp_path: Path) -> None:
    lines = textwrap.wrap(f"{_FIRST} {_SECOND}".replace("\n\n", " "), 70)
    quoted = "\n".join(f"> {line}" for line in lines)
    second = f"{quoted}\n>\n>                      Ann\n>\n> (*) I may be wrong about the goats."
    assert left(tmp_path, quoted, second) == second


@pytest.mark.parametrize(
    "second",
    [
        pytest.param(f"{_SECOND}\n\nBees\n\n{_NOTE}\n\nMore is told in summer.", id="heading"),
        pytest.param(
            f"{_SECOND}\n\n{_NOTE}\n\n- white clover\n- red clover\n- sweet clover", id="list"
        ),
        pytest.param(
            f"{_SECOND}\n\n{_NOTE}\n\n    sow(clover, row=3)\n    water(clover)\n    wait(7)",
            id="code",
        ),
        pytest.param(f"{_SECOND}\n\n{_NOTE}\n\n-- The valley's almanac, for the year", id="signed"),
        pytest.param(
            f"{_SECOND}\n\n{_NOTE}\n\n-- The valley's almanac, printed for the\n   fortieth year, "
            "with a map of the meadows, the times of the post and a table of the moon",
            id="signed on two lines",
        ),
        pytest.param(
            f"{_NOTE}\n\nWhat is left is sown by the children on the slope behind the chapel, "
            "where it is dry, and where the oldest has to keep the goats away until it is green.",
            id="small",
        ),
    ],
)
def test_what_others_need_stays(tmp_path: Path, second: str) -> None:
    assert left(tmp_path, f"{_FIRST}\n\n{_NOTE}", second) == second


def test_a_reference_says_the_same_of_like_things(tmp_path: Path) -> None:
    option = (
        "If the given number of rows is less than one, nothing is sown and an error is raised, "
        "which names the field and the row, so that the caller can mend the plan and try again."
    )
    text = "\n\n".join(
        f".. function:: {name}(field, rows=1, *, seed=None, depth=3, water=True)\n\n"
        f"   {does}\n\n   {option}"
        for name, does in (
            ("sow", "Sow the field in as many rows as are given."),
            ("plant", "Plant what grew in boxes, row by row, when the frost is over."),
            ("graft", "Graft the trees that stand along the field."),
        )
    )
    (tmp_path / "a.rst.txt").write_text(text + "\n", "utf-8")
    deduplicate(tmp_path / "a.rst.txt", output=tmp_path / "out")
    assert (tmp_path / "out/a.rst.txt").read_text("utf-8") == text + "\n"
