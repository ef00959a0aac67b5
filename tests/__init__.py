"""One package, so that the campaign finds it before others that are called tests."""
