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
    assert "The firms hold ¥22 trillion, equal to $3.0 trillion USD." in found


def test_what_somebody_said_is_the_claim_and_who_is_kept():
    role, claim = claims_of("SASAC chief Zhang Yuzhuo said investment has grown more than 20%.")
    assert role.text == "Zhang Yuzhuo is SASAC chief."
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


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Dunmow Tools, which employs 310 people, opened a plant in Leeds.",
         ["Dunmow Tools employs 310 people.", "Dunmow Tools opened a plant in Leeds."]),
        ("The bridge, built in 1931 and widened in 1988, carries 9,000 cars a day.",
         ["The bridge was built in 1931.", "The bridge was widened in 1988.", "The bridge carries 9,000 cars a day."]),
        ("Closed in 1974, the mine reopened in 2011.", ["The mine was closed in 1974.", "The mine reopened in 2011."]),
        ("The council bought 40 buses from a maker in Leeds, beating its target by 10.",
         ["The council bought 40 buses from a maker in Leeds.", "The council beat its target by 10."]),
        ("The firm opened offices in Spain and Italy.", ["The firm opened offices in Spain.", "The firm opened offices in Italy."]),
        ("Exports rose 4%, although imports fell by 3%.", ["Exports rose 4%.", "Imports fell by 3%."]),
        ("The harbour is 30 metres deep; the pier is 400 metres long.",
         ["The harbour is 30 metres deep.", "The pier is 400 metres long."]),
        ("Farah Contractor, 54, of Pune, won the race.", ["Farah Contractor is 54 years old.", "Farah Contractor, of Pune, won the race."]),
        ("The town built 400 houses last year, of which 30 were let.", ["The town built 400 houses in 2024.", "Of the houses, 30 were let."]),
        ("If the river rises by 2 metres, the town must leave.", ["If the river rises by 2 metres, the town must leave."]),
    ],
)  # fmt: skip
def test_what_is_said_by_the_way_is_a_claim_of_its_own(sentence, expected):
    assert sorted(texts(sentence)) == sorted(expected)


def test_a_table_row_in_prose_is_a_claim_for_each_figure():
    assert texts("Barley: 9% in 2014, 24% in 2024.") == ["Barley: 9% in 2014.", "Barley: 24% in 2024."]


def test_who_says_it_is_taken_out_wherever_it_stands():
    first, second = claims_of(
        "The dam holds 40 million litres, the ranger said. It is, says the ranger, 90 metres high."
    )
    assert (first.text, first.attribution) == ("The dam holds 40 million litres.", "the ranger")
    assert "90 metres high" in second.text


def test_speech_goes_by_what_debates_have_taught():
    from pipeline.claims.worthiness import is_speech

    debate = [
        "We cut your taxes by 40 billion dollars.",
        "I thank you for that.",
        "And you know it.",
        "That's a great man.",
    ]
    assert is_speech(debate)
    assert not is_speech(["Sales rose 5 percent.", "The mill closed in 1931.", '"I am glad," she said.'])
    scores = sentence_worthiness(debate)
    assert scores[0] >= 0.5 > max(scores[1:])


def test_claims_are_found_without_the_embedder():
    found = extract_claims(article_from_text("We built 40 schools. I was there. You saw it."), judge=None)
    assert [claim.text for claim in found.claims] == ["We built 40 schools."]


ADDED = set(
    "is are was were has have had there of the in a an years old equal to based include includes it they he she s".split()
)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                "The mill, which opened in 1987, employs 310 people, and made 5,000 tonnes in May.",
                "Rents rose 4% to $900 ($1,200 in Leeds), up 30% since 2019.",
                "Of the 40 ponds tested, 12 were clean, against 15 in 2020.",
                "The firm has sold shops in Spain, Italy and France, most of them small.",
                "The dam, 90 metres high (295 ft), holds 40 million litres, the ranger said.",
                "Sales fell; profit, however, grew from 2 to 3 million, the first rise since 2018.",
            ]
        ),
        min_size=1,
        max_size=4,
        unique=True,
    )
)
def test_a_claim_adds_no_figure_and_its_span_lies_in_its_sentence(sentences):
    import re

    article = article_from_text(" ".join(sentences))
    for claim in extract_claims(article, min_worth=0.0, judge=None).claims:
        filled = " ".join(f"{one.words} {one.to}" for one in claim.resolved)
        words = set(re.findall(r"[^\W_]+", f"{claim.sentence} {filled}".lower()))
        assert {word for word in re.findall(r"[^\W_]+", claim.text.lower()) if word not in words} <= ADDED
        cut = article.raw[claim.span.start : claim.span.end]
        assert cut in claim.sentence
        assert set(re.findall(r"[^\W_]+", cut.lower())) & set(re.findall(r"[^\W_]+", claim.text.lower()))


def test_whom_a_claim_goes_by_is_kept():
    (claim,) = claims_of("The lake holds 40 million litres, according to the water board.")
    assert claim.text == "The lake holds 40 million litres."
    assert claim.attribution == "the water board"


def test_a_claim_never_breaks_off():
    for claim in claims_of(
        "He has appeared in 40 films, television shows, and theater productions throughout his career."
    ):
        assert not claim.text.endswith((" and.", " of.", " the.", " in."))


@pytest.mark.parametrize(
    "sentence",
    [
        "A warming climate may have enabled early humans to reach Europe.",
        "Her lawyer said that she would not appeal.",
        "The minister said that the vaccine “does not cause infertility, and has never caused it”.",
    ],
)
def test_what_may_have_been_and_what_was_said_are_claims(sentence):
    assert texts(sentence)
