"""From documents to outputs, journal and report."""
