"""A strand: a stretch of a sentence that is parsed and cut on its own, and where its characters came from."""

from __future__ import annotations

from dataclasses import dataclass, replace


def is_quoting(text: str, at: int) -> bool:
    """Whether a place in a text stands within quotation marks."""
    return text[:at].count("“") > text[:at].count("”") or text[:at].count('"') % 2 == 1


@dataclass(frozen=True, slots=True)
class Strand:
    """A stretch of a sentence as it is parsed."""

    text: str
    places: tuple[int, ...]
    """For each character of `text`, its offset in the sentence."""
    label: str | None = None
    """What stands before a colon and names what the stretch is about."""
    speaker: str | None = None
    opening: str = ""
    """What its claim begins with and the stretch takes up from before: "Of the flats,"."""
    said: str | None = None
    """The claim itself, where the stretch has no verb of its own: "Most of the workers were unpaid."."""

    def offsets(self) -> dict[int, int]:
        """Where in the strand each character of the sentence stands, first where it stands twice."""
        return {place: at for at, place in reversed(list(enumerate(self.places)))}

    def part(self, start: int, end: int) -> Strand:
        """A stretch of the strand, without blanks and commas at its ends."""
        while start < end and self.text[start] in " ,;:–—":
            start += 1
        while start < end and self.text[end - 1] in " ,;:–—":
            end -= 1
        return replace(self, text=self.text[start:end], places=self.places[start:end])

    def without(self, start: int, end: int) -> Strand:
        """The strand with a stretch taken out."""
        text = self.text[:start] + self.text[end:]
        return replace(self, text=text, places=self.places[:start] + self.places[end:])

    def pieced(self, *stretches: tuple[int, int]) -> Strand:
        """The stretches of the strand one after the other, with a blank between them."""
        text = ""
        places: tuple[int, ...] = ()
        for start, end in stretches:
            part = self.part(start, end)
            if text and part.text:
                text, places = text + " ", (*places, places[-1])
            text, places = text + part.text, (*places, *part.places)
        return replace(self, text=text, places=places)
