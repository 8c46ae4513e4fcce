"""Measures of the nine service systems, from model, history and verdicts."""
