"""Make a table of refunds: a row an answer, and nothing where the platform writes 0.

python examples/8-refunds-in-place/make_table.py build/refunds.db
"""

from __future__ import annotations

import sys
from pathlib import Path

import duckdb

ANSWERS = Path(__file__).parent / "refunds.jsonl"

TABLE = """
CREATE TABLE refunds AS SELECT
    refundId,
    sellerId,
    handlingWay,
    refundReason,
    negotiateStatus,
    nullif(sellerDisagreeReason, 0) AS sellerDisagreeReason,
    totalFee,
    -- one that was decided, nobody knows when, would count as not decided
    CASE WHEN negotiateStatus = 1 OR negotiateUpdateTime > 0 THEN submitTime END AS submitTime,
    CASE WHEN negotiateStatus IN (2, 3) THEN nullif(negotiateUpdateTime, 0) END AS decidedTime,
    -- afterwards it may be the end of a later step
    CASE WHEN negotiateStatus = 1 THEN nullif(expireTime, 0) END AS expireTime,
    CASE WHEN status = 60 THEN nullif(endTime, 0) END AS refundedTime,
    CAST(to_timestamp(submitTime / 1000) AT TIME ZONE 'Asia/Shanghai' AS DATE) AS requestedOn,
    CAST(to_timestamp(recvTime / 1000) AT TIME ZONE 'Asia/Shanghai' AS DATE) AS receivedOn
FROM read_json($answers)
"""


def main(made: Path) -> None:
    """Write the table to a database that is new."""
    made.parent.mkdir(parents=True, exist_ok=True)
    made.unlink(missing_ok=True)
    with duckdb.connect(str(made)) as database:
        database.execute(TABLE, {"answers": str(ANSWERS)})


if __name__ == "__main__":
    main(Path(sys.argv[1]))
