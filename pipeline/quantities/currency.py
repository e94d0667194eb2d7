"""Which currency an ambiguous sign stands for in a text: ¥ is yuan or yen, $ and kr have many homes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

CHINESE = re.compile(r"\b(?:yuan|renminbi|RMB|CNY|China|Chinese|Beijing|Shanghai|Shenzhen|Hong Kong|Xinhua)\b")
JAPANESE = re.compile(r"\b(?:yen|JPY|Japan|Japanese|Tokyo|Osaka|Nikkei|Kyoto|Toyota|Sony|Honda)\b")
IMPLIED = re.compile(
    r"[¥￥]\s?([\d,.]+)\s?(trillion|tn|billion|bn|million|m|mn)?\s?\((?:about |around |roughly |some |approximately )?"
    r"(?:US)?\$\s?([\d,.]+)\s?(trillion|tn|billion|bn|million|m|mn)?"
)
POWERS = {"trillion": 12, "tn": 12, "billion": 9, "bn": 9, "million": 6, "m": 6, "mn": 6}
DOLLARS = (
    ("AUD", re.compile(r"\bAustralian dollars?\b|\bAU?\$")),
    ("CAD", re.compile(r"\bCanadian dollars?\b|\bCA?\$")),
    ("NZD", re.compile(r"\bNew Zealand dollars?\b|\bNZ\$")),
)
KRONER = (
    ("SEK", re.compile(r"\b(?:Sweden|Swedish|Stockholm|Gothenburg|SEK|kronor)\b")),
    ("NOK", re.compile(r"\b(?:Norway|Norwegian|Oslo|NOK)\b")),
    ("DKK", re.compile(r"\b(?:Denmark|Danish|Copenhagen|DKK)\b")),
)


def currency_context(text: str, *, around: str = "") -> dict[str, str]:
    """Resolve the ambiguous currency signs of a text.

    The sums themselves come first: "¥22 trillion ($3.0 trillion)" can only be yuan. Then the countries and
    currencies that the text names; then those of `around`, such as the whole article of a sentence.

    Returns:
        Sign or name to ISO 4217 code, for "¥", "$" and "krone".
    """
    found: dict[str, str] = {}
    yen = _implied_yen(text)
    if yen is None:
        yen = _japanese(text)
    if yen is None and around:
        implied = _implied_yen(around)
        yen = implied if implied is not None else _japanese(around)
    found["¥"] = "JPY" if yen else "CNY"
    found["$"] = _only(DOLLARS, around or text) or "USD"
    krone = _only(KRONER, text) or _only(KRONER, around)
    if krone:
        found["krone"] = krone
    return found


@lru_cache(maxsize=64)
def _implied_yen(text: str) -> bool | None:
    """Whether the rate between a sum in ¥ and the dollars in brackets after it is that of the yen."""
    for match in IMPLIED.finditer(text):
        try:
            yen = float(match.group(1).replace(",", "").rstrip(".")) * 10.0 ** POWERS.get(match.group(2) or "", 0)
            dollars = float(match.group(3).replace(",", "").rstrip(".")) * 10.0 ** POWERS.get(match.group(4) or "", 0)
        except ValueError:
            continue
        if dollars > 0:
            return yen / dollars > 40
    return None


@lru_cache(maxsize=64)
def _japanese(text: str) -> bool | None:
    japanese, chinese = len(JAPANESE.findall(text)), len(CHINESE.findall(text))
    return None if japanese == chinese else japanese > chinese


@lru_cache(maxsize=64)
def _only(homes: tuple[tuple[str, re.Pattern[str]], ...], text: str) -> str | None:
    """The one home that the text names; None where it names none or several."""
    named = [code for code, pattern in homes if pattern.search(text)]
    return named[0] if len(named) == 1 else None


def code_of(sign: str, currency: Mapping[str, str] | None, default: str) -> str:
    """The code of a sign, as the context has it."""
    if currency is None:
        return default
    return currency.get("¥" if sign == "￥" else sign, default)
