"""The stand: the whole product with hands that break it, and eyes that see what became of it."""
