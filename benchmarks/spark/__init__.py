"""The engine of Spark beside that of one machine."""
