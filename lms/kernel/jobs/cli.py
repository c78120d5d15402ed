"""Commands for the operator of the job table."""

import signal
import threading

import click
from flask import current_app
from flask.cli import AppGroup

from lms.kernel import clock, config
from lms.kernel.jobs import services
from lms.kernel.jobs.worker import make_celery, relay

jobs = AppGroup("jobs", help="Work that outlives a request.")


@jobs.command("work")
@click.option("--until-empty", is_flag=True, help="Stop when nothing is due.")
def work(until_empty: bool) -> None:
    """Do due jobs in this process."""
    config.require_kept_key(current_app.config)
    stopping = _stop_on_signal()
    services.plant_periodic(clock.now())
    while not stopping.is_set():
        if not services.run_one(clock.now()):
            if until_empty:
                return
            stopping.wait(1)


@jobs.command("relay")
def hand_over() -> None:
    """Hand due jobs to Celery workers."""
    config.require_kept_key(current_app.config)
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    relay(app, make_celery(app), _stop_on_signal())


@jobs.command("celery")
@click.option("--concurrency", default=1, show_default=True)
def celery_worker(concurrency: int) -> None:
    """Run a Celery worker that does the jobs handed over by ``jobs relay``."""
    config.require_kept_key(current_app.config)
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    make_celery(app).worker_main(
        ["worker", f"--concurrency={concurrency}", "--loglevel=WARNING"]
    )


@jobs.command("list")
def show() -> None:
    """Count jobs by state, and show the dead."""
    for state, number in sorted(services.counts().items()):
        click.echo(f"{state:10} {number}")
    for job in services.dead_jobs():
        click.echo(f"dead #{job.id} {job.kind}: {job.error}")


def _stop_on_signal() -> threading.Event:
    stopping = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stopping.set())
    return stopping
