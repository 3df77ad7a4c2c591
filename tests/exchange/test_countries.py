"""The countries are those of ISO 3166-1, as the time zone database lists them, too."""

from __future__ import annotations

from importlib.resources import files

from checker.exchange.countries import COUNTRIES, NAMES


def test_the_codes_are_those_of_the_standard() -> None:
    lines = (files("tzdata.zoneinfo") / "iso3166.tab").read_text(encoding="utf-8").splitlines()
    assert {line.split("\t")[0] for line in lines if not line.startswith("#")} == COUNTRIES


def test_each_country_has_a_name_of_its_own() -> None:
    assert {*NAMES.values()} == COUNTRIES
    assert all(name == name.casefold() for name in NAMES)
    assert [NAMES[name] for name in ("germany", "czechia", "united states of america")] == [
        *("DE", "CZ", "US")
    ]
