cimport cython

cdef unsigned long long MASK, BASE, INVERSE, MIXER
cdef Py_ssize_t SIZE, REACH, NEAR, HALF

cdef unsigned long long key_of(unsigned long long total) noexcept nogil
cdef bint holds(const unsigned long long[::1] keys, unsigned long long key) noexcept nogil


@cython.final
cdef class Gaps:
    cdef const unsigned int[::1] folded
    cdef const unsigned char[::1] is_space
    cdef const unsigned int[::1] codes
    cdef unsigned long long power
    cdef unsigned long long[40] powers
    # The last letters: themselves, where they stand, whether a space is before.
    cdef unsigned long long[40] letters
    cdef Py_ssize_t[40] places
    cdef unsigned char[40] spaced
    cdef unsigned long long total
    cdef Py_ssize_t count
    cdef bint after_space
    @cython.final
    cdef void begin(self) noexcept nogil
    @cython.final
    cdef bint slide(self, Py_ssize_t place) noexcept nogil
