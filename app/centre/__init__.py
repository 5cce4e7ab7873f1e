"""The centre: takes what laptops send, vouches for it, interprets it, publishes what holds; an extra of its own."""
