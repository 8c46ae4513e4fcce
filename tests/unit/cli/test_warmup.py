"""Goal: ``bcsim warmup`` compiles once, says so, and tells where the code is kept."""

from __future__ import annotations

from bcsim.cli import app
from bcsim.kernels.store import folder_of_state, has_compiled_code


def test_what_is_compiled_is_kept_and_named(capsys):
    """Goal: later runs need not wait. Method: call it twice; the second has nothing to compile."""
    assert app.main(["warmup"]) == 0
    capsys.readouterr()
    assert has_compiled_code()
    assert app.main(["warmup"]) == 0
    said = capsys.readouterr()
    assert said.out == f"The fast engine is compiled, and kept in {folder_of_state()}\n"
    assert said.err == ""
