"""Rules that a whole model must keep, one function each, by noun; ``checks`` lists them."""
