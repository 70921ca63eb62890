import re
import tomllib

import pytest
from pydantic import ValidationError

from assets.settings import PROJECT, SAMPLE, Settings, config_file, own_catalogue


@pytest.fixture(autouse=True)
def _no_environment(monkeypatch):
    for name in Settings.model_fields:
        monkeypatch.delenv(f"CHANCERY_{name.upper()}", raising=False)
    monkeypatch.delenv("CHANCERY_CONFIG", raising=False)


def test_the_file_in_the_project_shows_every_setting_with_its_default():
    text = (PROJECT / "chancery.toml").read_text("utf-8")
    shown = tomllib.loads("\n".join(re.findall(r"^# (\w+ = .*)$", text, flags=re.MULTILINE)))
    assert set(shown) == set(Settings.model_fields)
    machine = {"workers", "data", "sources"}
    defaults = Settings().model_dump(mode="json")
    assert {k: v for k, v in shown.items() if k not in machine} == {
        k: v for k, v in defaults.items() if k not in machine
    }
    for name, setting in Settings.model_fields.items():
        assert setting.description, name


def test_environment_before_file_and_arguments_before_both(tmp_path, monkeypatch):
    file = tmp_path / "other.toml"
    file.write_text('data = "ledger"\ncron = "1 1 * * *"\nkeep_snapshots = 3\n', "utf-8")
    monkeypatch.setenv("CHANCERY_CONFIG", str(file))
    monkeypatch.setenv("CHANCERY_CRON", "2 2 * * *")
    settings = Settings(keep_snapshots=7)
    assert settings.data == tmp_path / "ledger"
    assert settings.cron == "2 2 * * *"
    assert settings.keep_snapshots == 7


@pytest.mark.parametrize(
    "line",
    [
        'dta = "x"',
        "workers = 0",
        'cron = "every night"',
        'cron = "0 25 * * *"',
        'time_zone = "Mars/Base"',
        'first_day = "soon"',
    ],
)
def test_a_mistake_is_an_error_that_names_the_setting(tmp_path, monkeypatch, line):
    file = tmp_path / "chancery.toml"
    file.write_text(line, "utf-8")
    monkeypatch.setenv("CHANCERY_CONFIG", str(file))
    with pytest.raises(ValidationError, match=line.split(" ")[0]):
        Settings()


def test_a_named_file_must_exist(monkeypatch):
    monkeypatch.setenv("CHANCERY_CONFIG", "nowhere.toml")
    with pytest.raises(FileNotFoundError, match=r"nowhere\.toml"):
        config_file()


def test_all_of_the_data_stands_in_one_folder():
    settings = Settings()
    for path in (settings.archive, settings.working, settings.candidate, settings.published, settings.dagster_home):
        assert settings.data in path.parents


def test_ones_own_catalogue_is_found_beside_the_settings_and_the_sample_where_there_is_none(tmp_path, monkeypatch):
    file = tmp_path / "chancery.toml"
    file.write_text("", "utf-8")
    monkeypatch.setenv("CHANCERY_CONFIG", str(file))
    assert Settings().sources == SAMPLE
    assert own_catalogue() == tmp_path / "sources.yml"
    own_catalogue().write_text("sources: []\n", "utf-8")
    assert Settings().sources == tmp_path / "sources.yml"
    file.write_text('sources = "others.yml"', "utf-8")
    assert Settings().sources == tmp_path / "others.yml"
