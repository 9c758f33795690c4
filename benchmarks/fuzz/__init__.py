"""Cases and laws of fuzz_x12.py."""
