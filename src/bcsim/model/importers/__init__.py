"""Architectures of other formats become models: readers of files that a firm already has."""
