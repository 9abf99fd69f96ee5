"""The programs are read by type checkers, and not run."""

collect_ignore = ["programs"]
