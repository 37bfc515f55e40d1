"""Crawlers: one named actor of Ray for each rate-limit domain fetches its sites (https://docs.ray.io, "Actors").

A crawler fetches as the run itself would (errand.py), with ledger and archive on its own node, and seals both, part by
part, to storage that all nodes share (scraper/shards.py, scraper/logbook.py). The run follows: it takes in what was
sealed, has it cleaned, and commits. A crawler that is lost with its process or node is begun again by Ray, is given
what the run's ledger knows, and fetches what was not sealed. The pace of each domain is kept in a file on that storage
beside the node's own, so that no restart and no other crawler is too early.
"""

import shutil
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from hashlib import blake2b
from pathlib import Path
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from sectionary.cluster import RayHands
from sectionary.config import Config
from sectionary.errand import Errand, fetched
from sectionary.lanes import lane_of
from sectionary.scraper.crawl import Progress
from sectionary.scraper.errors import InterruptedRunError, LockedError, SiteError
from sectionary.scraper.ledger import Ledger
from sectionary.scraper.logbook import Logbook, excerpt, follow, part_name
from sectionary.scraper.rows import Fetched
from sectionary.scraper.settings import SiteSettings
from sectionary.scraper.shards import Shards
from sectionary.scraper.sources.urls import read_list

NAMESPACE = "sectionary"
_RESTARTS = 5                            # of one domain's crawler in one run
_DIED = 3                                # times in a row that it is called dead before that is believed
_TAKE_SECONDS = 0.5                      # in which a crawler tells of something, or that there is nothing
_STOP_SECONDS = 10.0                     # that a run which is to stop waits for a crawler that gives no answer
_NAME_SECONDS = 30.0                     # until the crawler of a run that was killed is gone
_MOST_HEARD = 10_000                     # events that wait to be told; then the crawl waits


class Places(Struct, frozen=True, kw_only=True):
    """Where a crawler leaves what it seals, when, and where on its node it works."""

    raw: Path
    logbooks: Path
    pace: Path
    node: Path | None
    size: int
    age: float


class Report(Struct, frozen=True, kw_only=True):
    """What a crawler tells of a site: what happened, and whether it has ended, or knows nothing of it (`idle`)."""

    idle: bool = False
    heard: tuple[tuple[str, float, str], ...] = ()
    ended: bool = False
    error: Exception | None = None


class Crawler:
    """The actor. It is told to `begin` a site and then asked to `take` what came of it; one site at a time."""

    def __init__(self, places: Places, node: str) -> None:
        self._places = places
        self._node = node
        self._site: str | None = None
        self._thread: threading.Thread | None = None
        self._stopped = False
        self._heard: list[tuple[str, float, str]] = []
        self._error: Exception | None = None
        self._news = threading.Condition()

    def begin(self, errand: Errand, known: Path) -> None:
        """Begin to fetch a site of which the ledger in the file `known` tells."""
        if self._site == errand.site.name:
            return                       # the answer was lost, not the call
        self._site, self._stopped, self._error, self._heard = errand.site.name, False, None, []
        folder = self._place(errand.site.name)
        shutil.rmtree(folder, ignore_errors=True)            # of a crawler that was lost here
        folder.mkdir(parents=True)
        shutil.copyfile(known, folder / "ledger.sqlite")
        self._thread = threading.Thread(target=self._crawl, args=[errand, folder], daemon=True)
        self._thread.start()

    def take(self, site: str, *, stop: bool) -> Report:
        """Give what happened since the last time, after a moment at most; `stop` ends the crawl in order."""
        if self._thread is None or self._site != site:
            return Report(idle=True)
        with self._news:
            self._stopped = self._stopped or stop
            self._news.wait_for(lambda: self._heard or not self._is_alive(), _TAKE_SECONDS)
            ended = not self._is_alive()
            heard, self._heard = tuple(self._heard), []
            self._news.notify_all()
        return Report(heard=heard, ended=ended, error=self._error if ended else None)

    def _is_alive(self) -> bool:
        return self._thread is not None and self._thread.is_alive()

    def _place(self, site: str) -> Path:
        mark = blake2b(str(self._places.raw).encode(), digest_size=8).hexdigest()
        return (self._places.node or Path(tempfile.gettempdir())) / f"sectionary-{mark}" / self._node / part_name(site)

    def _crawl(self, errand: Errand, folder: Path) -> None:
        try:
            self._fetch(errand, folder)
        except Exception as error:  # noqa: BLE001 - raised where the run takes it
            self._error = error
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def _fetch(self, errand: Errand, folder: Path) -> None:
        places, site = self._places, errand.site.name
        shards = Shards(folder, places.raw, site, size=places.size, age=places.age, clock=errand.clock)
        with Logbook(folder / "ledger.sqlite", places.logbooks, site, shards) as ledger:
            try:
                for _ in fetched(
                    errand, ledger, shards, stop=lambda: self._stopped, progress=self._hear, shared_pace=places.pace
                ):
                    pass
            except SiteError:
                ledger.seal()
                raise
            ledger.seal()

    def _hear(self, kind: str, number: float, detail: str) -> None:
        with self._news:
            self._news.wait_for(lambda: len(self._heard) < _MOST_HEARD or self._stopped)
            self._heard.append((kind, number, detail))


class Crawlers:
    """An Engine: actors of a cluster fetch, tasks of it clean."""

    def __init__(self, config: Config, hands: RayHands) -> None:
        self.hands = hands
        self._config = config
        self._limits = config.scraper.limits()
        self._actors: dict[str, Any] = {}

    @contextmanager
    def lane(self, sites: Sequence[SiteSettings]) -> Iterator[None]:
        """Let go of the lane's crawler, which its first fetch began, at its end."""
        try:
            yield
        finally:
            if actor := self._actors.pop(lane_of(sites[0], self._limits), None):
                with suppress(InterruptedRunError):          # it ends with its cluster
                    self.hands.call(lambda: self.hands.ray.kill(actor))

    def fetch(
        self, errand: Errand, ledger: Ledger, *, stop: Callable[[], bool], progress: Progress
    ) -> Iterator[list[Fetched]]:
        """As an Engine says. Raises LockedError where another run of the cluster fetches from the domain."""
        lane = lane_of(errand.site, self._limits)
        if lane not in self._actors:
            self._actors[lane] = self._begun(lane)
        if isinstance(errand.site.urls, Path):       # which other nodes need not see
            site = errand.site.model_copy(update={"urls": tuple(read_list(errand.site))})
            errand = replace(errand, site=site)
        crawl = _Crawl(self._config, self.hands, self._actors[lane], errand, ledger)
        return crawl.run(stop, progress)

    def _begun(self, lane: str) -> Any:
        run = self._config.run
        actor = self.hands.ray.remote(_OnNode).options(
            name=f"crawler of {lane}", namespace=NAMESPACE, max_restarts=_RESTARTS, max_task_retries=0,
            num_cpus=0, resources=run.crawl_on, scheduling_strategy="SPREAD",
        )  # fmt: skip
        end = time.monotonic() + _NAME_SECONDS
        while True:
            try:
                return self.hands.call(lambda: actor.remote(self._places()))
            except ValueError:           # the name is taken
                if time.monotonic() > end:
                    said = f"another run of this cluster fetches from {lane}; wait for it, or stop it"
                    raise LockedError(said) from None
                time.sleep(_TAKE_SECONDS)

    def _places(self) -> Places:
        config, run = self._config, self._config.run
        return Places(
            raw=config.raw.absolute(),
            logbooks=config.logbooks.absolute(),
            pace=(config.shared / "pace").absolute(),
            node=config.folder / run.node_dir if run.node_dir else None,
            size=run.shard_size,
            age=run.shard_age,
        )


class _OnNode(Crawler):
    """A crawler that knows the node it is on."""

    def __init__(self, places: Places) -> None:
        import ray  # noqa: PLC0415 - on a node there is one

        super().__init__(places, ray.get_runtime_context().get_node_id())


class _Crawl:
    """One site's crawl, followed from where the run is."""

    def __init__(self, config: Config, hands: RayHands, actor: Any, errand: Errand, ledger: Ledger) -> None:
        self._config, self._hands, self._actor = config, hands, actor
        self._errand, self._ledger = errand, ledger
        self._begun: float | None = None
        self._settled = 0

    def run(self, stop: Callable[[], bool], progress: Progress) -> Iterator[list[Fetched]]:
        """Follow to the end; batches lie in the archive and in the run's ledger when they are given."""
        name = self._errand.site.name
        while True:
            report = self._ask(stop, "take", name, stop=stop())
            if report.idle:
                if self._begun is not None:
                    progress("warning", 0, "its crawler was lost; another one fetches what was not sealed")
                yield from self._taken_in()
                self._begin(stop)
                continue
            for event in report.heard:
                progress(*event)
            yield from self._taken_in()
            if report.ended:
                if report.error:
                    raise report.error
                return

    def _taken_in(self) -> Iterator[list[Fetched]]:
        for part in follow(self._ledger, self._errand.site.name, self._config.logbooks):
            self._settled += part.settled
            yield list(part.pages)

    def _begin(self, stop: Callable[[], bool]) -> None:
        site = self._errand.site.name
        known = self._config.logbooks / f"{part_name(site)}.sqlite"
        excerpt(self._config.work / "ledger.sqlite", site, known)
        try:
            self._ask(stop, "begin", self._left(), known.absolute())
        finally:
            known.unlink(missing_ok=True)

    def _left(self) -> Errand:
        """What is left of the errand where it is begun again: nothing that was settled since is asked for again."""
        errand, now = self._errand, self._errand.clock.monotonic()
        if self._begun is None:
            self._begun = now
            return errand
        settings, limit = errand.settings, errand.limit
        if settings.refresh_after is not None:
            older = settings.refresh_after + (now - self._begun) + 1.0
            settings = settings.model_copy(update={"refresh_after": older})
        return replace(
            errand, settings=settings, full=errand.full and not self._settled,
            limit=None if limit is None else max(0, limit - self._settled),
        )  # fmt: skip

    def _ask(self, ends: Callable[[], bool], method: str, *told: Any, **by_name: Any) -> Any:
        """Have the crawler answer, however often it has to be begun again. Raises InterruptedRunError."""
        failures = self._hands.ray.exceptions
        began, died = time.monotonic(), 0

        def called() -> Any:
            return self._hands.call(lambda: getattr(self._actor, method).remote(*told, **by_name))

        ref = called()
        while True:
            try:
                return self._hands.wait_for(ref)
            except failures.GetTimeoutError:
                self._be_patient(time.monotonic() - began, ends)
            except failures.RayTaskError as error:
                raise error.cause or error from error
            except failures.RayActorError as error:
                died = died + 1 if isinstance(error, failures.ActorDiedError) else 0
                if died >= _DIED:
                    raise self._lost("died and cannot be begun again") from error
                self._be_patient(time.monotonic() - began, ends)
                time.sleep(_TAKE_SECONDS)
                ref = called()

    def _be_patient(self, waited: float, stop: Callable[[], bool]) -> None:
        most = _STOP_SECONDS if stop() else self._config.run.ray_wait
        if waited > most:
            raise self._lost(f"has given no answer for {waited:.0f} s: is there a node that can take it?")

    def _lost(self, why: str) -> InterruptedRunError:
        return InterruptedRunError(f"{self._errand.site.name}: its crawler on the cluster {why}; run again to go on")
