cimport cython

from cleaner.steps.lost_spaces.reader.words.words_kernel cimport key_of

cdef unsigned long long MASK, BASE

cdef bint has(const unsigned long long[::1] known, unsigned long long value) noexcept nogil


@cython.final
cdef class WordList:
    cdef const unsigned char[::1] data
    cdef const double[::1] logps
    cdef const double[::1] least
    cdef double penalty
    cdef Py_ssize_t at
    cdef Py_ssize_t end
    cdef readonly Py_ssize_t begun
    cdef readonly Py_ssize_t ended
    cdef unsigned int[256] code
    cdef unsigned long long[257] right
    cdef Py_ssize_t length(self) noexcept nogil
    cdef Py_ssize_t word(self) noexcept nogil
    cdef unsigned long long hash_of_word(self, Py_ssize_t size) noexcept nogil
    cdef Py_ssize_t begin(self) noexcept nogil
    cdef bint pays(self, Py_ssize_t index, Py_ssize_t size) noexcept nogil
    cdef double share_of(self, Py_ssize_t index, Py_ssize_t size) noexcept nogil
