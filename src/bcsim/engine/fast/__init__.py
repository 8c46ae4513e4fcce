"""The fast order engine: the blueprint is put into an arena, the kernel runs, rows come out."""
