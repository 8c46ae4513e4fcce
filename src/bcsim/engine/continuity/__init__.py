"""From faults to recovery: failures, people, decisions, the plan's actions; SimPy."""
