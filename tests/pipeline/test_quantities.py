"""Figures are found as they are meant, and compared as a careful reader would."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.quantities import align_quantities, compare_quantities, currency_context, find_quantities, same_value
from pipeline.quantities.comparison import Setting


def found(text, **options):
    return [
        (q.text, str(q.low.normalize() if q.low else q.low), q.unit, q.comparator)
        for q in find_quantities(text, **options)
    ]


@pytest.mark.parametrize(
    ("text", "low", "unit", "comparator"),
    [
        ("It holds ¥22 trillion in China.", 22 * 10**12, "CNY", "exactly"),
        ("It lost ¥1.8 billion in Japan.", 18 * 10**8, "JPY", "exactly"),
        ("It was worth $5bn.", 5 * 10**9, "USD", "exactly"),
        ("She got €2.87m for it.", 2870000, "EUR", "exactly"),
        ("Sales of Rs 42.15 billion were booked.", Decimal("42150000000"), "INR", "exactly"),
        ("The issue of up to ₹1,250 crore is open.", 1250 * 10**7, "INR", "at most"),
        ("They shipped 2.3 lakh analysers.", 230000, "analyser", "exactly"),
        ("The buyer paid 29 million euros in cash.", 29 * 10**6, "EUR", "exactly"),
        ("It is up nearly 50% since then.", 50, "%", "nearly"),
        ("The rate rose by 25 basis points.", Decimal("0.25"), "percentage point", "exactly"),
        ("It rose by 3 percentage points.", 3, "percentage point", "exactly"),
        ("Over 800 AI scenarios were shown.", 800, "ai scenario", "over"),
        ("China has built 1,854 smart factories.", 1854, "smart factory", "exactly"),
        ("Tamria counted 5,230 measles cases.", 5230, "measles case", "exactly"),
        ("At least 41 children were hurt.", 41, "child", "at least"),
        ("Fewer than 900 votes decided it.", 900, "vote", "under"),
        ("Some 83,000 homes were dark.", 83000, "home", "about"),
        ("He has 4,523,000 readers.", 4523000, "reader", "exactly"),
        ("Sixty-seven women sat down.", 67, "woman", "exactly"),
        ("Gusts reached 148 km/h.", 148, "km/h", "exactly"),
        ("It reached 2,900 degrees Celsius.", 2900, "°C", "exactly"),
        ("They make 12,000 units a year.", 12000, "unit/year", "exactly"),
        ("It costs 94 US cents a dose.", Decimal("0.94"), "USD/dose", "exactly"),
        ("The sample weighs 121.6 kilograms.", Decimal("121.6"), "kg", "exactly"),
        ("It was founded in 1987.", 1987, "year", "exactly"),
        ("She is 21 years old.", 21, "year", "exactly"),
        ("It is three times as large.", 3, "times", "exactly"),
        ("The firm added 163K jobs.", 163000, "job", "exactly"),
        ("It has 3.5M users.", 3500000, "user", "exactly"),
        ("It cost $ 4.5 m to build.", 4500000, "USD", "exactly"),
        ("It made $ 29.3 mil on Friday.", 29300000, "USD", "exactly"),
        ("Try not to use more than 10 percent of it.", 10, "%", "at most"),
        ("It gained 0.9 of a percentage point.", Decimal("0.9"), "percentage point", "exactly"),
    ],
)
def test_a_figure_is_read_with_its_unit_and_its_bound(text, low, unit, comparator):
    quantity = find_quantities(text)[0]
    assert (quantity.low, quantity.high, quantity.unit, quantity.comparator) == (low, low, unit, comparator)
    assert text[quantity.span.start : quantity.span.end] == quantity.text


@pytest.mark.parametrize(
    ("text", "low", "high", "unit"),
    [
        ("The park counted between 14 and 19 wolves.", "14", "19", "wolf"),
        ("They expect $4.10 to $4.25 a share.", "4.10", "4.25", "USD/share"),
        ("They make 6,000–7,000 tonnes.", "6000", "7000", "t"),
        ("During the plan (2021–2025) it grew.", "2021", "2025", "year"),
        ("It was two-thirds of the total.", "66.6", "66.7", "%"),
        ("One pupil in eight left.", "12.5", "12.5", "%"),
    ],
)
def test_a_range_or_a_share_is_one_figure(text, low, high, unit):
    quantity = find_quantities(text)[0]
    assert (quantity.low, quantity.high, quantity.unit) == (Decimal(low), Decimal(high), unit)


def test_from_and_to_are_two_figures():
    assert [q.low for q in find_quantities("The margin rose from 6.2% to 6.7%.")] == [Decimal("6.2"), Decimal("6.7")]


@pytest.mark.parametrize(
    "text",
    [
        "The 14th Five-Year Plan was read.",
        "It creates 1+1>2 synergies.",
        "The NV-300 flew on a Boeing 737.",
        "COVID-19 and the G20 were named.",
        "It ended at 11.40 p.m. sharp.",
        "See Article 50 and Table 3.",
        "Call +46 26 555 0142 now.",
        "Version 3.8.1 is out at https://example.org/2024/05.",
        "A third group came.",
    ],
)
def test_names_times_and_ordinals_are_no_figures(text):
    assert [q for q in find_quantities(text) if q.unit != "year"] == []


@given(st.text(max_size=200))
def test_no_text_raises_and_every_span_holds(text):
    place = 0
    for quantity in find_quantities(text):
        assert text[quantity.span.start : quantity.span.end] == quantity.text
        assert place <= quantity.span.start < quantity.span.end
        assert quantity.low <= quantity.high
        place = quantity.span.end


PIECES = st.lists(
    st.sampled_from(
        [
            "about ",
            "5",
            "1,854",
            "0.5",
            " million",
            "%",
            "$",
            "¥",
            " to ",
            "–",
            "half",
            " a year",
            " factories",
            "½",
            ", ",
            "2021",
            "-",
            "one in ",
            "nearly ",
            " points",
            "(",
            "bn",
        ]
    ),
    max_size=14,
).map("".join)


@given(PIECES)
def test_odd_mixtures_neither_raise_nor_invent_digits(text):
    for quantity in find_quantities(text):
        assert text[quantity.span.start : quantity.span.end] == quantity.text


@given(st.integers(1, 10**9))
def test_separators_change_nothing(number):
    plain, grouped = (find_quantities(f"They sold {shown} boxes.") for shown in (str(number), f"{number:,}"))
    assert [(q.low, q.unit) for q in plain if q.unit != "year"] == [(q.low, q.unit) for q in grouped][
        : len([q for q in plain if q.unit != "year"])
    ]


def only(text):
    return find_quantities(text)[0]


@pytest.mark.parametrize(
    ("claim", "evidence", "finding"),
    [
        ("¥22 trillion yuan", "22,000 billion yuan", "equal"),
        ("₹4,215 crore", "Rs 42.15 billion", "equal"),
        ("two-thirds", "66.7 percent", "compatible"),
        ("18 percent", "17.9 percent", "compatible"),
        ("17.8 percent", "17.9 percent", "different"),
        ("nearly 45 percent", "44.7 percent", "compatible"),
        ("nearly 50 percent", "60 percent", "different"),
        ("over 800 scenarios", "812 scenarios", "compatible"),
        ("fewer than 900 votes", "1,340 votes", "different"),
        ("at least 41 children", "38 children", "different"),
        ("1,854 factories", "1,584 factories", "different"),
        ("€92 million", "€29 million", "different"),
        ("¥1.8 billion yen", "180 million yen", "different"),
        ("121.6 kilograms", "121.6 grams", "different"),
        ("1.5 kilometres", "1,500 metres", "equal"),
        ("$148 million", "€148 million", "not comparable"),
        ("22 trillion yuan", "22 trillion won", "not comparable"),
        ("3 percentage points", "3 percent", "not comparable"),
        ("50 dogs", "1,500 cats", "not comparable"),
        ("over 22 trillion yuan", "70 trillion yuan", "not comparable"),
        ("fewer than 900 votes", "0 votes", "not comparable"),
        ("about 730 metres", "about 845 metres", "different"),
        ("about 730 metres", "734 metres", "compatible"),
        ("about 3,000 homes", "2,740 homes", "compatible"),
        ("2 percentage points", "0.7 of a percentage point", "different"),
    ],
)
def test_values_are_compared_with_rounding_bounds_and_units(claim, evidence, finding):
    assert same_value(only(claim), only(evidence)) == finding


@given(st.integers(1, 10**6), st.sampled_from(["%", " million euros", " factories", " km"]))
def test_a_figure_equals_itself(number, unit):
    quantity = find_quantities(f"It has {number:,}{unit}.")
    assert all(same_value(one, one) == "equal" for one in quantity)


def test_the_figure_of_the_same_measure_is_held_against_the_claims():
    claim = "Central firms have 1,854 smart factories."
    passage = "Central firms have 1,584 smart factories. They employ 1,854 people."
    (one,) = align_quantities(find_quantities(claim), passage, claim_text=claim)
    assert (one.evidence.text, one.finding) == ("1,584 smart factories", "different")


def test_a_figure_of_many_digits_agrees_though_other_words_count_it_and_another_counts_the_same_things():
    claim = "In all, 1,846 people have fallen ill since January."
    passage = "Since January 1,846 cases have been confirmed. There has been no such outbreak since 1994, when 2,310 people fell ill."
    (one,) = aligned(claim, passage)
    assert (one.evidence.text, one.finding) == ("1,846 cases", "compatible")


def test_a_count_of_two_nouns_agrees_with_one_of_the_last():
    (one,) = aligned(
        "Tamria has reported more than 5,000 cases.", "Tamria's health office has counted 5,230 measles cases."
    )
    assert one.finding == "compatible"


def test_digits_inside_a_larger_number_never_agree():
    claim = "The firm has 50 offices."
    (one,) = compare_quantities(find_quantities(claim), "The firm has 1500 offices.", claim_text=claim)
    assert one.finding == "different"


def test_another_period_makes_no_sure_dispute():
    claim = "Capital expenditure in 2025 was ₹210 crore."
    aligned = align_quantities(find_quantities(claim), "Capital expenditure in 2024 was ₹390 crore.", claim_text=claim)
    assert all(one.finding != "different" or one.strength < 0.6 for one in aligned)


def test_a_fall_equals_a_negative_change_in_a_table():
    claim = "Sales of the industrial division fell 6 percent."
    (one,) = align_quantities(
        find_quantities(claim), "division: Industrial; change on year in sales: -6.0%.", claim_text=claim
    )
    assert one.finding == "equal"


def test_the_sums_themselves_say_which_currency_a_sign_is():
    assert currency_context("They hold ¥22 trillion ($3.0 trillion USD).")["¥"] == "CNY"
    assert currency_context("They hold ¥450 billion ($3.0 billion).")["¥"] == "JPY"
    assert currency_context("In Japan, it lost ¥2 billion.", around="China and Beijing and yuan")["¥"] == "JPY"


def aligned(claim, passage, setting=None):
    return align_quantities(find_quantities(claim), passage, claim_text=claim, setting=setting)


def test_small_number_words_side_by_side_do_not_add_up():
    found = find_quantities("A decision comes in two-three weeks.")
    assert all(one.high <= 3 for one in found)


def test_a_score_is_two_figures_whoever_wins():
    assert [one.low for one in find_quantities("Norvik crushed Halden 8-0.")] == [8, 0]


def test_a_figure_that_agrees_with_one_part_of_a_claim_does_not_dispute_the_other():
    found = aligned("The airport that cost $1.5 billion is for sale at $150 million.", "The airport cost $1.5 billion.")
    assert [one.finding for one in found] == ["equal", "not comparable"]


def test_lengths_of_another_order_in_another_unit_are_of_another_thing():
    (one,) = aligned("Up to 3.5 feet of snow fell near Easton.", "Easton, 55 miles from here, has snow.")
    assert one.finding == "not comparable"


def test_a_direction_elsewhere_in_the_clause_does_not_turn_a_figure_round():
    (rate, jobs) = aligned(
        "The jobless rate falls to 8.9% as 192,000 jobs were added.", "Gain of 192,000 jobs, jobless rate at 8.9%."
    )
    assert (rate.finding, jobs.finding) == ("equal", "equal")


def test_a_sum_that_was_paid_for_another_firm_does_not_agree():
    claim = "Norvik paid $86 million for Halden Optics."
    passage = (
        "Halden Optics has been sold to Norvik of Bergen. It paid 68 million dollars for the firm. "
        "In May the rival Torsby Glass went to Carrow Partners for 86 million dollars."
    )
    (one,) = aligned(claim, passage)
    assert (one.evidence.text, one.finding) == ("68 million dollars", "different")


def test_the_same_figure_of_a_namesake_agrees_only_weakly():
    claim = "A poll gave the Liberal Alliance 43 seats."
    (namesake,) = aligned(claim, "A poll gave the People's Alliance 43 seats. The Liberal Alliance campaigns.")
    (same,) = aligned(claim, "A poll gave the Liberal Alliance 43 seats. The People's Alliance campaigns.")
    assert namesake.strength < 0.6 < same.strength


def test_a_claim_without_names_is_about_the_articles_place():
    claim = "About 7,500 ballots came from abroad."
    passage = "About 7,500 ballots reached Torvania from abroad."
    (there,) = aligned(claim, passage, Setting(frozenset({"torvania"})))
    (elsewhere,) = aligned(claim, passage, Setting(frozenset({"belmark"})))
    assert elsewhere.strength < there.strength


def test_an_earlier_years_figure_agrees_only_weakly_with_a_claim_of_today():
    claim, passage = (
        "The office received 340 complaints.",
        "For comparison: in 2019 the office received 340 complaints.",
    )
    (then,) = aligned(claim, passage, Setting(year=2019))
    (today,) = aligned(claim, passage, Setting(year=2025))
    assert today.strength < 0.6 < then.strength


def test_a_quarter_and_its_months_are_no_different_periods():
    (one,) = aligned(
        "Norvik Inc., the subsidiary, had sales of $148 million in the second quarter.",
        "Norvik Inc., the subsidiary, had sales of $121 million in the July-September quarter.",
    )
    assert one.strength >= 0.6


def test_the_same_figure_in_the_other_direction_differs():
    (one,) = aligned("Norvik shares closed 4.7% lower on Friday.", "Norvik shares closed 4.7% higher on Friday.")
    assert one.finding == "different"
    assert one.strength >= 0.6


@pytest.mark.parametrize(
    ("claim", "passage"),
    [
        ("Norvik's margin widened by 140 basis points.", "The margin was 16.9 percent; a year earlier it had been 15.5 percent."),
        ("Norvik's margin rose 1.4 percentage points.", "Norvik's margin rose from 15.5% to 16.9%."),
        ("Norvik's sales grew 25%.", "Norvik's sales grew from $80 million to $100 million."),
    ],
)  # fmt: skip
def test_a_change_agrees_with_the_levels_before_and_after(claim, passage):
    (one,) = aligned(claim, passage)
    assert one.finding == "compatible"
    assert "→" in one.evidence.text


def test_levels_that_moved_the_other_way_do_not_support_a_change():
    (one,) = aligned("Norvik's margin fell by 1.4 percentage points.", "Norvik's margin rose from 15.5% to 16.9%.")
    assert one.finding not in {"equal", "compatible"}


def test_counts_beside_an_agreeing_figure_agree_by_number():
    found = aligned("The party won 57 of the 120 seats.", "With 57 of 120 deputies the party leads.")
    assert [one.finding for one in found] == ["equal", "compatible"]


def test_a_slip_of_magnitude_is_about_the_same_measure():
    (slip,) = aligned("The jar held 45.2 kilograms of sand.", "Contents of the jar: sand; weight: 45.2 grams.")
    (other,) = aligned("The jar held 45.2 kilograms of sand.", "Contents of the jar: sand; weight: 31.7 grams.")
    assert slip.finding == "different"
    assert slip.strength > other.strength


def test_in_a_list_of_many_each_figure_belongs_to_its_own_entry():
    claim = "Halvar is about 630 metres deep."
    (one,) = aligned(claim, "Lakes of the north\nHalvar: depth 745 metres. Rauna, a salt lake, is 630 metres deep.")
    assert (one.evidence.text, one.finding) == ("745 metres", "different")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("GDP per head reached $12,500.", [("12500", "12500", "USD/person", "exactly")]),
        ("The population grew by 900,000.", [("900000", "900000", "person", "exactly")]),
        ("The workforce shrank from 3,600 to fewer than 500.", [("3600", "3600", "employee", "exactly"), ("500", "500", "employee", "under")]),
        ("Of the 30 trucks tested, nine failed.", [("30", "30", "truck", "exactly"), ("9", "9", "truck", "exactly")]),
        ("It was 25C by noon.", [("25", "25", "°C", "exactly")]),
        ("It was minus 12C overnight.", [("-12", "-12", "°C", "exactly")]),
        ("Prices fell in the 1990s.", [("1990", "1999", "year", "between")]),
        ("The £1.2m-a-year contract ended.", [("1200000", "1200000", "GBP/year", "exactly")]),
        ("It may cost £20–30m.", [("20000000", "30000000", "GBP", "between")]),
        ("Shares fell 21½ cents to $5.73.", [("0.215", "0.215", "USD", "exactly"), ("5.73", "5.73", "USD", "exactly")]),
        ("A 10,000-strong crowd saw a tenfold rise.", [("10000", "10000", "person", "exactly"), ("10", "10", "times", "exactly")]),
        ("The strike lasted between three and five days.", [("3", "5", "day", "between")]),
        ("In the three years to 2023 it lost 40 ships.", [("3", "3", "year", "exactly"), ("2023", "2023", "year", "exactly"), ("40", "40", "ship", "exactly")]),
        ("It cost 2.9 billion pesos and owes 1.1 billion.", [("2900000000", "2900000000", "peso", "exactly"), ("1100000000", "1100000000", "peso", "exactly")]),
        ("Rule 6 forbids it.", []),
    ],
)  # fmt: skip
def test_figures_that_lean_on_the_words_around_them(text, expected):
    found = [(one.low, one.high, one.unit, one.comparator) for one in find_quantities(text)]
    assert found == [(Decimal(low), Decimal(high), unit, comparator) for low, high, unit, comparator in expected]


@pytest.mark.parametrize(
    ("claim", "passage", "operation"),
    [
        ("Some 690 homes will be let below the market rate.", "The quarter gets 2,300 flats, 30 percent of them below market rent.", "×"),
        ("Stocks had stood at 109,575 tonnes before the decline.", "Stocks fell by 6,175 tonnes to 103,400 tonnes.", "+"),
        ("The outage overran by 34 days.", "The outage ran to 74 days instead of the 40 planned.", "−"),
        ("The fire's containment improved by 15 percentage points.", "The fire is 35% contained (20% this morning).", "−"),
        ("The hall sold about 250 tickets per performance on average.", "61,400 tickets were sold for 248 performances.", "/"),
        ("The eight cards have 768 gigabytes of memory together.", "The node holds 8 cards with 96 GB each.", "×"),
        ("Patients were seven times as many as a year before.", "Patients reached 214, up from 31 a year before.", "/"),
    ],
)  # fmt: skip
def test_a_figure_that_follows_from_others_is_found_with_its_operation(claim, passage, operation):
    one = next(one for one in aligned(claim, passage) if one.calculated)
    assert one.finding == "compatible"
    assert operation in one.evidence.text


@pytest.mark.parametrize(
    ("claim", "passage"),
    [
        ("The jar held 121.6 kilograms.", "The jar held 121.6 grams; ten jars hold 1,216 grams, a thousand hold more."),
        ("The venture lost 1.8 billion yen.", "The venture lost 180 million yen. Another lost ten times as much."),
        ("They stayed for five nights.", "They stayed for three nights in two hotels."),
        ("The firm employs 430 people.", "The firm employs 210 people and has 2,000 shareholders."),
    ],
)
def test_a_slip_or_a_coincidence_is_not_taken_for_arithmetic(claim, passage):
    assert not any(one.calculated for one in aligned(claim, passage))


def test_the_same_sum_in_another_currency_differs_unless_one_sign_may_stand_for_both():
    (euros,) = aligned("Lanz paid 14.5 million pounds for Dunst.", "Lanz paid €14.5m for Dunst.")
    (dollars,) = aligned("Lanz paid A$14.5 million for Dunst.", "Lanz paid $14.5m for Dunst.")
    assert euros.finding == "different"
    assert dollars.finding != "different"


def test_round_tens_are_no_rounding_of_what_is_nearer_to_the_ones():
    (one,) = aligned("Sales fell 20 percent.", "Sales fell 17.9 percent.")
    assert one.finding == "different"
    (rounded,) = aligned("Sales fell 18 percent.", "Sales fell 17.9 percent.")
    assert rounded.finding == "compatible"


def test_bounds_from_two_sides_that_leave_room_confirm_nothing():
    (one,) = aligned("The group is worth over $22 trillion.", "The group is worth under $70 trillion.")
    assert one.finding not in {"equal", "compatible"}
    (other,) = aligned("The group is worth over $70 trillion.", "The group is worth under $22 trillion.")
    assert other.finding == "different"


@pytest.mark.parametrize(
    ("text", "low", "unit", "comparator"),
    [
        ("Tickets from £14 are on sale.", "14", "GBP", "at least"),
        ("The play lasts three hours forty.", "220", "minute", "exactly"),
        ("Adults outnumber children by a ratio of five to four.", "1.25", "times", "exactly"),
    ],
)
def test_figures_in_few_words_are_read_in_full(text, low, unit, comparator):
    (one,) = find_quantities(text)
    assert (one.low, one.unit, one.comparator) == (Decimal(low), unit, comparator)


def test_years_that_are_compared_share_their_unit():
    first, second = find_quantities("They built more homes in three years than we did in thirteen.")
    assert (first.unit, second.low, second.unit) == ("year", 13, "year")
