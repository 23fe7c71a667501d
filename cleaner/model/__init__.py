"""What a corpus teaches: a model that is made once, saved, merged, and used to judge texts."""
