"""Three learners' networks in plain NumPy, every derivative worked out and written down by hand, but with care.

They are what this project is to make unnecessary, and what it is measured against: memory is taken once and used again,
and nothing is computed that is not needed. Each is a script that runs on the real data.
"""
