"""Settings: one base read from the environment, and what tests loosen."""
