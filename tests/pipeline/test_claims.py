"""Sentences worth checking become claims that stand alone; the rest is told with its reason."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.article import article_from_text
from pipeline.claims import extract_claims, sentence_worthiness

PUBLISHED = date(2025, 10, 30)


def claims_of(text, **options):
    return extract_claims(article_from_text(text, published=PUBLISHED), **options).claims


def texts(text):
    return [claim.text for claim in claims_of(text)]


def test_a_growth_and_a_level_are_two_claims():
    assert texts("Revenue for the second quarter rose 18 percent from a year earlier to ₹4,215 crore.") == [
        "Revenue for the second quarter rose 18 percent from a year earlier.",
        "Revenue for the second quarter was ₹4,215 crore.",
    ]


def test_from_one_level_to_another_stays_one_claim():
    assert texts("Net profit climbed to ₹512 crore from ₹438 crore.") == [
        "Net profit climbed to ₹512 crore from ₹438 crore."
    ]


def test_a_trailing_growth_belongs_to_what_was_measured():
    assert texts("The firms hold a combined market value exceeding ¥22 trillion, up nearly 50% since 2020.") == [
        "The firms hold a combined market value exceeding ¥22 trillion.",
        "The firms’ combined market value is up nearly 50% since 2020.",
    ]


def test_joined_verbs_are_two_claims_with_one_subject():
    assert texts("China has built 1,854 smart factories and opened 800 laboratories.") == [
        "China has built 1,854 smart factories.",
        "China opened 800 laboratories.",
    ]


def test_a_sum_in_another_currency_is_a_claim_of_its_own():
    found = texts("The firms hold ¥22 trillion ($3.0 trillion USD).")
    assert "The firms hold ¥22 trillion." in found
    assert "¥22 trillion is equal to $3.0 trillion USD." in found


def test_what_somebody_said_is_the_claim_and_who_is_kept():
    (claim,) = claims_of("SASAC chief Zhang Yuzhuo said investment has grown more than 20%.")
    assert claim.text == "Investment has grown more than 20%."
    assert claim.attribution == "SASAC chief Zhang Yuzhuo"


def test_a_pronoun_is_filled_in_and_recorded():
    claim = claims_of(
        "The Civic Union is the largest party in Selmoor. In Sunday's election it won 61 of the 150 seats."
    )[1]
    assert "the Civic Union won 61 of the 150 seats" in claim.text
    assert [(one.words, one.to) for one in claim.resolved] == [("it", "the Civic Union")]


def test_a_pronoun_without_a_clear_antecedent_is_left_and_marked():
    claim = claims_of(
        "That was more than twice the amount. It is the largest sample of an asteroid ever brought to Earth in 2023."
    )[-1]
    assert claim.text.startswith("It is")
    assert [(one.words, one.to) for one in claim.resolved] == [("It", "")]


def test_a_surname_gets_its_full_name():
    found = texts("The company named chief executive Anjali Deshmukh. Deshmukh took over in April 2024.")
    assert "Anjali Deshmukh took over in April 2024." in found


def test_relative_days_become_dates():
    assert texts("Shares closed 3.2 percent lower on Thursday.") == [
        "Shares closed 3.2 percent lower on Thursday 30 October 2025."
    ]


def test_a_list_item_without_a_verb_is_told_as_an_event():
    assert "China StarNet was formed to build a satellite network." in texts(
        "Examples include:\n- Internet: Formation of China StarNet to build a satellite network.\n"
    )


def test_a_repeat_is_one_claim_with_two_places():
    text = "- Listed firms hold a market capitalization of ¥22 trillion.\n\nListed firms now hold a combined market capitalization exceeding ¥22 trillion.\n"
    (claim,) = claims_of(text)
    assert len(claim.places) == 2
    assert claim.quantities[0].comparator == "over"


def test_claims_that_differ_in_a_figure_are_two():
    assert len(claims_of("The plant employs 310 people in Leeds. The plant employs 450 people in Leeds.")) == 2


@pytest.mark.parametrize(
    ("sentence", "reason"),
    [
        ("What lies behind the figures?", "question"),
        ("Analysts are far too gloomy about this company.", "opinion"),
        ("Coalition talks will drag on well into the winter.", "prediction"),
        ("You should read the fine print.", "advice"),
        ('"It smells of the beginning of everything," one curator joked.', "opinion"),
        ("We would not bet on it.", "personal"),
        ("Examples include:", "fragment"),
        ("Savers should ask for at least 4 percent.", "advice"),
        ("By 2040 a third of us will be living to 100.", "prediction"),
    ],
)
def test_what_is_no_claim_is_told_with_its_reason(sentence, reason):
    found = extract_claims(article_from_text(f"Sales rose 5 percent in May.\n\n{sentence}"))
    assert [claim.text for claim in found.claims] == ["Sales rose 5 percent in May."]
    assert [(one.text, one.reason) for one in found.skipped] == [(sentence, reason)]


def test_the_threshold_moves_claims_to_the_skipped():
    article = article_from_text("The plant opened quietly. Sales rose 5 percent in May.")
    strict = extract_claims(article, min_worth=0.8)
    assert [claim.text for claim in strict.claims] == ["Sales rose 5 percent in May."]
    assert [one.reason for one in strict.skipped] == ["below the threshold"]


def test_a_sentence_with_figures_and_names_is_worth_more():
    weak, strong = sentence_worthiness(["It was nice.", "Kaveri shipped 230,000 analysers in 2025."])
    assert weak < 0.5 < strong


SENTENCES = st.lists(
    st.sampled_from(
        [
            "Chinaโs firms hold ยฅ22 trillion ($3.0 trillion USD), up nearly 50% since 2020.",
            "They have issued ¥2.5 trillion in dividends.",
            "The mill, which opened in 1987, employs 310 people and made 5,000 tonnes.",
            "Is it true?",
            "Sales (opens in a new tab) rose 8.4% to ¥31.6bn.",
            "- Steel: The merger created a giant.",
        ]
    ),
    min_size=1,
    max_size=5,
)


@settings(max_examples=25, deadline=None)
@given(SENTENCES)
def test_every_span_cuts_out_the_words_and_figures_of_its_claim(sentences):
    article = article_from_text("\n".join(sentences))
    for claim in extract_claims(article, min_worth=0.0).claims:
        assert article.raw[claim.span.start : claim.span.end].strip()
        assert claim.places[0] == claim.span
        for quantity in claim.quantities:
            digits = [c for c in quantity.text if c.isdigit()]
            assert [c for c in article.raw[quantity.span.start : quantity.span.end] if c.isdigit()] == digits


def test_legal_notes_within_a_paragraph_are_no_claims():
    note = "This release contains forward-looking statements that are subject to risks."
    found = extract_claims(article_from_text(f"Sales rose 5 percent in May. {note} Profit fell 2 percent in May."))
    assert [(one.text, one.reason) for one in found.skipped] == [(note, "boilerplate")]


def test_a_list_of_verbs_is_a_claim_for_each():
    assert texts("The Norvik tram opened in 1998, cost 40 million euros and carries 9,000 people a day.") == [
        "The Norvik tram opened in 1998.",
        "The Norvik tram cost 40 million euros.",
        "The Norvik tram carries 9,000 people a day.",
    ]


def test_an_article_that_gives_two_figures_for_one_thing_contradicts_itself():
    first, second, third = claims_of(
        "The plant employs 310 people in Leeds. The plant employs 450 people in Leeds. The plant employs 90 people in York."
    )
    assert first.contradicts == (second.id,)
    assert second.contradicts == (first.id,)
    assert third.contradicts == ()


def test_another_year_or_another_rounding_is_no_contradiction():
    found = claims_of(
        "Sales were 4.2 million in 2023. Sales were 5.1 million in 2024. Sales were 4.21 million in 2023."
    )
    assert not any(claim.contradicts for claim in found)


def test_a_caption_that_repeats_a_claim_is_one_of_its_places():
    text = "The mill in Leeds employs 310 people and made 5,000 tonnes.\n\nPhoto: The mill in Leeds employs 310 people"
    claim = next(claim for claim in claims_of(text) if "310" in claim.text)
    assert len(claim.places) == 2
    assert text[claim.places[1].start : claim.places[1].end].startswith("Photo")
