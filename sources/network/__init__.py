"""What the network client knows besides sockets.

What belongs here: addresses that may not be reached, robots.txt, hosts and their pace, bodies within bounds, and the
order of a crawl.
What does not: opening a connection (http), and what is fetched (readers).
"""
