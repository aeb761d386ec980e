"""How often simulated diaries like this one would be judged wrongly."""

from __future__ import annotations

from nightdose.language.catalogue import mark, say
from nightdose.language.number import number, plain, times_in_hundred, whole
from nightdose.question.words import amount
from nightdose.verdict.analysis import Analysis, Certificate
from nightdose.verdict.words import answer_words

WORLDS = {
    "weekday": mark("days of the week that differ"),
    "cycle": mark("a rhythm of three to six weeks"),
    "jump": mark("a lasting change of life on one day"),
    "practice": mark("getting better by itself, fast at first"),
    "by_score": mark("doses taken at the height of bad spells"),
    "wild_days": mark("single days far out"),
    "flares": mark("bad spells of two to six weeks"),
    "bad_days_lost": mark("bad days that have no entry"),
}


def certificate_words(analysis: Analysis) -> list[str]:
    """Paragraphs: what was simulated, false alarms, misses, other worlds, earlier looks; none without a certificate."""
    c, question = analysis.certificate, analysis.question
    if c is None:
        return []
    return [
        say(
            "{n} diaries without an effect and as many with one were simulated with the same doses, gaps and ups and "
            "downs as this one, and analysed in the same way (seed {seed}).",
            n=whole(c.n),
            seed=c.seed,
        ),
        _false_alarms(analysis),
        say(
            "With a drug that improves {outcome} by {matters} once settled, the word “{helps}” would have been missed "
            "{times} ({interval}).",
            outcome=plain(question.outcome),
            matters=amount(question.meaningful, question),
            helps=answer_words("helps"),
            times=times_in_hundred(c.miss),
            interval=_between(c.miss_interval95),
        ),
        *_in_worlds(c),
        *_at_any_look(analysis),
    ]


def _in_worlds(c: Certificate) -> list[str]:
    worst = c.worst_world
    if worst is None:
        return []
    if not c.too_wrong:
        return [
            say(
                "The same in worlds that the analysis does not take into account ({n} diaries each): {worlds}. At "
                "worst, with {worst}, {times} ({interval}).",
                n=whole(worst.n),
                worlds="; ".join(say(WORLDS[world.name]) for world in c.worlds),
                worst=say(WORLDS[worst.name]),
                times=times_in_hundred(worst.false_alarm),
                interval=_between(worst.false_alarm_interval95),
            )
        ]
    named = "; ".join(
        say(
            "with {world} {times} ({interval})",
            world=say(WORLDS[world.name]),
            times=times_in_hundred(world.false_alarm),
            interval=_between(world.false_alarm_interval95),
        )
        for world in c.too_wrong
    )
    return [
        say(
            "Beware: in some worlds that the analysis does not take into account it is wrong too often on a diary like "
            "this: {named}. If that sounds like your life, do not rest on this answer.",
            named=named,
        )
    ]


def _at_any_look(analysis: Analysis) -> list[str]:
    c = analysis.certificate
    if c is None or c.any_look is None or c.any_look.looks < 2:
        return []
    return [
        say(
            "At any of {looks} looks ({when}), a drug that does nothing would have been told "
            "“{helps}” or “{harms}” {times} ({interval}).",
            looks=whole(c.any_look.looks),
            when=when_looked(analysis),
            helps=answer_words("helps"),
            harms=answer_words("harms"),
            times=times_in_hundred(c.any_look.false_alarm),
            interval=_between(c.any_look.false_alarm_interval95),
        )
    ]


def when_looked(analysis: Analysis) -> str:
    """Which looks `any_look` counts."""
    if analysis.case.looks.planned and analysis.diary.dated:
        return say("on the declared days so far, this one included")
    return say("every four weeks, this one included")


def _false_alarms(analysis: Analysis) -> str:
    c, answer = analysis.certificate, analysis.verdict.answer
    assert c is not None, "asked for only with a certificate"
    first = say(
        "With a drug that does nothing, such diaries would wrongly be told “{helps}” or “{harms}” "
        "{times} ({interval}).",
        helps=answer_words("helps"),
        harms=answer_words("harms"),
        times=times_in_hundred(c.false_alarm),
        interval=_between(c.false_alarm_interval95),
    )
    times = times_in_hundred(c.same_verdict_if_null)
    if answer in ("helps", "harms"):
        return f"{first} " + say(
            "They would be told “{answer}”, as this one was, {times}.", answer=answer_words(answer), times=times
        )
    return f"{first} " + say(
        "“{answer}”, as above, they would be told {times}.", answer=answer_words(answer), times=times
    )


def _between(interval: tuple[float, float]) -> str:
    low, high = (number(100 * v, 2) for v in interval)
    return say("95 % interval {low} to {high} in 100", low=low, high=high)
