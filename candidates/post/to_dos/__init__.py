"""Small things that somebody on the desk has to see to, given by the product: a bounce, a rule, a reply."""
