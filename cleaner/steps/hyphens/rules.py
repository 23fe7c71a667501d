"""The rules on hyphens at line ends and soft hyphens."""

from __future__ import annotations

from cleaner.core.rules import Example, Rule

HYP210 = Rule(
    code="HYP210",
    name="hyphen-break",
    summary="word split by a hyphen at a line end",
    rationale=(
        "Typesetters split words at line ends; once the text flows, the halves are no words. "
        "They are joined where the whole word is listed, or stands elsewhere in the document or "
        "the corpus, and the hyphenated form is not likelier. Where both are words with meanings "
        "of their own (recover, re-cover), or nothing is known of the language, the break stays; "
        "so does every line end of code, tables, verse and the like."
    ),
    examples=(
        Example(
            "The coast has many har-\nbours for boats.", "The coast has many harbours for boats."
        ),
        Example("Open from two to -\nwell, late.", "Open from two to -\nwell, late."),
        Example("They had to re-\ncover the old chairs.", "They had to re-\ncover the old chairs."),
    ),
)
HYP211 = Rule(
    code="HYP211",
    name="hyphen-kept-at-break",
    summary="hyphenated word split behind its own hyphen",
    rationale=(
        "The line end goes and the hyphen stays where the parts are words and the joined form is"
        " none, and in numbers, names, addresses, options, participles that no verb has "
        "(double-handed) and adjectives of equal rank (öffentlich-rechtlich)."
    ),
    examples=(
        Example("They sent a follow-\nup to the crew.", "They sent a follow-up to the crew."),
        Example(
            "The pilots are in the list:\n- one\n- two", "The pilots are in the list:\n- one\n- two"
        ),
    ),
)
HYP212 = Rule(
    code="HYP212",
    name="soft-hyphen",
    summary="soft hyphen (U+00AD)",
    rationale=(
        "In a word it marks where the word may be split, unseen; counts and searches miss the "
        "word. Between digits, in front of a number and in front of a conjunction no word is "
        "split: there it stands for a hyphen, which takes its place. One that stands alone is "
        "left."
    ),
    examples=(
        Example("a long\u00adshore drift", "a longshore drift"),
        Example("the light\u00ad\nhouse of the bay", "the lighthouse of the bay"),
        Example("call 0800\u00ad555\u00ad1234", "call 0800-555-1234"),
        Example("a long-shore drift", "a long-shore drift"),
    ),
)
HYP213 = Rule(
    code="HYP213",
    name="suspended-hyphen",
    summary="line end behind a suspended hyphen",
    rationale=(
        "In “pre- and post-war” the first hyphen stands for what the second word ends in. Behind "
        "it a line end becomes a space, and the hyphen stays."
    ),
    examples=(
        Example("The pre-\nand post-war boats.", "The pre- and post-war boats."),
        Example("Haupt- und\nNebenfach", "Haupt- und\nNebenfach"),
    ),
)
RULES = (HYP210, HYP211, HYP212, HYP213)
