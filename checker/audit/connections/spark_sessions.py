"""Sessions of Spark: a driver in this process for a cluster, or a client of Spark Connect.

A server that isn't there is found out in seconds, where Spark itself would try for minutes.
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
from checker.language.syntax.problems import UsageError

SECONDS_TO_ANSWER = 5
SECONDS_WITHOUT_WORKERS = 60.0
_STREAM_REQUEST = 6  # in Spark's `network.protocol.Message`
SETTINGS = {
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.ansi.enabled": "true",  # what overflows or can't be cast is an error, not a NULL
    "spark.sql.adaptive.enabled": "true",
    "spark.sql.variable.substitute": "false",  # `${…}` in a text is that text
    # what each column is derived from would be gone through again for every layer of columns
    "spark.sql.constraintPropagation.enabled": "false",
    "spark.sql.maxPlanStringLength": "10000",  # a driver keeps what it would show of its plans
    # a stage of so many columns is too long to be compiled, which is found out at length
    "spark.sql.codegen.wholeStage": "false",
}
DRIVER = {
    "spark.app.name": "checker",
    "spark.log.level": "ERROR",
    "spark.ui.enabled": "false",  # it would listen on a port
    "spark.ui.showConsoleProgress": "false",
}


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """Silence PySpark's warnings: of a pandas newer than it knows, and of what it raises anyway."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def reach(shown: str, address: str) -> None:
    """Raise `UsageError` where no master of a cluster listens at the address."""
    scheme, _, rest = address.partition("://")
    host, _, port = rest.partition("/")[0].rpartition(":")
    try:
        with socket.create_connection((host.strip("[]"), int(port)), SECONDS_TO_ANSWER) as server:
            answers = scheme != "spark" or _answers_as_spark(server)
    except OSError as error:
        what = one_line(error.strerror or error).lower()
        raise UsageError(
            f"{shown}: nothing answers at {host}:{port} ({what}); is the server running?"
        ) from None
    if not answers:
        raise UsageError(
            f"{shown}: what listens at {host}:{port} doesn't answer as a master of Spark does;"
            " is it another port?"
        )


def _answers_as_spark(server: socket.socket) -> bool:
    """Return whether a request in Spark's protocol gets an answer in it, or may get one.

    One that hangs up may want TLS. The file that is asked for need not be there.
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
    return not answer or answer.startswith(bytes(4))  # of its length, in 64 bits


def spark_home() -> str:
    """Return the folder of the Spark whose programs start a driver: as set, or PySpark's own.

    PySpark looks in the folder above the working directory first, which may be anybody's.
    """
    import pyspark
    from pyspark.find_spark_home import _find_spark_home

    with contextlib.chdir(Path(pyspark.__file__).parent):
        return _find_spark_home()


@quiet()
def cluster_session(shown: str, address: str, ends: ExitStack) -> Any:
    """Return a session of a cluster, whose driver ends with `ends` if it starts here.

    A driver that runs in this process already is shared, as Spark allows but one.
    """
    from pyspark import SparkConf, SparkContext
    from pyspark.java_gateway import launch_gateway
    from pyspark.sql import SparkSession

    running = SparkContext._active_spark_context
    if running is not None:
        if running.master != address:
            raise UsageError(f"{shown}: this process is the driver of {running.master} already")
        return SparkSession(running).newSession()
    os.environ["SPARK_HOME"] = spark_home()
    conf = SparkConf().setMaster(address).setAll([*DRIVER.items()])
    if SparkContext._gateway is None:  # a driver says much when it starts, and all else is raised
        pipes = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        SparkContext._ensure_initialized(gateway=launch_gateway(conf, pipes))  # type: ignore[no-untyped-call]
    session = SparkSession(SparkContext(conf=conf))
    ends.callback(session.stop)
    return session


@quiet()
def remote_session(address: str, ends: ExitStack) -> Any:
    """Return a session of a Spark Connect server, which ends with `ends`."""
    from pyspark.sql.connect.client.retries import DefaultPolicy
    from pyspark.sql.connect.session import SparkSession

    session = SparkSession.builder.remote(address).create()
    ends.callback(session.stop)
    session.client.set_retry_policies([DefaultPolicy(max_retries=5, max_backoff=2000)])
    return session


@contextlib.contextmanager
def watched(session: Any, shown: str) -> Iterator[None]:
    """End what runs inside, with `UsageError`, when the cluster has no worker for it for a while.

    Spark itself would wait for one for ever.
    """
    context = session.sparkContext
    gave_up, ended = threading.Event(), threading.Event()

    def watch() -> None:
        seen = time.monotonic()
        while not ended.wait(0.5):
            if context._jsc.sc().getExecutorMemoryStatus().size() > 1:  # the driver is one
                seen = time.monotonic()
            elif time.monotonic() - seen > SECONDS_WITHOUT_WORKERS:
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
                f"{shown}: no worker of the cluster took the work for"
                f" {SECONDS_WITHOUT_WORKERS:.0f} seconds; are workers alive, with free cores and"
                " memory?"
            ) from None
        raise
    finally:
        ended.set()
        thread.join()
