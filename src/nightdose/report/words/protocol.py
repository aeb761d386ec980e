"""What was fixed before day 1 and changed since, who cleared which safety gate, which boxes were opened."""

from __future__ import annotations

import datetime

from nightdose.knowledge.four_words import four_words
from nightdose.language.catalogue import say
from nightdose.language.number import date
from nightdose.protocol.locked import in_force
from nightdose.verdict.analysis import Analysis

ASKED = ("outcome", "treatment", "scale", "better", "meaningful")


def protocol_words(analysis: Analysis) -> list[str]:
    """Sentences for the report; none without a locked protocol."""
    history = analysis.protocol
    if not history:
        return opened_words(analysis)
    first, body = history[0], in_force(history)
    said = [
        say(
            "Locked on {day}; its hash begins {hash}. The words below fit that hash.",
            day=first.day,
            hash=first.sha256[:16],
        ),
        say("In four words: {words}.", words=four_words(first.sha256)),
    ]
    for number, change in enumerate(history[1:], start=1):
        names = ", ".join(change.body)
        said.append(
            say(
                "Amendment {number} of {day} changed {names}: {reason}",
                number=number,
                day=change.day,
                names=names,
                reason=change.reason,
            )
        )
    if len(history) == 1:
        said.append(say("Nothing was amended since."))
    said += [
        say(
            "Safety gate “{gate}” was cleared by {prescriber} on {given}: {words}",
            gate=gate["gate"],
            prescriber=gate["prescriber"],
            given=gate["given"],
            words=gate["words"],
        )
        for gate in body.get("opened_by", ())
    ]
    planned, question = body.get("question", {}), analysis.question
    for name in ASKED:
        asked = getattr(question, name)
        if name in planned and planned[name] is not None and planned[name] != asked:
            said.append(
                say(
                    "This report asks something other than the protocol: {name} was {planned}, here it is {asked}.",
                    name=name,
                    planned=planned[name],
                    asked=asked,
                )
            )
    said += stopped_words(analysis)
    said += [say("Stopping rule: {rule}", rule=say(str(rule))) for rule in body.get("stopping_rules", ())]
    return said + opened_words(analysis)


def stopped_words(analysis: Analysis) -> list[str]:
    """That the trial was stopped, and what that means for its days; nothing where it ran to its end."""
    schedule = analysis.question.schedule
    if schedule is None or schedule.last_day is None or not analysis.diary.dated:
        return []
    day = date(datetime.date.fromordinal(schedule.last_day))
    return [say("The trial was stopped: its last day was {day}. The days after it are not a part of it.", day=day)]


def opened_words(analysis: Analysis) -> list[str]:
    """Every opening of boxes before the end, with its day and reason, and what it means for the answer."""
    said = []
    for opened in analysis.opened:
        boxes = ", ".join(map(str, opened.opened or opened.blocks))
        how = say("in an emergency") if opened.emergency else say("before the end")
        said.append(
            say("Box {boxes} was opened on {day}, {how}: {reason}", boxes=boxes, day=opened.day, how=how,
                reason=opened.reason)
        )  # fmt: skip
        if opened.told:
            said.append(
                say(
                    "It tells what is in box {told} too: of a pair one holds the medicine and one does not.",
                    told=", ".join(map(str, opened.told)),
                )
            )
    if said and analysis.design.blinded:
        said.append(
            say("From that day on the days of an opened pair are left out of the judgement; all others stayed blinded.")
        )
    elif said:
        said.append(say("Because boxes were opened, this trial is analysed as an open one."))
    return said
