"""What stands beside the answer as plain JSON values: checks, other readings, what was learned about the days."""

from __future__ import annotations

from nightdose.export.json_numbers import Record, finite, improvement, mean_and_interval, probability
from nightdose.verdict.analysis import Analysis
from nightdose.verdict.answer import BlindingIndex
from nightdose.verdict.causes import at, sentence


def guess_record(analysis: Analysis) -> Record | None:
    """Guesses against the truth, and the effect beyond them."""
    guess = analysis.guess
    if guess is None:
        return None
    return {
        "days": guess.days,
        "correct": guess.correct,
        "counted": guess.counted,
        "rate": finite(guess.rate),
        "interval95": [finite(v) for v in guess.interval95],
        "better_than_chance": guess.better_than_chance,
        "bang": {"active": index_record(guess.bang_active), "inactive": index_record(guess.bang_inactive)},
        "james": index_record(guess.james),
        "given_away_z": None if guess.given_away is None else finite(guess.given_away),
        "adjusted_improvement": improvement(guess.adjusted),
        "adjusted_probability": probability(guess.adjusted),
    }


def index_record(index: BlindingIndex | None) -> Record | None:
    """A blinding index with its interval."""
    if index is None:
        return None
    return {
        "value": finite(index.value),
        "interval95": [finite(v) for v in index.interval95],
        "guesses": index.guesses,
    }


def day_fit_record(analysis: Analysis) -> Record | None:
    """How the days lie in what all other days predict for them."""
    fit = analysis.day_fit
    if fit is None:
        return None
    return {
        "days": fit.days,
        "histogram": [finite(share) for share in fit.histogram],
        "inside50": finite(fit.inside50),
        "inside90": finite(fit.inside90),
        "far_out": [analysis.diary.day_label(day) for day in fit.far_out],
        "week": finite(fit.week),
    }


def randomisation_record(analysis: Analysis) -> Record | None:
    """The re-randomisation test."""
    test = analysis.randomisation_test
    if test is None:
        return None
    return {
        "p": finite(test.p),
        "schedules": test.schedules,
        "exact": test.exact,
        "smallest_p": finite(test.smallest),
        "log10_possible": finite(test.log10_space),
        "difference": finite(test.difference),
        "statistic": test.statistic,
        "space": test.space,
    }


def sensitivity_record(analysis: Analysis) -> Record:
    """How the answer moves with what no diary can show: missing days, other starting assumptions."""
    variants = analysis.prior_variants
    priors = [
        {
            "code": variant.code,
            "words": variant.words,
            "improvement": improvement(variant.estimate),
            "probability": probability(variant.estimate),
            "answer": variant.answer,
        }
        for variant in variants
    ]
    return {
        "missing_bad": missing_bad_record(analysis),
        "priors": priors or None,
        "answer_changes": any(v.answer != analysis.verdict.answer for v in variants) if variants else None,
    }


def missing_bad_record(analysis: Analysis) -> Record | None:
    """The answers had the missing days been bad ones."""
    missing = analysis.missing_bad
    if missing is None:
        return None
    return {
        "days_on": missing.days_on,
        "days_off": missing.days_off,
        "band": [
            {
                "shift_sd": finite(s.shift_sd),
                "shift": finite(s.shift),
                "improvement": improvement(s.estimate),
                "probability": probability(s.estimate),
                "answer": s.answer,
            }
            for s in missing.shifts
        ],
    }


def causes_record(analysis: Analysis) -> list[Record]:
    """Ordinary causes that compete with the medicine, likeliest first; empty where nothing was fitted."""
    diary = analysis.diary
    return [
        {
            "cause": cause.family,
            "at": at(diary, cause),
            "share": finite(cause.share),
            "in_model": cause.adopted,
            "as_well": cause.as_well,
            "sentence": sentence(diary, cause),
        }
        for cause in (analysis.fitted.causes if analysis.fitted else ())
    ]


def nuisance_record(analysis: Analysis) -> Record | None:
    """Drift, spells, noise, trend and onset."""
    found = analysis.nuisance
    if found is None:
        return None
    return {
        "drift_sd_90d": mean_and_interval(found.drift_sd_90d),
        "ar_phi": mean_and_interval(found.ar_phi),
        "ar_sd": mean_and_interval(found.ar_sd),
        "noise_sd": mean_and_interval(found.noise_sd),
        "trend": mean_and_interval(found.trend),
        "onset_tau_d": {name: mean_and_interval(tau) for name, tau in found.onset_tau_d.items()},
    }


def certificate_record(analysis: Analysis) -> Record | None:
    """How often this analysis would be wrong."""
    c = analysis.certificate
    if c is None:
        return None
    return {
        "n": c.n,
        "seed": c.seed,
        "false_alarm": finite(c.false_alarm),
        "false_alarm_interval95": [finite(v) for v in c.false_alarm_interval95],
        "same_verdict_if_null": finite(c.same_verdict_if_null),
        "miss": finite(c.miss),
        "miss_interval95": [finite(v) for v in c.miss_interval95],
        "worlds": [
            {
                "world": world.name,
                "n": world.n,
                "false_alarm": finite(world.false_alarm),
                "false_alarm_interval95": [finite(v) for v in world.false_alarm_interval95],
            }
            for world in c.worlds
        ],
        "any_look": None
        if c.any_look is None
        else {
            "looks": c.any_look.looks,
            "n": c.any_look.n,
            "false_alarm": finite(c.any_look.false_alarm),
            "false_alarm_interval95": [finite(v) for v in c.any_look.false_alarm_interval95],
        },
    }


def evidence_record(analysis: Analysis) -> Record | None:
    """The answer with a prior from trials."""
    beside = analysis.with_evidence
    if beside is None or beside.estimate is None:
        return None
    prior = beside.prior
    mean, sd = beside.prior_improvement
    return {
        "improvement": improvement(beside.estimate),
        "probability": probability(beside.estimate),
        "prior": {
            "name": prior.name,
            "title": prior.title,
            "condition": prior.condition,
            "outcome": prior.outcome,
            "unit": prior.mean.unit,
            "mean": finite(prior.mean.value),
            "sd_of_mean": finite(prior.sd_of_mean),
            "heterogeneity_sd": finite(prior.heterogeneity.value),
            "dose": finite(prior.dose.value),
            "dose_unit": prior.dose.unit,
            "improvement": {"mean": finite(mean), "sd": finite(sd)},
            "shift_in_sd": finite(beside.shift),
            "share_of_precision": finite(beside.prior_share),
            "sources": list(prior.sources),
            "statuses": dict(prior.statuses),
        },
    }


def exploratory_record(analysis: Analysis) -> list[Record]:
    """Other outcomes, one row each."""
    rows = []
    for found in analysis.exploratory:
        asked = found.question
        shrunk: Record | None = None
        if found.shrunk is not None:
            mean, sd, interval = found.shrunk
            shrunk = {"mean": finite(mean), "sd": finite(sd), "interval95": [finite(v) for v in interval]}
        rows.append(
            {
                "outcome": asked.outcome,
                "scale": asked.scale,
                "better": asked.better,
                "improvement": shrunk,
                "alone": improvement(found.alone),
                "sentence": found.sentence,
            }
        )
    return rows


def looks_record(analysis: Analysis) -> Record:
    """How often one looked, when it was planned, and what that asks of the direction."""
    looks, bets = analysis.case.looks, analysis.checks.e_value
    return {
        "counted": looks.counted,
        "planned": [day.isoformat() for day in looks.planned],
        "asked": finite(analysis.case.sure),
        "e_value": None if bets is None else finite(bets.value),
        "e_value_highest": None if bets is None else finite(bets.highest),
        "e_value_pairs": None if bets is None else len(bets.path),
    }
