"""The sandbox by hand: `python -m sandbox start|up|down|serve|clock|tomorrow|yesterday|env`.

    start       start the vendors in the background
    up          the same, and wait until they answer
    down        stop the vendors of this home
    serve       run the vendors in the foreground
    clock       print the virtual clock (UTC)
    tomorrow    move the clock one day; print it before and after
    yesterday   print the last whole day by the clock
    env         print the demo company's secrets as shell exports

The home folder holds `world/` (generated where absent), `state/` (clock, keys), the log and the
process file.
"""

from __future__ import annotations

import argparse
import os
import shlex
import sys
from datetime import datetime, timedelta
from pathlib import Path

from sandbox import demo, keys
from sandbox.background import Place, SandboxError, ask, down, recorded_port, running, start, up
from sandbox.desk import Desk

VAR = Path(os.environ.get("TRUEUP_HOME", Path(__file__).parents[2] / "var"))
PORT = 8765


def serve(place: Place) -> None:
    """Run the vendors until interrupted."""
    import uvicorn

    from sandbox import bigquery_storage_grpc
    from sandbox.server import create_app

    world = place.home / "world"
    if not any(world.glob("*.parquet")):
        from sandbox.world import generate

        print(f"making the world in {world}", flush=True)
        generate(world, scale=place.scale)
    app = create_app(world, place.home / "state")
    answer = {"home": str(place.home), "pid": os.getpid()}
    app.add_api_route("/_sandbox/home", lambda: answer)
    print(f"the vendors answer at {place.url}", flush=True)
    with bigquery_storage_grpc.serve(app.state.desk, port=place.storage_port):
        uvicorn.run(app, host=place.host, port=place.port, log_level="warning", access_log=False)


def tomorrow(place: Place) -> None:
    """Move the clock one day, through the vendors if they are up."""
    before = _now(place)
    after = before + timedelta(days=1)
    if running(place):
        ask(place, "POST", "/_sandbox/clock", {"now": after.isoformat()})
    else:
        Desk(place.home / "world", place.home / "state").set_clock(after)
    print(f"{before.isoformat()} -> {after.isoformat()}")


def clock(place: Place) -> None:
    """Print the clock."""
    print(_now(place).isoformat())


def yesterday(place: Place) -> None:
    """Print the last whole day."""
    print(_now(place).date() - timedelta(days=1))


def env(place: Place) -> None:
    """Print the secrets the vendors accept, for `eval`."""
    secrets = demo.environment() | keys.environment(place.home / "state", place.url)
    for name, value in secrets.items():
        print(f"export {name}={shlex.quote(value)}")


def _now(place: Place) -> datetime:
    if running(place):
        return datetime.fromisoformat(ask(place, "GET", "/_sandbox/clock")["now"])
    return Desk(place.home / "world", place.home / "state").now


COMMANDS = (start, up, down, serve, clock, tomorrow, yesterday, env)


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m sandbox", description="The demo's vendors.")
    parser.add_argument("command", choices=[command.__name__ for command in COMMANDS])
    parser.add_argument("--home", type=Path, default=VAR / "harbour_house" / "sandbox")
    parser.add_argument("--port", type=int, help="default: the port it is up on, else 8765")
    parser.add_argument("--host", default="127.0.0.1", help="the address `serve` listens on")
    parser.add_argument("--scale", type=float, default=1.0, help="of a world yet to be made")
    given = parser.parse_args(arguments)
    home = given.home.resolve()
    port = given.port or recorded_port(home) or PORT
    try:
        chosen = next(command for command in COMMANDS if command.__name__ == given.command)
        chosen(Place(home, port, given.host, given.scale))
    except SandboxError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
