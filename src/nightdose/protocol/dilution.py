"""Liquid arithmetic with units: how many ml hold the prescribed mg, worked out twice in two different ways."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction

from nightdose.errors import CallError
from nightdose.language.catalogue import mark, say
from nightdose.protocol.doses import accepted_dose, plausible_dose
from nightdose.protocol.gates import Cleared, must_be_cleared_for

MOST_ROUNDING = Fraction(5, 100)  # of the dose, lost or gained by the marks on the syringe
PLAUSIBLE_MG_PER_ML = (Fraction(1, 100), Fraction(60))

WARNINGS = (
    mark("Measure with an oral syringe with ml marks, never with a kitchen spoon or by drops."),
    mark("Use before the date on the label; how long it keeps is as labelled."),
    mark("A product made up by a pharmacy is safer than mixing at home. Let a second person read the syringe."),
)


@dataclass(frozen=True, slots=True)
class Liquid:
    """A product as its label states it: so many mg in so many ml."""

    mg: Decimal
    ml: Decimal

    def __post_init__(self) -> None:
        if self.mg <= 0 or self.ml <= 0:
            raise CallError(say("State the product as on its label, for example 50 mg in 50 ml."))
        low, high = PLAUSIBLE_MG_PER_ML
        if not low <= Fraction(self.mg) / Fraction(self.ml) <= high:
            raise CallError(
                say(
                    "{mg} mg in {ml} ml is an unusual strength. Read the label again: mg or "
                    "micrograms? ml or litres? If it is right, let the pharmacist state the volume.",
                    mg=self.mg,
                    ml=self.ml,
                )
            )


@dataclass(frozen=True, slots=True)
class Measure:
    """The volume to draw up, what it really holds, and both ways it was worked out."""

    ml: Decimal
    holds_mg: Decimal
    working: tuple[str, str]
    warnings: tuple[str, ...] = field(default_factory=lambda: tuple(map(say, WARNINGS)))


def volume_for(
    dose_mg: Decimal,
    liquid: Liquid,
    mark_ml: Decimal,
    cleared: Cleared,
    stated_ml: Decimal | None = None,
    said_again_mg: Collection[float] = (),
) -> Measure:
    """The ml that hold `dose_mg`, rounded to the syringe's marks; only while the safety gates are cleared.

    mark_ml   : distance of two marks on the syringe, for example 0.1.
    stated_ml : the volume that the pharmacist or label states, where there is one; a difference is refused.
    said_again_mg : doses outside the low-dose range that the person said twice.
    Worked out as dose / concentration in decimals, and again by the rule of three in whole micrograms and
    microlitres; both must agree, and the rounding may change the dose by 5 % at most.
    """
    must_be_cleared_for(cleared, cleared.first_dose)
    if dose_mg <= 0 or mark_ml <= 0:
        raise CallError(say("Give the dose in mg and the distance of two marks of the syringe in ml, both above 0."))
    accepted_dose(plausible_dose(dose_mg), said_again_mg, cleared.record.instructions)
    first = dose_mg / (liquid.mg / liquid.ml)
    second = _rule_of_three(dose_mg, liquid)
    if abs(Fraction(first) - second) > Fraction(1, 10**9):
        raise CallError(say("The two ways of working this out disagree. Do not use this; ask the pharmacist."))
    marks = (first / mark_ml).quantize(Decimal(1), rounding=ROUND_HALF_EVEN)
    rounded = marks * mark_ml
    holds = Fraction(rounded) * Fraction(liquid.mg) / Fraction(liquid.ml)
    if abs(holds / Fraction(dose_mg) - 1) > MOST_ROUNDING:
        raise CallError(
            say(
                "{plain} mg is {plain_2} ml, which marks of {plain_3} ml cannot measure to 5 %. A "
                "finer syringe or a thinner product is needed; ask the pharmacist.",
                plain=_plain(dose_mg),
                plain_2=_plain(first),
                plain_3=_plain(mark_ml),
            )
        )
    if stated_ml is not None and stated_ml != rounded:
        raise CallError(
            say(
                "The label says {plain} ml, the arithmetic says {plain_2} ml. Do not use either "
                "before the pharmacist has explained the difference.",
                plain=_plain(stated_ml),
                plain_2=_plain(rounded),
            )
        )
    working = (
        f"{_plain(dose_mg)} mg / ({_plain(liquid.mg)} mg / {_plain(liquid.ml)} ml) = {_plain(first)} ml",
        say(
            "{plain} mg are in {liquid_ml} ml, so {plain_2} ml hold {plain_3} mg",
            plain=_plain(liquid.mg),
            liquid_ml=_plain(liquid.ml),
            plain_2=_plain(rounded),
            plain_3=_plain(_decimal(holds)),
        ),
    )
    return Measure(rounded, _decimal(holds), working)


def _rule_of_three(dose_mg: Decimal, liquid: Liquid) -> Fraction:
    """ml, from whole micrograms and microlitres: dose * volume / amount."""
    micrograms = Fraction(dose_mg) * 1000
    microlitres = micrograms * (Fraction(liquid.ml) * 1000) / (Fraction(liquid.mg) * 1000)
    return microlitres / 1000


def _decimal(value: Fraction) -> Decimal:
    return Decimal(value.numerator) / Decimal(value.denominator)


def _plain(value: Decimal) -> str:
    return f"{value.quantize(Decimal('0.0001')).normalize():f}"
