"""Judging a history: verdicts, flags, conservation laws and service levels, with proofs."""
