"""From a site's name in the configuration to its pages on disk."""
