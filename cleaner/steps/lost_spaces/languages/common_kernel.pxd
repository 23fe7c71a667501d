from cleaner.steps.lost_spaces.reader.words.words_kernel cimport key_of, place_of, shift_of

cdef unsigned long long MASK, BASE
