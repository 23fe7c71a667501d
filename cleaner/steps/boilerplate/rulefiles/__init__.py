"""Rule files: read, checked, and refused where their patterns are dangerous."""
