"""The report of a run: Markdown, JSON and plots."""
