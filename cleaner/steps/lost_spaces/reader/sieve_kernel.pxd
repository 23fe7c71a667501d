cimport cython

from cleaner.steps.lost_spaces.reader.words.parts_kernel cimport Parts

cdef unsigned int APOSTROPHE, CLOSES, CLOSING, CODE, DIGIT, EDGE, ENDS, LETTER, LOWER, OPENS
cdef unsigned int QUOTES, UPPER
cdef long long HAS_CAMEL
cdef unsigned char DULL, ODD, PLAIN, SUSPICIOUS, UNFOUND, UNKNOWN, UNLESS_CODE, UNSUSPICIOUS
cdef unsigned char WORDLESS
cdef Py_ssize_t MAX_LISTED_LENGTH, MIN_LENGTH, MIN_SUSPICIOUS_LENGTH, INFLECTION, MIN_LONG
cdef Py_ssize_t MAX_OPENING, MAX_ENDING, MIN_YEAR
cdef double FAMILIAR, KNOWN, LISTED, MIN_LISTED_ODDS, MIN_SPLIT_ODDS, MIN_SUSPICIOUS_ODDS
cdef double SUSPICIOUS_KNOWN, INFINITY


cdef class Sieve(Parts):
    # The odds of the likeliest seam of the core, or inf where they were not asked for.
    cdef double best
    @cython.final
    cdef bint is_inflected(self, Py_ssize_t start, Py_ssize_t end) noexcept nogil
    @cython.final
    cdef bint is_plain(self, Py_ssize_t start, Py_ssize_t end) noexcept nogil
    @cython.final
    cdef bint may_change_case(self, Py_ssize_t place, Py_ssize_t end) noexcept nogil
    @cython.final
    cdef bint may_sever(self, Py_ssize_t start, Py_ssize_t end) noexcept nogil
    @cython.final
    cdef bint may_have_boundary(self, Py_ssize_t end) noexcept nogil
    @cython.final
    cdef bint is_evidence(self, Py_ssize_t end) noexcept nogil
    @cython.final
    cdef unsigned char verdict(self, Py_ssize_t end) noexcept nogil
    @cython.final
    cdef unsigned char classify_token(self, Py_ssize_t start, Py_ssize_t end) noexcept nogil
