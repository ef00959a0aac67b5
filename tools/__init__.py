"""What the project checks itself with."""
