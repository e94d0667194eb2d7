"""What a sentence says by the way is cut out of it, and nothing is lost or added."""

import re
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.article import article_from_text
from pipeline.claims import extract_claims


def claims_of(text):
    return extract_claims(article_from_text(text, published=date(2025, 10, 30)), judge=None).claims


def texts(text):
    return [claim.text for claim in claims_of(text)]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("The merger of Harrow Mills and Dunmow Tools created the largest toolmaker in the world.", "Harrow Mills merged with Dunmow Tools."),
        ("The merger of Harrow Steel with Dunmow Steel in 2021 created a giant.", "Harrow Steel merged with Dunmow Steel in 2021."),
        ("Harrow's merger with Dunmow produced the largest toolmaker.", "Harrow merged with Dunmow."),
        ("The closure of the mine in 1974 cost 300 jobs.", "The mine was closed in 1974."),
        ("Harrow Mills' takeover of Dunmow Tools in 2019 cost 40 million euros.", "Harrow Mills took over Dunmow Tools in 2019."),
        ("After the acquisition of Dunmow Tools by Harrow Mills, 40 people left.", "Harrow Mills acquired Dunmow Tools."),
        ("The factory lies in Kumasi, Ghana.", "Kumasi is in Ghana."),
        ('She starred in the drama series "Night Ferry" in 2019.', '"Night Ferry" is a drama series.'),
    ],
)  # fmt: skip
def test_a_noun_phrase_tells_what_was_done_and_what_something_is(sentence, expected):
    assert expected in texts(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "The planned merger of Harrow and Dunmow would create a giant of 40,000 people.",
        "A merger of Harrow and Dunmow was rejected in 2020.",
        "The merger of Harrow and Dunmow will create 300 jobs.",
    ],
)
def test_what_has_not_happened_is_not_told_as_done(sentence):
    assert not any(" merged with " in text for text in texts(sentence))


def test_what_holds_of_two_together_is_not_told_of_each():
    assert texts("The planned merger of Harrow and Dunmow would cost 3 million euros.") == [
        "The planned merger of Harrow and Dunmow would cost 3 million euros."
    ]


def test_each_name_of_a_list_is_told_on_its_own():
    assert sorted(texts('He has appeared in shows such as "Night Ferry," "The Weir," and "Saltmarsh".')) == [
        '"Night Ferry" is a show.',
        '"Saltmarsh" is a show.',
        '"The Weir" is a show.',
        'He has appeared in shows such as "Night Ferry".',
        'He has appeared in shows such as "Saltmarsh".',
        'He has appeared in shows such as "The Weir".',
    ]


def test_a_counted_list_stays_whole():
    assert texts('Ada Brook released two albums, "One" and "Two".') == [
        'Ada Brook released two albums, "One" and "Two".'
    ]


def test_joined_roles_are_told_one_by_one():
    assert texts("Ada Brook has worked as an architect and urban planner.") == [
        "Ada Brook has worked as an architect.",
        "Ada Brook has worked as an urban planner.",
    ]


def test_a_complement_that_roles_share_keeps_them_together():
    assert texts("Ada Brook is a friend and colleague of the mayor.") == [
        "Ada Brook is a friend and colleague of the mayor."
    ]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("The mill earned ₹20 crore in May, having lost ₹3 crore in April.", ["The mill earned ₹20 crore in May 2025.", "The mill lost ₹3 crore in April 2025."]),
        ("Born in Leeds in 1927, the third of five daughters of a miner, Ada Brook moved to Hull in 1950.",
         ["Ada Brook was born in Leeds in 1927.", "Ada Brook was the third of five daughters of a miner.", "Ada Brook moved to Hull in 1950."]),
        ("Rents ran at 3.8 per cent in 2020, 0.6 points above their pace in 2019.",
         ["Rents ran at 3.8 per cent in 2020.", "Rents were 0.6 points above their pace in 2019."]),
        ("The mayor resigned in 2019 after police found 40 kilos of gold in a safe.",
         ["The mayor resigned in 2019.", "Police found 40 kilos of gold in a safe."]),
        ("Ada Brook began her career in 2015, when the bank hired 30 clerks.",
         ["Ada Brook began her career in 2015.", "In 2015, the bank hired 30 clerks."]),
        ("Leeds-based Harrow Mills sold 30 shops.", ["Harrow Mills is based in Leeds.", "Harrow Mills sold 30 shops."]),
        ("The minister said that exports fell by 3% in 2020, that imports rose by 2% and that the budget was in surplus.",
         ["Exports fell by 3% in 2020.", "Imports rose by 2%.", "The budget was in surplus."]),
        ('"The firm built 40 schools in 2020 and closed three clinics in 2021," said Ada Brook.',
         ["The firm built 40 schools in 2020.", "The firm closed three clinics in 2021."]),
        ("Sales, by contrast, fell by 3%.", ["Sales fell by 3%."]),
        ("The firm hired Ada Brook and Tom Fell, founders of a drug maker, in 2019.",
         ["The firm hired Ada Brook in 2019.", "The firm hired Tom Fell in 2019.", "Ada Brook and Tom Fell are founders of a drug maker."]),
    ],
)  # fmt: skip
def test_what_stands_beside_a_statement_is_a_claim_of_its_own(sentence, expected):
    assert sorted(texts(sentence)) == sorted(expected)


def test_a_measured_after_dates_the_statement_and_stays():
    assert texts("The mill reopened two years after closing in 1998.") == [
        "The mill reopened two years after closing in 1998."
    ]


def test_what_most_had_expected_is_told_with_what_it_was():
    found = texts("The bank raised its rate to 4.5%, as all but two of the 18 economists polled had expected.")
    assert "The bank raised its rate to 4.5%." in found
    assert any(
        text.startswith("All but two of the 18 economists polled had expected that the bank raised its rate")
        for text in found
    )


def test_the_comma_within_a_sum_does_not_end_what_is_said_of_a_part():
    found = texts("He had stolen £2.87m from the hall by 2020, most of it in payments of just under £5,000.")
    assert "Most of the money was in payments of just under £5,000." in found


def test_a_row_of_a_table_goes_by_its_heading_and_the_years_above():
    claims = claims_of(
        "Table 2. Grain by crop, share of harvest, 2010 and 2020\n\nBarley: 9% in 2010, 24% in 2020.\n\nOats: 38% and 6%.\n\n"
        "The mill made 40 tonnes in 2020.\n\nTickets: 38% and 6%.\n"
    )
    assert [claim.text for claim in claims] == [
        "Barley’s share of harvest was 9% in 2010.",
        "Barley’s share of harvest was 24% in 2020.",
        "Oats’ share of harvest was 38% in 2010.",
        "Oats’ share of harvest was 6% in 2020.",
        "The mill made 40 tonnes in 2020.",
        "Tickets: 38%.",
        "Tickets: 6%.",
    ]
    assert ("38%", "38% in 2010") in [(one.words, one.to) for one in claims[2].resolved]


ADDED = set("is are was were had has merged with took over acquired closed a an the in that".split())


@settings(max_examples=30, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                "The merger of Harrow Mills with Dunmow Tools in 2021 created a giant.",
                'Her films include "Gaslight" (1944), "Night Ferry" and "The Weir".',
                "Dunmow has sold shops in warm countries, including Spain, Italy and France.",
                "The mayor resigned in 2019 after police found 40 kilos of gold in Kumasi, Ghana.",
                '"The firm built 40 schools in 2020 and closed three clinics," said Ada Brook.',
                "The closure of the mine in 1974 cost 300 jobs, as most miners had feared.",
            ]
        ),
        min_size=1,
        max_size=4,
        unique=True,
    )
)
def test_a_claim_is_made_of_the_words_of_its_sentence(sentences):
    article = article_from_text(" ".join(sentences))
    for claim in extract_claims(article, min_worth=0.0, judge=None).claims:
        filled = " ".join(f"{one.words} {one.to}" for one in claim.resolved)
        known = set(re.findall(r"[^\W_]+", f"{claim.sentence} {filled}".lower()))
        known |= {word[:-1] for word in known if word.endswith("s")} | {"country"}
        assert {word for word in re.findall(r"[^\W_]+", claim.text.lower()) if word not in known} <= ADDED
        assert article.raw[claim.span.start : claim.span.end] in claim.sentence
        figures = set(re.findall(r"\d+", claim.sentence + filled))
        assert set(re.findall(r"\d+", claim.text)) <= figures


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        (
            "Norria has 8,914,207 inhabitants, 4.7% fewer than in 2011, but 12% more households.",
            [
                "Norria has 8,914,207 inhabitants.",
                "Norria has 4.7% fewer inhabitants than in 2011.",
                "Norria has 12% more households than in 2011.",
            ],
        ),
        (
            "The mill shipped 4,870 tonnes of flour in 2024, 16% more than in 2023.",
            [
                "The mill shipped 4,870 tonnes of flour in 2024.",
                "The mill shipped 16% more tonnes of flour in 2024 than in 2023.",
            ],
        ),
        (
            "The plant makes 6,000 tonnes a year, about one-fifth of what the country bought in 2024.",
            [
                "The plant makes 6,000 tonnes a year.",
                "The plant makes about one-fifth of what the country bought in 2024.",
            ],
        ),
        (
            "People near the plant have an average income of $18,400, significantly lower than the national average of $21,587.",
            [
                "People near the plant have an average income of $18,400.",
                "People near the plant have an average income significantly lower than the national average of $21,587.",
            ],
        ),
    ],
)
def test_a_comparison_is_told_apart_from_what_it_compares(sentence, expected):
    assert sorted(texts(sentence)) == sorted(expected)


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("The director has cut the prologue and the dog.", {"The director has cut the prologue.", "The director has cut the dog."}),
        ("The phone does not understand Welsh or Basque.", {"The phone does not understand Welsh.", "The phone does not understand Basque."}),
        ("The animals had flexible tails and a complex nervous system.", {"The animals had flexible tails.", "The animals had a complex nervous system."}),
        ("Ada Brook, a lawyer and former adviser to the mayor, won 68 percent of the vote.", {"Ada Brook is a lawyer.", "Ada Brook is a former adviser to the mayor.", "Ada Brook won 68 percent of the vote."}),
        ("Dunmow is an old town, with more than four million visitors a year.", {"Dunmow has more than four million visitors a year."}),
        ("Dunmow has raised $310 million in a round led by Kestrel Partners.", {"A round was led by Kestrel Partners."}),
        ("The council sold 61 houses in 2023, while pay for its managers rose to $1.4m.", {"The council sold 61 houses in 2023.", "Pay for its managers rose to $1.4m."}),
        ("As the report shows, coal plants emit 36 percent of the sulphur.", {"Coal plants emit 36 percent of the sulphur."}),
        ("The nine-member council meets in Leeds.", {"The council has nine members."}),
        ("Harrow Mills has shops in France, Spain, Italy and several other countries.", {"Harrow Mills has shops in France.", "Harrow Mills has shops in Spain.", "Harrow Mills has shops in several other countries."}),
        ("She was awarded the Harrow Medal in 2007 and the Dunmow Medal in 2011.", {"She was awarded the Harrow Medal in 2007.", "She was awarded the Dunmow Medal in 2011."}),
        ("Ada Brook expects to register the site as a charity and draw in donations.", {"Ada Brook expects to register the site as a charity.", "Ada Brook expects to draw in donations."}),
        ("The court ruled that the law was 160 years old and had no purpose.", {"The court ruled that the law was 160 years old.", "The court ruled that the law had no purpose."}),
        ("The Leeds Rovers played in five leagues from 2003 until 2012 before going on hiatus.", {"The Leeds Rovers played in five leagues from 2003 until 2012.", "The Leeds Rovers went on hiatus."}),
        ("After leaving politics, Ada Brook ran a school in Leeds.", {"Ada Brook left politics."}),
        ("The foxes are small, measuring 20 cm and weighing 180 g.", {"The foxes are small.", "The foxes measure 20 cm.", "The foxes weigh 180 g."}),
        ("Ada Brook won the prize on Sunday at the final of the Harrow Cup, held at the Dunmow Hall.", {"The Harrow Cup was held at the Dunmow Hall."}),
        ("Net profit fell 3% as Harrow Mills closed 12 shops.", {"Net profit fell 3%.", "Harrow Mills closed 12 shops."}),
        ("The budget is 85 million euros, according to treasurer Ada Brook, who presented the figures in Leeds.", {"The budget is 85 million euros."}),
        ("Animals that lived in the sea 635 million years ago had flexible tails and a complex nervous system.", {"Animals that lived in the sea 635 million years ago had a complex nervous system."}),
        ("His Leeds-based company, Harrow Mills, has just breached 106 million euros in turnover.", {"Harrow Mills is based in Leeds."}),
        ("What we know is that the bridge cost 30 million euros.", {"The bridge cost 30 million euros."}),
        ("Ada Brook (1907–1992) was a painter.", {"Ada Brook was born in 1907.", "Ada Brook died in 1992."}),
    ],
)  # fmt: skip
def test_what_stands_side_by_side_is_told_one_by_one(sentence, expected):
    assert expected <= set(texts(sentence))


@pytest.mark.parametrize(
    ("sentence", "role"),
    [
        ("Viacom CEO Ada Brook left on Monday.", "Ada Brook is Viacom CEO."),
        ("The prize was won by cricketer Tom Harris in 2012.", "Tom Harris is a cricketer."),
        ("The shop was bought by Japanese chain Harrow Donut in 2012.", "Harrow Donut is a Japanese chain."),
        ("The post was written by tech and human rights blogger Ada Brook in 2008.", "Ada Brook is a tech and human rights blogger."),
        ("The council voted with new mayor Ada Brook on Monday.", "Ada Brook is the new mayor."),
        ("Ada Brook was introduced to chess by her father, Glenn Brook.", "Ada Brook’s father is Glenn Brook."),
    ],
)  # fmt: skip
def test_the_words_before_a_name_tell_what_it_is(sentence, role):
    assert role in texts(sentence)


def test_an_item_of_a_list_tells_nothing_of_the_one_before():
    found = texts(
        "Harrow's union with Dunmow, Leeds's purchase of Selby, and Thorne's deal for Goole are 3 of the mergers."
    )
    assert not any(" is Leeds's purchase" in text for text in found)


def test_a_name_before_an_apposition_is_told_without_what_follows_it():
    assert "The chief justice is Ada Brook." in texts(
        "The law is void, said the chief justice, Ada Brook, in his ruling."
    )


def test_what_goes_together_stays_together():
    assert texts("Of every pound given, 61p went to wells and training.") == [
        "Of every pound given, 61p went to wells and training."
    ]


def test_who_speaks_in_the_first_person_is_named():
    assert texts("“We are rationing 40 customers,” said Ada Brook.") == [
        "Ada Brook said: “We are rationing 40 customers.”"
    ]


def test_pride_is_no_claim():
    assert texts("“We could not be prouder,” said Ada Brook of Leeds, who has run the firm since 2019.") == [
        "Ada Brook of Leeds has run the firm since 2019."
    ]


def test_an_age_leaves_no_comma_before_the_verb():
    assert "Ada Brook was elected in 2024." in texts("Ada Brook, 54, was elected in 2024.")


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Three people have died in Leeds, all of them unvaccinated.", "All of the three people were unvaccinated."),
        ("Harrow employs 5,400 people, more than half of them in its mills.", "More than half of the 5,400 people are in its mills."),
        ("Harrow has sold 5,000 looms, nearly three times as many as Dunmow.", "Harrow has sold nearly three times as many looms as Dunmow."),
        ("Harrow sold 5,000 looms in 2024, up 12 percent from a year earlier.", "Harrow sold 5,000 looms in 2024, up 12 percent from a year earlier."),
    ],
)  # fmt: skip
def test_a_share_or_a_comparison_behind_a_comma_keeps_whose_it_is(sentence, expected):
    assert expected in texts(sentence)
