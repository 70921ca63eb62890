"""The way in: job, schedule, sensors, definitions and the command line.

What belongs here: wiring and what a person types.
What does not: what an asset does.
"""
