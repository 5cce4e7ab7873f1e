"""Reading a picture of a card: where the lines of its machine readable zone lie, and which letters stand in them.

Works on grey pixels in memory with Pillow alone. Nothing here opens a file but its own weights, and nothing is kept.
"""
