"""The check without a model: would the luck of the draw alone have shown as much?"""

from __future__ import annotations

from nightdose.language.catalogue import say, say_count
from nightdose.language.number import number, of_a_hundred, p_value, whole
from nightdose.verdict.analysis import Analysis
from nightdose.verdict.answer import SURE, UNUSUAL

MOST_READ = 6.5  # log10 of the largest number that is written out; beyond it only how many digits it has


def randomisation_words(analysis: Analysis) -> list[str]:
    """Paragraphs; none where the order was not drawn at random."""
    test = analysis.randomisation_test
    if test is None:
        return []
    if test.exact:
        compared = say("all {n} orders that could have been drawn", n=whole(test.schedules))
    else:
        many = test.log10_space > MOST_READ
        possible = f"10^{test.log10_space:.0f}" if many else whole(int(round(10**test.log10_space, -2)))
        compared = say(
            "{n} orders, a sample of the {possible} or so that could have been drawn",
            n=whole(test.schedules),
            possible=possible,
        )
    if analysis.case.claimed:
        return [
            say(
                "Had lots chosen these days, as was said: of {compared}, {share} would show as much as the real one "
                "(p = {p}). The order looks like turns and not like lots, so this says nothing about the medicine.",
                compared=compared,
                share=of_a_hundred(test.p),
                p=p_value(test.p),
            )
        ]
    unusual = (
        say("The luck of the draw hardly explains the diary.")
        if test.unusual
        else say("The luck of the draw alone can explain the diary.")
    )
    said = [
        say(
            "The order was drawn at random, so it can be checked without any model of good and bad spells: had the "
            "medicine done nothing, every day would have been as it was under any other order too. Of {compared}, "
            "{share} show as much as the real one (p = {p}). {unusual}",
            compared=compared,
            share=of_a_hundred(test.p),
            p=p_value(test.p),
            unusual=unusual,
        ),
        say("The orders are read off the doses: {space}.", space=test.space),
    ]
    if test.smallest > UNUSUAL:
        said.append(say("So few orders are possible that p could not have been below {p}.", p=p_value(test.smallest)))
    return [*said, *_bets(analysis)]


def _bets(analysis: Analysis) -> list[str]:
    found = analysis.checks.e_value
    if found is None or not found.path:
        return []
    sure = number(SURE)
    verdict = (
        say("It reached {sure}, so luck is hardly the reason, however often the answer was read.", sure=sure)
        if found.reached
        else say("It has not reached {sure}, which says nothing against the medicine: it needs many pairs.", sure=sure)
    )
    return [
        say_count(
            "Looking often cannot spoil this number: in {n} pair of blocks a coin chose the order, and a bet on it "
            "would have made {value} out of 1, at best {highest} so far (e-value). A medicine that does nothing ever "
            "reaches {sure} at most 5 times in 100. {verdict}",
            "Looking often cannot spoil this number: in {n} pairs of blocks a coin chose the order, and bets on them "
            "would have made {value} out of 1, at best {highest} so far (e-value). A medicine that does nothing ever "
            "reaches {sure} at most 5 times in 100. {verdict}",
            len(found.path),
            value=number(found.value),
            highest=number(found.highest),
            sure=sure,
            verdict=verdict,
        )
    ]
