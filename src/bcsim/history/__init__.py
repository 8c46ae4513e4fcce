"""What happened: one immutable, columnar record per run or log, and the types of its verdicts."""
