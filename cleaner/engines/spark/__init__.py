"""Apache Spark as an engine; nothing outside this folder imports pyspark."""
