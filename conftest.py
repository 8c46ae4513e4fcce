"""Examples are tests: Python blocks of README.md and docs/, and docstrings of src/.

Console blocks (``$ bcsim …``) are run by tests/docs/test_console_blocks.py.
"""

from __future__ import annotations

import pytest
from sybil import Sybil
from sybil.document import PythonDocStringDocument
from sybil.parsers.markdown import PythonCodeBlockParser, SkipParser
from sybil.parsers.rest import DocTestParser
from xdist.scheduler import LoadFileScheduling

from tests.docs.workspace import enter_workspace, leave_workspace

documents = Sybil(
    parsers=[PythonCodeBlockParser(), SkipParser()],
    patterns=["README.md", "docs/**/*.md"],
    setup=enter_workspace,
    teardown=leave_workspace,
)
docstrings = Sybil(
    parsers=[DocTestParser()],
    patterns=["src/**/*.py"],
    document_types={".py": PythonDocStringDocument},
)
pytest_collect_file = (documents + docstrings).pytest()


@pytest.hookimpl(optionalhook=True)  # absent under -p no:xdist
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> LoadFileScheduling:
    """Keep a file's tests on one worker: the blocks of a document build on each other."""
    return LoadFileScheduling(config, log)
