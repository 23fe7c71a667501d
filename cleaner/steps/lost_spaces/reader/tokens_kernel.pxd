cimport cython

from cleaner.steps.lost_spaces.reader.sieve_kernel cimport Sieve

cdef unsigned long long MASK, FACTOR, FINISH
cdef Py_ssize_t MAX_TOKEN

cdef unsigned long long add(unsigned long long value, unsigned int code) noexcept nogil
cdef unsigned long long finish(unsigned long long value, Py_ssize_t length) noexcept nogil


cdef class Tokens(Sieve):
    cdef int[::1] slots
    cdef unsigned long long[::1] hashes
    cdef unsigned short[::1] kinds
    cdef long long[::1] seams_at
    cdef int[::1] seams_count
    cdef int[::1] seam_places
    cdef double[::1] seam_odds
    cdef const unsigned char[::1] spaces
    cdef readonly Py_ssize_t known
    cdef readonly Py_ssize_t met
    cdef readonly Py_ssize_t at
    cdef readonly Py_ssize_t fresh
    cdef readonly Py_ssize_t filled
    @cython.final
    cdef unsigned long long hash_of(self, Py_ssize_t start, Py_ssize_t end) noexcept nogil
    @cython.final
    cdef int number_of_hash(self, unsigned long long value) noexcept nogil
    @cython.final
    cdef int number_of_known(self, Py_ssize_t start, Py_ssize_t end) noexcept nogil
    @cython.final
    cdef bint score_token(self, Py_ssize_t start, Py_ssize_t end) noexcept nogil
