"""What can be wrong with a file."""

from pipeline.records import UserError


class ReadingError(UserError, ValueError):
    """A file cannot be read."""


class MissingError(ReadingError):
    """There is no such file."""


class EmptyError(ReadingError):
    """A file holds nothing to read."""


class UnsupportedError(ReadingError):
    """A file is binary, or of no format that is read."""


class DamagedError(ReadingError):
    """A file is not what its format demands."""


class TooLargeError(ReadingError):
    """A file is larger than what is read."""
