"""A page's last step: numbers keep their units beside them, and a form sends back what was typed."""

from nightdose.language.number import NBSP
from nightdose.web.render import held


def test_a_number_is_never_parted_from_its_percent_sign_or_its_mg():
    assert (
        held("<p>(95 % interval, 4.5 mg, 3 mgr, 5  %)</p>") == f"<p>(95{NBSP}% interval, 4.5{NBSP}mg, 3 mgr, 5  %)</p>"
    )


def test_what_somebody_typed_goes_back_as_it_was_typed():
    """In a field's value and between the lines of a note."""
    typed = '<input value="4.5 mg"><textarea name="note">took 4.5 mg\n50 % better</textarea>'
    assert held(f"<p>{typed}</p>") == f"<p>{typed}</p>"
