"""A standalone Spark cluster of one master and two workers, and a Spark Connect server.

Both run from the jars that come with `pyspark`, on free ports of loopback, with little memory.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import socket
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from tests.servers import LOOPBACK, Missing, Process, on_free_port, temporary_folder
from tests.waiting import HANGS

WORKERS = 2
DAEMON = {"SPARK_DAEMON_MEMORY": "128m"}
_STARTED = re.compile(r"Successfully started service '(\w+)' on port ([0-9]+)")
CONNECT = "org.apache.spark.sql.connect.service.SparkConnectServer"


@dataclass
class Cluster:
    """A cluster that runs: its URL, its processes, and the environment for those who use it."""

    url: str
    environment: Mapping[str, str]
    master: Process
    workers: list[Process]

    def stop(self) -> None:
        """Stop it, as at the end of the tests."""
        for each in [*self.workers, self.master]:
            each.stop()

    def kill(self) -> None:
        """End all of it at once, as a crash would."""
        for each in [*self.workers, self.master]:
            each.kill()


@dataclass
class ConnectServer:
    """A Spark Connect server that runs."""

    url: str
    process: Process

    def kill(self) -> None:
        """End it at once, as a crash would."""
        self.process.kill()


@contextlib.contextmanager
def cluster() -> Iterator[Cluster]:
    """Give a new cluster with both workers registered; stop it at the end.

    Raises `Missing` where there is no Java or no `pyspark`.
    """
    home = _home()
    with temporary_folder("spark") as folder, contextlib.ExitStack() as processes:

        def start(name: str, *arguments: str | Path) -> Process:
            command = [home / "bin" / "spark-class", f"org.apache.spark.deploy.{name}", *arguments]
            log = folder / f"{len(list(folder.glob('*.log')))}.log"
            process = Process(command, log, environment={**environment, **DAEMON})
            processes.callback(process.stop)
            return process

        environment = _environment(home, folder)
        here = ("--host", LOOPBACK, "--webui-port", "0")
        master = start("master.Master", *here, "--port", "0")
        master.wait_until(lambda: {"sparkMaster", "MasterUI"} <= {*_ports(master)})
        page = _ports(master)["MasterUI"]
        url = f"spark://{LOOPBACK}:{_ports(master)['sparkMaster']}"
        size = ("--cores", "1", "--memory", "1g", "--work-dir", folder / "work")
        workers = [start("worker.Worker", *here, *size, url) for _ in range(WORKERS)]
        workers[-1].wait_until(lambda: _alive_workers(page) == WORKERS)
        yield Cluster(url, environment, master, workers)


@contextlib.contextmanager
def connect_server() -> Iterator[ConnectServer]:
    """Give a new Spark Connect server that computes by itself; stop it at the end.

    Raises `Missing` where there is no Java, or the jar isn't in `pyspark`.
    """
    home = _home()
    if not list((home / "jars").glob("spark-connect_*.jar")):
        raise Missing("Spark Connect", "install `pyspark` 4 or later")
    with temporary_folder("connect") as folder:
        environment = _environment(home, folder)

        def start(port: int) -> ConnectServer:
            settings = ["--conf", f"spark.connect.grpc.binding.port={port}"]
            settings += ["--conf", f"spark.connect.grpc.binding.address={LOOPBACK}"]
            command = [home / "bin" / "spark-submit", "--master", "local[1]", *settings]
            command += ["--class", CONNECT, "spark-internal"]
            process = Process(command, folder / "log", environment=environment)
            process.wait_until(lambda: _listens(port))
            return ConnectServer(f"sc://{LOOPBACK}:{port}", process)

        server = on_free_port(start)
        try:
            yield server
        finally:
            server.process.stop()


def end_driver() -> None:
    """End the driver that tests have started in this process, if one did."""
    from pyspark import SparkContext

    if SparkContext._active_spark_context:
        SparkContext._active_spark_context.stop()
    gateway, SparkContext._gateway, SparkContext._jvm = SparkContext._gateway, None, None
    if gateway:
        gateway.shutdown()
        gateway.proc.stdin.close()  # which ends it
        gateway.proc.wait(HANGS)


def _home() -> Path:
    """Return the folder of `pyspark` with its jars and start scripts."""
    if not shutil.which("java") and "JAVA_HOME" not in os.environ:
        raise Missing("Spark", "install Java 17 (`openjdk-17-jre-headless`)")
    found = find_spec("pyspark")
    if not found or not found.submodule_search_locations:
        raise Missing("Spark", "install `pyspark`")
    return Path(found.submodule_search_locations[0])


def _environment(home: Path, folder: Path) -> dict[str, str]:
    """Return the environment variables for servers and for drivers, and write their settings."""
    settings = {
        "spark.driver.host": LOOPBACK,
        "spark.driver.bindAddress": LOOPBACK,
        "spark.driver.memory": "2g",
        "spark.executor.memory": "512m",
        "spark.master.rest.enabled": "false",
        "spark.ui.enabled": "false",
        "spark.sql.shuffle.partitions": "4",
        "spark.sql.warehouse.dir": str(folder / "warehouse"),
        "spark.local.dir": str(folder / "local"),
        # not UTC, so that what a session leaves to the server is seen
        "spark.sql.session.timeZone": "Asia/Shanghai",
    }
    lines = "".join(f"{name} {value}\n" for name, value in settings.items())
    (folder / "spark-defaults.conf").write_text(lines, encoding="utf-8")
    return {
        "SPARK_HOME": str(home),
        "SPARK_CONF_DIR": str(folder),
        "SPARK_LOCAL_IP": LOOPBACK,
    }


def _ports(process: Process) -> dict[str, int]:
    """Return the port of each service that the process says it has started."""
    return {name: int(port) for name, port in _STARTED.findall(process.log.read_text())}


def _alive_workers(page: int) -> int:
    """Return how many workers the master's page lists as alive; none before it answers."""
    address = f"http://{LOOPBACK}:{page}/json/"
    with (
        contextlib.suppress(OSError, ValueError),  # before it is whole it answers in HTML
        urllib.request.urlopen(address, timeout=5) as answer,
    ):
        return int(json.load(answer)["aliveworkers"])
    return 0


def _listens(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection((LOOPBACK, port), 1):
        return True
    return False
