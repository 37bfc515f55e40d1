"""The ledger's statements, in SQL."""

# A page is asked for `anew` when its source says that it changed, and `again`, after those, when it was not there
# or not to be had, which may have passed.
LIST = """
INSERT INTO pages (site, key, url, place, canonical_url, title, page_id, namespace, revision_id, modified, depth,
                   seen, state, reason)
VALUES (:site, :key, :url, :place, :canonical_url, :title, :page_id, :namespace, :revision_id,
        CAST(strftime('%s', :date_modified) AS INTEGER), :depth, :seen,
        iif(:excluded IS NULL, 'pending', 'excluded'), :excluded)
ON CONFLICT (site, key) DO UPDATE SET
    state = CASE {fate} WHEN 'out' THEN 'excluded' WHEN 'stays' THEN state ELSE 'pending' END,
    reason = CASE {fate} WHEN 'out' THEN excluded.reason WHEN 'stays' THEN reason END,
    attempts = iif({fate} IN ('anew', 'again'), 0, attempts),
    not_before = iif({fate} IN ('anew', 'again'), 0, not_before),
    asked = iif({fate} = 'anew', 0, asked),
    url = excluded.url, place = excluded.place, canonical_url = excluded.canonical_url,
    title = excluded.title, page_id = excluded.page_id, namespace = excluded.namespace,
    revision_id = excluded.revision_id, modified = excluded.modified, depth = excluded.depth,
    via = NULL, seen = excluded.seen
""".format(fate="""(CASE
        WHEN excluded.state = 'excluded' THEN 'out'
        WHEN (state NOT IN ('pending', 'excluded') OR stage = 'clean')
             AND (excluded.revision_id IS NOT settled_revision
                  OR coalesce(nullif(excluded.canonical_url, ''), excluded.url)
                     <> coalesce(nullif(canonical_url, ''), url))
             AND (state <> 'done'
                  OR strftime('%Y-%m-%dT%H:%M:%SZ', settled, 'unixepoch') <= :refresh_before) THEN 'anew'
        WHEN state = 'gone' OR (state = 'excluded' AND stage IS NULL)
             OR (state = 'rejected' AND may_recover(reason)) THEN 'again'
        ELSE 'stays' END)""")

# A page that a redirect led to is known by its address until its source lists it by its identity.
LEAD_ADOPTED = """
UPDATE pages SET leads_to = :key
WHERE :page_id IS NOT NULL AND site = :site AND leads_to IN (
    SELECT key FROM pages WHERE site = :site AND place = :place AND via IS NOT NULL AND key <> :key)
"""
ADOPT = """
UPDATE OR IGNORE pages SET key = :key
WHERE site = :site AND place = :place AND via IS NOT NULL AND :page_id IS NOT NULL
"""
MERGE_ADOPTED = """
UPDATE pages SET state = 'merged', reason = 'redirect: ' || :url, leads_to = :key
WHERE site = :site AND place = :place AND via IS NOT NULL AND key <> :key AND :page_id IS NOT NULL
"""
ADD_TARGET = """
INSERT INTO pages (site, key, url, place, canonical_url, via, depth, seen, state, reason)
SELECT site, :key, :url, :place, iif(:canonical_url = :url, '', :canonical_url), url, depth, :seen,
    iif(:excluded IS NULL, 'pending', 'excluded'), :excluded
FROM pages WHERE site = :site AND key = :source
ON CONFLICT DO NOTHING
"""
SETTLE = """
UPDATE pages SET state = :state, stage = NULL, reason = :reason, leads_to = :leads_to,
    attempts = attempts + :attempts, not_before = :not_before,
    asked = :seen, settled = CAST(strftime('%s', :date) AS INTEGER),
    settled_revision = iif(:state = 'pending', settled_revision, revision_id)
WHERE site = :site AND key = :key
"""
STORE = """
UPDATE pages SET file = (SELECT id FROM files WHERE name = :file), offset = :offset, length = :length,
    digest = :digest, etag = :etag, last_modified = :last_modified, cleaned = NULL
WHERE site = :site AND key = :key
"""
UNLISTED = """
UPDATE pages SET
    state = CASE WHEN namespace IS NULL OR namespace IN (SELECT value FROM json_each(:namespaces))
            THEN :state ELSE 'excluded' END,
    reason = CASE WHEN namespace IS NULL OR namespace IN (SELECT value FROM json_each(:namespaces))
             THEN :reason ELSE 'scope' END
WHERE site = :site AND seen < :seen AND via IS NULL AND state NOT IN ('gone', 'excluded')
"""
# Pages asked for after the last listing have had their turn; of the others, those that waited longest go first.
PENDING = """
SELECT n, asked, key, url, iif(canonical_url = '', url, canonical_url) AS canonical_url, title, page_id, revision_id,
    namespace, strftime('%Y-%m-%dT%H:%M:%SZ', modified, 'unixepoch') AS date_modified, depth, attempts,
    (SELECT json_group_array(url) FROM pages AS other
     WHERE other.site = pages.site AND other.leads_to = pages.key AND other.state = 'merged') AS redirected_from
FROM pages WHERE site = :site AND state = 'pending' AND (asked, n) > (:asked, :n) AND asked < :seen
    AND not_before <= :now ORDER BY asked, n LIMIT :limit
"""
# A plus before a column keeps SQLite from its index, so that rows are read in the order of n, not sorted into it.
# Bytes are to be cleaned where the page is done, or where an earlier cleaner made it something else.
UNCLEANED = """
SELECT key, coalesce(nullif(canonical_url, ''), url) AS canonical_url, name AS file, offset, length,
    lower(hex(digest)) AS digest
FROM pages JOIN files ON files.id = pages.file
WHERE +site = :site AND cleaned IS NOT coalesce((SELECT id FROM cleaners WHERE name = :cleaner), 0)
    AND (state = 'done' OR (stage = 'clean' AND state IN ('rejected', 'merged', 'excluded')))
    AND n > coalesce((SELECT n FROM pages WHERE site = :site AND key = :after), 0) ORDER BY n LIMIT :limit
"""
ENTRIES = """
SELECT key, url, coalesce(nullif(canonical_url, ''), url) AS canonical_url, title, state,
    coalesce(stage, 'fetch') AS stage, reason, page_id, revision_id,
    strftime('%Y-%m-%dT%H:%M:%SZ', settled, 'unixepoch') AS date,
    iif(state = 'done' OR stage = 'clean', name, NULL) AS raw_file,
    iif(state = 'done' OR stage = 'clean', offset, NULL) AS raw_offset
FROM pages LEFT JOIN files ON files.id = pages.file
WHERE +site = ? AND (? IS NULL OR state = ?) ORDER BY n
"""
ENTRY_AT = ENTRIES.partition("WHERE")[0] + "WHERE site = ? AND place = ? ORDER BY via IS NOT NULL, n LIMIT 1"

# Where links are followed, a listing names what was known before it and then what its pages lead to.
SEEN = """
SELECT key FROM pages WHERE site = :site AND key IN (SELECT value FROM json_each(:keys))
    AND seen = (SELECT seen FROM sites WHERE id = :site)
"""
KNOWN = """
SELECT n, key, url, nullif(canonical_url, '') AS canonical_url, title, page_id, namespace, revision_id,
    strftime('%Y-%m-%dT%H:%M:%SZ', modified, 'unixepoch') AS date_modified, depth
FROM pages WHERE +site = :site AND n > :after AND via IS NULL AND state <> 'gone' AND stage IS NOT 'clean'
    AND (state <> 'rejected' OR may_recover(reason)) ORDER BY n LIMIT :limit
"""
CLEANED = """
UPDATE pages SET cleaned = (SELECT id FROM cleaners WHERE name = :cleaner),
    state = :state, stage = :stage, reason = :reason, leads_to = :leads_to,
    wiki = coalesce((SELECT id FROM wikis WHERE site = :site AND name = :wiki), wiki),
    doc_id = coalesce(:doc_id, doc_id)
WHERE n = :n
"""
CLEANED_ROW = """
SELECT n, wiki, doc_id FROM pages
WHERE site = :site AND key = :key AND offset = :offset AND file = (SELECT id FROM files WHERE name = :file)
    AND (state = 'done' OR (stage = 'clean' AND state IN ('rejected', 'merged', 'excluded')))
"""
TWIN = """
SELECT n, key, url FROM pages WHERE site = :site AND doc_id = :doc_id AND n <> :n AND state = 'done'
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
WITHDRAWN = """
WITH lost AS (
    SELECT n, doc_id FROM pages WHERE site = :site AND doc_id IS NOT NULL AND wiki = :wiki
        AND (state IN ('gone', 'excluded') OR (state = 'merged' AND EXISTS (
            SELECT 1 FROM pages AS other
            WHERE other.site = pages.site AND other.key = pages.leads_to AND other.state = 'done'))))
SELECT lower(hex(doc_id)) AS doc_id FROM (
    SELECT doc_id FROM lost UNION SELECT doc_id FROM dropped WHERE site = :site AND wiki = :wiki
) AS once WHERE NOT EXISTS (
    SELECT 1 FROM pages WHERE site = :site AND doc_id = once.doc_id AND wiki = :wiki
        AND n NOT IN (SELECT n FROM lost))
    AND NOT EXISTS (
        SELECT 1 FROM pages AS held WHERE held.site <> :site AND held.doc_id = once.doc_id AND held.state = 'done')
ORDER BY doc_id
"""
MOVED = """
UPDATE pages SET file = (SELECT id FROM files WHERE name = :new_file), offset = :new_offset, length = :new_length
WHERE file = (SELECT id FROM files WHERE name = :file) AND offset = :offset
"""
STALLED = "UPDATE pages SET reason = ? WHERE site = ? AND state = 'pending' AND reason IS NULL"
COUNTS = "SELECT state, count(*) FROM pages WHERE site = ? GROUP BY state"
REST = "SELECT ready, held FROM hosts WHERE name = ?"
KEEP_REST = "INSERT OR REPLACE INTO hosts VALUES (?, ?, ?)"
DROP_RESTED = "DELETE FROM hosts WHERE max(ready, held) <= ?"

# Who was led to a page: to one that the source lists, only those whose bytes we have, and since its last listing.
IS_KEPT = "SELECT file IS NOT NULL FROM pages WHERE site = :site AND key = :key"
LEADING = """
SELECT count(*) FROM pages WHERE site = :site AND leads_to = :target AND key <> :key
    AND stage IS NULL AND state IN ('merged', 'rejected') AND (NOT :listed OR (file IS NOT NULL AND asked = :seen))
"""
# How many redirects led to a page, one after another: those that no source lists.
HOPS = """
WITH RECURSIVE chain (key, hops) AS (
    SELECT :key, 0 UNION SELECT pages.key, hops + 1 FROM chain JOIN pages
    ON pages.site = :site AND pages.leads_to = chain.key AND pages.state = 'merged' WHERE hops < :most)
SELECT max(hops) FROM chain
"""
BLOCK_LEADING = """
UPDATE pages SET state = 'rejected', reason = :reason WHERE site = :site AND leads_to = :target
    AND stage IS NULL AND state = 'merged' AND (NOT :listed OR (file IS NOT NULL AND asked = :seen))
"""
BLOCK_TARGET = """
UPDATE pages SET state = 'excluded', reason = :reason WHERE site = :site AND key = :target AND via IS NOT NULL
"""
AT_PLACE = "SELECT key, via IS NULL AS listed, reason FROM pages WHERE site = :site AND place = :place"
AT_PATH = """
SELECT key, 0 AS listed, reason FROM pages WHERE site = :site AND via IS NOT NULL
    AND (url = :path OR (url > :path || '?' AND url < :path || '@')) LIMIT 1
"""
