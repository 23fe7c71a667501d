"""Paragraphs and lines inside texts, by `dedup` alone and as part of `clean`."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from cleaner import Cleaner
from tests.runs.corpus import (
    deduplicate,
    edited,
    journal,
    jsonl,
    paragraph,
    restored,
    settings,
    tree,
)


def documents(seed: int) -> dict[str, bytes]:
    """Return files of paragraphs; some paragraphs stand in several, whole or edited."""
    chance = random.Random(seed)
    shared = [paragraph(chance, 90) for _ in range(4)]
    files = {}
    for name in ("b.txt", "a.txt", "deep/c.txt"):
        own = [paragraph(chance), shared[0], edited(shared[1], chance, 1), paragraph(chance)]
        chance.shuffle(own)
        files[name] = "\n\n".join([*own, shared[2]]).encode() + b"\n"
    texts = [f"{shared[3]}\n\n{paragraph(chance)}", f"{paragraph(chance)}\n\n{shared[3]}"]
    files["d.jsonl"] = jsonl(texts)
    return files


def written(folder: Path, files: dict[str, bytes]) -> Path:
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    return folder


def test_only_the_copies_go(tmp_path: Path) -> None:
    chance = random.Random(1)
    one, two, three = (paragraph(chance, 60) for _ in range(3))
    more = f"{two}  \r\n\r\n{one}\r\n\r\n{one.upper()}\r\n\r\n"
    source = f"  {one}\r\n\r\n\r\n{more}{three}".encode()
    (tmp_path / "a.txt").write_bytes(source)
    report = deduplicate(tmp_path / "a.txt", output=tmp_path / "out")
    assert report.counts == {"DUP401": 1, "DUP411": 1}
    assert (tmp_path / "out/a.txt").read_bytes() == (
        f"  {one}\r\n\r\n\r\n{two}  \r\n\r\n{three}".encode()
    )
    assert restored(tmp_path / "out", tmp_path / "back")["a.txt"] == source


def test_what_has_no_copy_stays_byte_for_byte(tmp_path: Path) -> None:
    chance = random.Random(2)
    files = {
        "a.txt": f"caf\xe9 {paragraph(chance)}\r\r{paragraph(chance)}".encode("latin-1"),
        "b.txt": paragraph(chance).encode("utf-16"),
        "c.txt": b" \n\n",
        "d.jsonl": b'{"text":"caf\\u00e9",  "n": 1.0}\r\n\n{"text": "Two."}',
    }
    report = deduplicate(written(tmp_path / "in", files), output=tmp_path / "out")
    assert not report.counts
    for name in ("a.txt", "b.txt", "c.txt"):
        assert (tmp_path / "out" / name).read_bytes() == files[name]
    assert (tmp_path / "out/d.jsonl").read_bytes() == files["d.jsonl"].replace(b"\n\n", b"\n")
    assert restored(tmp_path / "out", tmp_path / "back") == files


@pytest.mark.parametrize("unit", ["paragraph", "line", "record"])
def test_files_can_be_restored_and_a_second_run_removes_nothing(tmp_path: Path, unit: str) -> None:
    files = documents(3)
    first, second = tmp_path / "one", tmp_path / "two"
    deduplicate(written(tmp_path / "in", files), output=first, unit=unit)
    assert restored(first, tmp_path / "back") == files
    report = deduplicate(first, output=second, unit=unit)
    assert not [code for code in report.counts if code < "DUP420"]
    again = tree(second)
    for name, data in tree(first).items():
        if "_cleaner" not in name:
            assert again[name] == data


def test_what_is_left_may_fall_into_other_units(tmp_path: Path) -> None:
    """A block that stands alone is one paragraph a line; its lines may be copies."""
    chance = random.Random(4)
    one, two, three = (paragraph(chance, 25) for _ in range(3))
    copy = paragraph(chance, 30)
    (tmp_path / "a.txt").write_text(f"{copy}\n\n{three}\n\n{two}\n", "utf-8")
    (tmp_path / "b.txt").write_text(f"{one}\n{two}\n\n{copy}\n", "utf-8")
    inputs = (tmp_path / "a.txt", tmp_path / "b.txt")
    deduplicate(*inputs, output=tmp_path / "out")
    assert (tmp_path / "out/b.txt").read_text("utf-8").split() == one.split()
    assert not deduplicate(tmp_path / "out", output=tmp_path / "again").counts
    back = restored(tmp_path / "out", tmp_path / "back")
    assert back["b.txt"] == (tmp_path / "b.txt").read_bytes()


def test_the_same_bytes_whatever_the_workers_order_or_memory(tmp_path: Path) -> None:
    folder = written(tmp_path / "in", documents(5))
    inputs = [folder / "a.txt", folder / "b.txt", folder / "d.jsonl"]
    trees = []
    for number, (order, more) in enumerate(
        [(inputs, {}), (inputs[::-1], {"jobs": 2}), (inputs, {"memory": 1 << 16})]
    ):
        output = tmp_path / f"out{number}"
        deduplicate(*order, output=output, **more)
        found = tree(output)
        trees.append(found)
    assert trees[0] == trees[1] == trees[2]


def test_a_document_that_repeats_another_is_told_of(tmp_path: Path) -> None:
    chance = random.Random(6)
    shared = [paragraph(chance, 50) for _ in range(3)]
    own = paragraph(chance, 40)
    texts = ["\n\n".join(shared), "\n\n".join([own, *shared]), paragraph(chance)]
    (tmp_path / "a.jsonl").write_bytes(jsonl(texts))
    report = deduplicate(tmp_path / "a.jsonl", output=tmp_path / "out")
    assert report.counts == {"DUP402": 3, "DUP430": 1}
    (note,) = (row for row in journal(tmp_path / "out") if row["kind"] == "note")
    assert (note["record"], note["rule"], note["start"], note["end"]) == (2, "DUP430", 0, 0)
    assert (note["survivor"], note["survivor_place"]) == ("a.jsonl", 1)
    assert note["similarity"] == pytest.approx(0.79, abs=0.005)


def test_contained_passages(tmp_path: Path) -> None:
    chance = random.Random(7)
    long, own = paragraph(chance, 150), paragraph(chance)
    inside = " ".join(long.split()[40:90])
    files = {"a.txt": f"{own}\n\n{inside}\n".encode(), "b.txt": f"{long}\n".encode()}
    folder = written(tmp_path / "in", files)
    output = tmp_path / "out"
    assert deduplicate(folder, output=output).counts == {"DUP421": 1}
    assert restored(output, tmp_path / "one") == files
    (note,) = journal(output)
    assert (note["kind"], note["start"]) == ("note", len(own) + 2)
    assert (note["survivor"], note["survivor_place"], note["similarity"]) == ("b.txt", 1, 1.0)
    deduplicate(folder, output=output, contained="remove")
    assert (output / "a.txt").read_text("utf-8") == f"{own}\n"
    assert restored(output, tmp_path / "two") == files


def test_marks_can_be_taken_off_again(tmp_path: Path) -> None:
    chance = random.Random(8)
    text = paragraph(chance, 60)
    more = f"{paragraph(chance, 60)}\n\n{text}"
    files = {
        "a.jsonl": jsonl([f"{text}\n\n{paragraph(chance)}", more]),
        "b.txt": f"{text}\n".encode(),
    }
    first, second = tmp_path / "one", tmp_path / "two"
    deduplicate(written(tmp_path / "in", files), output=first, on_duplicate="mark")
    record = json.loads((first / "a.jsonl").read_text("utf-8").splitlines()[1])
    (mark,) = record["duplicate_of"]
    assert record["text"][mark["start"] : mark["end"]] == text
    assert mark["of"] == "a.jsonl:1"
    assert (first / "b.txt").read_bytes() == files["b.txt"]
    assert restored(first, tmp_path / "back") == files
    deduplicate(first, output=second, on_duplicate="mark")
    assert (first / "a.jsonl").read_bytes() == (second / "a.jsonl").read_bytes()


def test_clean_takes_the_same_settings(tmp_path: Path) -> None:
    chance = random.Random(9)
    text = paragraph(chance, 60)
    reference = written(tmp_path / "ref", {"r.txt": f"{text} of 1803\n".encode()})
    folder = written(
        tmp_path / "in",
        {"a.txt": f"{paragraph(chance)}\n\n{text} of 1804\n\n{text} of 1805\n".encode()},
    )
    for numbers, expected in (("differ", {"DUP413": 2}), ("ignore", {"DUP412": 2, "DUP430": 1})):
        options = settings(protect=[str(reference)], numbers=numbers)
        report = Cleaner(options).clean_files([folder], tmp_path / "out", overwrite=True)
        found = {code: count for code, count in report.counts.items() if code.startswith("DUP4")}
        assert found == expected
    assert [file.name for file in report.files] == ["a.txt"]
    assert "r.txt" not in tree(tmp_path / "out")


def test_clean_keeps_the_least_damaged_copy(tmp_path: Path) -> None:
    chance = random.Random(10)
    text = f"Caf\xe9 owners {paragraph(chance, 40)}"
    damaged = text.replace("\xe9", "\xc3\xa9")
    folder = written(
        tmp_path / "in", {"a.txt": f"{damaged}\n".encode(), "b.txt": f"{text}\n".encode()}
    )
    for survivor, name in (("first", "a.txt"), ("best", "b.txt")):
        report = Cleaner(settings(survivor=survivor)).clean_files(
            [folder], tmp_path / "out", overwrite=True
        )
        assert [f.name for f in report.files if f.output_sha256 is not None] == [name]


def test_what_an_index_knows_may_matter_to_the_first_round_alone(tmp_path: Path) -> None:
    chance = random.Random(11)
    known, own = paragraph(chance, 60), paragraph(chance, 60)
    (tmp_path / "old.txt").write_text(f"{known}\n", "utf-8")
    (tmp_path / "new.txt").write_text(f"{own}\n\n{known}\n", "utf-8")
    index = str(tmp_path / "index")
    deduplicate(tmp_path / "old.txt", output=tmp_path / "one", index=index)
    deduplicate(tmp_path / "new.txt", output=tmp_path / "two", index=index)
    assert (tmp_path / "two/new.txt").read_text("utf-8") == f"{own}\n"
    (edit,) = journal(tmp_path / "two")
    assert (edit["rule"], edit["survivor"], edit["survivor_place"]) == ("DUP402", "old.txt", 1)


@pytest.mark.parametrize("end", ["", "\n", "\r\n"])
def test_records_that_go_as_a_whole_are_restored_however_they_were_written(
    tmp_path: Path, end: str
) -> None:
    chance = random.Random(12)
    text = f'Caf\xe9s \U0001f600 "all" the way\\down\n\n{paragraph(chance, 60)}'
    plain, ascii_only = json.dumps(text, ensure_ascii=False), json.dumps(text)
    odd = ascii_only.replace("C", "\\u0043")
    records = [
        f'{{"text": {plain}}}',
        f'{{"text": {ascii_only}, "n": 1.50}}',
        f' {{"text":{plain}}} ',
        f'{{"title": {plain}, "text" : {plain}}}',
        f'{{"title": {plain}, "text": {odd}}}',
        f'{{"text": "first", "text": {plain}}}',
    ]
    source = "\n".join(records).encode() + end.encode()
    (tmp_path / "a.jsonl").write_bytes(source)
    report = deduplicate(tmp_path / "a.jsonl", output=tmp_path / "out")
    assert report.files[0].records_written == 1
    assert report.emptied.documents == [f"a.jsonl:{number}" for number in range(2, 7)]
    assert restored(tmp_path / "out", tmp_path / "back")["a.jsonl"] == source


_PARAGRAPHS = st.sampled_from([paragraph(random.Random(i % 3), 12 + i // 3) for i in range(9)])


@examples(max_examples=40, deadline=None, derandomize=True)
@given(
    st.lists(
        st.lists(_PARAGRAPHS | st.text(max_size=12), max_size=6).map("\n\n".join),
        min_size=1,
        max_size=3,
    ),
    st.sampled_from(["paragraph", "line"]),
)
def test_any_texts_are_restored_and_stable(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str], unit: str
) -> None:
    folder = tmp_path_factory.mktemp("any")
    files = {
        f"{number}.txt": text.encode("utf-8", "replace")
        for number, text in enumerate(texts)
        if text and "\0" not in text
    }
    if not files:
        return
    deduplicate(written(folder / "in", files), output=folder / "one", unit=unit)
    assert restored(folder / "one", folder / "back") == files
    first = {n: d for n, d in tree(folder / "one").items() if "_cleaner" not in n}
    if first:
        deduplicate(folder / "one", output=folder / "two", unit=unit)
        assert first == {n: d for n, d in tree(folder / "two").items() if "_cleaner" not in n}
