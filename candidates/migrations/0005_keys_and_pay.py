"""Fill in the keys by which duplicates are found, and read what "pay in" said in words."""

from django.db import migrations

from candidates.people import identity

PERIODS = {"hour": "HOUR", "day": "DAY", "week": "WEEK", "month": "MONTH", "year": "YEAR"}


def fill_keys(apps, schema_editor):
    people = apps.get_model("candidates", "Candidate").objects
    some = []
    for person in people.only("email", "phone").iterator(chunk_size=2000):
        person.email_key, person.phone_key = identity.email_key(person.email), identity.phone_key(person.phone)
        some.append(person)
        if len(some) == 2000:
            people.bulk_update(some, ["email_key", "phone_key"])
            some = []
    people.bulk_update(some, ["email_key", "phone_key"])


def read_pay(apps, schema_editor):
    for job in apps.get_model("candidates", "Job").objects.exclude(pay_unit=""):
        currency, _space, rest = job.pay_unit.partition(" ")
        job.pay_currency = currency.upper() if len(currency) == 3 and currency.isalpha() else ""
        job.pay_period = next((period for word, period in PERIODS.items() if word in rest.lower()), "MONTH")
        job.save(update_fields=["pay_currency", "pay_period"])


class Migration(migrations.Migration):
    dependencies = [("candidates", "0004_applying")]
    operations = [
        migrations.RunPython(fill_keys, migrations.RunPython.noop),
        migrations.RunPython(read_pay, migrations.RunPython.noop),
        migrations.RemoveField(model_name="job", name="pay_unit"),
    ]
