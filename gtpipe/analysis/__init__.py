"""Looking across incidents. Records in, records and text out: no paths, no terminal."""
