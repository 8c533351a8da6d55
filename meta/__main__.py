"""The program: runs the command line, turns errors into words and exit codes."""

from __future__ import annotations

import os
import sys
import tempfile
import traceback

from meta.errors import ManifestError, MetaError

EXPECTED, USAGE, BUG, INTERRUPTED = 1, 64, 70, 130


def main() -> None:
    """The one place where an error becomes words and an exit code."""
    import click

    from meta.commands import cli

    try:
        code = cli.main(standalone_mode=False)
    except MetaError as error:
        say(error)
        code = EXPECTED
    except click.ClickException as error:
        error.show()
        code = USAGE if isinstance(error, click.UsageError) else EXPECTED
    except (click.Abort, KeyboardInterrupt):
        print("meta: interrupted", file=sys.stderr)
        code = INTERRUPTED
    except BrokenPipeError:
        # The reader of our output is gone; Python would complain once more on exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = EXPECTED
    except Exception:
        print(f"meta: this is a bug; what happened is in {logged()}", file=sys.stderr)
        code = BUG
    sys.exit(code if isinstance(code, int) else 0)


def say(error: MetaError) -> None:
    problems = error.problems if isinstance(error, ManifestError) else (error,)
    for problem in problems:
        print(f"meta: {problem}", file=sys.stderr)
        if problem.hint:
            print(f"  {problem.hint}", file=sys.stderr)


def logged() -> str:
    with tempfile.NamedTemporaryFile(
        "w", prefix="meta-", suffix=".log", delete=False, encoding="utf-8"
    ) as log:
        traceback.print_exc(file=log)
    return log.name


if __name__ == "__main__":
    main()
