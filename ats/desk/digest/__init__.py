"""The daily digest: one mail a day to a colleague, when something waits for them."""
