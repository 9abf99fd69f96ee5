"""What runs inside of a contender's process: each session is a class that does one kind of work and measures it."""
