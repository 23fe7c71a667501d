cimport cython

from cleaner.core.utf8_kernel cimport encoded

cdef unsigned int LONG


cdef class Reader:
    cdef const unsigned char[::1] data
    cdef const unsigned char[::1] classes
    cdef const unsigned int[::1] folds
    cdef const unsigned int[::1] long_folds
    cdef unsigned int fold_end
    # The place reached, and where the text ends.
    cdef Py_ssize_t at
    cdef Py_ssize_t end
    # The hashes of the piece so far, its bytes that are not in them yet, and how many bits these are.
    cdef unsigned long long first
    cdef unsigned long long second
    cdef unsigned long long chunk
    cdef int bits
    @cython.final
    cdef void take_chunk(self) noexcept nogil
    @cython.final
    cdef void end_piece(self) noexcept nogil
    @cython.final
    cdef void push_byte(self, unsigned long long byte) noexcept nogil
    @cython.final
    cdef void push(self, unsigned int code) noexcept nogil
    @cython.final
    cdef int push_folded(self, unsigned int code) noexcept nogil
    @cython.final
    cdef unsigned int decode(self) noexcept nogil
    @cython.final
    cdef bint is_plain_space(self) noexcept nogil
