"""The bundled articles, their labels, and the scorer that measures a published snapshot against them.

What belongs here: ``articles/`` (short articles in our own words about events that never happened; the office-holders
are invented, and real organizations appear only as neutral scenery), ``sources.yml`` (their catalogue),
``labels.jsonl`` (what a careful reader finds in them), ``scoring.py`` and ``floors.yml``.

What does not: extraction or any other code of the pipeline, and text that somebody else wrote.  The labels are
judgement by hand; they are never the output of the extractor that they measure.
"""
