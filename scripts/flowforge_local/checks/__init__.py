"""Developer checks that no linter offers; run by ``scripts/check``."""
