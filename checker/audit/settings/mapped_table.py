"""A table of settings with a columns file: columns renamed, codes and units converted to values."""

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
    """Return the table with the names and values of the policy, and the kinds of its columns.

    An unlisted code stays as it is, so that its row is refused later.

    Raises:
        UsageError: the columns file does not fit the table or the policy.
    """
    types = {name: parameter.type for name, parameter in policy.parameters.items()}
    targets: dict[str, ValueType | None] = {**policy.vocabulary.types(), **types, "seller": None}
    mappings = mapped_columns(kinds, targets, columns)
    columns_by_target = {target: _column(mapped) for target, mapped in mappings.items()}
    row_number = [pl.col(ROW_NUMBER)] if ROW_NUMBER in table.collect_schema() else []
    return table.select(*row_number, **columns_by_target), {
        target: _kind(mapped, kinds[mapped.source]) for target, mapped in mappings.items()
    }


def _column(mapped: ColumnMapping) -> pl.Expr:
    """Return the column with its codes and units converted."""
    column = pl.col(mapped.source)
    if mapped.values is not None:
        codes = [*mapped.values]
        text = column.cast(pl.String)
        return text.replace_strict(
            codes, [mapped.values[code] for code in codes], default=text, return_dtype=pl.String
        )
    if mapped.unit == "cents":
        # as text: a value that is not in whole cents stays as it is, and its row is refused
        text = column.cast(pl.String)
        is_integer = text.str.contains(r"^[-+]?[0-9]{1,16}$")
        amount = text.str.zfill(4).str.replace(r"([0-9]{2})$", ".${1}")
        return pl.when(is_integer).then(amount).otherwise(pl.concat_str(text, pl.lit(" cents")))
    return column


def _kind(mapped: ColumnMapping, kind: str) -> str:
    """Return the kind of the converted column."""
    return "text" if mapped.values is not None or mapped.unit == "cents" else kind
