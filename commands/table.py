"""The table of commands, in the order of the help: a new one is a function in a module here and a line below."""

from sectionary.commands import cleaning, crawling, datasets, onepages, standings, surveying

# Name, function, and the example that stands below its help.
COMMANDS = (
    ("init", surveying.init, "init https://wikimd.org/wiki/ --contact you@example.org"),
    ("demo", crawling.demo, "demo -o /tmp/strandline"),
    ("run", crawling.run, "run --site wikimd --budget 2h -q"),
    ("fetch", crawling.fetch, "fetch --site wikimd --budget 2h"),
    ("clean", cleaning.clean, "clean pages/ notes.txt -o corpus"),
    ("page", onepages.page, "page https://en.wikipedia.org/wiki/Tide --contact you@your.org"),
    ("preview", onepages.preview, "preview Limpet.html https://en.wikipedia.org/wiki/Tide -o preview.html"),
    ("plan", surveying.plan, "plan https://wikimd.org/wiki/ --contact you@your.org"),
    ("why", surveying.why, "why 'https://wikimd.org/index.php?title=Tide' --contact you@your.org"),
    ("status", standings.status, "status --max-age 26h"),
    ("retry", standings.retry, "retry --reason 'http: 403*'"),
    ("changes", datasets.changes, "changes --since 2026-11-22 --json"),
    ("verify", datasets.verify, "verify corpus"),
    ("vacuum", datasets.vacuum, "vacuum corpus --keep 7"),
    ("takedown", datasets.takedown, "takedown https://wikimd.org/wiki/Tide --reason 'author asked, ticket 12'"),
)
