"""Letting time pass on the running product, by SQL; what follows from it is done by its worker and beat."""

import time

PATIENCE = 40


def let_reminders_come(product, *emails, title="%"):
    """Whoever owes something is due to be reminded, and it is neither night nor Sunday.

    The product may keep the mail for the next morning or working day; that is let pass, too.
    """
    owed = product.sql(
        "UPDATE candidates_ask SET remind_at = now() WHERE answered_at IS NULL AND cancelled_at IS NULL"
        " AND email = ANY(%s) AND title LIKE %s RETURNING id",
        list(emails), title,
    )  # fmt: skip
    keys = [key for (key,) in owed]
    deadline = time.monotonic() + PATIENCE
    while product.sql("SELECT count(*) FROM candidates_ask WHERE id = ANY(%s) AND remind_at <= now()", keys)[0][0]:
        assert time.monotonic() < deadline, "the sweep of reminders never came"
        time.sleep(0.2)
    product.sql("UPDATE candidates_message SET next_try_at = now() WHERE ask_id = ANY(%s) AND status = 'queued'", keys)
