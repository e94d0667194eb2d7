"""The words of the quantity grammar: numbers, scales, currencies, units, comparators, plurals."""

from __future__ import annotations

from decimal import Decimal

from pipeline.records import Comparator

ONES = {
    word: number
    for number, word in enumerate(
        (
            "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
            "seventeen eighteen nineteen"
        ).split()
    )
}
TENS = {
    word: 10 * number
    for number, word in enumerate(["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"], 2)
}
DECADES = {word[:-1] + "ies": number for word, number in TENS.items()}
MULTIPLIERS = {"hundred": 100, "thousand": 1000}
SCALES = {
    "thousand": Decimal(10) ** 3,
    "million": Decimal(10) ** 6,
    "mn": Decimal(10) ** 6,
    "mln": Decimal(10) ** 6,
    "billion": Decimal(10) ** 9,
    "bn": Decimal(10) ** 9,
    "bln": Decimal(10) ** 9,
    "trillion": Decimal(10) ** 12,
    "tn": Decimal(10) ** 12,
    "trn": Decimal(10) ** 12,
    "lakh crore": Decimal(10) ** 12,
    "lakh": Decimal(10) ** 5,
    "lakhs": Decimal(10) ** 5,
    "crore": Decimal(10) ** 7,
    "crores": Decimal(10) ** 7,
    "dozen": Decimal(12),
}
LETTER_SCALES = {"k": Decimal(10) ** 3, "m": Decimal(10) ** 6, "b": Decimal(10) ** 9, "t": Decimal(10) ** 12}
"""Only where they are stuck to a figure in a currency: "$0.9m"."""
FRACTIONS = {
    "half": (1, 2),
    "halves": (1, 2),
    "third": (1, 3),
    "quarter": (1, 4),
    "fourth": (1, 4),
    "fifth": (1, 5),
    "sixth": (1, 6),
    "seventh": (1, 7),
    "eighth": (1, 8),
    "ninth": (1, 9),
    "tenth": (1, 10),
    "twelfth": (1, 12),
    "hundredth": (1, 100),
}
SIGNS = {
    "US$": "USD", "A$": "AUD", "AU$": "AUD", "C$": "CAD", "CA$": "CAD", "HK$": "HKD", "NZ$": "NZD", "S$": "SGD",
    "NT$": "TWD", "R$": "BRL", "Z$": "ZWL", "$": "USD", "€": "EUR", "£": "GBP", "¥": "CNY", "￥": "CNY", "₹": "INR",
    "₩": "KRW", "₽": "RUB", "₺": "TRY", "₦": "NGN", "฿": "THB", "₫": "VND", "₱": "PHP", "₪": "ILS", "₴": "UAH",
    "Rs.": "INR", "Rs": "INR", "RM": "MYR", "Rp": "IDR",
}  # fmt: skip
CODES = (
    "USD EUR GBP CNY RMB JPY INR KRW SEK NOK DKK CHF CAD AUD NZD HKD SGD TWD BRL MXN ZAR RUB TRY PLN CZK HUF ILS SAR AED "
    "EGP NGN KES THB VND IDR MYR PHP PKR BDT UAH"
).split()
CURRENCY_NAMES = {
    "yuan": "CNY", "renminbi": "CNY", "yen": "JPY", "won": "KRW", "dollar": "USD", "us dollar": "USD",
    "australian dollar": "AUD", "canadian dollar": "CAD", "hong kong dollar": "HKD", "singapore dollar": "SGD",
    "new zealand dollar": "NZD", "taiwan dollar": "TWD", "euro": "EUR", "pound": "GBP", "pound sterling": "GBP",
    "sterling": "GBP", "rupee": "INR", "indian rupee": "INR", "pakistani rupee": "PKR", "rouble": "RUB", "ruble": "RUB",
    "real": "BRL", "reais": "BRL", "rand": "ZAR", "lira": "TRY", "swiss franc": "CHF", "franc": "franc", "peso": "peso",
    "krona": "SEK", "kronor": "SEK", "krone": "krone", "kroner": "krone", "zloty": "PLN", "baht": "THB", "dong": "VND",
    "ringgit": "MYR", "rupiah": "IDR", "naira": "NGN", "shekel": "ILS", "dirham": "AED", "riyal": "SAR", "mark": "mark",
    "crown": "crown",
}  # fmt: skip
HUNDREDTHS = {
    "cent": "USD",
    "us cent": "USD",
    "euro cent": "EUR",
    "eurocent": "EUR",
    "penny": "GBP",
    "pence": "GBP",
    "paise": "INR",
    "¢": "USD",
    "p": "GBP",
}
PHYSICAL = {
    "kilometre": "km", "kilometer": "km", "km": "km", "metre": "m", "meter": "m", "m": "m", "centimetre": "cm",
    "centimeter": "cm", "cm": "cm", "millimetre": "mm", "millimeter": "mm", "mm": "mm", "mile": "mile", "foot": "ft",
    "feet": "ft", "ft": "ft", "inch": "inch", "inches": "inch", "yard": "yard", "kilogram": "kg", "kilogramme": "kg", "kilo": "kg",
    "kg": "kg", "gram": "g", "gramme": "g", "g": "g", "milligram": "mg", "mg": "mg", "microgram": "µg", "tonne": "t",
    "metric ton": "t", "ton": "t", "t": "t", "pound weight": "lb", "lb": "lb", "lbs": "lb", "ounce": "oz", "litre": "L",
    "liter": "L", "l": "L", "millilitre": "mL", "milliliter": "mL", "ml": "mL", "gallon": "gallon", "barrel": "barrel",
    "hectare": "ha", "ha": "ha", "acre": "acre", "square kilometre": "km²", "square kilometer": "km²", "sq km": "km²", "km²": "km²",
    "km2": "km²", "square metre": "m²", "square meter": "m²", "m²": "m²", "square mile": "mile²", "square foot": "ft²",
    "square feet": "ft²", "sq ft": "ft²", "sq m": "m²", "sqm": "m²", "sq mi": "mile²", "sq mile": "mile²", "cubic metre": "m³", "cubic meter": "m³", "m³": "m³", "watt": "W", "w": "W", "kilowatt": "kW", "kw": "kW",
    "megawatt": "MW", "mw": "MW", "gigawatt": "GW", "gw": "GW", "terawatt": "TW", "watt-hour": "Wh", "kilowatt-hour": "kWh",
    "kilowatt hour": "kWh", "kwh": "kWh", "megawatt-hour": "MWh", "megawatt hour": "MWh", "mwh": "MWh", "gigawatt-hour": "GWh",
    "gigawatt hour": "GWh", "gwh": "GWh", "terawatt-hour": "TWh", "terawatt hour": "TWh", "twh": "TWh", "km/h": "km/h", "kmh": "km/h",
    "kph": "km/h", "mph": "mile/h", "knot": "knot", "°c": "°C", "degrees celsius": "°C", "degree celsius": "°C", "°f": "°F",
    "degrees fahrenheit": "°F", "degree fahrenheit": "°F", "°": "°", "degree": "°", "volt": "V", "kv": "kV", "hertz": "Hz",
    "hz": "Hz", "ghz": "GHz", "mhz": "MHz", "byte": "B", "gigabyte": "GB", "gb": "GB", "mb": "MB", "tb": "TB", "terabyte": "TB",
    "megabyte": "MB", "calorie": "cal", "kilojoule": "kJ", "light-year": "light year", "light year": "light year",
}  # fmt: skip
TIME = {"second", "minute", "hour", "day", "week", "month", "quarter", "year", "decade", "century", "night"}
SPANS_OF_YEARS = {"decade": 10, "century": 100}
PER = (
    "year month day week hour minute second night dose tonne ton share head capita person bushel kilowatt megawatt employee worker kilogram "
    "kilo litre gallon barrel household pupil student patient passenger mile kilometre hectare acre square metre unit piece "
    "quarter game match season visit ticket gram kWh MWh km kg ml million billion"
).split()
COMPARATORS: tuple[tuple[str, Comparator], ...] = (
    (r"at least|no (?:fewer|less) than|not less than|a minimum of|minimum of|not under|upwards? of", "at least"),
    (
        r"at most|up to|no more than|not more than|a maximum of|maximum of|as (?:many|much) as|within|not over",
        "at most",
    ),
    (
        r"(?:(?:just|slightly|a little|well|far|significantly|comfortably) )?"
        r"(?:more than|over|above|greater than|higher than|larger than|in excess of|exceed(?:s|ed|ing)?|surpass(?:es|ed|ing)?"
        r"|topp(?:ed|ing)|tops|beyond|north of|older than|longer than)",
        "over",
    ),
    (
        r"(?:(?:just|slightly|a little|well|far) )?"
        r"(?:less than|fewer than|under|below|lower than|smaller than|younger than|shorter than|south of|short of)",
        "under",
    ),
    (r"(?:very )?nearly|almost|close to|not quite|approaching|(?:just )?shy of|practically|virtually", "nearly"),
    (
        r"about|around|barely|hardly|scarcely|roughly|approximately|approx\.?|circa|ca\.|some|an estimated|estimated|or so|in the region of|more or less|~|≈",
        "about",
    ),
)
AFTER: tuple[tuple[str, Comparator], ...] = (
    (
        r"or (?:more|over|older|higher|above|longer)|and (?:over|older|above|up|larger|more)|-and-larger|-plus|\+",
        "at least",
    ),
    (r"or (?:less|fewer|under|younger|below)|and (?:under|younger|below)", "at most"),
    (r"or so|or thereabouts", "about"),
)
IRREGULAR = {
    "people": "person", "men": "man", "women": "woman", "children": "child", "feet": "foot", "teeth": "tooth", "mice": "mouse",
    "geese": "goose", "wolves": "wolf", "lives": "life", "wives": "wife", "knives": "knife", "leaves": "leaf", "halves": "half",
    "shelves": "shelf", "species": "species", "series": "series", "sheep": "sheep", "fish": "fish", "aircraft": "aircraft",
    "spacecraft": "spacecraft", "offspring": "offspring", "deer": "deer", "criteria": "criterion", "phenomena": "phenomenon",
    "nuclei": "nucleus", "bacteria": "bacterium", "analyses": "analysis", "crises": "crisis", "police": "police", "staff": "staff",
    "personnel": "personnel", "cattle": "cattle", "salmon": "salmon", "trout": "trout", "movies": "movie", "cookies": "cookie",
}  # fmt: skip
NOT_PLURAL = frozenset(
    (
        "is was has does this its his as us less plus across towards always perhaps versus minus news class business process "
        "access success press loss gas bus status campus virus previous various serious famous religious dangerous gross cross "
        "boss mass glass grass address progress congress wireless jobless homeless thus yes ours theirs whereas besides "
        "sometimes afterwards upwards downwards overseas nowadays indoors outdoors plc"
    ).split()
)
STOP = frozenset(
    (
        "the a an of in on at to for from by with without and or but nor than that which who whom whose while when where as if "
        "because since until after before during against among between into onto over under above below about around through "
        "per each every is are was were be been being am has have had do does did will would can could may might must shall "
        "should not no it its they them their he she his her him we us our you your i me my this these those there here then "
        "so yet also only just even more most less least fewer other up down out off back away ago later earlier old lower "
        "higher said says say told according via versus vs percent per-cent such both either neither all any some many much"
    ).split()
)
MONTHS = frozenset(
    (
        "january february march april may june july august september october november december jan feb mar apr jun jul aug sep "
        "sept oct nov dec"
    ).split()
)
NAMING = frozenset(
    (
        "no no. number chapter table figure fig fig. article section page paragraph part volume vol vol. issue step phase level "
        "grade class category group team room floor flight route highway line track platform gate bus train apollo boeing "
        "airbus windows version psalm act scene episode season round week day plan appendix exhibit rule item tel phone fax "
        "postcode zip channel area zone district ward unit model type size"
    ).split()
)
"""Before a bare number these make it a name: "Article 50"."""
