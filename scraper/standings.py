"""Standings: what the ledger tells of a whole site: did its listing end, how its runs did, how many pages it has."""

from collections.abc import Iterator

from sectionary.scraper import statements as sql
from sectionary.scraper.database import Database, failures_of
from sectionary.scraper.rows import Entry, Standing

STATES = ("pending", "done", "merged", "gone", "excluded", "rejected")


class Standings(Database):
    """The ledger's part that tells of sites; `Ledger` adds what becomes of their pages."""

    def api(self, site: str, start: str) -> str | None:
        """Give where a site's api.php was the last time, for the address that the operator gives for it now."""
        with self._reading(site) as (db, id_):
            row = db.execute("SELECT api FROM sites WHERE id = ? AND start = ?", (id_, start)).fetchone()
        return row["api"] if row else None

    def found_api(self, site: str, start: str, api: str | None) -> None:
        """Remember where a site's api.php is, so that its start page need not be fetched to find it again."""
        with self._transaction(site) as (db, id_):
            db.execute("UPDATE sites SET start = ?, api = ? WHERE id = ?", (start, api, id_))

    def listing_finished(self, site: str) -> None:
        """Note that the last listing of a site came to its end."""
        with self._transaction(site) as (db, id_):
            db.execute("UPDATE sites SET unfinished = 0 WHERE id = ?", (id_,))

    def unfinished(self, site: str) -> bool:
        """Tell whether the last listing of a site broke off, so that there may be pages nobody knows of."""
        with self._reading(site) as (db, id_):
            return bool(db.execute("SELECT unfinished FROM sites WHERE id = ?", (id_,)).fetchone()[0])

    def wikis(self, site: str) -> list[str]:
        """Give the names that the records have for this site: one, or one for each host of a list."""
        with self._reading(site) as (db, id_):
            rows = db.execute("SELECT name FROM wikis WHERE site = ? ORDER BY name", (id_,)).fetchall()
        return [row["name"] for row in rows]

    def names(self) -> list[str]:
        """Give the names of all sites that were ever listed."""
        with self._lock, failures_of(self._path):
            return [row["name"] for row in self._db.execute("SELECT name FROM sites ORDER BY name").fetchall()]

    def succeeded(self, site: str, date: str) -> None:
        """Remember that a run did all it was asked, at `date` (RFC 3339)."""
        with self._transaction(site) as (db, id_):
            db.execute(sql.SUCCEEDED, (date, id_))

    def ended(self, site: str, summary: str) -> None:
        """Remember how a run of a site ended, as JSON."""
        with self._transaction(site) as (db, id_):
            db.execute(sql.ENDED, (summary, id_))

    def standing(self, site: str) -> Standing:
        """Give how a site stands."""
        with self._reading(site) as (db, id_):
            return Standing(**db.execute(sql.STANDING, (id_,)).fetchone())

    def is_new(self, site: str) -> bool:
        """Tell whether no page of a site was ever listed."""
        with self._reading(site) as (db, id_):
            return db.execute("SELECT 1 FROM pages WHERE site = ? LIMIT 1", (id_,)).fetchone() is None

    def listed(self, site: str) -> int:
        """Give the number of pages that were ever listed."""
        return sum(self.counts(site).values())

    def counts(self, site: str) -> dict[str, int]:
        """Give the number of pages in each state, all states named; they add up to what was ever listed."""
        with self._reading(site) as (db, id_):
            rows = db.execute(sql.COUNTS, (id_,)).fetchall()
        return dict.fromkeys(STATES, 0) | dict(map(tuple, rows))

    def pages(self, site: str, state: str | None = None) -> Iterator[Entry]:
        """Give a site's rows, or those in one state, in the order of listing."""
        with self._reading(site) as (db, id_):
            rows = db.execute(sql.ENTRIES, (id_, state, state)).fetchall()
        return (Entry(**row) for row in rows)
