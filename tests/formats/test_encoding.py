"""Bytes in any encoding come in as the text they mean, and go back as they were."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner import Settings, clean_files, restore_files
from cleaner.core.errors import InputError
from cleaner.formats.encoding import decode, detect, encode

PAGES = {
    "de": "Die Fähre fuhr um sechs Uhr mit vierzehn Leuten hinaus. Über dem Hafen lag Nebel, und der "
    "Wärter schrieb es in sein großes Buch. Niemand fragte später danach, wie spät es war.",
    "fr": "Le bac est parti à six heures avec quatorze personnes à bord. À l’aube, l’éclusier a noté "
    "l’heure « exacte » dans son cahier — et il n’en a plus jamais parlé, même à sa sœur.",
    "es": "El barco salió a las seis con catorce niños. ¿Quién lo vio volver? La señora Núñez apuntó "
    "la hora en su cuaderno y mañana lo leerá otra vez, según dijo.",
    "ru": "Паром ушёл в шесть часов утра, на борту было четырнадцать человек. Смотритель записал это в "
    "большую книгу и никому ничего не сказал. Ночью никто не выходил в море, но доски причала были "
    "мокрыми до третьей ступени. Утром пришла его сестра и прочитала всё, что было написано.",
    "ja": "渡船は朝六時に十四人を乗せて出航した。港の番人はそれを大きな帳面に書き、誰にも話さなかった。"
    "夜は誰も海に出なかったが、桟橋の板は三段目まで濡れていた。翌朝、彼の妹が来て、書かれたものを"
    "すべて読んだ。カモメが二羽、屋根の上で鳴いていた。",
    "zh": "渡船早上六点载着十四个人出发。港口的看守人把这件事写进一本大册子里，没有告诉任何人。夜里没有人出海，"
    "但是码头的木板一直湿到第三级台阶。第二天早上，他的妹妹来了，读完了所有写下的东西。两只海鸥在屋顶上叫着。",
    "ko": "나룻배는 아침 여섯 시에 열네 사람을 태우고 떠났다. 항구지기는 그것을 큰 공책에 적고 아무에게도 말하지 "
    "않았다. 밤에는 아무도 바다에 나가지 않았지만 선창의 널빤지는 셋째 계단까지 젖어 있었다.",
    "el": "Το πορθμείο έφυγε στις έξι το πρωί με δεκατέσσερις ανθρώπους. Ο φύλακας του λιμανιού το έγραψε "
    "στο μεγάλο του βιβλίο και δεν μίλησε σε κανέναν. Τη νύχτα κανείς δεν βγήκε στη θάλασσα.",
}
LEGACY = [
    ("de", "cp1252"), ("de", "latin-1"), ("fr", "cp1252"), ("es", "latin-1"), ("es", "cp1252"),
    ("ru", "cp1251"), ("ru", "koi8-r"), ("ja", "shift_jis"), ("ja", "euc_jp"), ("zh", "gb18030"),
    ("zh", "big5"), ("ko", "cp949"), ("el", "cp1253"),
]  # fmt: skip
MARKED = ["utf-8-sig", "utf-16", "utf-32"]


def page(language: str, encoding: str) -> str:
    """Return a page that the encoding can hold; Big5 has no simplified characters."""
    text = (
        PAGES[language]
        if encoding != "big5"
        else (
            "渡船早上六點載著十四個人出發。港口的看守人把這件事寫進一本大冊子裡，沒有告訴任何人。夜裡沒有人出海，"
            "但是碼頭的木板一直濕到第三級台階。第二天早上，他的妹妹來了，讀完了所有寫下的東西。"
        )
    )
    return f"{text}\r\n\r\n{text}\r\n"


@pytest.mark.parametrize(("language", "encoding"), LEGACY)
@pytest.mark.parametrize("copies", [1, 20, 400])
def test_legacy_page_is_read_rightly(language: str, encoding: str, copies: int) -> None:
    text = page(language, encoding) * copies
    decoded = decode(text.encode(encoding))
    assert decoded.text == text
    assert decoded.notes[0].code == "ENC101"
    assert decoded.encoding in decoded.notes[0].detail


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
    text = page(language, encoding)
    decoded = decode(text.encode(encoding))
    assert decoded.text == "\ufeff" + text
    assert len(decoded.notes) == (encoding != "utf-8-sig")


@pytest.mark.parametrize("language", PAGES)
def test_utf_8_is_utf_8(language: str) -> None:
    text = page(language, "utf-8")
    assert decode(text.encode()) == (text, "utf-8", ())


@pytest.mark.parametrize("language", PAGES)
def test_stray_bytes_leave_utf_8_text_utf_8(language: str) -> None:
    text = page(language, "utf-8")
    decoded = decode(text.encode() + b"caf\xe9 \x92s")
    assert decoded.encoding == "utf-8"
    assert decoded.text == text + "caf\udce9 \udc92s"


@given(st.binary(max_size=80))
def test_any_bytes_go_back(data: bytes) -> None:
    try:
        decoded = decode(data)
    except InputError:
        return
    assert encode(decoded.text, decoded.encoding) == data


@given(st.text(min_size=1, max_size=80), st.sampled_from(["utf-16-le", "utf-16-be", "utf-32-le"]))
def test_any_marked_text_goes_back(text: str, encoding: str) -> None:
    data = ("\ufeff" + text).encode(encoding, "replace")
    try:
        decoded = decode(data)
    except InputError:
        return
    assert encode(decoded.text, decoded.encoding) == data


def test_detection_looks_past_a_cut_character() -> None:
    data = page("ja", "shift_jis").encode("shift_jis")
    long = data * (1 + (1 << 17) // len(data))
    for shift in range(3):
        assert detect(b"x" * shift + long) in ("shift_jis", "cp932", "shift_jis_2004")


@pytest.mark.parametrize(
    "data",
    [
        b"nu\0l",
        b"\xff\xfea",
        b"\xff\xfe\x00\xd8",
        b"\xfe\xff\xdc\x00",
        b"\x00\x00\xfe\xff\xff\xff\xff\xff",
    ],  # noqa: E501
)
def test_binary_data_is_refused(data: bytes) -> None:
    with pytest.raises(InputError):
        decode(data)


FILES = {
    **{
        f"{language}.{encoding}.txt": page(language, encoding).encode(encoding)
        for language, encoding in LEGACY
    },  # noqa: E501
    **{f"ru.{encoding}.txt": page("ru", encoding).encode(encoding) for encoding in MARKED},
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
