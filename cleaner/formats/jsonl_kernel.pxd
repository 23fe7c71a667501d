from cleaner.core.utf8_kernel cimport encoded
