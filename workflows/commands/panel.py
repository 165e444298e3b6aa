"""`kmt2a panel`: the RT-PCR panels that are known, or the targets of one."""

from __future__ import annotations

import json

import click

from fusion_caller.knowledge import Panel, panels


def _as_values(panel: Panel) -> dict[str, object]:
    return {
        "panel": panel.id,
        "name": panel.name,
        "targets": list(panel.targets),
        "targets_from_memory": list(panel.from_memory),
        "source": panel.source,
    }


@click.command("panel")
@click.argument("name", required=False)
@click.option("--json", "as_json", is_flag=True, help="One JSON object a panel.")
def command(name: str | None, *, as_json: bool) -> None:
    """List the RT-PCR panels, or show the targets of the panel NAME."""
    if name is not None and name not in panels():
        raise click.UsageError(f"unknown panel '{name}', expected one of {', '.join(panels())}")
    chosen = [panels()[name]] if name else list(panels().values())
    for panel in chosen:
        if as_json:
            click.echo(json.dumps(_as_values(panel), ensure_ascii=False))
        else:
            click.echo(f"{panel.id}: {panel.name}\n  targets: {', '.join(panel.targets)}")
            if panel.from_memory:
                click.echo(f"  from memory, not yet sourced: {', '.join(panel.from_memory)}")
            click.echo(f"  source: {panel.source}")
