"""What Dagster is told: assets, checks, job, schedule; the page of definitions loads from anywhere."""

import datetime as dt
import os
import subprocess
import sys
from pathlib import Path

import dagster as dg
import pytest

from expectations.rules import RULES
from pipelines.definitions import defs
from pipelines.jobs import nightly
from pipelines.schedules import every_night
from tests.running import PROJECT

GRAPH = {
    "archive/captures": set(),
    "articles/articles": {"archive/captures"},
    "facts/mentions": {"articles/articles"},
    "resolution/participants": {"facts/mentions"},
    "resolution/events": {"facts/mentions"},
    "resolution/quotes": {"facts/mentions"},
    "resolution/agreements": {"facts/mentions"},
    "snapshot/candidate": {
        "articles/articles",
        "resolution/participants",
        "resolution/events",
        "resolution/quotes",
        "resolution/agreements",
    },
    "snapshot/published": {"snapshot/candidate"},
}


def specs():
    return {spec.key.to_user_string(): spec for spec in defs.resolve_all_asset_specs()}


def test_an_asset_for_every_arrow():
    found = {name: {d.asset_key.to_user_string() for d in spec.deps} for name, spec in specs().items()}
    assert found == GRAPH


def test_assets_say_what_a_morning_reader_asks():
    for name, spec in specs().items():
        assert spec.description, name
        assert spec.owners, name
        assert spec.kinds, name
        assert spec.group_name == name.split("/")[0]
        assert isinstance(spec.partitions_def, dg.DailyPartitionsDefinition), name


def test_tables_show_their_columns():
    for name in ("articles/articles", "resolution/events", "resolution/quotes", "resolution/agreements"):
        schema = specs()[name].metadata["dagster/column_schema"]
        assert all(column.description for column in schema.columns), name


def test_every_rule_is_an_asset_check_that_may_block():
    graph = defs.resolve_asset_graph()
    keys = graph.asset_check_keys
    assert len(keys) == len(RULES)
    assert {k.name for k in keys} == {r.name for r in RULES}
    assert all(graph.get_check_spec(k).blocking for k in keys)


def test_today_has_a_partition():
    partitions = specs()["archive/captures"].partitions_def
    now = dt.datetime(2026, 3, 3, 0, 5, tzinfo=dt.UTC)
    with dg.partition_loading_context(effective_dt=now):
        assert partitions.get_last_partition_key() == "2026-03-03"


def test_the_nightly_tick_asks_for_the_fetch_day_that_has_begun():
    context = dg.build_schedule_context(scheduled_execution_time=dt.datetime(2026, 3, 3, 2, 0, tzinfo=dt.UTC))
    request = every_night(context)
    assert request.partition_key == "2026-03-03"
    assert (every_night.cron_schedule, every_night.execution_timezone) == ("0 2 * * *", "UTC")
    assert every_night.default_status is dg.DefaultScheduleStatus.RUNNING
    assert every_night.job_name == nightly.name


def test_the_workspace_loads_from_any_working_directory(tmp_path):
    dagster = Path(sys.executable).with_name("dagster")
    result = subprocess.run(
        [str(dagster), "definitions", "validate", "-w", str(PROJECT / "workspace.yaml")],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env={k: v for k, v in os.environ.items() if k != "PYTHONPATH"} | {"DAGSTER_HOME": ""},
    )
    assert result.returncode == 0, result.stderr[-2000:]


def test_the_rebuild_holds_the_lock_of_a_run_and_may_take_days():
    job = defs.resolve_job_def("rebuild")
    (node,) = job.nodes
    assert node.definition.required_resource_keys == {"ledger"}
    assert job.executor_def is dg.in_process_executor
    assert int(job.tags["dagster/max_runtime"]) > 24 * 3600


@pytest.mark.parametrize("name", ["nightly"])
def test_the_job_runs_every_asset_in_one_process(name):
    job = defs.resolve_job_def(name)
    assert {k.to_user_string() for k in job.asset_layer.executable_asset_keys} == set(GRAPH)
    assert job.executor_def is dg.in_process_executor
