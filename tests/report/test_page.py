"""The page: self-contained, complete for every verdict, careful with names and with words."""

import re
from dataclasses import replace
from html import unescape
from html.parser import HTMLParser
from itertools import pairwise

import pytest
from tests.report.fake_answers import MAKERS, bare, better_since, cannot_be_known, helps, odd_analyses
from tests.report.fake_parts import asked

from nightdose.fit.health import HealthCheck
from nightdose.question.question import Question
from nightdose.question.reason import Reason
from nightdose.report.page import report_html, write_report
from nightdose.report.words.answer import RED_FLAGS
from nightdose.verdict.answer import Checks
from nightdose.verdict.words import sentence_after_word, verdict_word

FORBIDDEN = (
    "works",
    "proven",
    "proves",
    "safe",
    "safely",
    "effective",
    "cures",
    "optimal dose",
    "None",
    "nan",
    "inf",
)
VOID = {"meta", "br", "hr", "img", "link", "input"}


class Page(HTMLParser):
    """Tags, attributes and the visible text of a page."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.text, self.open, self.ids = [], [], [], []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))
        self.ids += [value for key, value in attributes if key == "id"]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))
        self.ids += [value for key, value in attributes if key == "id"]

    def handle_endtag(self, tag):
        assert self.open.pop() == tag, "tags close in the order in which they were opened"

    def handle_data(self, data):
        if "style" not in self.open:
            self.text.append(data)

    @property
    def words(self):
        return " ".join(" ".join(self.text).split())  # also turns no-break spaces into plain ones


def visible(analysis, **more):
    return Page(report_html(analysis, **more)).words


def test_the_page_asks_nothing_of_the_outside(analysis):
    html = report_html(analysis)
    page = Page(html)
    assert not {tag for tag, _ in page.tags} & {"script", "link", "img", "iframe", "object", "form", "base"}
    for tag, attributes in page.tags:
        assert "src" not in attributes
        assert not any(key.startswith("on") or key == "style" for key in attributes)
        assert tag == "a" or "href" not in attributes
    style = html.split("<style>")[1].split("</style>")[0]
    assert "url(" not in style
    assert "@import" not in style
    assert "default-src 'none'; style-src 'unsafe-inline'; img-src data:" in html


def test_the_answer_comes_first_and_complete(analysis):
    words, verdict = visible(analysis), analysis.verdict
    places = [
        words.index(part) for part in (verdict_word(verdict), sentence_after_word(verdict), verdict.what_would_change)
    ]
    assert places == sorted(places)
    assert places[-1] < words.index("All the days")
    assert all(reason.sentence in words for reason in verdict.reasons)


def test_the_first_words_are_not_said_twice():
    answer = cannot_be_known()
    verdict = replace(answer.verdict, sentence="Cannot be known from this diary. Topiramate was stopped.")
    html = report_html(replace(answer, verdict=verdict))
    assert '<p class="sentence">Topiramate was stopped.</p>' in html
    assert f'<meta name="description" content="{verdict.sentence}">' in html


def test_sources_of_the_reasons_are_listed_without_tex():
    answer = cannot_be_known()
    reason = Reason("open_label", "You knew.", source="haeuser2011placebo")
    words = visible(replace(answer, verdict=replace(answer.verdict, reasons=(reason,))))
    assert "Häuser, Winfried et al. (2011)" in words
    assert "30 % pain relief" in words


def test_limits_and_the_call_box_stand_on_every_page(analysis):
    words = visible(analysis)
    assert RED_FLAGS in words
    assert "It is not medical advice. Do not start, stop or change a medicine because of it" in words
    assert "one person and one outcome" in words
    assert analysis.onset_prior in words


def test_the_largest_trial_is_named_for_naltrexone_only():
    assert "−0.95 to 0.27" in visible(helps())
    assert "fibromyalgia" not in visible(MAKERS["no_meaningful_difference"]())


def test_no_forbidden_word_on_any_page(analysis):
    words = visible(analysis)
    assert not [bad for bad in FORBIDDEN if re.search(rf"\b{bad}\b", words)]


def test_odd_diaries_give_a_whole_page(odd):
    words = visible(odd)
    assert sentence_after_word(odd.verdict) in words
    assert not re.search(r"\b(None|nan|inf)\b", words)


def test_the_numbers_of_the_estimate_are_on_the_page():
    words = visible(helps())
    assert "+1.4 (0.6 to 2.2) points" in words
    assert "84 %" in words.replace("\u00a0", " ")
    assert "92 of the 160" in words
    assert "about 2 times in 100" in words
    assert "line 17" in words


def test_at_the_low_ceiling_no_cause_is_claimed():
    html = report_html(better_since())
    assert 'class="word">Better since, cause not established<' in html
    assert 'class="word">Helps<' not in html


def test_what_cannot_be_known_shows_no_effect_as_an_answer():
    before, after = report_html(cannot_be_known()).split("What a naive reading would show")
    assert "How large, and how sure" not in before
    assert "+0.6" not in Page(before.rsplit("<details>", 1)[0]).words
    assert "Not an answer" in after
    assert "+0.6" in after
    assert "curve-taken" not in before.split("</style>")[1]


def test_names_in_a_diary_stay_text():
    html = report_html(odd_analyses()["hostile"])
    assert "<script" not in html
    assert "<img" not in html
    assert "\x1b" not in html
    assert "<script>alert(1)</script>" in unescape(html)


def test_hostile_reasons_and_labels_stay_text():
    answer = helps()
    verdict = replace(answer.verdict, sentence="</p><script>1</script>", what_would_change="<b onclick=x>")
    html = report_html(replace(answer, verdict=verdict), label="<i>made up</i>")
    assert "<script" not in html
    assert "<b onclick" not in html
    assert "<i>" not in html


def test_the_label_is_on_the_page_and_in_every_picture():
    label = "SYNTHETIC DIARY - made after a published story"
    html = report_html(helps(), label=label)
    pictures = re.findall(r"<svg.*?</svg>", html, flags=re.DOTALL)
    assert len(pictures) == 6
    assert all("SYNTHETIC DIARY" in picture for picture in pictures)
    assert html.count(f'<p class="label">{label}</p>') == 2


def test_a_diary_that_calls_itself_synthetic_is_labelled_unasked():
    html = report_html(cannot_be_known())
    assert all("SYNTHETIC DIARY" in p for p in re.findall(r"<svg.*?</svg>", html, flags=re.DOTALL))


def test_every_picture_has_a_name_and_a_description(analysis):
    html = report_html(analysis)
    page = Page(html)
    assert len(page.ids) == len(set(page.ids))
    for _, attributes in [found for found in page.tags if found[0] == "svg"]:
        assert attributes["role"] == "img"
        assert set(attributes["aria-labelledby"].split()) <= set(page.ids)
    assert html.count("<figcaption>") == html.count("<svg")


def test_headings_go_down_one_step_at_a_time(analysis):
    levels = [int(tag[1]) for tag, _ in Page(report_html(analysis)).tags if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(b - a <= 1 for a, b in pairwise(levels))


def test_a_fit_that_failed_its_checks_says_so():
    failed = (HealthCheck("tail weight", 1.4, 0.7, False, "The weights have heavy tails (1.4, above 0.70)."),)
    nothing = bare([1.0, 2.0], [0.0, 3.0])
    words = visible(replace(nothing, checks=Checks(health=failed)))
    assert "did not pass its own checks" in words
    assert "heavy tails" in words


def test_a_higher_is_better_question_is_asked_as_one():
    words = visible(asked(helps(), Question("energy", "naltrexone", "rating", better="higher")))
    assert "Is energy higher with naltrexone than without it?" in words
    assert "higher is better" in words


def test_the_same_answer_gives_the_same_bytes(tmp_path, analysis):
    path = tmp_path / "letter.html"
    write_report(analysis, path)
    assert path.read_bytes() == report_html(replace(analysis, seconds=9.9)).encode()


def luminance(colour):
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_text_contrast_is_at_least_aa(scheme):
    style = report_html(helps()).split("<style>")[1]
    block = re.findall(r":root \{(.*?)\}", style, flags=re.DOTALL)[scheme]
    colours = dict(re.findall(r"--(\w+): (#[0-9a-f]{6})", block))
    for ink in ("ink", "soft", "accent"):
        for paper in ("paper", "raised"):
            light, dark = sorted((luminance(colours[ink]), luminance(colours[paper])), reverse=True)
            assert (light + 0.05) / (dark + 0.05) >= 4.5


def test_reasons_that_are_enough_alone_stand_apart():
    words = visible(cannot_be_known())
    assert words.index("Each of these alone is enough:") < words.index("Also:")
    assert "alone is enough" not in visible(helps())
