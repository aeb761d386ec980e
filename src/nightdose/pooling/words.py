"""What a pool says, in sentences: with its probability, its comparator, and who stayed silent."""

from __future__ import annotations

from nightdose.evidence.groups import Group, Mean
from nightdose.knowledge.pooled import condition_codes, outcome_codes
from nightdose.language.catalogue import mark, say
from nightdose.language.number import number, percent, whole
from nightdose.pooling.cells import FEWEST, OTHERS
from nightdose.pooling.pool import Moderator, Part, Silence, Together
from nightdose.verdict.words import CEILINGS

ENOUGH_ANSWERED = 0.8  # of the registered trials: below, those who stayed silent could turn the answer
MUCH_FARTHER = 0.25  # sd by which people differ more through one of them: what a new person may expect hangs on it
MOST_OF_THE_PLANNED = (
    0.8  # of the planned people: on a scale of fewer the sentence would be of others than the large word
)
HALF = 0.5  # probability from which the mean is said to be worth having: as of one person's
MOST_E = 1000.0
MODERATOR_WORDS = {
    "condition": mark("By condition"),
    "dose": mark("By the dose that most days had"),
    "blinding": mark("By blinding"),
    "ceiling": mark("By ceiling of evidence"),
    "registered": mark("Registered beforehand or not"),
    "engine": mark("By the version of nightdose that made the numbers"),
}
SHORT_BLINDING = {
    "open": mark("not blinded"),
    "kept": mark("blinded, not guessed"),
    "given away": mark("blinded, but guessed"),
    "no guesses": mark("blinded, no guesses"),
}
ANSWERS = (
    ("helps", mark("For: better with it")),
    ("harms", mark("Against: worse with it")),
    ("no_meaningful_difference", mark("Against: no difference worth having")),
    ("not_yet_known", mark("Not yet known")),
    ("cannot_be_known", mark("Cannot be known from that diary")),
)


def title(part: Part) -> str:
    """`naltrexone: pain`."""
    return say("{drug}: {outcome}", drug=part.drug, outcome=say(outcome_codes()[part.outcome]))


def answered_enough(silence: Silence) -> bool:
    """True where so many registered trials have an answer that silence explains little."""
    return silence.mean is not None and silence.share >= ENOUGH_ANSWERED


def word(part: Part) -> str:
    """The large word: nothing is called known while the looks or those who stayed silent could have made it."""
    if part.common is None or part.settled is None or not answered_enough(part.silence):
        return say("Not yet known")
    registered, low, high = part.silence.mean, *part.settled.interval95
    worth = part.common.meaningful
    if low > 0 and registered is not None and registered.interval95[0] > 0:
        if part.common.pool.below(worth) > HALF:
            return say("A little better on average, by less than is worth having")
        return say("Better on average, in those who answered")
    if high < 0 and registered is not None and registered.interval95[1] < 0:
        return say("Worse on average, in those who answered")
    if -worth < low and high < worth:
        return say("No average difference worth having, in those who answered")
    return say("Not yet known")


def best(part: Part) -> Together | None:
    """In the outcome's own unit where nearly all share one scale, else on the common scale: it is about everybody."""
    points = part.points
    return points if points is not None and points.pool.people >= MOST_OF_THE_PLANNED * part.planned else part.common


def unit_words(together: Together) -> str:
    """`points of 0 to 10`, or the common scale."""
    if together.unit == "sd" or together.ends is None:
        return say("sd of a person’s own days")
    return say("points of {low} to {high}", low=number(together.ends[0]), high=number(together.ends[1]))


def sentences(part: Part) -> tuple[str, ...]:
    """The mean, the differences between people, what a new person may expect."""
    found = best(part)
    if found is None:
        return (
            say(
                "{n} people answered; fewer than {fewest} of them with a planned trial that gives a number. Nothing is "
                "pooled.",
                n=whole(part.people),
                fewest=FEWEST,
            ),
        )
    pool = found.pool
    low, high = pool.interval95()
    worse = pool.below(-found.meaningful, of_next=True)
    much = 1 - pool.below(found.meaningful, of_next=True)
    who = (
        say("A new person like these")
        if answered_enough(part.silence)
        else say("A new person, were they like those who chose to answer (nothing here shows that)")
    )
    return (
        say(
            "Over {n} people with a planned trial, {outcome} was on average {size} {way} with {drug} than without it, "
            "once the effect had settled, in {unit} (95 % interval {low} to {high}). Probability that the mean of such "
            "people is better: {p}.",
            n=whole(pool.people),
            outcome=say(outcome_codes()[part.outcome]),
            drug=part.drug,
            size=number(abs(pool.mean), pool.sd),
            way=say("better") if pool.mean >= 0 else say("worse"),
            unit=unit_words(found),
            low=number(low, pool.sd, signed=True),
            high=number(high, pool.sd, signed=True),
            p=percent(1 - pool.below(0.0)),
        ),
        say(
            "Apart from the noise of their diaries people differ by {tau} around that (an sd; 95 % interval {low} to "
            "{high}).",
            tau=number(pool.between, pool.between / 5 or 0.1),
            low=number(pool.between95[0], pool.between / 5 or 0.1),
            high=number(pool.between95[1], pool.between / 5 or 0.1),
        ),
        say(
            "{who}, before their own diary: better by {worth} or more with probability {much}, worse by as much "
            "{worse}, better at all {better}.",
            who=who,
            worth=number(found.meaningful),
            much=percent(much),
            worse=percent(worse),
            better=percent(1 - pool.below(0.0, of_next=True)),
        ),
        hope_words(part),
    )


def hope_words(part: Part) -> str:
    """How many did not know what they took, as far as ten may be counted: of the others hope is not ruled out."""
    knowing = part.planned - part.unknowing
    if not part.unknowing:
        return say("None of them was blinded with guesses no better than chance: hope may have made all of it.")
    if not knowing:
        return say("All of them were blinded and guessed no better than chance.")
    if part.unknowing < FEWEST:
        return say(
            "Fewer than {n} of them were blinded with guesses no better than chance: hope may have made most of it.",
            n=FEWEST,
        )
    if knowing < FEWEST:
        return say("All but fewer than {n} of them were blinded and guessed no better than chance.", n=FEWEST)
    return say(
        "{unknowing} of these {planned} were blinded and guessed no better than chance; in the others hope may have "
        "made it.",
        unknowing=whole(part.unknowing),
        planned=whole(part.planned),
    )


def silence_words(silence: Silence) -> tuple[str, ...]:
    """Answers received of trials registered, and what those who stayed silent could change."""
    if not silence.registered:
        return (
            say(
                "Nobody registered a trial beforehand. Whoever is glad may be likelier to send an answer, and nothing "
                "here can tell by how much."
            ),
        )
    out = [
        say(
            "Answers received: {answered} of {registered} registered trials.",
            answered=whole(silence.answered),
            registered=whole(silence.registered),
        )
    ]
    if silence.answered < ENOUGH_ANSWERED * silence.registered:
        out.append(say("So many stayed silent that the mean may come from who answered."))
    elif silence.share < ENOUGH_ANSWERED:
        out.append(say("So many of these give no number of a planned trial that the mean may come from who gave one."))
    mean, none, tips = silence.mean, silence.if_silent_had_none, silence.tips_at
    if mean is not None and none is not None and tips is not None:
        out.append(
            say(
                "Registered and answered: mean {mean} sd. Had those without a number no effect at all, it would be "
                "{none}; at a mean of {tips} among them nothing would be left.",
                mean=number(mean.mean, 0.1, signed=True),
                none=number(none, 0.1, signed=True),
                tips=number(tips, 0.1, signed=True),
            )
        )
    return tuple(out)


def looks_words(part: Part) -> str:
    """May it be called settled, however often the pool was looked at?"""
    if part.settled is None:
        return ""
    low, high = part.settled.interval95
    state = (
        say("Luck alone reaches such a mean at most 1 time in 20, however often the pool is read.")
        + ("" if answered_enough(part.silence) else " " + say("Who chose to answer may still have made it."))
        if part.settled.settled
        else say(
            "Luck may have made the sign of the mean: the bar that holds at all looks together (20) is not reached."
        )
    )
    return say(
        "{state} E-value {e}; 95 % interval at all looks together {low} to {high} sd.",
        state=state,
        e=number(part.settled.value, max(part.settled.value / 5, 0.1))
        if part.settled.value < MOST_E
        else say("more than {n}", n=whole(int(MOST_E))),
        low=number(low, 0.1, signed=True),
        high=number(high, 0.1, signed=True),
    )


def aside_words(part: Part) -> tuple[str, ...]:
    """What stands beside the planned trials and is not mixed with them."""
    out = []
    if part.without_farthest is not None and part.between_without is not None and part.common is not None:
        everybody = part.common.pool
        said = say(
            "Without the one person farthest from the others the mean would be {mean}, with them it is {all} sd; "
            "people would differ by {apart}, with them by {all_apart} sd.",
            mean=mean_words(part.without_farthest),
            all=number(everybody.mean, everybody.sd, signed=True),
            apart=number(part.between_without, 0.1),
            all_apart=number(everybody.between, 0.1),
        )
        moved = (
            abs(part.without_farthest.mean - everybody.mean) > everybody.sd
            or everybody.between - part.between_without > MUCH_FARTHER
        )
        out.append(f"{said} {say('So much hangs on a single file.')}" if moved else said)
    if part.unplanned is not None:
        out.append(
            say(
                "Diaries that nobody planned, on their own: mean {mean}. They cannot tell the medicine from time, hope "
                "and a bad week at the start, and are in no number above.",
                mean=mean_words(part.unplanned),
            )
        )
    if part.doubted is not None:
        out.append(
            say("Everybody together, each ceiling with its own doubt: mean {mean}.", mean=mean_words(part.doubted))
        )
    return tuple(out)


def mean_words(mean: Mean) -> str:
    """`+0.20 sd (+0.10 to +0.30)`."""
    return say(
        "{mean} sd ({low} to {high})",
        mean=number(mean.mean, mean.sd, signed=True),
        low=number(mean.interval95[0], mean.sd, signed=True),
        high=number(mean.interval95[1], mean.sd, signed=True),
    )


def group_name(moderator: Moderator, group: Group) -> str:
    """The group in words."""
    if group.name == OTHERS:
        return say("others, together")
    if moderator.name == "condition":
        return say(condition_codes()[group.name])
    if moderator.name == "dose":
        low, _, high = group.name.partition("-")
        return say("{low} to below {high} mg", low=low, high=high) if high else say("no amount said")
    if moderator.name == "blinding":
        return say(SHORT_BLINDING[group.name])
    if moderator.name == "ceiling":
        return say("ceiling {name}", name=say({str(name): words for name, words in CEILINGS.items()}[group.name]))
    return say(group.name)


def moderator_words(moderator: Moderator) -> str:
    """How far two groups are apart; and that nobody drew them by lot."""
    lots = say("Nobody drew by lot who is in which group, so a difference may have other reasons.")
    if moderator.apart is None:
        return lots
    return say("First minus second: {mean}. {lots}", mean=mean_words(moderator.apart), lots=lots)


def count_words(part: Part) -> tuple[tuple[str, str], ...]:
    """(answer, people) for and against."""
    hidden = say("not shown (fewer than {n}, or hidden with such)", n=FEWEST)
    return tuple((say(words), hidden if part.counts[a] is None else whole(part.counts[a] or 0)) for a, words in ANSWERS)
