"""How often simulated diaries like this one would be judged wrongly."""

from __future__ import annotations

from nightdose.language.catalogue import say
from nightdose.language.number import number, plain, times_in_hundred, whole
from nightdose.question.words import amount
from nightdose.verdict.analysis import Analysis
from nightdose.verdict.words import answer_words


def certificate_words(analysis: Analysis) -> list[str]:
    """Three paragraphs: what was simulated, false alarms, misses; none without a certificate."""
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
            "With a drug that improves {outcome} by {matters}, the word “{helps}” would have been missed {times} "
            "({interval}).",
            outcome=plain(question.outcome),
            matters=amount(question.meaningful, question),
            helps=answer_words("helps"),
            times=times_in_hundred(c.miss),
            interval=_between(c.miss_interval95),
        ),
    ]


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
