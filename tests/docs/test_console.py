"""Goal: the runner of console examples notices what a reader would notice.

Method: small documents, run for real; each wrong one differs from a right one in one place.
"""

from __future__ import annotations

import pytest

from tests.docs.console import Command, console_commands, run_commands

DOCUMENT = """\
# Title

```sh
$ rm -rf never-run
```

```console
$ bcsim --version
bcsim, version ...
...
$ bcsim \\
>   vaildate  # exit 2
Usage: bcsim [OPTIONS] COMMAND [ARGS]...
...
```
"""


def test_commands_are_read_from_console_blocks_only():
    """Goal: text, exit code, output and line of each command. Method: a whole document."""
    assert console_commands(DOCUMENT) == [
        Command("bcsim --version", 0, "bcsim, version ...\n...\n", 8),
        Command("bcsim   vaildate", 2, "Usage: bcsim [OPTIONS] COMMAND [ARGS]...\n...\n", 11),
    ]


def test_right_examples_pass(tmp_path):
    """Goal: no false alarm. Method: the document above, and a change of folder."""
    commands = console_commands(DOCUMENT)
    commands += console_commands("```console\n$ cd /\n$ ls ..\n...\n$ cat nowhere # exit 1\n```")
    run_commands(commands, tmp_path)


@pytest.mark.parametrize(
    ("block", "complaint"),
    [
        ("$ bcsim vaildate", "ended with 2, not with 0"),
        ("$ bcsim --version  # exit 1", "ended with 0, not with 1"),
        ("$ cat nowhere | cat", "ended with 1, not with 0"),
        ("$ bcsim --version\nbcsim, version 9", "should print"),
        ("$ bcsim --version\nbcsim, version ...\nand more", "should print"),
        ("$ bcsim --help\nUsage: bcsim [OPTIONS] COMMAND [ARGS]...", "should print"),
    ],
)
def test_wrong_examples_fail(block, complaint, tmp_path):
    """Goal: a wrong code or output fails. Method: one wrong thing each."""
    with pytest.raises(AssertionError, match=complaint):
        run_commands(console_commands(f"```console\n{block}\n```"), tmp_path)


@pytest.mark.parametrize(
    ("document", "complaint"),
    [
        ("```console\n$ curl example.org\n```", "'curl' is not among"),
        ("```console\n$ bcsim", "is never closed"),
    ],
)
def test_unusable_documents_fail(document, complaint):
    """Goal: an example that would not be run is reported. Method: one per reason."""
    with pytest.raises(AssertionError, match=complaint):
        console_commands(document)
