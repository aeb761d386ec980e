"""Whose diary it is, by what program, and from which data: what every resource of a bundle points at."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.metadata import version

from nightdose.export.json_numbers import Record
from nightdose.export.record import analysis_record
from nightdose.letter.appendix import data_print
from nightdose.letter.background import AGE_BANDS, Background
from nightdose.letter.fhir.parts import Entry, Resource, identified, masked, own, quantity, written
from nightdose.letter.letter import without_dates
from nightdose.verdict.analysis import Analysis

DATA = "urn:nightdose:fingerprint:1"  # identifiers that are the SHA-256 of what was analysed

AGE_BAND = "urn:nightdose:age-band:1"


@dataclass(frozen=True, slots=True)
class Scene:
    """What a bundle is about.

    analysis : its days numbered where the person keeps the dates back. record : its numbers (`export/record.py`).
    data : fingerprint. patient, device : whose days they are, and the program.
    """

    analysis: Analysis
    background: Background
    record: Record
    data: str
    patient: Entry
    device: Entry

    def entry(self, resource: Resource) -> Entry:
        """The resource with its identity."""
        return identified(resource, self.data)


def scene_of(analysis: Analysis, background: Background) -> Scene:
    """The scene; a person who gave no name has none here either."""
    shown = analysis if background.dates else without_dates(analysis)
    data = data_print(analysis, background)
    patient = {
        "resourceType": "Patient",
        **({"extension": [age_band(background.age)]} if background.age else {}),
        **({"name": [{"text": written(background.name)}]} if background.name else {}),
    }
    device = {
        "resourceType": "Device",
        "deviceName": [{"name": "nightdose", "type": "user-friendly-name"}],
        "type": {"text": "software"},
        "version": [{"value": version("nightdose")}],
    }
    return Scene(
        analysis=shown,
        background=background,
        record=analysis_record(shown),
        data=data,
        patient=identified(patient, data),
        device=identified(device, data),
    )


def age_band(band: str) -> Resource:
    """The age as an extension: FHIR R4 gives a Patient a day of birth only, for which nobody was asked."""
    ends = dict(zip(("low", "high"), AGE_BANDS[band], strict=True))
    return {"url": AGE_BAND, "valueRange": {k: quantity(year, "years") for k, year in ends.items() if year is not None}}


def day_made(background: Background) -> str:
    """The day of the letter, "" where it may not be said."""
    return background.made.isoformat() if background.made and background.dates else ""


def instant(background: Background, name: str) -> Resource:
    """A required time named `name`: midnight UTC of the day of the letter, whose hour nobody knows; else masked."""
    day = day_made(background)
    return {name: f"{day}T00:00:00Z"} if day else {f"_{name}": masked()}


def provenance(scene: Scene, target: Resource) -> Entry:
    """By which program, in which version, and from which data the target was made."""
    return scene.entry(
        {
            "resourceType": "Provenance",
            "target": [target],
            **instant(scene.background, "recorded"),
            "agent": [{"who": scene.device.reference, "onBehalfOf": scene.patient.reference}],
            "entity": [{"role": "source", "what": {"identifier": {"system": DATA, "value": scene.data},
                                                   "display": own("source")["coding"][0]["display"]}}],
        }
    )  # fmt: skip
