from cleaner.dedup.reader_kernel cimport LONG, Reader
