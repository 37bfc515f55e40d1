"""The ledger's statements, in SQL."""

LIST = """
INSERT INTO pages (site, key, url, place, canonical_url, title, page_id, namespace, revision_id, touched,
                   seen, state, reason)
VALUES (:site, :key, :url, :place, :canonical_url, :title, :page_id, :namespace, :revision_id,
        :touched, :seen, iif(:excluded IS NULL, 'pending', 'excluded'), :excluded)
ON CONFLICT (site, key) DO UPDATE SET
    state = CASE {fate} WHEN 'out' THEN 'excluded' WHEN 'again' THEN 'pending' ELSE state END,
    reason = CASE {fate} WHEN 'out' THEN excluded.reason WHEN 'again' THEN NULL ELSE reason END,
    attempts = iif({fate} = 'again', 0, attempts),
    not_before = iif({fate} = 'again', 0, not_before),
    url = excluded.url, place = excluded.place, canonical_url = excluded.canonical_url,
    title = excluded.title, page_id = excluded.page_id, namespace = excluded.namespace,
    revision_id = excluded.revision_id, touched = excluded.touched, via = NULL, seen = excluded.seen
""".format(fate="""(CASE
        WHEN excluded.state = 'excluded' THEN 'out'
        WHEN state = 'excluded' THEN 'again'
        WHEN state <> 'pending'
             AND (excluded.revision_id IS NOT settled_revision OR excluded.canonical_url IS NOT canonical_url)
             AND (state <> 'done' OR date_fetched <= :refresh_before) THEN 'again'
        ELSE 'stays' END)""")

# A page that a redirect led to is known by its address until its source lists it by its identity.
ADOPT = """
UPDATE OR IGNORE pages SET key = :key
WHERE site = :site AND place = :place AND via IS NOT NULL AND :page_id IS NOT NULL
"""
MERGE_ADOPTED = """
UPDATE pages SET state = 'merged', reason = 'redirect: ' || :url, leads_to = :key
WHERE site = :site AND place = :place AND via IS NOT NULL AND key <> :key AND :page_id IS NOT NULL
"""
ADD_TARGET = """
INSERT INTO pages (site, key, url, place, canonical_url, via, seen, state, reason)
VALUES (:site, :key, :url, :place, :canonical_url, :via, :seen,
        iif(:excluded IS NULL, 'pending', 'excluded'), :excluded)
ON CONFLICT DO NOTHING
"""
SETTLE = """
UPDATE pages SET state = :state, stage = 'fetch', reason = :reason, leads_to = :leads_to,
    attempts = attempts + :attempts, not_before = :not_before,
    settled_revision = iif(:state = 'pending', settled_revision, revision_id)
WHERE site = :site AND key = :key
"""
STORE = """
UPDATE pages SET file = (SELECT id FROM files WHERE name = :file), offset = :offset, length = :length,
    digest = :digest, etag = :etag, last_modified = :last_modified, date_fetched = :date_fetched,
    cleaned = NULL
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
PENDING = """
SELECT n, key, url, canonical_url, title, page_id, revision_id, namespace, attempts,
    (SELECT json_group_array(url) FROM pages AS other
     WHERE other.site = pages.site AND other.leads_to = pages.key) AS redirected_from
FROM pages WHERE site = ? AND state = 'pending' AND n > ? AND not_before <= ? ORDER BY n LIMIT ?
"""
# A plus before a column keeps SQLite from its index, so that rows are read in the order of n, not sorted into it.
# Bytes are to be cleaned where the page is done, or where an earlier cleaner made it something else.
UNCLEANED = """
SELECT key, coalesce(canonical_url, url) AS canonical_url, name AS file, offset, length,
    lower(hex(digest)) AS digest
FROM pages JOIN files ON files.id = pages.file
WHERE +site = :site AND cleaned IS NOT :cleaner
    AND (state = 'done' OR (stage = 'clean' AND state IN ('rejected', 'merged')))
    AND n > coalesce((SELECT n FROM pages WHERE site = :site AND key = :after), 0) ORDER BY n LIMIT :limit
"""
ENTRIES = """
SELECT key, url, coalesce(canonical_url, url) AS canonical_url, title, state,
    coalesce(stage, 'fetch') AS stage, reason, page_id, revision_id
FROM pages WHERE +site = ? AND (? IS NULL OR state = ?) ORDER BY n
"""
CLEANED = """
UPDATE pages SET cleaned = :cleaner, state = :state, stage = :stage, reason = :reason, leads_to = :leads_to,
    wiki = coalesce((SELECT id FROM wikis WHERE site = :site AND name = :wiki), wiki),
    doc_id = coalesce(:doc_id, doc_id)
WHERE n = :n
"""
CLEANED_ROW = """
SELECT n, wiki, doc_id FROM pages
WHERE site = :site AND key = :key AND offset = :offset AND file = (SELECT id FROM files WHERE name = :file)
    AND (state = 'done' OR (stage = 'clean' AND state IN ('rejected', 'merged')))
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
WITHDRAWN = """
SELECT lower(hex(doc_id)) AS doc_id FROM (
    SELECT doc_id FROM pages WHERE site = :site AND doc_id IS NOT NULL AND wiki = :wiki
        AND state IN ('gone', 'excluded', 'merged')
    UNION SELECT doc_id FROM dropped WHERE site = :site AND wiki = :wiki
) AS once WHERE NOT EXISTS (
    SELECT 1 FROM pages WHERE site = :site AND doc_id = once.doc_id AND wiki = :wiki
        AND state NOT IN ('gone', 'excluded', 'merged'))
ORDER BY doc_id
"""
STALLED = "UPDATE pages SET reason = ? WHERE site = ? AND state = 'pending' AND reason IS NULL"
COUNTS = "SELECT state, count(*) FROM pages WHERE site = ? GROUP BY state"
