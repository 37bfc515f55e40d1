"""How well extractors read encyclopedia pages: `make quality`.

pages    what is read: the example encyclopedia, and the real saved pages where they lie beside the project
zones    what of a page is the article, what stands aside, what is furniture
gold     what is right, made without looking at any extractor's output
peers    sectionary and the other extractors, each giving a Reading
reading  what an extractor says of a page, and how HTML becomes one
scores   the figures, each defined where it is computed
residue  furniture that an extractor left, found by the page's own words
run      every page by every extractor
table    the figures as text and as Markdown
"""
