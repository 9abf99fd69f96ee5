"""Random numbers."""

TESTED = {
    "get_rng_state", "initial_seed", "manual_seed", "normal", "rand", "rand_like", "randint", "randn", "randn_like",
    "randperm", "seed", "set_rng_state",
}  # fmt: skip
