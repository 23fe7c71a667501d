from cleaner.dedup.text.reader_kernel cimport LONG, Reader
