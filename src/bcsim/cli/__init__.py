"""The command line: parse, call, present. No arithmetic."""
