"""Files elsewhere, by URLs: object stores, web servers, whatever fsspec reaches."""
