"""How fast the product is, line by line, beside the least that the same work can take. See `bench/README.md`."""
