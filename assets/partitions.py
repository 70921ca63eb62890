"""Partitions: one a fetch day.

What belongs here: the partition definition that all assets share.
What does not: when a day is run (``pipelines.schedules``).
"""

from __future__ import annotations

import dagster as dg

from assets.settings import Settings

# A fetch day is a day of UTC whatever zone the schedule is in: a day must not depend on a setting.
# end_offset: today's partition exists while the day lasts, since the day's fetch runs within it.
FETCH_DAYS = dg.DailyPartitionsDefinition(start_date=str(Settings().first_day), timezone="UTC", end_offset=1)
