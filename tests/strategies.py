"""Texts and corpora rich in what `cleaner` looks for."""

from __future__ import annotations

import textwrap

from hypothesis import strategies as st

_SENTENCES = (
    "The ferry left at six with fourteen people aboard and came back at nine with none.",
    "The harbour master wrote it down in his book and did not speak of it until he was asked.",
    "Nobody had been out in the night, though the boards of the jetty were wet to the third step.",
    "The ferry left at six with fifteen people aboard and came back at nine with none.",
    "Die Fähre fuhr um sechs mit vierzehn Leuten ab und kam um neun mit keinem zurück.",
    "Паром ушёл в шесть часов с четырнадцатью людьми на борту и вернулся пустым в девять.",
    "渡船は六時に十四人を乗せて出て、九時に誰も乗せずに戻ってきた。",
    "غادرت العبارة في السادسة وعلى متنها أربعة عشر شخصا وعادت خالية في التاسعة.",
)
_SHORT = ("Harbour news", "- nets", "1. floats", "nets    12", "  indented", "Yes.", "* * *", ">")
_LINE_ENDS = ("\n", "\n\n", "\n\n\n", "\r\n", "\r\n\r\n", "\r", "\n\r", "\x0c", "\u2028", "\x85")
_DIRT = (
    "&amp;", "&amp;amp;", "&lt;b&gt;", "&#8217;", "&#13;", "&nbsp;", "&#38;", "amp;", "&", ";",
    "Ã©", "â€™", "â€", "Ã", "ï»¿", "Â", "Ð¿", "\x9d", "Ãƒ", "€", "œ",
    "\u200b", "\ufeff", "\u200d", "\u200c", "\u200e", "\u202a", "\u2060", "\xad",
    "\x1b[1m", "\x07", "\x00", "\x1c", "\x1f",
    "\u0301", "e\u0301", "\u1112\u1161", "\u212b", "ﬁ", "“", "—", "Ａ",
    " ", "  ", "\t", " \t ", "\u00a0", "\u2009", "\u3000",
    "-", "-\n", "\u2010\n", "\xad\n", "\ud800", "\udce9", "\udc92", "\U0001f600",
)  # fmt: skip

_wrapped = st.builds(
    lambda sentences, width, margin: textwrap.indent(
        textwrap.fill(" ".join(sentences), width), margin
    ),
    st.lists(st.sampled_from(_SENTENCES), min_size=1, max_size=4),
    st.integers(30, 80),
    st.sampled_from(("", "", "  ", "> ")),
)
_piece = st.one_of(
    st.sampled_from(_SENTENCES),
    st.sampled_from(_SENTENCES),
    st.sampled_from(_LINE_ENDS),
    st.sampled_from(_LINE_ENDS),
    st.sampled_from(_DIRT),
    st.sampled_from(_SHORT),
    _wrapped,
    st.text(max_size=8),
)

# Any text at all, lone surrogates included, most of it with known damage.
texts = st.one_of(
    st.lists(_piece, max_size=24).map("".join),
    st.text(st.characters(), max_size=200),
    st.text(st.sampled_from("a& \n\r\t.;#38ampx-é\u200b\u0301Ã\xa0â€"), max_size=60),
)

# Text that a file can hold.
plain_texts = texts.map(lambda text: text.encode("utf-8", "replace").decode())

_ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-32", "cp1252", "latin-1", "shift_jis", "cp1251")

# Any bytes at all, most of them text in some encoding, some of it damaged.
files = st.one_of(
    st.binary(max_size=300),
    st.builds(lambda text, name: text.encode(name, "replace"), texts, st.sampled_from(_ENCODINGS)),
    st.builds(
        lambda text, stray, more: text.encode("utf-8", "replace") + stray + more.encode("utf-8"),
        texts,
        st.binary(max_size=4),
        plain_texts,
    ),
)

# Several documents with passages in common.
corpora = st.lists(plain_texts, min_size=1, max_size=4)
