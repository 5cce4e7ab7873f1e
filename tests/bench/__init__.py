"""What the program costs, as ratios measured in one run: `dev.py bench`. Never part of the tests."""
