"""Folders that a cloud copies, by their names and by what is in them."""

from __future__ import annotations

from pathlib import Path

import pytest

from live_coach.archive.synced import service_of


@pytest.mark.parametrize(
    ("folder", "service"),
    [
        ("Dropbox/live-coach", "Dropbox"),
        ("Dropbox (Acme)/talks/live-coach", "Dropbox"),
        ("OneDrive - Acme BV/live-coach", "OneDrive"),
        ("Library/CloudStorage/OneDrive-Personal/x", "OneDrive"),
        ("Library/CloudStorage/GoogleDrive-sam@example.com/My Drive/x", "Google Drive"),
        ("Google Drive/x", "Google Drive"),
        ("Mijn Drive/x", "Google Drive"),
        ("Library/Mobile Documents/com~apple~CloudDocs/x", "iCloud"),
        ("iCloudDrive/x", "iCloud"),
        ("Nextcloud/x", "Nextcloud"),
        ("Documents/live-coach", None),
        ("Dropboxes/live-coach", None),
        ("onedrive_tools/live-coach", None),
    ],
)
def test_by_name_whether_it_is_there_or_not(
    tmp_path: Path, folder: str, service: str | None
) -> None:
    assert service_of(tmp_path / folder) == service
    (tmp_path / folder).mkdir(parents=True)
    assert service_of(tmp_path / folder) == service


@pytest.mark.parametrize(
    ("mark", "service"),
    [
        (".dropbox.cache", "Dropbox"),
        (".sync_0123456789ab.db", "Nextcloud"),
        (".nextcloudsync.log", "Nextcloud"),
    ],
)
def test_by_what_the_service_leaves_in_it(tmp_path: Path, mark: str, service: str) -> None:
    (tmp_path / "cloud" / mark).mkdir(parents=True)
    assert service_of(tmp_path / "cloud" / "new" / "live-coach") == service
    assert service_of(tmp_path / "live-coach") is None


def test_through_a_link(tmp_path: Path) -> None:
    (tmp_path / "Dropbox").mkdir()
    (tmp_path / "short").symlink_to(tmp_path / "Dropbox")
    assert service_of(tmp_path / "short" / "live-coach") == "Dropbox"


def test_the_folder_that_windows_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OneDriveCommercial", str(tmp_path / "Acme"))
    assert service_of(tmp_path / "Acme" / "live-coach") == "OneDrive"
    assert service_of(tmp_path / "live-coach") is None
