"""Runs: one, or many, each an engine's history with its verdicts and measures."""
