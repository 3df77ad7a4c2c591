"""`checker import` and `checker export` at the command line."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from checker.cli.output_files import write_new
from checker.language.syntax.problems import UsageError
from tests.commands import Result, checker

LAW = "eu/consumer-withdrawal"
POLICY = {"@context": "https://schema.org", "@type": "MerchantReturnPolicy"}
SHOP: dict[str, Any] = {
    **POLICY,
    "name": "Shop",
    "applicableCountry": "DE",
    "returnPolicyCategory": "https://schema.org/MerchantReturnFiniteReturnWindow",
    "merchantReturnDays": 14,
}
SEASON = {
    "@type": "MerchantReturnPolicySeasonalOverride",
    "startDate": "2026-12-01",
    "endDate": "2026-12-24",
    "returnPolicyCategory": "https://schema.org/MerchantReturnFiniteReturnWindow",
    "merchantReturnDays": 60,
}


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    return saved(tmp_path / "shop.json", SHOP)


def saved(path: Path, data: Any) -> Path:
    path.write_text(json.dumps(data, indent=1), encoding="utf-8")
    return path


def imported(*arguments: object) -> Result:
    return checker("import", "schema.org", *arguments, "--policy", LAW)


def test_an_override_is_printed_with_what_it_is_made_of(shop: Path) -> None:
    result = imported(shop)
    assert result.status == 0
    assert "# merchantReturnDays: 14 -> settings.window_days\n" in result.out
    assert result.out.endswith("\nsettings: {window_days: 14}\n")
    assert result.err == "checker: 1 override from 1 file\n"


def test_what_is_printed_is_a_document_that_holds(shop: Path) -> None:
    shop.with_suffix(".yaml").write_text(imported(shop).out, encoding="utf-8")
    assert checker("prove", shop.with_suffix(".yaml")).status == 0


def test_what_is_not_understood_is_a_finding_and_the_rest_is_done(tmp_path: Path) -> None:
    shop = saved(tmp_path / "shop.json", SHOP | {"returnFees": "Customer pays"})
    result = imported(shop)
    assert result.status == 1
    assert f"{shop}:8:2: error: " in result.err and "[not-understood]" in result.err
    assert "window_days: 14" in result.out
    (line,) = [json.loads(each) for each in imported(shop, "--format", "json").out.splitlines()]
    assert line["override"]["settings"] == {"window_days": 14}
    assert [each["check"] for each in line["findings"]] == ["not-understood"]
    assert "refund_days" in line["unstated"]


def test_a_file_that_can_t_be_read_leaves_the_others(shop: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken.json"
    broken.write_text('{"@type": ')
    result = imported(broken, tmp_path / "none.json", shop)
    assert result.status == 2
    assert f"{broken}:1:11: error: not JSON" in result.err
    assert "none.json: error: can't be read: no such file or directory" in result.err
    assert "window_days: 14" in result.out


def test_a_file_without_returns_says_so(tmp_path: Path) -> None:
    result = imported(saved(tmp_path / "other.json", {"@type": "Person"}))
    assert result.status == 1 and result.out == ""
    assert "nothing of schema.org that is about returns was found" in result.err


def test_seasons_are_versions_in_a_folder(tmp_path: Path) -> None:
    shop = saved(tmp_path / "shop.json", SHOP | {"returnPolicySeasonalOverride": SEASON})
    out = tmp_path / "out"
    assert imported(shop, "--out", out).status == 0
    assert sorted(path.name for path in (out / "shop").iterdir()) == [
        "1.0.0.yaml",
        "1.1.0.yaml",
        "1.2.0.yaml",
    ]
    season = (out / "shop" / "1.1.0.yaml").read_text(encoding="utf-8")
    assert "2026-12-01" in season and "2026-12-25" in season
    assert checker("prove", out).status == 0
    written = checker("export", "schema.org", *sorted((out / "shop").iterdir()))
    assert written.status == 0
    again = imported(saved(tmp_path / "again.json", json.loads(written.out)), "--out", tmp_path)
    assert again.status == 0
    for path in (out / "shop").iterdir():
        assert without_remarks(tmp_path / "shop" / path.name) == without_remarks(path)


def without_remarks(path: Path) -> list[str]:
    lines = path.read_text(encoding="utf-8").splitlines()
    return [each for each in lines if not each.startswith("#")]


def test_the_scope_narrows_an_override(shop: Path) -> None:
    result = imported(shop, "--scope", "goods=perishable|general")
    assert "goods: [perishable, general]" in result.out


def test_amounts_of_the_scope_are_written_as_json(tmp_path: Path) -> None:
    item = saved(tmp_path / "item.json", {"itemId": 5, "serviceRule": {"refundRule": 5}})
    result = checker("import", "kuaishou", item, "--policy", "kuaishou/item-returns",
                     "--scope", "order_amount=12.50", "--format", "json")  # fmt: skip
    assert result.status == 0
    assert json.loads(result.out)["override"]["scope"] == {"order_amount": "12.50"}


def test_of_a_refund_in_several_files_the_last_state_counts(tmp_path: Path) -> None:
    refund = {"refundId": 7, "sellerId": 9, "handlingWay": 10, "createTime": 1760000000000}
    told = {**refund, "status": 10, "updateTime": 1760000000000}
    listed = {**refund, "status": 12, "updateTime": 1760000500000}  # refused, who knows why
    detail = {**listed, "status": 50, "negotiateStatus": 2}
    states = {"told": told, "listed": listed, "detail": detail}
    files = [saved(tmp_path / f"{name}.json", state) for name, state in states.items()]
    for order in (files, files[::-1]):
        result = checker("import", "kuaishou", *order, "--policy", "kuaishou/flash-purchase",
                         "--format", "json")  # fmt: skip
        (found,) = [json.loads(line) for line in result.out.splitlines()]
        assert found["file"] == str(files[2]) and found["findings"] == []
        assert found["record"]["response"] == "accepted"
        assert found["notes"][-1]["note"] == "the last state that any of 3 files has"
        assert result.status == 0


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["--scope", "goods"], "expected one like `category=food`"),
        (["--scope", "good=perishable"], "unknown fact `good` (did you mean `goods`?)"),
        (["--scope", "goods=perishables"], "did you mean `perishable`?"),
        (["--scope", "goods=general", "--scope", "goods=service"], "`goods` stands twice"),
        (["--policy", "eu/consumer-withdrawals"], "no policy `eu/consumer-withdrawals`"),
        (["--policy", "cn/consumer-returns"], "no exchange `cn/consumer-returns/exchange`"),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_a_bad_call_is_told_what_to_do(shop: Path, given: list[str], said: str) -> None:
    result = checker("import", "schema.org", shop, "--policy", LAW, *given)
    assert result.status == 2 and result.out == ""
    assert said in result.err


def test_what_a_format_can_t_say_is_a_finding(tmp_path: Path) -> None:
    override = tmp_path / "shop.yaml"
    override.write_text(
        f"kind: override\nid: shop\nversion: 1.0.0\npolicy: {LAW}@1\n"
        "settings: {window_days: 30}\n"
        "rules:\n  - {id: gifts, when: {goods: perishable}, respond: accept}\n"
    )
    result = checker("export", "schema.org", override)
    assert result.status == 1
    assert json.loads(result.out)["merchantReturnDays"] == 30
    assert f"{override}:7:5: error: `rules.gifts` can't be stated [not-expressed]" in result.err


@pytest.mark.parametrize(
    ("named", "said"),
    [("nobody", "no override `nobody`"), ("none.yaml", "can't be read: no such file")],
)
def test_what_is_no_override_can_t_be_written(named: str, said: str) -> None:
    result = checker("export", "schema.org", named)
    assert result.status == 2 and result.out == ""
    assert said in result.err


def test_settings_are_audited_where_they_stand(shop: Path, tmp_path: Path) -> None:
    saved(tmp_path / "short.json", SHOP | {"merchantReturnDays": 7, "returnMethod": "Pigeon"})
    result = checker("audit", "settings", tmp_path, "--from", "schema.org", "--policy", LAW,
                     "--format", "json")  # fmt: skip
    found = [json.loads(line) for line in result.out.splitlines()]
    assert result.status == 1
    assert {(each["seller"], each["check"]) for each in found} == {
        ("short", "not-understood"),
        ("short", "rejects-required-return"),
    }


def test_sellers_of_whom_nothing_can_be_found_are_named(tmp_path: Path) -> None:
    abroad = saved(tmp_path / "abroad.json", SHOP | {"applicableCountry": "US"})
    silent = saved(tmp_path / "silent.json", {**POLICY, "merchantReturnLink": "https://a.example"})
    result = checker("audit", "settings", tmp_path, "--from", "schema.org", "--policy", LAW)
    assert result.status == 0
    reason = "has no findings: the policy is about none of its cases"
    assert f"{abroad}:1:1: warning: `abroad` {reason}" in result.err
    reason = "has no findings: it states nothing that"
    assert f"{silent}:1:1: warning: `silent` {reason}" in result.err
    silent.unlink()
    result = checker("audit", "settings", tmp_path, "--from", "schema.org", "--policy", LAW)
    assert result.out.startswith(f"{LAW}@1.0.0\n  1 row read")


def test_all_files_of_a_folder_are_audited_and_nothing_waited_for(tmp_path: Path) -> None:
    pages, elsewhere = tmp_path / "pages", tmp_path / "elsewhere"
    (pages / "named-like-a-page.html").mkdir(parents=True)
    elsewhere.mkdir()
    saved(pages / "named-like-a-page.html" / "one.json", SHOP)
    saved(elsewhere / "two.json", SHOP)
    (pages / "linked").symlink_to(elsewhere)
    (pages / "around").symlink_to(pages)
    arguments = ("audit", "settings", pages, "--from", "schema.org", "--policy", LAW)
    result = checker(*arguments)
    assert result.status == 0
    assert "2 rows read, 2 accepted, 0 refused; 2 sellers" in result.out
    (pages / "dangling.json").symlink_to("nowhere")
    os.mkfifo(pages / "pipe.json")
    result = checker(*arguments)
    assert result.status == 2
    assert "dangling.json: error: can't be read: no such file or directory" in result.out
    assert "pipe.json: error: can't be read: it is no regular file" in result.out


def test_a_folder_without_such_files_is_told(tmp_path: Path) -> None:
    result = checker("audit", "settings", tmp_path, "--from", "google", "--policy", LAW)
    assert result.status == 2
    assert "found no file of google in the folder" in result.err


def files_of(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_what_is_written_takes_no_place_of_another_file(tmp_path: Path, shop: Path) -> None:
    out = tmp_path / "out"
    assert imported(shop, "--out", out).status == 0
    before = files_of(out)
    assert imported(shop, "--out", out).status == 0  # the same again
    stranger = saved(tmp_path / "stranger.json", SHOP | {"name": "Shop", "merchantReturnDays": 0})
    other = saved(tmp_path / "b.json", SHOP | {"name": "B"})
    refused = imported(other, stranger, "--out", out)
    assert refused.status == 2 and not refused.out
    assert f"checker: {out / 'shop.yaml'}: holds something else" in refused.err
    assert files_of(out) == before


@pytest.mark.parametrize("name", ["shop.yaml", "records.jsonl"])
def test_a_file_that_was_put_there_meanwhile_is_kept(
    tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    link = os.link

    def late(scratch: Path, path: Path) -> None:
        if path.name == name:
            path.write_text("mine")
        link(scratch, path)

    monkeypatch.setattr(os, "link", late)
    with pytest.raises(UsageError, match="holds something else"):
        write_new({out / "a.yaml": "a", out / name: "theirs", out / "z.yaml": "z"})
    assert files_of(out) == {name: b"mine"}


def test_a_link_is_not_followed(tmp_path: Path, shop: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "shop.yaml").symlink_to(tmp_path / "elsewhere.yaml")
    assert imported(shop, "--out", out).status == 2
    assert not (tmp_path / "elsewhere.yaml").exists()
