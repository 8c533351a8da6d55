"""The command line: each command is a module, imported when it is asked for."""

from __future__ import annotations

from importlib import import_module

import click

from meta import __version__

#: Command -> the module that holds it and the first line of its help.
COMMANDS = {
    "check": ("meta.commands.check", "Check manifest, plan and templates, offline."),
    "plan": ("meta.commands.plan", "Show what sync would change. Reads only."),
    "sync": ("meta.commands.sync", "Make the fleet as the manifest declares it."),
    "render": ("meta.commands.render", "Write the rendered files of a repository into a folder."),
    "explain": ("meta.commands.explain", "Say where each value of a repository comes from."),
    "roadmap": ("meta.commands.roadmap", "Read the execution plan."),
    "twin": ("meta.commands.twin", "A local GitHub to rehearse on."),
    "demo": ("meta.commands.demo", "The whole job on a twin, from nothing."),
}


class LazyGroup(click.Group):
    """Lists commands from the table above, so that `--help` imports none of them."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(COMMANDS[cmd_name][0]).command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, words) for name, (_, words) in COMMANDS.items()])


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="meta")
def cli() -> None:
    """Keep a fleet of GitHub repositories in the state one manifest declares."""
