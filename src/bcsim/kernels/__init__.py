"""The compiled order flow: one arena of 64-bit integers in, the same arena out.

Nothing but this package imports the compiler. Its functions are also plain Python: with
``NUMBA_DISABLE_JIT=1`` they run as they stand, on lists.
"""
