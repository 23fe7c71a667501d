cimport cython

from cleaner.steps.lost_spaces.reader.wrapping.widths_kernel cimport Widths

cdef unsigned int EDGE
cdef Py_ssize_t MAX_TOKEN, MIN_OWN_WORD
cdef double LAST_RESORT, MARGIN, OWN_WORD, SURE, INFINITY

cdef bint is_gap(unsigned int code) noexcept nogil


@cython.final
cdef class Reader(Widths):
    cdef unsigned long long[::1] own
    @cython.final
    cdef bint is_edge(self, unsigned int code) noexcept nogil
    @cython.final
    cdef unsigned long long hash_of_word(self, Py_ssize_t start, Py_ssize_t end) noexcept nogil
    @cython.final
    cdef Py_ssize_t slot_of_own(self, unsigned long long value) noexcept nogil
    @cython.final
    cdef double own_odds(
        self, Py_ssize_t first, Py_ssize_t start, Py_ssize_t end
    ) noexcept nogil
