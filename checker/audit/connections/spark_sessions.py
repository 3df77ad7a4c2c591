"""Sessions of Spark: a driver in this process for a cluster, or a client of Spark Connect.

A server that does not answer is detected within seconds; Spark itself would retry for minutes.
"""

from __future__ import annotations

import contextlib
import os
import socket
import struct
import subprocess
import threading
import time
import warnings
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from checker.audit.connections.plain import one_line
from checker.language.syntax.problems import UsageError, system_reason

SECONDS_TO_ANSWER = 5
SECONDS_WITHOUT_WORKERS = 60.0
_STREAM_REQUEST = 6  # in Spark's `network.protocol.Message`
SETTINGS = {
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.ansi.enabled": "true",  # overflows and failed casts are errors, not NULL
    "spark.sql.adaptive.enabled": "true",
    "spark.sql.variable.substitute": "false",  # `${…}` in a text stays as it is
    # its cost grows with every layer of columns
    "spark.sql.constraintPropagation.enabled": "false",
    "spark.sql.maxPlanStringLength": "10000",  # the driver keeps the texts of its plans in memory
    # Spark tries for long to compile a stage of so many columns, and then gives up
    "spark.sql.codegen.wholeStage": "false",
}
DRIVER = {
    "spark.app.name": "checker",
    "spark.log.level": "ERROR",
    "spark.ui.enabled": "false",  # it would listen on a port
    "spark.ui.showConsoleProgress": "false",
}


@contextlib.contextmanager
def no_warnings() -> Iterator[None]:
    """Suppress PySpark's warnings: about newer versions of pandas, and about raised errors."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def check_reachable(name: str, address: str) -> None:
    """Raise UsageError where no Spark server listens at the address."""
    scheme, _, rest = address.partition("://")
    host, _, port = rest.partition("/")[0].rpartition(":")
    try:
        with socket.create_connection((host.strip("[]"), int(port)), SECONDS_TO_ANSWER) as server:
            answers = scheme != "spark" or _answers_as_spark(server)
    except OSError as error:
        problem = one_line(system_reason(error))
        raise UsageError(
            f"{name}: nothing answers at {host}:{port} ({problem}); is the server running?"
        ) from None
    if not answers:
        raise UsageError(
            f"{name}: what listens at {host}:{port} doesn't answer as a master of Spark does;"
            " is it another port?"
        )


def _answers_as_spark(server: socket.socket) -> bool:
    """Return whether a server answers, or may answer, a request in Spark's protocol.

    A server that closes the connection may expect TLS. The requested file need not exist.
    """
    name = b"/files/checker"
    body = struct.pack(">BI", _STREAM_REQUEST, len(name)) + name
    try:
        server.sendall(struct.pack(">Q", 8 + len(body)) + body)
        answer = server.recv(1024)
    except TimeoutError:
        return False
    except OSError:
        return True
    return not answer or answer.startswith(bytes(4))  # the length of an answer, in 64 bits


def spark_home() -> str:
    """Return the folder of the Spark that starts drivers: SPARK_HOME, or PySpark's own.

    PySpark would search the folder above the working directory first, which may not be trusted.
    """
    import pyspark
    from pyspark.find_spark_home import _find_spark_home

    with contextlib.chdir(Path(pyspark.__file__).parent):
        return _find_spark_home()


@no_warnings()
def cluster_session(name: str, address: str, ends: ExitStack) -> Any:
    """Return a session of a cluster; a driver that it starts ends with `ends`.

    Spark allows one driver in a process; a running one is shared.
    """
    from pyspark import SparkConf, SparkContext
    from pyspark.java_gateway import launch_gateway
    from pyspark.sql import SparkSession

    running = SparkContext._active_spark_context
    if running is not None:
        if running.master != address:
            raise UsageError(f"{name}: this process is the driver of {running.master} already")
        return SparkSession(running).newSession()
    os.environ["SPARK_HOME"] = spark_home()
    conf = SparkConf().setMaster(address).setAll([*DRIVER.items()])
    if SparkContext._gateway is None:  # hide what the driver prints; errors are raised
        pipes = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        SparkContext._ensure_initialized(gateway=launch_gateway(conf, pipes))  # type: ignore[no-untyped-call]
    session = SparkSession(SparkContext(conf=conf))
    ends.callback(session.stop)
    return session


@no_warnings()
def remote_session(address: str, ends: ExitStack) -> Any:
    """Return a session of a Spark Connect server, which ends with `ends`."""
    from pyspark.sql.connect.client.retries import DefaultPolicy
    from pyspark.sql.connect.session import SparkSession

    session = SparkSession.builder.remote(address).create()
    ends.callback(session.stop)
    session.client.set_retry_policies([DefaultPolicy(max_retries=5, max_backoff=2000)])
    return session


@contextlib.contextmanager
def watch_workers(session: Any, name: str) -> Iterator[None]:
    """Raise UsageError when the cluster has no worker for the work for a while.

    Spark itself would wait forever.
    """
    context = session.sparkContext
    gave_up, ended = threading.Event(), threading.Event()

    def watch() -> None:
        last_worker = time.monotonic()
        while not ended.wait(0.5):
            if context._jsc.sc().getExecutorMemoryStatus().size() > 1:  # the driver is one
                last_worker = time.monotonic()
            elif time.monotonic() - last_worker > SECONDS_WITHOUT_WORKERS:
                gave_up.set()
                context.cancelAllJobs()
                return

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    try:
        yield
    except Exception:
        if gave_up.is_set():
            raise UsageError(
                f"{name}: no worker of the cluster took the work for"
                f" {SECONDS_WITHOUT_WORKERS:.0f} seconds; are workers alive, with free cores and"
                " memory?"
            ) from None
        raise
    finally:
        ended.set()
        thread.join()
