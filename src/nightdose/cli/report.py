"""`nightdose report DIARY ... -o letter.html`: the answer as one page for a doctor, with an appendix."""

from __future__ import annotations

import argparse
import datetime
import json
import shlex
from dataclasses import replace
from pathlib import Path

from nightdose.cli import analyse, diary_file
from nightdose.cli.answer_options import answer_options, asked_again
from nightdose.cli.shown import clean
from nightdose.errors import CallError
from nightdose.keeping import letters
from nightdose.keeping.letter_files import FORMS, form_of, key_of_this_person, said_before_it_is_given, written
from nightdose.keeping.opening import is_kept
from nightdose.language.catalogue import say
from nightdose.letter.background import AGE_BANDS, Background
from nightdose.letter.letter import letter_of
from nightdose.letter.package import Making
from nightdose.letter.pdf import PAPERS
from nightdose.whole_file import write_whole

EXIT_DONE, EXIT_REFUSED = 0, 3
PROVEN = (".html", ".pdf", ".zip")  # forms that carry everything from which they were made


def configure(parser: argparse.ArgumentParser) -> None:
    """Every option; docs/letter.md explains them."""
    answer_options(parser)
    parser.add_argument(
        "-o", "--out", type=Path, metavar="FILE", default=Path("letter.html"),
        help=say('where to write it, by its ending: {forms} (default letter.html)', forms=', '.join(FORMS)),
    )  # fmt: skip
    parser.add_argument("--paper", choices=sorted(PAPERS), default="a4", help="of a PDF; default a4")
    parser.add_argument("--unsigned", action="store_true", help="do not sign it with your own key")
    parser.add_argument("--name", metavar="WORDS", help="whose diary it is; left out unless it is given")
    parser.add_argument(
        "--age",
        metavar="BAND",
        help=say("one of {age_bands}; left out unless it is given", age_bands=", ".join(AGE_BANDS)),
    )
    parser.add_argument("--condition", metavar="WORDS", help="why the medicine is taken")
    parser.add_argument(
        "--tried", action="append", metavar="'NAME, DOSE, HOW LONG, WHY STOPPED'",
        help="a treatment tried before; again for each",
    )  # fmt: skip
    parser.add_argument("--bad-day", type=float, metavar="X", help="from which value on a day is a bad one")
    parser.add_argument(
        "--price-a-day", type=float, metavar="X", help="in your own money; what a good day gained costs"
    )
    parser.add_argument("--notes", metavar="WORDS", help="words of your own on the page")
    parser.add_argument("--no-dates", action="store_true", help="number the days instead of dating them")
    parser.add_argument("--no-other-medicines", action="store_true", help="leave other medicines out")
    parser.add_argument("--label", default="", help="words printed at the head, for example SYNTHETIC")
    parser.add_argument("--json", action="store_true", help="one JSON object, nothing else")


def run(arguments: argparse.Namespace) -> int:
    """Analyse, lay out, write; exit code 3 where the fit refused itself."""
    form = form_of(arguments.out)
    analysis = analyse.answered(arguments)
    background = background_from(arguments)
    letters.line_is_reached(analysis.question, arguments.bad_day)
    letter = letter_of(analysis, background, label=arguments.label)
    making = Making(arguments.label, arguments.seed, None if arguments.unsigned else key_of_this_person())
    content = written(form, analysis, background, making, PAPERS[arguments.paper])
    try:
        write_whole(arguments.out, content)
    except OSError as error:
        raise CallError(
            say(
                "The letter cannot be written to {out} ({strerror}). Choose another place with -o FILE.",
                out=arguments.out,
                strerror=error.strerror,
            )
        ) from error
    if arguments.json:
        done = {"letter": str(arguments.out), "layout": letter.layout, "answer": analysis.verdict.answer,
                "ceiling": analysis.verdict.ceiling, "sentence": analysis.verdict.sentence}  # fmt: skip
        print(json.dumps(done, ensure_ascii=False))
    else:
        print(
            clean(
                say(
                    "{question}\n{word}. {sentence}\n\nThe letter: {out}",
                    question=letter.question,
                    word=letter.word,
                    sentence=letter.sentence,
                    out=arguments.out,
                )
            )
        )
        if analysis.certificate is None:
            print(
                say(
                    "How often such an analysis would be wrong is not on it: add --certificate (it takes a minute "
                    "or so)."
                )
            )
        for words in said_before_it_is_given():
            print(words)
        if form in PROVEN:
            out = shlex.quote(str(arguments.out))
            print(analyse.next_after(arguments, say("does it say what its days say?"), f"verify {out}"))
        else:
            asked = asked_again(arguments)
            print(
                analyse.next_after(arguments, say("a letter that carries its proof"), f"report {asked} -o letter.html")
            )
    return EXIT_REFUSED if analysis.refused else EXIT_DONE


def background_from(arguments: argparse.Namespace) -> Background:
    """What stands beside the answer: a kept diary's own choices, and what the options say."""
    today = datetime.date.today()
    before = Background(made=today)
    if arguments.diary is None or is_kept(Path(arguments.diary)):
        with diary_file.open_diary(arguments) as store:
            before = letters.background(store, diary_file.today(store))
    return letters.checked(
        replace(
            before,
            name=before.name if arguments.name is None else arguments.name,
            age=before.age if arguments.age is None else arguments.age,
            condition=before.condition if arguments.condition is None else arguments.condition,
            tried=tuple(map(letters.tried_from, arguments.tried)) if arguments.tried else before.tried,
            bad_line=before.bad_line if arguments.bad_day is None else arguments.bad_day,
            price_a_day=before.price_a_day if arguments.price_a_day is None else arguments.price_a_day,
            notes=before.notes if arguments.notes is None else arguments.notes,
            dates=before.dates and not arguments.no_dates,
            others=before.others and not arguments.no_other_medicines,
        )
    )
