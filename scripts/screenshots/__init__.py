"""Pictures of every page of the demonstration, and what is wrong with them.

.venv/bin/python -m scripts.screenshots              the four pictures of the README: docs/images/*.png
.venv/bin/python -m scripts.screenshots FOLDER       every page × languages × widths × light, dark and projector

Both start a demonstration of their own and end it; `--url` takes one that runs (with MDT_DEMO_PASSWORD). A folder also
gets contact sheets (sheet-*.png) and flaws.txt: sideways scroll, text cut off or over the edge of its box (without
pictures also at the widths between: a small phone, tablets, laptops, a wall), errors of the browser, axe violations
(WCAG 2.2 AA, targets of 24 px, best practice), words of the other language. Pages are found by following links, by each
role: a new page is taken without a word here. Needs requirements-dev.txt and Chromium (CHROMIUM: its path).
"""
