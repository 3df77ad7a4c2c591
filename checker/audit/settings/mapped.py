"""A table of settings by a columns file: columns renamed, codes and units turned to values."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from checker.audit.files.scan import ROW_NUMBER
from checker.audit.intake.columns import mapped_columns
from checker.audit.intake.columns_file import ColumnMapping, ColumnsFile
from checker.language.model.policy import Policy
from checker.language.model.types import ValueType


def mapped_table(
    table: pl.LazyFrame, kinds: Mapping[str, str], policy: Policy, columns: ColumnsFile
) -> tuple[pl.LazyFrame, dict[str, str]]:
    """Return the table with the names and values of the policy, and its columns' kinds.

    A code that is not listed stays as it is, so that its row is refused. UsageError where the file
    does not fit the table or the policy.
    """
    types = {name: parameter.type for name, parameter in policy.parameters.items()}
    targets: dict[str, ValueType | None] = {**policy.vocabulary.types(), **types, "seller": None}
    named = mapped_columns(kinds, targets, columns)
    made = {target: _column(mapped) for target, mapped in named.items()}
    kept = [pl.col(ROW_NUMBER)] if ROW_NUMBER in table.collect_schema() else []
    return table.select(*kept, **made), {
        target: _kind(mapped, kinds[mapped.source]) for target, mapped in named.items()
    }


def _column(mapped: ColumnMapping) -> pl.Expr:
    column = pl.col(mapped.source)
    if mapped.values is not None:
        codes = [*mapped.values]
        text = column.cast(pl.String)
        return text.replace_strict(
            codes, [mapped.values[code] for code in codes], default=text, return_dtype=pl.String
        )
    if mapped.unit == "cents":
        # as text, so that what are no whole cents stays what it is, and its row is refused
        text = column.cast(pl.String)
        whole = text.str.contains(r"^[-+]?[0-9]{1,16}$")
        amount = text.str.zfill(4).str.replace(r"([0-9]{2})$", ".${1}")
        return pl.when(whole).then(amount).otherwise(pl.concat_str(text, pl.lit(" cents")))
    return column


def _kind(mapped: ColumnMapping, kind: str) -> str:
    return "text" if mapped.values is not None or mapped.unit == "cents" else kind
