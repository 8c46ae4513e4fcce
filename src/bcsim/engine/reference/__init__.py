"""The reference order engine: the meaning of the order layer, written to be read."""
