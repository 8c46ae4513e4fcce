"""Readers of real logs: each turns files into a reading, a history with notes on the way."""
