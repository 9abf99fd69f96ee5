"""Many values made fewer: sums, means, extremes, statistics, running sums, quantiles, sorting."""
