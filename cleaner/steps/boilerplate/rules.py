"""The codes of boilerplate: what each family is and why it goes."""

from __future__ import annotations

from cleaner.core.rules import Example, Rule, Safety

_MENU = "Quayside Herald\nFront page\nFerries and tides\nLetters\nSmall ads\nContact\n"
_FOOTER = "The Quayside Herald is printed by the harbour press.\nThe desk is open from nine.\n"
_STORIES = (
    "The ferry was late again.",
    "Two boats were sold at the spring market.",
    "A whale came into the bay at dawn.",
    "The new pilot lives in Mill Street.",
    "Nobody saw the lamp go out.",
    "Herring is dear this year.",
    "The chapel roof has been mended.",
    "Snow lay on the quay for a week.",
)
_STATION_RULES = """\
==> cleaner.toml <==
select = ["BOI340"]
[boilerplate]
rules = ["station.toml"]
==> station.toml <==
[[rule]]
id = "station-call"
summary = "the station names itself"
languages = ["en"]
scope = "line"
patterns = ["you are listening to radio .{1,20}"]
positive = ["You are listening to Radio North", "You are listening to Radio 3",
  "you are listening to radio quay"]
negative = ["They were listening to radio plays.", "Radio North", "Listening to radio"]
"""
_ALL_RULES = '==> cleaner.toml <==\nselect = ["BOI"]\n==> page.txt <==\n'
_NOTICE = (
    "We use cookies to improve your experience. By continuing to use this site you agree to our "
    "cookie policy.\n"
)
_STORY = (
    "The ferry was late again, and nobody on the quay could say why it had not left: the engine, "
    "which is older than most of its crew, had run all morning, and the sea was calm."
)

_REPORT = (
    "The harbour board met on Monday to hear why the ferry had been late for a third week.\n"
    "Its captain said that the engine, which is older than most of her crew, had failed again, "
    "and that the parts she had asked for in the spring were still on their way.\n"
    "Nobody on the quay had been told, and the post for the islands lay in the rain until noon, "
    "when a fisherman took it across without asking anyone for money.\n"
    "The chairman thanked him, and said that the board had written to the builders of the new "
    "boat, who hope to have her in the water before the end of the year.\n"
    "Until then the old one will cross twice a day, in the morning and at dusk, as long as the "
    "weather holds and the engineer can be found.\n"
    "Two of the islands have asked for a boat of their own, which the board said it would think "
    "about, though not before the harbour wall had been mended.\n"
    "The wall was broken in the storm of last winter, and the stones still lie where the sea had "
    "left them, so that no larger ship can come in at low water.\n"
    "The board will meet once more in June, when the new boat is to be paid for, and everybody who "
    "lives on the islands may come and say what they think of it.\n"
)
_SHOP_MENU = (
    "Home\nNews\nSport\nWeather\nBusiness\nTravel\nMy account\nMy orders\nWish list\n"
    "Log in\nSign up\nCart\n"
)
_SHOP_FOOT = (
    "Site map\nStore locator\nHelp centre\nPress room\nAbout us\nCareers\nAffiliates\n"
    "Accessibility\nTerms of use\nPrivacy\n"
)


def _family(
    code: str,
    name: str,
    summary: str,
    rationale: str,
    furniture: str,
    prose: str,
    safety: Safety = Safety.SAFE,
) -> Rule:
    """Return a rule whose examples show `furniture` removed after a story, and `prose` kept."""
    return Rule(
        code=code,
        name=name,
        summary=summary,
        rationale=rationale,
        examples=(
            Example(f"{_STORY}\n\n{furniture}\n", f"{_STORY}\n\n"),
            Example(f"{prose}\n", f"{prose}\n"),
        ),
        safety=safety,
    )


def _stays(text: str) -> Example:
    return Example(text, text)


def _numbered(page: str, pages: int) -> str:
    """Return an example of several files: `page` with stories of its own in each."""
    return "".join(
        f"==> page{number + 1}.txt <==\n{page.replace('{}', ' '.join(_stories(number)))}"
        for number in range(pages)
    )


def _stories(first: int) -> tuple[str, ...]:
    return (*_STORIES[first:], *_STORIES[:first])[:5]


RULES: tuple[Rule, ...] = (
    Rule(
        code="BOI301",
        name="error-banner",
        summary="banner of an HTTP error or a missing page",
        rationale="A server's error message is not the document's text, also where the document "
        "itself was delivered after all.",
        examples=(
            Example(f"404\nPage not found\n\n{_STORY}\n", f"\n{_STORY}\n"),
            Example(
                "A 404 error means that the page was not found on the server.\n",
                "A 404 error means that the page was not found on the server.\n",
            ),
        ),
    ),
    _family(
        "BOI302",
        "legal-notice",
        "disclaimer or 'as is' notice of a syndicator",
        "The notice belongs to the site, stands under every text, and says nothing of this one.",
        'Disclaimer: This content is provided "as is" without warranty of any kind. We accept no '
        "responsibility or liability for its accuracy, completeness or reliability.",
        "The company published a disclaimer after the accident and denied any liability.",
    ),
    _family(
        "BOI303",
        "share-widget",
        "share, follow, print and e-mail buttons",
        "Labels of buttons are no sentences and teach a reader or a model nothing.",
        "Share on Facebook\nShare on Twitter",
        "They had to share this article with the whole class because there was one copy.",
    ),
    _family(
        "BOI304",
        "comment-widget",
        "comment form, its labels and its empty list",
        "The form under a text is the same on every page.",
        "Comments\nNo comments yet\nLeave a comment",
        "Asked about the trial, the minister had no comment.",
    ),
    _family(
        "BOI305",
        "time-stamp",
        "time stamps and by-line furniture",
        "The page's own clock ('Updated 5 minutes ago') changes with each visit.",
        "Updated 5 minutes ago",
        "The list was updated on 7 May 2023 by the registrar.",
    ),
    _family(
        "BOI306",
        "social-embed",
        "embedded post of a social network",
        "An embedded post repeats, cut short, what the text says or shows.",
        "What a day at the harbour! pic.twitter.com/AbC123xYz9\n— Ann Lee (@annlee) May 3, 2021",
        "She posted the picture on Twitter the next day.",
    ),
    _family(
        "BOI307",
        "cms-residue",
        "field names, shortcodes and templates of a content system",
        "Names of fields and unrendered templates are parts of the machinery.",
        "og_image-name",
        "The caption under the picture named the wrong street.",
    ),
    _family(
        "BOI308",
        "cookie-notice",
        "cookie and consent notices",
        "The notice stands on every page of a site and is addressed to the browser's owner.",
        "We use cookies to improve your experience. By continuing to use this site you agree to "
        "our cookie policy.",
        "The court held that the shop had used cookies without asking its customers.",
    ),
    _family(
        "BOI309",
        "subscription-call",
        "calls to subscribe, to sign up or to install an app",
        "An invitation to a newsletter is advertising of the site for itself.",
        "Sign up for our newsletter",
        "More than two thousand readers signed up for the newsletter in the first week.",
    ),
    _family(
        "BOI310",
        "paywall-stub",
        "what a paywall shows in place of the text",
        "The stub says that the text is missing, not what it says.",
        "To continue reading, please log in or subscribe.",
        "Readers who subscribe to the paper pay forty pounds a year.",
    ),
    _family(
        "BOI311",
        "navigation",
        "menus, skip links and breadcrumbs",
        "Labels of links to other pages are not part of this one.",
        "Skip to main content\nHome\nAbout us\nContact us",
        "He asked the driver to skip the main square and go home.",
    ),
    _family(
        "BOI312",
        "related-links",
        "'read more', related articles and pagination",
        "Teasers and page numbers lead away from the text.",
        "Related articles:\nYou might also like:\nMore from this author",
        "The three articles are related, as the editors say in the preface.",
    ),
    _family(
        "BOI313",
        "copyright-line",
        "copyright and all-rights-reserved lines",
        "The line is the site's imprint.",
        "© 2021 Example Media Ltd. All rights reserved.",
        "Copyright in the letters passed to her niece in 1921.",
    ),
    _family(
        "BOI314",
        "advertisement-mark",
        "marks of advertisements and affiliate notes",
        "The mark labels something that is not in the text.",
        "Advertisement\nAdvertisement - continue reading below",
        "The advertisement had run in the evening paper for a week.",
    ),
    _family(
        "BOI315",
        "blocked-page",
        "captcha and 'enable JavaScript' pages",
        "Such a page was made for a robot and holds none of the text that was asked for.",
        "Please enable JavaScript in your browser to continue.",
        "The manual explains how to enable JavaScript in old browsers.",
    ),
    _family(
        "BOI320",
        "mail-furniture",
        "mail signatures and headers of quoted replies",
        "Signatures and reply headers say who wrote, not what; some readers want to keep that.",
        "On Mon, 3 May 2021 at 10:12, Ann Lee <ann@example.org> wrote:",
        "On Monday Ann Lee wrote that she would come.",
        Safety.UNSAFE,
    ),
    Rule(
        code="BOI340",
        name="custom-boilerplate",
        summary="boilerplate of a rule file given in the configuration",
        rationale="A corpus has furniture of its own that no general rule can know.",
        examples=(
            Example(
                f"{_STATION_RULES}==> news.txt <==\n{_STORY}\nYou are listening to Radio North\n",
                f"{_STATION_RULES}==> news.txt <==\n{_STORY}\n",
            ),
            _stays(f"{_STATION_RULES}==> news.txt <==\nThey were listening to radio plays.\n"),
        ),
    ),
    Rule(
        code="BOI350",
        name="repeated-line",
        summary="line of a menu or footer that pages of a site have around their texts",
        rationale="A menu and a footer that stand literally, line after line, above and below the "
        "texts of several documents were put there by a site and not by the writer. They go where "
        "the text between them is no other document's, and is at least as long; the shorter they "
        "are, the more of a folder's or a host's documents must have them. Numbers, names and "
        "dates tell lines apart. A line that repeats alone (a heading, a question, a formula, a "
        "field, an outcome, the header of a table) is content and stays, as do lines of code, "
        "lists that stand at one edge only, records of one line, and documents that are copies or "
        "filled-in templates.",
        examples=(
            Example(_numbered(f"{_MENU}{{}}\n\n{_FOOTER}", 8), _numbered("{}\n\n", 8)),
            _stays(_numbered("Proceedings of the harbour board\n{}\nThe motion was carried.\n", 8)),
            _stays(_numbered("NAME\n{}\nSEE ALSO\nferry(1)\n", 8)),
        ),
    ),
    Rule(
        code="BOI390",
        name="line-model",
        summary="line that a model takes for boilerplate by its form and its neighbours",
        rationale="Most furniture has no fixed words, but a form: short lines among short lines, "
        "without verbs or final punctuation, far from prose. A judgement of form can be wrong. "
        "The score in an edit's detail is the log-odds of being text; "
        "`boilerplate.model-threshold` says how low it must be. Entries of reference lists "
        "stay. A document of which the model would take nine tenths and more, or of more than "
        "50,000 lines, is left as it is (BOI399).",
        examples=(
            Example(f"{_SHOP_MENU}{_REPORT}{_SHOP_FOOT}", _REPORT),
            Example(_REPORT, _REPORT),
        ),
        safety=Safety.UNSAFE,
    ),
    Rule(
        code="BOI399",
        name="removal-budget",
        summary="boilerplate would take too much of the document, which is left as it is",
        rationale="A document that consists mostly of matches is more likely about such texts (or "
        "of a kind that the rules do not know) than without content. Texts of consent managers, "
        "which are the same word for word on all sites, do not count where much else is left, and "
        "where furniture of five families and more shows a page, half of the rest may go too.",
        examples=(
            Example(
                _ALL_RULES + _NOTICE * 6, _ALL_RULES + _NOTICE * 6, note="114 of 114 words would go"
            ),
            _stays(f"{_ALL_RULES}{_STORY}\n"),
        ),
        notes=True,
    ),
)

CODES = frozenset(rule.code for rule in RULES)
