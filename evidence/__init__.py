"""Evidence: sources are read, cut into passages, embedded, stored and searched."""
