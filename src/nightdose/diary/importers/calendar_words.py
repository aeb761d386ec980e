"""Names of months and weekdays in the languages that spreadsheets and apps write them in.

English, German, Dutch, Danish, Norwegian, Swedish, French, Spanish, Italian and Portuguese. No name stands for two
months in any of them (a test holds it), so a name settles the month whatever the file's language.
"""

from __future__ import annotations

import re
import unicodedata

MONTHS = (
    "jan january januar januari janvier enero ene gennaio gen janeiro",
    "feb february februar februari fevrier fev febrero febbraio fevereiro",
    "mar march marz maerz mrz maart mrt marts mars marzo marco",
    "apr april avril avr abril abr aprile",
    "may mai mei maj mayo maggio mag maio",
    "jun june juni juin junio giugno giu junho",
    "jul july juli juillet juil julio luglio lug julho",
    "aug august augustus augusti aout aou agosto ago",
    "sep sept september septembre septiembre settembre set setembro",
    "oct october oktober okt octobre octubre ottobre ott outubro out",
    "nov november novembre noviembre novembro",
    "dec december dezember dez desember des decembre diciembre dic dicembre dezembro",
)


def words(text: str) -> frozenset[str]:
    """The words of a text, as a set."""
    return frozenset(text.split())


WEEKDAYS = words("""
    monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thur thurs fri sat sun
    montag dienstag mittwoch donnerstag freitag samstag sonnabend sonntag mo di mi do fr sa so
    maandag dinsdag woensdag donderdag vrijdag zaterdag zondag ma wo vr za zo
    mandag tirsdag onsdag torsdag fredag lordag sondag man tir ons tor fre lor son tisdag tis tors
    lundi mardi mercredi jeudi vendredi samedi dimanche lun mar mer jeu ven sam dim
    lunes martes miercoles jueves viernes sabado domingo mie jue vie sab dom
    lunedi martedi mercoledi giovedi venerdi sabato domenica gio
    segunda terca quarta quinta sexta segunda-feira terca-feira quarta-feira quinta-feira sexta-feira seg ter
    qua qui sex
""")
_MONTH_OF = {word: number for number, words in enumerate(MONTHS, 1) for word in words.split()}
_FIRST_WORD = re.compile(r"([^\W\d_][^\W\d_-]{1,13}(?:-feira)?)\.?,?\s+")
_LAST_WORD = re.compile(r"[\s,]+\(?([^\W\d_]{2,14}(?:-feira)?)\.?\)?$")


def plain(word: str) -> str:
    """A word in small letters without accents: 'Août' is 'aout', 'März' is 'marz'."""
    apart = unicodedata.normalize("NFKD", word.casefold().replace("ø", "o"))
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


def month_named(word: str) -> int | None:
    """1 to 12, None where the word is not a month."""
    return _MONTH_OF.get(plain(word))


def without_weekday(text: str) -> str:
    """The text without a weekday before or behind it; any other word stays, and then the text is not understood."""
    found = _FIRST_WORD.match(text)
    if found and plain(found[1]) in WEEKDAYS and not re.match(r"\d{1,2},? \d", text[found.end() :]):
        text = text[found.end() :]
    found = _LAST_WORD.search(text)
    return text[: found.start()] if found and plain(found[1]) in WEEKDAYS else text
