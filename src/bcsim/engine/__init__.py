"""Model and scenario in, history out: the continuity layer, then the order layer."""
