"""X12 835 and 837 to frames, columnar and in bounded memory."""
