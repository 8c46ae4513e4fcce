"""Rules that a scenario must keep with its firm, one function each; ``checks`` lists them."""
