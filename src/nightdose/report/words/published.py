"""Other people's trials in words: effects, pools, how sure that is, and where a number was only remembered."""

from __future__ import annotations

import math

from nightdose.evidence.bayes import BayesPool
from nightdose.evidence.body import Body, Pair
from nightdose.evidence.derive import Derived
from nightdose.knowledge.cells import Status
from nightdose.knowledge.comparisons import Comparison, Use, data_set
from nightdose.language.catalogue import mark, say, say_count
from nightdose.language.number import as_given, date, number, percent, whole

CERTAINTY = {
    "high": mark("high certainty"),
    "moderate": mark("moderate certainty"),
    "low": mark("low certainty"),
    "very low": mark("very low certainty"),
}
MARKS: dict[Status, str] = {
    "seen": "",
    "derived": mark("worked out from what was published"),
    "recalled": mark("not checked: written from memory, the source was not read again"),
}
BIAS = {"low": mark("low"), "some": mark("some concerns"), "high": mark("high")}


def is_ratio(comparison: Comparison) -> bool:
    """Its effects are ratios, pooled as logarithms."""
    return comparison.measure == "risk ratio"


def value_words(value: float, comparison: Comparison, like: float) -> str:
    """`-0.34 points`, `0.97 times as many`; value : as it is pooled, a ratio as its logarithm."""
    if is_ratio(comparison):
        return say("{n} times as many", n=number(math.exp(value), 0.1))
    shown = number(value, like, signed=True)
    if comparison.unit == "sd":
        return say("{n} standard deviations", n=shown)
    if comparison.unit == "days":
        return say("{n} days", n=shown)
    return say("{n} points", n=shown)


def range_words(low: float, high: float, comparison: Comparison, like: float) -> str:
    """`-0.95 to 0.27`."""
    ends = (math.exp(low), math.exp(high)) if is_ratio(comparison) else (low, high)
    digits = 0.1 if is_ratio(comparison) else like
    return say("{low} to {high}", low=number(ends[0], digits), high=number(ends[1], digits))


def precision(comparison: Comparison, error: float) -> float:
    """`like` of a number of this comparison: two digits behind the point where effects are small."""
    return 0.1 if comparison.unit == "sd" or error < 1 else 0.5


def trial_name(use: Use) -> str:
    """`FINAL 2024`; counts of a review carry its name too."""
    if use.bias != use.result.study:
        return say("{trial}, as counted by {review}", trial=use.bias.name, review=use.result.study.name)
    return use.result.study.name


def trial_numbers(trial: Derived, comparison: Comparison) -> tuple[str, str]:
    """(effect, interval) of one trial."""
    like = precision(comparison, trial.effect.error)
    return value_words(trial.effect.value, comparison, like), range_words(*trial.interval95, comparison, like)


def derivation(trial: Derived) -> str:
    """How the interval came out of what was published, with the very numbers that went in."""
    words = {
        "interval": mark("the 95 % interval as published"),
        "p": mark("the variance from the effect and its two-sided p"),
        "counts": mark("log risk ratio of the counts"),
        "arms": mark("standardised difference of two arms from their means and standard deviations (Hedges’ g)"),
        "as reported": mark("the standardised difference as published, its variance from the sizes of the arms"),
        "crossover p": mark("standardised difference from the p of the paired comparison"),
        "crossover arms": mark("difference of the two periods from their means and standard deviations"),
    }
    said = say(words[trial.use.how])
    if trial.use.how.startswith("crossover"):
        said = say(
            "{how}, with a correlation of {r} between the periods (assumed)", how=said, r=number(trial.use.correlation)
        )
    return f"{said} ({_went_in(trial.use)})"


def _went_in(use: Use) -> str:
    """The published numbers that an effect was made from, as they stand in the set."""
    n = {name: as_given(value) for name, value in use.result.numbers.items()}
    people = as_given(use.result.study.people or 0)
    if use.how == "interval":
        return say("{effect}; {low} to {high}", **n)
    if use.how == "p":
        return say("{effect}; p = {p}", **n)
    if use.how == "crossover p":
        return say("p = {p}, {people} people", p=n["p"], people=people)
    if use.how == "counts":
        return say("{treated_events} of {treated_n} people against {control_events} of {control_n}", **n)
    if use.how == "as reported":
        return say("{standardised}; {treated_n} and {control_n} people", **n)
    said = say(
        "{treated_mean}, sd {treated_sd}, {treated_n} people, against {control_mean}, sd {control_sd}, "
        "{control_n} people",
        **n,
    )
    if use.how == "arms" and "standardised" in n:
        said += "; " + say("the paper itself gives {standardised}, perhaps after an adjustment", **n)
    return said


def status_words(status: Status) -> str:
    """The mark of a number that was not simply read, "" for one that was."""
    return say(MARKS[status]) if MARKS[status] else ""


def people_of(trials: tuple[Derived, ...]) -> int:
    """People in these trials; of a review's counts, those it counted."""
    return sum(t.use.result.study.people or 0 if t.use.bias == t.use.result.study else _counted(t) for t in trials)


def _counted(trial: Derived) -> int:
    n = trial.use.result.numbers
    return int(n.get("treated_n", 0) + n.get("control_n", 0))


def side_words(comparison: Comparison) -> str:
    """Which side speaks for the medicine."""
    if is_ratio(comparison):
        return (
            say("Below 1: fewer on the medicine than on {against}.", against=say(comparison.against))
            if comparison.better == "lower"
            else say("Above 1: more on the medicine than on {against}.", against=say(comparison.against))
        )
    return (
        say("Below 0: lower, so better, on the medicine than on {against}.", against=say(comparison.against))
        if comparison.better == "lower"
        else say("Above 0: higher, so better, on the medicine than on {against}.", against=say(comparison.against))
    )


def benefit(pooled: BayesPool, comparison: Comparison) -> float:
    """Probability that the average effect is a benefit of any size."""
    below = pooled.below(0.0)
    return below if comparison.better == "lower" else 1 - below


def pooled_words(pair: Pair, comparison: Comparison) -> str:
    """`+0.01 points (-0.83 to 0.92)`."""
    like = precision(comparison, pair.bayes.spread)
    return say(
        "{effect} ({interval})",
        effect=value_words(pair.bayes.middle, comparison, like),
        interval=range_words(*pair.bayes.interval95(), comparison, like),
    )


def body_sentences(found: Body) -> tuple[str, ...]:
    """What a comparison says, how sure it is, what a further trial may show, and the second way of pooling."""
    comparison = found.comparison
    certainty = say(CERTAINTY[comparison.certainty])
    if found.pooled is None:
        effect, interval = trial_numbers(found.trials[0], comparison)
        recalled = status_words(found.trials[0].status) if found.trials[0].status == "recalled" else ""
        return (
            say(
                "One randomised trial ({people} people) against {against}: {effect}, 95 % interval {interval}{mark}; "
                "{side}; {certainty}. One trial is not a pool.",
                side=_side(found.trials[0], comparison),
                people=whole(people_of(found.trials)),
                against=say(comparison.against),
                effect=effect,
                interval=interval,
                mark=f" ({recalled})" if recalled else "",
                certainty=certainty,
            ),
        )
    pair = found.pooled
    return _together(found, pair, certainty) + _but(found), _further(pair, comparison), second_way(pair, comparison)


def _side(trial: Derived, comparison: Comparison) -> str:
    """Better or worse with the medicine, and whether no difference lies within the interval."""
    low, high = trial.interval95
    if low <= 0 <= high:
        return say("better and worse with the medicine are both within the interval")
    good = (high < 0) == (comparison.better == "lower")
    return say("better with the medicine") if good else say("worse with the medicine")


def _together(found: Body, pair: Pair, certainty: str) -> str:
    comparison = found.comparison
    like = precision(comparison, pair.bayes.spread)
    return say(
        "{trials} together ({people} people) against {against}: on average {effect}, 95 % interval {interval}. "
        "Probability that the average is a benefit of any size: {p}; {certainty}.",
        trials=say_count("{n} trial", "{n} trials", len(found.trials)),
        people=whole(people_of(found.trials)),
        against=say(comparison.against),
        effect=value_words(pair.bayes.middle, comparison, like),
        interval=range_words(*pair.bayes.interval95(), comparison, like),
        p=percent(benefit(pair.bayes, comparison)),
        certainty=certainty,
    )


def _but(found: Body) -> str:
    """What is left without the trials that cannot carry it; at once, so that nobody reads the first number alone."""
    if not found.switched:
        return ""
    switch, pair = found.switched[-1]
    return " " + say("But {name}: {pool}.", name=say(switch.name), pool=_with_chance(pair, found.comparison))


def _further(pair: Pair, comparison: Comparison) -> str:
    like = precision(comparison, pair.bayes.spread)
    return say(
        "The true effect in a further trial may lie anywhere between {interval} (95 % prediction). How far "
        "trials differ is too little known to be estimated from so few: it is averaged over with the prior {prior}.",
        interval=range_words(*pair.bayes.interval95(of_next=True), comparison, like).replace(
            f" {say('to')} ", f" {say('and')} "
        ),
        prior=say(comparison.tau_why.split(":")[0]),
    )


def second_way(pair: Pair, comparison: Comparison) -> str:
    """The usual pool, for comparison."""
    reml = pair.reml
    like = precision(comparison, reml.sd)
    said = say(
        "The usual way for comparison (restricted maximum likelihood, modified Knapp-Hartung): {effect}, {interval}; "
        "I² {i2}.",
        effect=value_words(reml.mean, comparison, like),
        interval=range_words(*reml.interval95, comparison, like),
        i2=say("{n} %", n=round(100 * reml.i2)),
    )
    if reml.predicted95 is None:
        return said + " " + say("Its prediction interval needs three trials.")
    return (
        said
        + " "
        + say(
            "Its prediction interval: {interval} (t with two degrees of freedom less than trials, as Higgins "
            "and others 2009 have it).",
            interval=range_words(*reml.predicted95, comparison, like),
        )
    )


def switched_words(found: Body) -> tuple[tuple[str, str, str], ...]:
    """(which trials, the pool, why) with all trials and under each switch."""
    if found.pooled is None:
        return ()
    comparison, rows = found.comparison, []
    everything = say("all {n} trials", n=whole(len(found.trials)))
    rows.append((everything, _with_chance(found.pooled, comparison), ""))
    rows += [(say(s.name), _with_chance(pair, comparison), say(s.why)) for s, pair in found.switched]
    if found.low_risk is not None:
        rows.append(
            (
                say("without trials at high risk of bias"),
                _with_chance(found.low_risk, comparison),
                say("Our reading of abstracts, domain by domain, stands below."),
            )
        )
    return tuple(rows) if len(rows) > 1 else ()


def _with_chance(pair: Pair, comparison: Comparison) -> str:
    return say(
        "{pool}; probability of a benefit on average {p}",
        pool=pooled_words(pair, comparison),
        p=percent(benefit(pair.bayes, comparison)),
    )


def without_words(found: Body) -> tuple[tuple[str, str], ...]:
    """(trial left out, the pool of the others)."""
    return tuple(
        (say("without {trial}", trial=trial.use.bias.name), _with_chance(pair, found.comparison))
        for trial, pair in zip(found.trials, found.without, strict=False)
    )


def missing_words(found: Body, registered: tuple[str, ...]) -> str:
    """Small-study effects from ten trials on; below, the registered trials without a result."""
    if found.asymmetry is not None:
        return say(
            "Small trials against large ones (Egger): slope {slope} ({low} to {high}); the pool’s sensitivity.",
            slope=number(found.asymmetry.slope),
            low=number(found.asymmetry.interval95[0]),
            high=number(found.asymmetry.interval95[1]),
        )
    few = say("Too few trials to see missing ones in a funnel (ten are needed).")
    if not registered:
        return few + " " + say("No registered trial without a result was found for this condition.")
    return few + " " + say("Registered, and no result was found: {names}.", names="; ".join(registered))


def not_for_doses() -> str:
    """What stands above everything that is shown of other people's trials."""
    return say(
        "Averages of other people: no trial tells what one person will feel, and nothing here says which dose to "
        "take or whether to. The use is off label in every condition. Talk about it with whoever prescribes."
    )


def set_words() -> str:
    """Release and search date of the set."""
    found = data_set()
    return say(
        "Data set release {release}, searched up to {day}.", release=whole(found.release), day=date(found.searched)
    )


def set_is_about_naltrexone(drug: str) -> str:
    """Said where somebody asks who takes another medicine."""
    return say(
        "No trials of {drug} are carried here: what follows is about naltrexone. What is known of {drug} stands in its "
        "own file, with its sources.",
        drug=drug,
    )
