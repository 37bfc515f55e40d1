"""The ledger's statements, in SQL."""

from sectionary.scraper.verdict import NOINDEX


def _url(row: str = "pages") -> str:
    return f"address((SELECT name FROM bases WHERE id = {row}.base), {row}.path, {row}.title)"


def _canonical(row: str = "pages") -> str:
    base = f"(SELECT name FROM bases WHERE id = {row}.home)"
    return f"address({base}, coalesce({row}.canonical, {row}.path), {row}.title)"


def _key(row: str = "pages") -> str:
    told = f"iif({row}.key > 0, 'page_id:' || {row}.key, coalesce({_canonical(row)}, {_url(row)}))"
    return f"coalesce({row}.name, {told})"


URL, CANONICAL, KEY = _url(), _canonical(), _key()
ADD_BASE = "INSERT OR IGNORE INTO bases (name) SELECT :base UNION SELECT :home WHERE :home IS NOT NULL"

# A page is asked for `anew` when its source says that it changed, and `again`, after those, when the source cannot
# say, or when it was not there or not to be had, which may have passed. What is settled keeps the facts it was
# settled with. One that asks not to be indexed is known as well as one that is done.
_IS_KNOWN = f"""(state = 'done' OR (
    state = 'excluded' AND stage IS NULL AND reason = '{NOINDEX}' AND NOT :keeps_noindex))"""
_IS_NEWER = "excluded.touched > coalesce(touched, since)"
_CHANGED = f"""(
    :whole OR excluded.revision_id IS NOT revision_id
    OR coalesce(excluded.home, excluded.base) IS NOT coalesce(home, base)
    OR coalesce(excluded.canonical, excluded.path) IS NOT coalesce(canonical, path)
    OR (excluded.path IS NULL AND excluded.title IS NOT title)
    OR {_IS_NEWER})"""
# A page of a time that is still to come was fetched by a wrong clock, and is as old as any.
_IS_DUE = """(strftime('%Y-%m-%dT%H:%M:%SZ', since, 'unixepoch') <= :refresh_before
    OR (:now > 0 AND since > :now AND :refresh_before <> ''))"""
# Where the source tells no revision but a day of the last change, that is enough: the page changed after it was
# fetched. That it did not change is believed for a while, if the page was fetched after that day.
_IS_TOLD = f"(excluded.revision_id IS NULL AND {_IS_NEWER} AND :refresh_before <> '')"
_IS_UNTOLD = f"""(excluded.revision_id IS NULL AND (
    ((excluded.touched IS NULL OR excluded.touched >= since) AND {_IS_DUE})
    OR strftime('%Y-%m-%dT%H:%M:%SZ', since, 'unixepoch') <= :believed_since))"""
_FATE = f"""(CASE
    WHEN excluded.state = 'excluded' THEN 'out'
    WHEN (state NOT IN ('pending', 'excluded') OR stage = 'clean' OR {_IS_KNOWN}) AND {_CHANGED}
         AND (NOT {_IS_KNOWN} OR :whole OR {_IS_DUE} OR {_IS_TOLD}) THEN 'anew'
    WHEN state = 'gone' OR (state = 'excluded' AND stage IS NULL AND NOT {_IS_KNOWN})
         OR (state = 'rejected' AND may_recover(reason)) OR ({_IS_KNOWN} AND {_IS_UNTOLD}) THEN 'again'
    ELSE 'stays' END)"""
_FACTS = (
    "name", "base", "path", "home", "canonical", "place", "title", "namespace", "revision_id", "modified", "touched",
)  # fmt: skip
_KEPT = f"({_FATE} = 'stays' AND state <> 'pending')"
LIST = f"""
INSERT INTO pages (site, key, {", ".join(_FACTS)}, depth, state, reason, since)
VALUES (:site, :key, :name, (SELECT id FROM bases WHERE name = :base), :path,
        (SELECT id FROM bases WHERE name = :home), :canonical, :place, :title, :namespace, :revision_id,
        CAST(strftime('%s', :date_modified) AS INTEGER),
        iif(:by_touched OR :revision_id IS NULL, CAST(strftime('%s', :touched) AS INTEGER), NULL), :depth,
        iif(:excluded IS NULL, 'pending', 'excluded'), :excluded, CAST(:now AS INTEGER))
ON CONFLICT (site, key) DO UPDATE SET
    state = CASE {_FATE} WHEN 'out' THEN 'excluded' WHEN 'stays' THEN state ELSE 'pending' END,
    reason = CASE {_FATE} WHEN 'out' THEN excluded.reason WHEN 'stays' THEN reason
             ELSE iif(reason = '{NOINDEX}', reason, NULL) END,
    stage = iif({_FATE} = 'stays', stage, NULL),
    attempts = iif({_FATE} IN ('anew', 'again'), 0, attempts),
    not_before = iif({_FATE} IN ('anew', 'again'), 0, not_before),
    asked = iif({_FATE} = 'anew', 0, asked),
    since = iif({_FATE} = 'stays', since, excluded.since),
    via = NULL, depth = excluded.depth,
    {", ".join(f"{fact} = iif({_KEPT}, {fact}, excluded.{fact})" for fact in _FACTS)}
WHERE via IS NOT NULL OR depth IS NOT excluded.depth OR {_FATE} IN ('anew', 'again')
    OR ({_FATE} = 'out' AND (state <> 'excluded' OR reason IS NOT excluded.reason))
    OR (state = 'pending' AND ({", ".join(_FACTS)}) IS NOT ({", ".join(f"excluded.{fact}" for fact in _FACTS)}))
"""
NAMED = """
SELECT n, pages.key FROM json_each(:keys) AS named CROSS JOIN pages ON site = :site AND pages.key = named.value
"""

# A page that a redirect led to is known by its address until its source lists it by its identity.
LEAD_ADOPTED = """
UPDATE pages SET leads_to = :key
WHERE :key > 0 AND site = :site AND leads_to IN (
    SELECT key FROM pages WHERE site = :site AND place = :place AND via IS NOT NULL AND key <> :key)
"""
ADOPT = """
UPDATE OR IGNORE pages SET key = :key, name = NULL
WHERE site = :site AND place = :place AND via IS NOT NULL AND :key > 0
"""
MERGE_ADOPTED = """
UPDATE pages SET state = 'merged', reason = 'redirect: ' || address(:base, :path, :title), leads_to = :key
WHERE site = :site AND place = :place AND via IS NOT NULL AND key <> :key AND :key > 0
"""
ADD_TARGET = """
INSERT INTO pages (site, key, name, base, path, home, canonical, place, via, depth, state, reason, since)
SELECT site, :key, :name, (SELECT id FROM bases WHERE name = :base), :path,
    (SELECT id FROM bases WHERE name = :home), :canonical, :place, key, depth,
    iif(:excluded IS NULL, 'pending', 'excluded'), :excluded, since
FROM pages WHERE site = :site AND key = :source
ON CONFLICT DO NOTHING
"""
SETTLE = """
UPDATE pages SET state = :state, stage = NULL, reason = :reason, leads_to = :leads_to,
    attempts = attempts + :attempts, not_before = :not_before, asked = :seen,
    since = iif(:state = 'pending', since, coalesce(CAST(strftime('%s', :date) AS INTEGER), since))
WHERE site = :site AND key = :key
"""
STORE = """
INSERT INTO copies (n, file, offset, length, digest, etag, last_modified)
SELECT n, (SELECT id FROM files WHERE name = :file), :offset, :length, :digest, :etag, :last_modified
FROM pages WHERE site = :site AND key = :key
ON CONFLICT (n) DO UPDATE SET file = excluded.file, offset = excluded.offset, length = excluded.length,
    digest = excluded.digest, etag = excluded.etag, last_modified = excluded.last_modified, cleaned = NULL
"""
# What the server said of a page that is not kept, so that it need not be sent again to say the same.
VALIDATE = """
INSERT INTO copies (n, etag, last_modified) SELECT n, :etag, :last_modified FROM pages WHERE site = :site AND key = :key
ON CONFLICT (n) DO UPDATE SET etag = excluded.etag, last_modified = excluded.last_modified
"""
LISTABLE = """
SELECT n, key FROM pages WHERE site = ? AND via IS NULL AND state NOT IN ('gone', 'excluded')
"""
UNLISTED = """
UPDATE pages SET
    state = CASE WHEN namespace IS NULL OR namespace IN (SELECT value FROM json_each(:namespaces))
            THEN :state ELSE 'excluded' END,
    reason = CASE WHEN namespace IS NULL OR namespace IN (SELECT value FROM json_each(:namespaces))
             THEN :reason ELSE 'scope' END,
    stage = NULL, since = CAST(:now AS INTEGER)
WHERE n IN (SELECT value FROM json_each(:rows))
"""
DELETED = """
UPDATE pages SET state = 'gone', reason = :reason, stage = NULL, since = CAST(:now AS INTEGER)
WHERE site = :site AND key = :key AND state NOT IN ('gone', 'excluded') RETURNING n
"""
EXPLAINED = """
UPDATE pages SET state = 'gone', reason = :reason WHERE site = :site AND key = :key
    AND n IN (SELECT value FROM json_each(:rows))
"""
# No host is left alone for more than a year (pace.py): what is to wait longer was told so by a wrong clock.
# Pages asked for after the last listing have had their turn; of the others, those that waited longest go first.
PENDING = f"""
SELECT pages.n, asked, {KEY} AS key, {URL} AS url, {CANONICAL} AS canonical_url, title,
    iif(key > 0, key, NULL) AS page_id, revision_id,
    namespace, strftime('%Y-%m-%dT%H:%M:%SZ', modified, 'unixepoch') AS date_modified,
    strftime('%Y-%m-%dT%H:%M:%SZ', touched, 'unixepoch') AS touched, depth, reason, attempts,
    files.name AS file, offset, length, lower(hex(digest)) AS digest, etag, last_modified,
    (SELECT json_group_array({_url("other")}) FROM pages AS other
     WHERE other.site = pages.site AND other.leads_to = pages.key AND other.state = 'merged') AS redirected_from
FROM pages LEFT JOIN copies ON copies.n = pages.n LEFT JOIN files ON files.id = copies.file
WHERE site = :site AND state = 'pending' AND (asked, pages.n) > (:asked, :n) AND asked < :seen
    AND (not_before <= :now OR not_before > :now + 366 * 86400) ORDER BY asked, pages.n LIMIT :limit
"""
# A plus before a column keeps SQLite from its index, so that rows are read in the order of n, not sorted into it.
# Bytes are to be cleaned where the page is done, or where an earlier cleaner made it something else.
UNCLEANED = f"""
SELECT {KEY} AS key, coalesce({CANONICAL}, {URL}) AS canonical_url, files.name AS file, offset, length,
    lower(hex(digest)) AS digest
FROM pages JOIN copies ON copies.n = pages.n JOIN files ON files.id = copies.file
WHERE +site = :site AND cleaned IS NOT coalesce((SELECT id FROM cleaners WHERE name = :cleaner), 0)
    AND (state = 'done' OR (stage = 'clean' AND state IN ('rejected', 'merged', 'excluded')))
    AND pages.n > coalesce((SELECT n FROM pages WHERE site = :site AND key = :after), 0)
    ORDER BY pages.n LIMIT :limit
"""
FETCHED = f"""
SELECT {KEY} AS key, coalesce({CANONICAL}, {URL}) AS canonical_url, files.name AS file, offset, length,
    lower(hex(digest)) AS digest
FROM pages JOIN copies ON copies.n = pages.n JOIN files ON files.id = copies.file
WHERE site = :site AND key IN (SELECT value FROM json_each(:keys)) AND state = 'done'
    ORDER BY pages.n
"""
_ENTRY = f"""
SELECT {KEY} AS key, {URL} AS url, coalesce({CANONICAL}, {URL}) AS canonical_url, title, state,
    coalesce(stage, 'fetch') AS stage, reason, iif(key > 0, key, NULL) AS page_id, revision_id,
    strftime('%Y-%m-%dT%H:%M:%SZ', since, 'unixepoch') AS date,
    iif(state = 'done' OR stage = 'clean', files.name, NULL) AS raw_file,
    iif(state = 'done' OR stage = 'clean', offset, NULL) AS raw_offset
FROM pages LEFT JOIN copies ON copies.n = pages.n LEFT JOIN files ON files.id = copies.file
"""
ENTRIES = f"{_ENTRY} WHERE +site = ? AND (? IS NULL OR state = ?) ORDER BY pages.n"
ENTRIES_OF = f"{_ENTRY} WHERE pages.n IN (SELECT value FROM json_each(?)) ORDER BY pages.n"
ENTRY_AT = f"{_ENTRY} WHERE site = ? AND place = ? ORDER BY via IS NOT NULL, pages.n LIMIT 1"

# Where links are followed, a listing names what was known before it and then what its pages lead to.
KNOWN = f"""
SELECT n, {KEY} AS key, {URL} AS url, {CANONICAL} AS canonical_url, title, iif(key > 0, key, NULL) AS page_id,
    namespace, revision_id, strftime('%Y-%m-%dT%H:%M:%SZ', modified, 'unixepoch') AS date_modified,
    strftime('%Y-%m-%dT%H:%M:%SZ', touched, 'unixepoch') AS touched, depth
FROM pages WHERE +site = :site AND n > :after AND via IS NULL AND state <> 'gone' AND stage IS NOT 'clean'
    AND (state <> 'rejected' OR may_recover(reason)) ORDER BY n LIMIT :limit
"""
CLEANED_STATE = "UPDATE pages SET state = :state, stage = :stage, reason = :reason, leads_to = :leads_to WHERE n = :n"
CLEANED_COPY = """
UPDATE copies SET cleaned = (SELECT id FROM cleaners WHERE name = :cleaner),
    wiki = coalesce((SELECT id FROM wikis WHERE site = :site AND name = :wiki), wiki),
    doc_id = coalesce(:doc_id, doc_id)
WHERE n = :n
"""
CLEANED_ROW = """
SELECT copies.n, wiki, doc_id FROM pages JOIN copies ON copies.n = pages.n
WHERE site = :site AND key = :key AND offset = :offset AND file = (SELECT id FROM files WHERE name = :file)
    AND (state = 'done' OR (stage = 'clean' AND state IN ('rejected', 'merged', 'excluded')))
"""
_IS_DOCUMENT = "substr({0}.doc_id, 1, 8) = substr({1}, 1, 8) AND {0}.doc_id = {1}"
TWIN = f"""
SELECT pages.n, key, {URL} AS url FROM copies JOIN pages ON pages.n = copies.n
WHERE {_IS_DOCUMENT.format("copies", ":doc_id")} AND site = :site AND copies.n <> :n AND state = 'done'
    AND cleaned IS NOT NULL AND wiki = (SELECT id FROM wikis WHERE site = :site AND name = :wiki)
"""
MERGE_TWIN = """
UPDATE pages SET state = 'merged', stage = 'clean', leads_to = :key, reason = 'duplicate: ' || :url
WHERE n = :n
"""
DROP_DOCUMENT = "INSERT OR IGNORE INTO dropped VALUES (?, ?, ?)"
KEEP_DOCUMENT = """
DELETE FROM dropped WHERE site = :site AND doc_id = :doc_id
    AND wiki = (SELECT id FROM wikis WHERE site = :site AND name = :wiki)
"""
# What is merged is lost only to a page that is there: a redirect may lead to one that never comes.
WITHDRAWN = f"""
WITH lost AS (
    SELECT copies.n, doc_id, state, reason, coalesce({CANONICAL}, {URL}) AS url, since
    FROM copies JOIN pages ON pages.n = copies.n
    WHERE site = :site AND doc_id IS NOT NULL AND wiki = :wiki
        AND (state IN ('gone', 'excluded') OR (state = 'merged' AND EXISTS (
            SELECT 1 FROM pages AS other
            WHERE other.site = pages.site AND other.key = pages.leads_to AND other.state = 'done'))))
SELECT lower(hex(doc_id)) AS doc_id, state, reason, url,
    strftime('%Y-%m-%dT%H:%M:%SZ', since, 'unixepoch') AS date
FROM (
    SELECT doc_id, state, reason, url, since FROM lost
    UNION ALL SELECT doc_id, 'merged', 'became another document', NULL, NULL FROM dropped
    WHERE site = :site AND wiki = :wiki
) AS once WHERE NOT EXISTS (
    SELECT 1 FROM copies AS held JOIN pages AS other ON other.n = held.n
    WHERE {_IS_DOCUMENT.format("held", "once.doc_id")} AND site = :site AND wiki = :wiki
        AND held.n NOT IN (SELECT n FROM lost))
    AND NOT EXISTS (
        SELECT 1 FROM copies AS held JOIN pages AS other ON other.n = held.n
        WHERE {_IS_DOCUMENT.format("held", "once.doc_id")} AND site <> :site AND state = 'done')
GROUP BY doc_id ORDER BY doc_id
"""
# Where pages lie after the archive was rewritten: all in one pass, for no index leads from a place to its page.
MOVES = """
CREATE TEMP TABLE IF NOT EXISTS moves (file INTEGER, offset INTEGER, new_file INTEGER, new_offset INTEGER,
                                       new_length INTEGER, PRIMARY KEY (file, offset)) WITHOUT ROWID
"""
MOVE = """
INSERT OR REPLACE INTO moves
SELECT old.id, :offset, new.id, :new_offset, :new_length FROM files AS old, files AS new
WHERE old.name = :file AND new.name = :new_file
"""
MOVED = """
UPDATE copies SET (file, offset, length) = (
    SELECT new_file, new_offset, new_length FROM moves
    WHERE moves.file = copies.file AND moves.offset = copies.offset)
WHERE EXISTS (SELECT 1 FROM moves WHERE moves.file = copies.file AND moves.offset = copies.offset)
"""
STALLED = "UPDATE pages SET reason = ? WHERE site = ? AND state = 'pending' AND reason IS NULL"
RETRY = """
UPDATE pages SET state = 'pending', reason = NULL, stage = NULL, not_before = 0, asked = 0, attempts = 0
WHERE site = :site AND (state = 'rejected' OR (state = 'pending' AND (not_before > 0 OR attempts > 0)))
    AND (:pattern IS NULL OR reason GLOB :pattern)
"""
# A page that archive and dataset tell of, in a ledger that does not know it.
RESTORE = """
INSERT INTO pages (site, key, name, base, path, home, canonical, place, title, namespace, revision_id, modified,
                   touched, depth, state, reason, since)
VALUES (:site, :key, :name, (SELECT id FROM bases WHERE name = :base), :path,
        (SELECT id FROM bases WHERE name = :home), :canonical, :place, :title, :namespace, :revision_id,
        CAST(strftime('%s', :date_modified) AS INTEGER), CAST(strftime('%s', :touched) AS INTEGER),
        :depth, :state, :reason, CAST(strftime('%s', :date) AS INTEGER))
ON CONFLICT (site, key) DO UPDATE SET name = excluded.name, base = excluded.base, path = excluded.path,
    home = excluded.home, canonical = excluded.canonical, place = excluded.place, title = excluded.title,
    namespace = excluded.namespace, revision_id = excluded.revision_id, modified = excluded.modified,
    touched = excluded.touched, depth = excluded.depth, state = excluded.state, reason = excluded.reason,
    since = excluded.since
"""
DOCUMENT = """
INSERT INTO copies (n, wiki, doc_id)
SELECT n, (SELECT id FROM wikis WHERE site = :site AND name = :wiki), :doc_id
FROM pages WHERE site = :site AND key = :key
ON CONFLICT (n) DO UPDATE SET wiki = excluded.wiki, doc_id = excluded.doc_id
"""
COUNTS = "SELECT state, count(*) FROM pages WHERE site = ? GROUP BY state"
STANDING = """
SELECT summary, succeeded,
    (SELECT strftime('%Y-%m-%dT%H:%M:%SZ', min(since), 'unixepoch') FROM pages INDEXED BY page_due
     WHERE site = sites.id AND state = 'pending') AS oldest_pending
FROM sites WHERE id = ?
"""
SUCCEEDED = "UPDATE sites SET succeeded = ? WHERE id = ?"
ENDED = "UPDATE sites SET summary = ? WHERE id = ?"

# Who was led to a page: to one that the source lists, only those whose bytes we have, and since its last listing.
_HAS_COPY = "EXISTS (SELECT 1 FROM copies WHERE copies.n = pages.n AND file IS NOT NULL)"
IS_KEPT = f"SELECT {_HAS_COPY} FROM pages WHERE site = :site AND key = :key"
LEADING = f"""
SELECT count(*) FROM pages WHERE site = :site AND leads_to = :target AND key <> :key
    AND stage IS NULL AND state IN ('merged', 'rejected') AND (NOT :listed OR ({_HAS_COPY} AND asked = :seen))
"""
# How many redirects led to a page, one after another: those that no source lists.
HOPS = """
WITH RECURSIVE chain (key, hops) AS (
    SELECT :key, 0 UNION SELECT pages.key, hops + 1 FROM chain JOIN pages
    ON pages.site = :site AND pages.leads_to = chain.key AND pages.state = 'merged' WHERE hops < :most)
SELECT max(hops) FROM chain
"""
BLOCK_LEADING = f"""
UPDATE pages SET state = 'rejected', reason = :reason WHERE site = :site AND leads_to = :target
    AND stage IS NULL AND state = 'merged' AND (NOT :listed OR ({_HAS_COPY} AND asked = :seen))
"""
BLOCK_TARGET = """
UPDATE pages SET state = 'excluded', reason = :reason WHERE site = :site AND key = :target AND via IS NOT NULL
"""
AT_PLACE = "SELECT key, via IS NULL AS listed, reason FROM pages WHERE site = :site AND place = :place"
AT_PATH = """
SELECT key, 0 AS listed, reason FROM pages WHERE site = :site AND via IS NOT NULL
    AND base = (SELECT id FROM bases WHERE name = :origin)
    AND (path = :path OR (path > :path || '?' AND path < :path || '@')) LIMIT 1
"""
