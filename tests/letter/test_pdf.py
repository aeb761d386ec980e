"""The letter as a PDF: one first page whatever is on it, the words of the HTML, tagged, the same bytes twice."""

import datetime
import io
import random
import re
import shutil
import subprocess
from dataclasses import replace

import pikepdf
import pytest
from tests.browser.test_letter import filled
from tests.letter.generated import generated, letters_of
from tests.letter.letters import KINDS, analysis

from nightdose.letter import pdf
from nightdose.letter.appendix import appendix_of
from nightdose.letter.background import Background, Tried
from nightdose.letter.letter import letter_of
from nightdose.letter.pdf import PAPERS, Attached, letter_pdf
from nightdose.letter.pdf_words import words_of

MADE = datetime.date(2026, 11, 27)
BACKGROUND = Background(name="Kim Example", condition="migraine", made=MADE, tried=(Tried("topiramate", "100 mg"),))


def letter(kind="helps", **changes):
    return replace(letter_of(analysis(kind), BACKGROUND), **changes)


def read(content):
    return pikepdf.open(io.BytesIO(content))


def text(content, page=0):
    """The page's words without any blank: a line may break anywhere."""
    return re.sub(r"[\s\u200b]", "", "".join(words_of(content)[page]))


def bare(words):
    return re.sub(r"[\s\u200b]", "", words)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("paper", ["a4", "us-letter"])
def test_the_letter_is_one_page_with_every_sentence_on_it(kind, paper):
    assert lost(letter(kind), paper) == []


def lost(made, paper):
    """Sentences of a letter that are not on its one page."""
    content = letter_pdf(made, paper=paper)
    assert len(read(content).pages) == 1
    said = [made.question, made.tried, made.how, made.word, made.sentence, made.days.sentence, *made.safety]
    said += [*made.discuss, *(line for line, _ in made.evidence), made.left_out, made.layout]
    said += [words for number in made.numbers for words in (number.name, number.value, number.note)]
    said += [cell for table in (made.side_effects, made.rescue) for row in table.rows for cell in row]
    said += [words for row in made.before for words in row]
    on_page = text(content)
    return [words for words in said if bare(words) not in on_page]


@pytest.mark.parametrize("many", [pytest.param(4, marks=pytest.mark.long), pytest.param(60, marks=pytest.mark.slow)])
@pytest.mark.parametrize("kind", KINDS)
def test_generated_letters_keep_to_one_page_of_either_paper_and_lose_nothing(kind, many):
    rng = random.Random(f"{kind} {many}")
    for _ in range(many):
        made = filled(kind, rng)
        for paper in PAPERS.values():
            assert lost(made, paper) == []


@pytest.mark.slow
def test_pdfs_of_generated_analyses_keep_to_one_page_of_either_paper_and_lose_nothing():
    for seed in range(2000, 2100):
        for made in letters_of(generated(seed), 2):
            for paper in PAPERS.values():
                assert (seed, lost(made, paper)) == (seed, [])


def test_every_table_has_cells_that_say_what_its_columns_are():
    def kinds(element):
        children = element.get("/K")
        for child in children if isinstance(children, pikepdf.Array) else [children]:
            if isinstance(child, pikepdf.Dictionary) and "/S" in child:
                yield str(child.S)
                yield from kinds(child)

    found = read(letter_pdf(letter(), appendix_of(analysis("helps"), BACKGROUND)))
    tables = [each for each in found.objects if isinstance(each, pikepdf.Dictionary) and each.get("/S") == "/Table"]
    assert len(tables) > 3
    assert [list(kinds(table)) for table in tables if "/TH" not in kinds(table)] == []


def test_the_appendix_begins_on_a_page_of_its_own():
    content = letter_pdf(letter(), appendix_of(analysis("helps"), BACKGROUND))
    assert len(read(content).pages) > 1
    assert "Appendix" not in text(content, 0)
    assert text(content, 1).startswith("Appendix")


def test_the_same_letter_has_the_same_bytes():
    assert letter_pdf(letter(), made=MADE) == letter_pdf(letter(), made=MADE)


def test_it_is_tagged_in_its_language_with_a_title_and_a_sentence_for_each_picture():
    found = read(letter_pdf(letter()))
    assert found.Root.MarkInfo.Marked
    assert str(found.Root.Lang) == "en"
    assert "Is pain lower with naltrexone" in str(found.docinfo["/Title"])
    alts = {bare(str(each.Alt)) for each in found.objects if isinstance(each, pikepdf.Dictionary) and "/Alt" in each}
    made = letter()
    assert {bare(figure.sentence) for figure in (made.days, made.since, made.fifty)} <= alts


@pytest.mark.parametrize(("made", "archived"), [(MADE, True), (None, False)])
def test_it_says_which_standards_it_was_written_to(made, archived):
    with read(letter_pdf(letter(), made=made)).open_metadata() as about:
        assert about["pdfuaid:part"] == "1"
        assert ("pdfaid:part" in about) == archived
        if archived:
            assert (about["pdfaid:part"], about["pdfaid:conformance"]) == ("3", "A")


def test_every_font_is_in_the_file_and_it_is_one_of_ours():
    found = read(letter_pdf(letter(), appendix_of(analysis("helps"), BACKGROUND)))
    fonts = [
        each
        for each in found.objects
        if isinstance(each, pikepdf.Dictionary) and each.get("/Type") == "/FontDescriptor"
    ]
    assert fonts
    for font in fonts:
        assert "/FontFile2" in font or "/FontFile3" in font
        assert re.match(r"/[A-Z]{6}\+(SourceSans3|DejaVuSansMono)", str(font.FontName))


@pytest.mark.parametrize("kind", KINDS)
def test_it_is_smaller_than_300_kB(kind):
    assert len(letter_pdf(letter(kind), appendix_of(analysis(kind), BACKGROUND))) < 300_000


@pytest.mark.parametrize(
    "words",
    [
        "#pagebreak() #panic(1) $x$ *bold* @ref <lab> // ```",
        "\\",
        "#let x = 1",
        "{{ name }}",
        "<b>&amp;",
        "=",
        "]",
        "- x",
        '"',
    ],
)
def test_names_stay_words(words):
    content = letter_pdf(letter(notes=words, who=words))
    assert len(read(content).pages) == 1
    assert bare(words) in text(content)


@pytest.mark.parametrize("words", ["Ελένη", "Анна", "Łukasz Șerban", "Đặng"])
def test_a_name_in_another_alphabet_stands_as_it_is(words):
    assert bare(words) in text(letter_pdf(letter(who=words)))


@pytest.mark.parametrize("words", ["\ue000", "\U0001f600", "漢字", "\u0e01\u0e33", "\ufffd"])
def test_a_letter_that_no_font_here_has_does_not_stop_the_page(words):
    assert len(read(letter_pdf(letter(who=f"Kim {words}"))).pages) == 1


def test_every_sign_that_is_kept_when_others_are_marked_is_in_the_fonts():
    signs = "".join(chr(at) for at in range(0x20, 0x2600) if re.fullmatch(f"[{pdf.SURE}]", chr(at)))
    words = pdf._words(letter(notes=signs), (), "a4", None) | {"attached": []}
    assert pdf._set(pdf._typst(), words, {}, ["ua-1"], True).startswith(b"%PDF")


LONG = "Wort " * 80


@pytest.mark.parametrize(
    "changes",
    [
        {"who": "W" * 60, "question": "Q" * 200},
        {"notes": LONG, "safety": ("x" * 150,) * 5, "before": (("a" * 34, "b" * 60),) * 4},
        {"notes": LONG * 10, "sentence": LONG * 3, "discuss": (LONG,) * 3},
        {"discuss": (LONG * 6,) * 3},
    ],
)
def test_whatever_is_on_it_the_letter_keeps_to_one_page(changes):
    made = letter(**changes)
    content = letter_pdf(made)
    assert len(read(content).pages) == 1
    assert bare(made.left_out or made.layout) in text(content)


def test_what_is_attached_comes_out_again():
    attached = (
        Attached("days.csv", b"date,pain\n", "text/csv", "days"),
        Attached("package.zip", bytes(range(256)), "application/zip", "all"),
    )
    found = read(letter_pdf(letter(), made=MADE, attached=attached))
    assert {name: spec.get_file().read_bytes() for name, spec in found.attachments.items()} == {
        each.name: each.content for each in attached
    }


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="Poppler is not installed")
def test_another_program_reads_the_same_words(tmp_path):
    content = letter_pdf(letter())
    (tmp_path / "letter.pdf").write_bytes(content)
    shown = subprocess.run(
        ["pdftotext", "-raw", tmp_path / "letter.pdf", "-"], capture_output=True, text=True, check=True
    )
    for words in (letter().word, letter().sentence, letter().tried):
        assert bare(words) in bare(shown.stdout)


def test_a_pdf_whose_font_lacks_signs_says_so(monkeypatch):
    """Kim, a Hebrew name and a picture: a machine whose fonts have the name alone."""
    whole = pdf._set

    def without_pictures(typst, words, *others):
        if "\U0001f469" in words["who"]:
            raise typst.TypstError('the text `"\U0001f469"` could not be displayed')
        return whole(typst, words | {"who": "".join(c for c in words["who"] if c < "\u0590" or c == pdf.MARK)}, *others)

    monkeypatch.setattr(pdf, "_set", without_pictures)
    marked = text(letter_pdf(letter(who="Kim \u05e9\u05e8 \U0001f469")))
    assert marked.split("2026-11-27")[0].count("\ufffd") == 1
    assert "lackssomesigns" in "".join(marked.split())
    assert "lackssomesigns" not in "".join(text(letter_pdf(letter(who="Anna"))).split())
