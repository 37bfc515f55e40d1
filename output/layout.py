"""Where things lie in a dataset's folder. All paths inside it are written with slashes, relative to it."""

from pathlib import Path
from urllib.parse import quote

LAYOUT_VERSION = 1
META = "_meta"
LOCK = "_meta/lock"
SNAPSHOTS = "_meta/snapshots"
LATEST = "_meta/LATEST"
SCHEMAS = "_meta/schemas"
HISTORY = "_meta/history"
STAGING = "_meta/staging"
_DIGEST_DIGITS = 12


def host_folder(site: str) -> str:
    """A site as one path segment, percent-encoded as Hive's partition values are."""
    return quote(site, safe="")


def data_path(table: str, site: str, shard: int, sha256: str, suffix: str) -> str:
    """Place of a data file: its name tells its content, so a file once there never changes.

    Files of changes have the number of their snapshot where others have that of their shard.
    """
    name = f"{shard:05d}-{sha256[:_DIGEST_DIGITS]}.{suffix}"
    if suffix == "parquet":
        return f"{table}/host={host_folder(site)}/part-{name}"
    return f"jsonl/{table}-{host_folder(site)}-{name}"


def rejected_path(site: str) -> str:
    """Place of a site's lost pages; it is no part of a snapshot and is replaced as a whole."""
    return f"rejected/{host_folder(site)}.jsonl"


def snapshot_path(number: int) -> str:
    """Place of a snapshot's list of files."""
    return f"{SNAPSHOTS}/{number}.json"


def schema_path(table: str, version: int) -> str:
    """Place of a table's JSON Schema."""
    return f"{SCHEMAS}/{table}-{version}.json"


def history_path(path: str) -> str:
    """Place of a data file that the latest snapshot no longer has."""
    return f"{HISTORY}/{path}"


def staging_folder(directory: Path, number: int) -> Path:
    """Folder where the files of a snapshot are made."""
    return directory / STAGING / f"commit-{number}"
