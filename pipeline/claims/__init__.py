"""Claims: the checkable statements of an article, each standing alone."""

from pipeline.claims.extraction import DEFAULT_MIN_WORTH, extract_claims, sentence_worthiness

__all__ = ["DEFAULT_MIN_WORTH", "extract_claims", "sentence_worthiness"]
