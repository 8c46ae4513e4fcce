"""The FIX protocol in raw logs: messages, fields, sessions, ends and the life of an order."""
