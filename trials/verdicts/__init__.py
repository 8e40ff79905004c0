"""The leader's verdict, with its evidence."""
