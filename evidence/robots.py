"""What a site lets a program read: its robots.txt, as RFC 9309 has it."""

from __future__ import annotations

import re
from dataclasses import dataclass

LINE = re.compile(r"^\s*(?P<key>[A-Za-z-]+)\s*:\s*(?P<value>[^#]*)")
LONGEST_PAUSE = 10.0
"""Seconds; a site that asks for more between two pages gets this."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What a site's robots.txt says to one program."""

    rules: tuple[tuple[bool, str], ...] = ()
    """Whether it allows, and the pattern of paths, in the order of the file."""
    pause: float = 0.0
    """Seconds between two pages."""

    def allow(self, path: str) -> bool:
        """Whether a path, with its query, may be read: the longest pattern that fits decides, of equals the one that allows."""
        fitting = [(len(pattern), allows) for allows, pattern in self.rules if _fits(pattern, path)]
        return max(fitting)[1] if fitting else True


NOTHING = Rules(((False, "/"),))
"""A site whose rules cannot be read for now lets nothing be read."""


def parse_robots(text: str, agent: str) -> Rules:
    """The rules for a program.

    Args:
        text: of robots.txt.
        agent: the program's name; where no group names it, those for "*" hold.
    """
    groups: dict[str, list[tuple[bool, str]]] = {}
    pauses: dict[str, float] = {}
    named: list[str] = []
    naming = False
    for line in text.splitlines():
        match = LINE.match(line)
        if match is None:
            continue
        key, value = match["key"].lower(), match["value"].strip()
        if key == "user-agent":
            named = [*named, value.lower()] if naming else [value.lower()]
            naming = True
            for name in named:
                groups.setdefault(name, [])
            continue
        naming = False
        for name in named:
            if key in {"allow", "disallow"} and value:
                groups[name].append((key == "allow", value))
            elif key == "crawl-delay" and re.fullmatch(r"\d{1,6}(?:\.\d+)?", value):
                pauses[name] = min(LONGEST_PAUSE, float(value))
    group = agent.lower() if agent.lower() in groups else "*"
    return Rules(tuple(groups.get(group, ())), pauses.get(group, 0.0))


def _fits(pattern: str, path: str) -> bool:
    ends = pattern.endswith("$")
    parts = [re.escape(part) for part in pattern.removesuffix("$").split("*")]
    return re.match(".*".join(parts) + ("$" if ends else ""), path) is not None
