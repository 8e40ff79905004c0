"""Whether mails of the company are believed: what its domain says of SPF, DKIM and DMARC."""
