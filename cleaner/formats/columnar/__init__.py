"""Tables whose columns stand together: Parquet and Arrow."""
