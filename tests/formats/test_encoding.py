"""Bytes in any encoding come in as the text they mean, and go back as they were."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner import Settings, clean_files, restore_files
from cleaner.core.errors import InputError
from cleaner.formats.encoding import decode, form_of, source_of
from cleaner.language.detection import detect

PAGES = tomllib.loads((Path(__file__).parent / "pages.toml").read_text("utf-8"))
LEGACY = [
    ("de", "cp1252"), ("de", "latin-1"), ("fr", "cp1252"), ("es", "latin-1"), ("es", "cp1252"),
    ("ru", "cp1251"), ("ru", "koi8-r"), ("ja", "shift_jis"), ("ja", "euc_jp"), ("zh", "gb18030"),
    ("zh_traditional", "big5"), ("ko", "cp949"), ("el", "cp1253"), ("pl", "cp1250"),
    ("pl", "iso8859-2"), ("cs", "cp1250"), ("hu", "cp1250"), ("tr", "cp1254"),
]  # fmt: skip
SENTENCES = tomllib.loads((Path(__file__).parent / "sentences.toml").read_text("utf-8"))["one"]
MARKED = ["utf-8-sig", "utf-16", "utf-32"]


def page(language: str) -> str:
    text = PAGES[language]
    return f"{text}\r\n\r\n{text}\r\n"


@pytest.mark.parametrize(("language", "encoding"), LEGACY)
@pytest.mark.parametrize("copies", [1, 20, 400])
def test_legacy_page_is_read_rightly(language: str, encoding: str, copies: int) -> None:
    text = page(language) * copies
    decoded = decode(text.encode(encoding))
    assert decoded.text == text
    assert decoded.notes[0].code == "ENC101"
    assert decoded.encoding in decoded.notes[0].detail


@pytest.mark.parametrize(
    ("text", "encoding"),
    [(one["text"], encoding) for one in SENTENCES for encoding in one["encodings"]],
)
def test_a_sentence_is_read_rightly_for_sure(text: str, encoding: str) -> None:
    decoded = decode(text.encode(encoding))
    assert decoded.text == text
    assert [note.code for note in decoded.notes] == ["ENC101"]


@pytest.mark.parametrize(
    ("data", "text", "said"),
    [
        (b"\x86 sikre at", "å sikre at", "read as cp850, could be cp1252"),
        (
            b"bad byte \xff here",
            "bad byte \udcff here",
            "some bytes fit no encoding, read as utf-8",
        ),
        (bytes(range(0x80, 0xA0)) * 2, "", "no encoding fits, read as latin-1"),
    ],
)
def test_doubt_is_said(data: bytes, text: str, said: str) -> None:
    decoded = decode(data)
    assert decoded.text == (text or data.decode("latin-1"))
    assert decoded.notes[-1].code == "ENC104"
    assert decoded.notes[-1].detail == f"{said}; --encoding NAME decides it"


def test_romanian_has_commas() -> None:
    text = "Căpitanul și oamenii lui s-au întors târziu în port."
    assert decode(text.encode("iso8859-16")).text == text


@pytest.mark.parametrize(
    ("data", "encoding", "text"),
    [
        (b"caf\x82", "cp850", "café"),
        (b"caf\x82", "IBM850", "café"),
        (b"\xe9t\xe9", "koi8_r", "ИtИ"),
        (b"a \x82\xa0\x82", "shift_jis", "a あ\udc82"),
        (b"a\0\xe9\0!", "utf-16-le", "aé\ufffd"),
        ("déjà".encode(), "latin-1", "dÃ©jÃ\xa0"),
        ("déjà".encode(), "utf-8", "déjà"),
        (b"d\xe9j\xe0", "utf-8", "d\udce9j\udce0"),
        (b"\xef\xbb\xbfd\xc3\xa9", "latin-1", "\ufeffdé"),
        ("\ufeffdé".encode("utf-16-le"), "latin-1", "\ufeffdé"),
    ],
)
def test_what_is_declared_decides_where_there_is_no_mark(
    data: bytes, encoding: str, text: str
) -> None:
    decoded = decode(data, encoding)
    assert decoded.text == text
    assert source_of(form_of(decoded, data), decoded.text) == data


@pytest.mark.parametrize(
    "data", [b"\xed\xa0\xbd\xed\xb8\x80", b"+AOk +AOk- d+AOk-j+AOA, +AOk-t+AOk."]
)
def test_other_ways_to_write_characters_go_back(data: bytes) -> None:
    decoded = decode(data)
    assert source_of(form_of(decoded, data), decoded.text) == data


@pytest.mark.parametrize("text", ["a +b c++ +A1 +AbC", "{~{a}~}", "\x1b$ \x1b(B", "1+1=2, +ACE"])
def test_ascii_is_ascii(text: str) -> None:
    assert decode(text.encode()) == (text, "utf-8", ())


@pytest.mark.parametrize(
    "text",
    [
        "È tardi, disse.",
        "Wärter",
        "Färjan gick klockan sex på morgonen.",
        "A comissão não aprovou a proposta. Já são três horas.",
        "Lautta lähti kuudelta. Kukaan ei nähnyt sen palaavan.",
        "“It’s late,” said the keeper — and he was right.",
        "ÜBER DEN FÄHRVERKEHR",
    ],
)
def test_short_western_text_is_read_rightly(text: str) -> None:
    assert decode(text.encode("cp1252")).text == text


@pytest.mark.parametrize("language", PAGES)
@pytest.mark.parametrize("encoding", MARKED)
def test_marked_page_is_read_rightly(language: str, encoding: str) -> None:
    text = page(language)
    decoded = decode(text.encode(encoding))
    assert decoded.text == "\ufeff" + text
    assert len(decoded.notes) == (encoding != "utf-8-sig")


@pytest.mark.parametrize("language", PAGES)
def test_utf_8_is_utf_8(language: str) -> None:
    text = page(language)
    assert decode(text.encode()) == (text, "utf-8", ())


@pytest.mark.parametrize("language", PAGES)
def test_stray_bytes_leave_utf_8_text_utf_8(language: str) -> None:
    text = page(language)
    decoded = decode(text.encode() + b"caf\xe9 \x92s")
    assert decoded.encoding == "utf-8"
    assert decoded.text == text + "caf\udce9 \udc92s"


@given(st.binary(max_size=80))
def test_any_bytes_go_back(data: bytes) -> None:
    try:
        decoded = decode(data)
    except InputError:
        return
    assert source_of(form_of(decoded, data), decoded.text) == data


@given(st.text(min_size=1, max_size=80), st.sampled_from(["utf-16-le", "utf-16-be", "utf-32-le"]))
def test_any_marked_text_goes_back(text: str, encoding: str) -> None:
    data = ("\ufeff" + text).encode(encoding, "replace")
    try:
        decoded = decode(data)
    except InputError:
        return
    assert source_of(form_of(decoded, data), decoded.text) == data


def test_detection_looks_past_a_cut_character() -> None:
    data = page("ja").encode("shift_jis")
    long = data * (1 + (1 << 17) // len(data))
    for shift in range(3):
        found = detect(b"x" * shift + long)
        assert found is not None
        assert found.encoding == "cp932"


@pytest.mark.parametrize(
    "data",
    [
        b"nu\0l",
        "nu\0l".encode("utf-16"),
        "nu\0l".encode("utf-8-sig"),
        b"\xff\xfea",
        b"\xff\xfe\x00\xd8",
        b"\xfe\xff\xdc\x00",
        b"\x00\x00\xfe\xff\xff\xff\xff\xff",
    ],
)
def test_binary_data_is_refused(data: bytes) -> None:
    with pytest.raises(InputError):
        decode(data)


FILES = {
    **{
        f"{language}.{encoding}.txt": page(language).encode(encoding)
        for language, encoding in LEGACY
    },
    **{f"ru.{encoding}.txt": page("ru").encode(encoding) for encoding in MARKED},
    "crlf.txt": b"one line\r\nand another\r\n",
    "cr.txt": b"one line\rand another\r",
    "mixed.txt": b"one\r\ntwo\nthree\rfour",
    "mixed_encodings.txt": "Fähre und Straße, à bord, até\n".encode() + b"caf\xe9 \x93so\x94\n",
    "no_end.txt": b"no line end",
    "latin.txt": bytes(range(0xA0, 0x100)),
    "high.txt": bytes(range(0x80, 0x100)),
    "bom_alone.txt": b"\xef\xbb\xbf",
    "utf_16_bom_alone.txt": b"\xff\xfe",
    "boms.jsonl": b'\xef\xbb\xbf{"text": "one  two"}\r\n\xef\xbb\xbf{"text": "three"}',
}


@pytest.fixture(scope="module")
def cleaned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("encodings")
    (folder / "in").mkdir()
    for name, data in FILES.items():
        (folder / "in" / name).write_bytes(data)
    report = clean_files([folder / "in"], folder / "out", Settings(jobs=1))
    assert report.problems == []
    assert {r.error for r in restore_files(folder / "out", folder / "back")} == {None}
    return folder


@pytest.mark.parametrize("name", FILES)
def test_file_is_restored(cleaned: Path, name: str) -> None:
    assert (cleaned / "back" / name).read_bytes() == FILES[name]


def test_output_is_utf_8_without_mark(cleaned: Path) -> None:
    outputs = [path for path in (cleaned / "out").iterdir() if path.is_file()]
    assert len(outputs) > 10
    for path in outputs:
        data = path.read_bytes()
        assert "\ufeff" not in data.decode("utf-8")
        assert b"\r" not in data
        assert data.endswith(b"\n")
