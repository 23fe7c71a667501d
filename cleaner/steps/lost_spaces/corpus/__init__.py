"""What a look over the corpus teaches about lost spaces."""
