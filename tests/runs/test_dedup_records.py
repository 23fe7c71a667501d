"""Whole records: what goes, what stays byte for byte, and the way back."""

from __future__ import annotations

import functools
import gzip
import json
import random
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from cleaner import restore_files
from cleaner.core.errors import UsageError
from tests.interpreted import kernels
from tests.runs.corpus import (
    deduplicate,
    edited,
    journal,
    jsonl,
    near_texts,
    paragraph,
    records,
    restored,
    tree,
)

_WORD = re.compile(r"[^\W_]+")


def kept_texts(file: Path) -> list[str]:
    return [json.loads(line)["text"] for line in file.read_text("utf-8").splitlines()]


@functools.cache
def shingles(text: str) -> frozenset[tuple[str, ...]]:
    words = _WORD.findall(text.casefold())
    return frozenset(tuple(words[i : i + 5]) for i in range(max(1, len(words) - 4)))


def similarity(one: str, two: str) -> float:
    first, second = shingles(one), shingles(two)
    return len(first & second) / len(first | second)


@pytest.mark.parametrize("jobs", [1, 2])
def test_duplicates_are_those_of_brute_force(tmp_path: Path, jobs: int) -> None:
    texts = near_texts(500, seed=jobs)
    source = tmp_path / "a.jsonl"
    source.write_bytes(jsonl(texts))
    deduplicate(
        source, output=tmp_path / "out", unit="record", jobs=jobs, variants="remove",
        survivor="first",
    )  # fmt: skip
    lines = (tmp_path / "out/a.jsonl").read_text("utf-8").splitlines()
    kept = {json.loads(line)["id"] for line in lines}
    missed = orphans = 0
    for number, text in enumerate(texts):
        near = [i for i in kept if i < number and similarity(texts[i], text) >= 0.8]
        missed += number in kept and bool(near)
        orphans += number not in kept and not near
    assert orphans == 0
    assert missed <= 1
    assert len(kept) < 400


def test_the_journal_names_what_a_record_repeats(tmp_path: Path) -> None:
    chance = random.Random(4)
    text = paragraph(chance, 90)
    (tmp_path / "a.jsonl").write_bytes(jsonl([paragraph(chance), text]))
    (tmp_path / "b.jsonl").write_bytes(jsonl([text, edited(text, chance, 1), paragraph(chance)]))
    inputs = (tmp_path / "a.jsonl", tmp_path / "b.jsonl")
    deduplicate(*inputs, output=tmp_path / "out", unit="record", variants="remove")
    first, second = journal(tmp_path / "out")
    assert first["kind"] == second["kind"] == "removed"
    assert (first["file"], first["record"], second["record"]) == ("b.jsonl", 1, 2)
    assert (first["rule"], first["survivor"], first["survivor_place"]) == ("DUP402", "a.jsonl", 2)
    assert (second["rule"], second["survivor"], second["survivor_place"]) == (
        "DUP412",
        "a.jsonl",
        2,
    )
    gone = json.loads(records(tmp_path / "out")[1]["source"])
    assert second["similarity"] == pytest.approx(similarity(text, gone["text"]), abs=1e-6)


def test_what_stays_is_copied_byte_for_byte(tmp_path: Path) -> None:
    chance = random.Random(1)
    text = paragraph(chance)
    lines = [
        b'{"text": "caf\\u00e9 ' + text.encode() + b'", "n": 1.50, "x": [1,  2]}\r\n',
        b'  {"x":{"text":"inner"},"text":"' + paragraph(chance).encode() + b'"} \n',
        b'{"text": "CAF\\u00c9 ' + text.upper().encode() + b'", "n": NaN}\n',
        b'{"text": "' + paragraph(chance).encode() + b'"}',
    ]
    (tmp_path / "a.jsonl").write_bytes(b"".join(lines))
    deduplicate(tmp_path / "a.jsonl", output=tmp_path / "out", unit="record")
    assert (tmp_path / "out/a.jsonl").read_bytes() == lines[0] + lines[1] + lines[3]
    assert restored(tmp_path / "out", tmp_path / "back")["a.jsonl"] == b"".join(lines)


@pytest.mark.parametrize("size", [3, 4000])
def test_bad_and_blank_lines_stand_in_the_journal(tmp_path: Path, size: int) -> None:
    chance = random.Random(2)
    texts = [paragraph(chance, 50) for _ in range(size)]
    lines = jsonl([*texts, texts[0]]).splitlines(keepends=True)
    lines[1:1] = [b"\n", b"{broken\n", b'{"other": 1}\n', b'{"text": 7}\r\n', b'{"text": "\xff"}\n']
    lines[0] = b"\xef\xbb\xbf" + lines[0]
    lines[-1] = lines[-1].rstrip(b"\n")
    (tmp_path / "a.jsonl").write_bytes(b"".join(lines))
    report = deduplicate(tmp_path / "a.jsonl", output=tmp_path / "out", unit="record")
    assert [problem.partition(": ")[0] for problem in report.problems] == [
        f"a.jsonl:{number}" for number in (3, 4, 5, 6)
    ]
    assert (tmp_path / "out/a.jsonl").read_bytes() == b"".join([lines[0], *lines[6:-1]])
    assert restored(tmp_path / "out", tmp_path / "back")["a.jsonl"] == b"".join(lines)
    assert report.files[0].records == size + 6
    assert report.files[0].records_written == size


def test_interpreted_kernels_give_the_same(tmp_path: Path) -> None:
    lines = jsonl(near_texts(300, seed=9)).splitlines(keepends=True)
    lines[5:5] = [b" \t\n", b'{"text": "\\ud800 alone"}\n', b"[]\n"]
    (tmp_path / "a.jsonl").write_bytes(b"".join(lines))
    trees = []
    for compiled in (False, True):
        output = tmp_path / f"out{compiled}"
        with kernels(compiled=compiled):
            deduplicate(tmp_path / "a.jsonl", output=output, unit="record", contained="report")
        trees.append(tree(output))
    assert trees[0] == trees[1]


def test_the_same_bytes_whatever_the_workers_order_or_memory(tmp_path: Path) -> None:
    texts = near_texts(3000, seed=3)
    names = ["b.jsonl", "a.jsonl", "c.jsonl.gz"]
    for number, name in enumerate(names):
        data = jsonl(texts[number * 1000 : (number + 1) * 1000])
        (tmp_path / name).write_bytes(gzip.compress(data) if name.endswith("gz") else data)
    paths = [tmp_path / name for name in names]
    trees = []
    for number, (order, more) in enumerate(
        [(paths, {}), (paths[::-1], {"jobs": 3}), (paths[1:] + paths[:1], {"memory": 1 << 20})]
    ):
        output = tmp_path / f"out{number}"
        deduplicate(*order, output=output, unit="record", numbers="ignore", **more)
        found = tree(output)
        trees.append(found)
    assert trees[0] == trees[1] == trees[2]


@pytest.mark.parametrize("contained", ["off", "remove"])
def test_a_second_run_removes_nothing(tmp_path: Path, contained: str) -> None:
    (tmp_path / "a.jsonl").write_bytes(jsonl(near_texts(1500, seed=5)))
    first, second = tmp_path / "one", tmp_path / "two"
    deduplicate(tmp_path / "a.jsonl", output=first, unit="record", contained=contained)
    report = deduplicate(first, output=second, unit="record", contained=contained)
    assert set(report.counts) == {"DUP413"}
    assert (first / "a.jsonl").read_bytes() == (second / "a.jsonl").read_bytes()


def test_notices_that_differ_in_numbers_stay(tmp_path: Path) -> None:
    notices = [
        "The supply of water to the houses of this road is cut off for the time of the works, from "
        "early morning until the evening, and we ask all to store what they need until day "
        f"{1000 + i}"
        for i in range(1000)
    ]
    (tmp_path / "a.jsonl").write_bytes(jsonl(notices))
    deduplicate(tmp_path / "a.jsonl", output=tmp_path / "out", unit="record")
    assert kept_texts(tmp_path / "out/a.jsonl") == notices
    deduplicate(tmp_path / "a.jsonl", output=tmp_path / "out", unit="record", numbers="ignore")
    assert len(kept_texts(tmp_path / "out/a.jsonl")) < 10


@pytest.mark.parametrize(
    ("text", "copy"),
    [
        (
            "渡船は六時に十四人を乗せて港を出て九時に誰も乗せずに戻ってきたが船長は何も語らなかった",
            "渡船は六時に十四人を乗せて港を出て九時に誰も乗せずに戻ってきたが船長は何も語らなかったよ",
        ),
        (
            "เรือข้ามฟากออกจากท่าตอนหกโมงเช้าพร้อมผู้โดยสารสิบสี่คนและกลับมาตอนเก้าโมงโดยไม่มีใครอยู่บนเรือเลย",
            "เรือข้ามฟากออกจากท่าตอนหกโมงเช้าพร้อมผู้โดยสารสิบสี่คนและกลับมาตอนเก้าโมงโดยไม่มีใครอยู่บนเรือ",
        ),
    ],
)
def test_scripts_without_spaces(tmp_path: Path, text: str, copy: str) -> None:
    (tmp_path / "a.jsonl").write_bytes(jsonl([text, copy, text]))
    for variants, code in (("keep", "DUP413"), ("remove", "DUP412")):
        report = deduplicate(
            tmp_path / "a.jsonl", output=tmp_path / "out", unit="record", variants=variants
        )
        assert report.counts == {"DUP402": 1, code: 1}


def test_protected_texts_are_compared_with_and_never_changed(tmp_path: Path) -> None:
    chance = random.Random(6)
    texts = [paragraph(chance, 90) for _ in range(3)]
    reference = tmp_path / "reference.jsonl"
    reference.write_bytes(jsonl([texts[1], texts[1], texts[2]]))
    (tmp_path / "a.jsonl").write_bytes(jsonl([texts[0], edited(texts[1], chance, 1), texts[2]]))
    report = deduplicate(
        tmp_path / "a.jsonl", output=tmp_path / "out", unit="record", protect=[str(reference)],
        variants="remove",
    )  # fmt: skip
    assert report.counts == {"DUP402": 1, "DUP412": 1}
    assert kept_texts(tmp_path / "out/a.jsonl") == texts[:1]
    assert sorted(tree(tmp_path / "out")) == [
        "_cleaner/files.parquet", "_cleaner/journal.parquet", "_cleaner/records.parquet",
        "_cleaner/report.json", "a.jsonl",
    ]  # fmt: skip
    assert {row["survivor"] for row in journal(tmp_path / "out")} == {str(reference)}
    with pytest.raises(UsageError, match="protected"):
        deduplicate(reference, output=tmp_path / "no", unit="record", protect=[str(reference)])


@pytest.mark.parametrize(
    "worse",
    [
        lambda text: text.upper(),
        lambda text: text.replace(",", ""),
        lambda text: text.replace(" ", "", 1),
        lambda text: text.replace("a", "a\u00ad", 1),
        lambda text: text.replace("\u00e9", "\u00c3\u00a9"),
        lambda text: text.replace("\u00e9", "\ufffd"),
        lambda text: f"{text[:-30]}\u2026",
        lambda text: text[: text.rindex(" ", 0, -33) + 3],
    ],
)
@pytest.mark.parametrize("size", [2, 3000])
def test_the_best_copy_survives(tmp_path: Path, worse: Callable[[str], str], size: int) -> None:
    chance = random.Random(7)
    whole = f"{paragraph(chance, 90)}, says the caf\u00e9 by the quay, {paragraph(chance, 60)}."
    others = [paragraph(chance, 40) for _ in range(size)]
    for texts in ([worse(whole), whole], [whole, worse(whole)]):
        (tmp_path / "a.jsonl").write_bytes(jsonl([*texts, *others]))
        output = tmp_path / "out"
        report = deduplicate(tmp_path / "a.jsonl", output=output, unit="record")
        assert kept_texts(output / "a.jsonl") == [whole, *others]
        assert report.counts == {"DUP412": 1}
        deduplicate(tmp_path / "a.jsonl", output=output, unit="record", survivor="first")
        assert kept_texts(output / "a.jsonl")[0] == texts[0]


DECISIVE = [
    ("The lamp takes 5 mW at night", "The lamp takes 5 MW at night"),
    ("It was -12 degrees at noon", "It was 12 degrees at noon"),
    ("It was given to the widow", "It was not given to the widow"),
    ("Write it in C++ if you can", "Write it in C# if you can"),
    ("The case n > 3 is left to you", "The case n < 3 is left to you"),
    ("Did he pay? Yes", "Did he pay. Yes"),
    ("The court met in May", "The court met in June"),
    ("Take 1.5 spoons of it", "Take 1,5 spoons of it"),
    ("Fe\u00b2\u207a is green", "Fe\u00b2\u207b is green"),
    ("f'(x) is positive", "f''(x) is positive"),
    ("They were late again", "They we're late again"),
    ("\u88ab\u544a\u6709\u7f6a", "\u88ab\u544a\u65e0\u7f6a"),
]


@pytest.mark.parametrize(("one", "two"), DECISIVE)
@pytest.mark.parametrize("size", [2, 3000])
def test_variants_stay_and_are_told_of(tmp_path: Path, one: str, two: str, size: int) -> None:
    chance = random.Random(17)
    around = paragraph(chance, 120)
    texts = [f"{around}, {one}, {around[::-1]}", f"{around}, {two}, {around[::-1]}"]
    texts += [paragraph(chance, 40) for _ in range(size)]
    (tmp_path / "a.jsonl").write_bytes(jsonl(texts))
    output = tmp_path / "out"
    report = deduplicate(tmp_path / "a.jsonl", output=output, unit="record")
    assert kept_texts(output / "a.jsonl") == texts
    assert report.counts == {"DUP413": 1}
    (note,) = journal(output)
    assert note["kind"] == "note"
    assert (note["record"], note["rule"]) in ((1, "DUP413"), (2, "DUP413"))


def test_contained_records(tmp_path: Path) -> None:
    chance = random.Random(8)
    long, other = paragraph(chance, 120), paragraph(chance, 50)
    inside = " ".join(long.split()[30:70])
    (tmp_path / "a.jsonl").write_bytes(jsonl([inside, long, other]))
    output = tmp_path / "out"
    assert not deduplicate(tmp_path / "a.jsonl", output=output, unit="record").counts
    report = deduplicate(tmp_path / "a.jsonl", output=output, unit="record", contained="report")
    assert report.counts == {"DUP421": 1}
    assert kept_texts(output / "a.jsonl") == [inside, long, other]
    (note,) = journal(output)
    assert (note["record"], note["survivor"], note["survivor_place"]) == (1, "a.jsonl", 2)
    assert restored(output, tmp_path / "one")["a.jsonl"] == (tmp_path / "a.jsonl").read_bytes()
    deduplicate(tmp_path / "a.jsonl", output=output, unit="record", contained="remove")
    assert kept_texts(output / "a.jsonl") == [long, other]
    assert restored(output, tmp_path / "two")["a.jsonl"] == (tmp_path / "a.jsonl").read_bytes()


def test_text_files_are_records_too(tmp_path: Path) -> None:
    chance = random.Random(10)
    text = paragraph(chance, 30)
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a.txt").write_bytes(f"É {text}\r\n\r\n".encode())
    (folder / "b.txt").write_bytes(f"é {text}".encode("utf-16"))
    (folder / "c.txt").write_bytes(paragraph(chance).encode())
    (folder / "d.txt").write_bytes(b"\0\1")
    (folder / "e.jsonl").write_bytes(jsonl([f"é {text}"]))
    report = deduplicate(folder, output=tmp_path / "out", unit="record")
    assert len(report.problems) == 1
    assert "d.txt" in report.problems[0]
    assert sorted(name for name in tree(tmp_path / "out") if "_cleaner" not in name) == [
        "a.txt", "c.txt",
    ]  # fmt: skip
    back = restored(tmp_path / "out", tmp_path / "back")
    assert back == {name: data for name, data in tree(folder).items() if name != "d.txt"}


def test_a_file_that_breaks_off_counts_for_nothing(tmp_path: Path) -> None:
    texts = near_texts(30_000, seed=11)
    whole = gzip.compress(jsonl(texts[:20_000]))
    (tmp_path / "a.jsonl.gz").write_bytes(whole[: len(whole) - 500])
    (tmp_path / "b.jsonl").write_bytes(jsonl(texts[:5000]))
    both, alone = tmp_path / "both", tmp_path / "alone"
    report = deduplicate(tmp_path / "a.jsonl.gz", tmp_path / "b.jsonl", output=both, unit="record")
    assert len(report.problems) == 1
    deduplicate(tmp_path / "b.jsonl", output=alone, unit="record")
    assert tree(both, but="report.json") == tree(alone, but="report.json")


def test_marks_can_be_taken_off_again(tmp_path: Path) -> None:
    chance = random.Random(12)
    text = paragraph(chance)
    source = jsonl([text, text]) + b'{"text": "' + text.encode() + b'"  } \r\n'
    (tmp_path / "a.jsonl").write_bytes(source)
    (tmp_path / "b.txt").write_bytes(text.encode())
    first = tmp_path / "one"
    inputs = (tmp_path / "a.jsonl", tmp_path / "b.txt")
    report = deduplicate(*inputs, output=first, unit="record", on_duplicate="mark")
    assert report.counts == {"DUP402": 3}
    records = [json.loads(line) for line in (first / "a.jsonl").read_bytes().splitlines()]
    assert [record.get("duplicate_of") for record in records] == [None, "a.jsonl:1", "a.jsonl:1"]
    assert (first / "b.txt").read_bytes() == text.encode()
    assert restored(first, tmp_path / "back") == {"a.jsonl": source, "b.txt": text.encode()}
    deduplicate(first, output=tmp_path / "two", unit="record", on_duplicate="mark")
    assert (first / "a.jsonl").read_bytes() == (tmp_path / "two/a.jsonl").read_bytes()


def test_an_output_that_was_changed_is_not_restored(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(jsonl(near_texts(50, seed=13)))
    output = tmp_path / "out"
    deduplicate(tmp_path / "a.jsonl", output=output, unit="record")
    lines = (output / "a.jsonl").read_bytes().splitlines(keepends=True)
    (output / "a.jsonl").write_bytes(b"".join(lines[:-1]))
    (file,) = restore_files(output, tmp_path / "back")
    assert file.error is not None
    assert not (tmp_path / "back/a.jsonl").exists()


def test_a_source_changed_during_the_run_is_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = tmp_path / "a.jsonl"
    source.write_bytes(jsonl(near_texts(50, seed=14)))
    from cleaner.runs.records import records

    write = records.RecordRun._write

    def change_and_write(*arguments: object, **options: object) -> object:
        source.write_bytes(jsonl(near_texts(50, seed=15)))
        return write(*arguments, **options)

    monkeypatch.setattr(records.RecordRun, "_write", change_and_write)
    report = deduplicate(source, output=tmp_path / "out", unit="record")
    (problem,) = report.problems
    assert "was changed while it was read" in problem
    assert {name for name in tree(tmp_path / "out") if not name.startswith("_cleaner/")} == set()
    assert list(restore_files(tmp_path / "out", tmp_path / "back")) == []


@examples(max_examples=40, deadline=None, derandomize=True)
@given(
    st.lists(
        st.one_of(
            st.sampled_from(near_texts(6, seed=16)).map(lambda text: json.dumps({"text": text})),
            st.text(max_size=20).map(lambda text: json.dumps({"text": text})),
            st.sampled_from(["", " ", "{", "[]", '{"text": 1}', '{"text": "a"} ']),
        ).map(str.encode)
        | st.binary(max_size=6),
        max_size=12,
    ),
    st.sampled_from([b"\n", b"\r\n"]),
    st.sampled_from(["remove", "mark"]),
)
def test_whatever_comes_in_can_be_restored(
    tmp_path_factory: pytest.TempPathFactory, lines: list[bytes], line_end: bytes, what: str
) -> None:
    folder = tmp_path_factory.mktemp("any")
    data = line_end.join(lines)
    (folder / "a.jsonl").write_bytes(data)
    output = folder / "out"
    deduplicate(
        folder / "a.jsonl", output=output, unit="record", on_duplicate=what, min_words_exact=0
    )
    assert restored(output, folder / "back") == {"a.jsonl": data}


@pytest.mark.parametrize("change", [str, lambda text: text.replace(".", " !").upper()])
def test_copies_of_a_contained_record_go_with_it(
    tmp_path: Path, change: Callable[[str], str]
) -> None:
    chance = random.Random(11)
    text = paragraph(chance, 60)
    longer = f"{paragraph(chance, 60)} {text} {paragraph(chance, 60)}"
    (tmp_path / "a.jsonl").write_bytes(jsonl([text, text, change(text), longer]))
    first, second = tmp_path / "one", tmp_path / "two"
    report = deduplicate(tmp_path / "a.jsonl", output=first, unit="record", contained="remove")
    assert kept_texts(first / "a.jsonl") == [longer]
    assert report.counts == {"DUP421": 3}
    assert deduplicate(first, output=second, unit="record", contained="remove").counts == {}
