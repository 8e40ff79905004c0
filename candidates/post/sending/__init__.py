"""How a mail leaves: its claim, its way to the server, its outcome. `delivery.py` puts them together."""
