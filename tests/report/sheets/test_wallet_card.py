"""The wallet card says what an emergency room needs, and nothing on it can break out of the page."""

import datetime

from nightdose.report.sheets.wallet_card import WalletCard, wallet_card_page

DAY = datetime.date(2026, 11, 22)


def test_the_card_says_what_blocks_and_who_decides():
    page = wallet_card_page(WalletCard(DAY, name="Kim"))
    for words in (
        "It blocks opioids",
        "may not work",
        "depress breathing",
        "The anaesthetist decides",
        "Kim",
    ):
        assert words in page


def test_in_a_blinded_trial_the_card_asks_to_assume_naltrexone():
    assert "as if naltrexone was taken" in wallet_card_page(WalletCard(DAY, blinded=True))
    assert "as if naltrexone was taken" not in wallet_card_page(WalletCard(DAY))


def test_what_is_typed_stays_text_and_nothing_is_fetched():
    page = wallet_card_page(WalletCard(DAY, name="<script>alert(1)</script>"))
    assert "<script" not in page
    assert "http" not in page.replace("http-equiv", "")
