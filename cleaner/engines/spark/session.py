"""Sessions of Spark: opened for a run, or found where somebody has one open."""

from __future__ import annotations

import os
import shutil
import sys
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from cleaner.core.errors import UsageError

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

DEFAULT_MASTER = "local[*]"

# Masters that run on this machine, where executors are to run this very interpreter.
_LOCAL = ("local", "spark://localhost", "spark://127.0.0.1")

_LOGGING = Path(__file__).parents[2] / "data" / "spark" / "log4j2.properties"

# A task that dies with its executor says nothing of its items; some of them may be to blame.
_TASK_TRIES = "8"


def open_session(master: str, conf: Mapping[str, str]) -> SparkSession:
    """Return a new session; UsageError where pyspark, Java or the master cannot be had."""
    check_pyspark()
    if master.startswith("sc://"):
        raise UsageError(
            "the command starts a session of its own, and Spark Connect has none to start",
            where=master,
            hint="call cleaner.spark.clean in a session, or name another --master",
        )
    if shutil.which("java") is None and not _java_home():
        raise UsageError(
            "Spark needs Java, and there is none",
            why="no `java` in PATH, and JAVA_HOME names none",
            hint="install Java 17 or later",
        )
    from pyspark.errors import PySparkException
    from pyspark.sql import SparkSession

    if master.startswith(_LOCAL):
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
        os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
    builder = SparkSession.builder.master(master).appName("cleaner")
    for key, value in {**_defaults(master), **conf}.items():
        builder = builder.config(key, value)
    try:
        with warnings.catch_warnings():
            # Frames of pandas, of which a newer one is warned of, are not used.
            warnings.filterwarnings("ignore", "PySpark does not yet fully support pandas")
            return builder.getOrCreate()
    except Exception as error:
        # Whatever is wrong with a master or a setting comes as an error of Java's.
        if not isinstance(error, PySparkException) and "py4j" not in type(error).__module__:
            raise
        raise UsageError("Spark does not start", where=master, why=first_line(error)) from error


def check_pyspark() -> None:
    """Raise UsageError where pyspark is not installed."""
    try:
        import pyspark  # noqa: F401 - asked whether it is there
    except ImportError as error:
        raise UsageError(
            "pyspark is not installed",
            why=str(error),
            hint="pip install 'corpus-cleaner[spark]'",
        ) from error


def first_line(error: BaseException) -> str:
    """Return what an error of Spark's says, without the traces of both languages."""
    said = str(error)
    java = getattr(error, "java_exception", None)
    if java is not None:
        said = str(java.getMessage() or java.toString())
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    return lines[0] if lines else type(error).__name__


def _defaults(master: str) -> dict[str, str]:
    """Return settings that the run prefers where nobody has said otherwise."""
    settings = {
        "spark.ui.showConsoleProgress": "false",
        "spark.driver.defaultJavaOptions": f"-Dlog4j2.configurationFile=file:{_LOGGING}",
        "spark.task.maxFailures": _TASK_TRIES,
        # Kernels run in as many tasks as there are cores, so libraries need no threads of theirs.
        "spark.executorEnv.OPENBLAS_NUM_THREADS": "1",
    }
    if master.startswith("local"):
        settings |= {"spark.ui.enabled": "false", "spark.driver.host": "127.0.0.1"}
        settings |= {"spark.driver.bindAddress": "127.0.0.1"}
    return settings


def _java_home() -> bool:
    home = os.environ.get("JAVA_HOME", "")
    return bool(home) and (Path(home) / "bin" / "java").exists()
