"""What the HTML report shows, gathered from journal, report and outputs of a run."""
