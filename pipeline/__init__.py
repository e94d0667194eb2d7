"""The way from an article to a verdict report."""
