cdef unsigned int encoded(unsigned int code) noexcept nogil
