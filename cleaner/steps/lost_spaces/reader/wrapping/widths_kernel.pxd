cimport cython

from cleaner.steps.lost_spaces.reader.wrapping.decode_kernel cimport Decoder

cdef unsigned char UNTRIED, SCANNED, FILLED, FAILED
cdef Py_ssize_t FIRST, LAST, COUNT, MAX_SCANNED, MAX_WIDTHS_NEAR, NEAR
cdef int CLEAR_BREAKS, MISSING, FULL
cdef double CLEAR_ODDS, CONVINCING_ODDS, CONVINCING_ODDS_PER_BREAK, LEAD, LEAVE_WIDTH
cdef double MIN_SHARE, MIN_VOTE, NO_PATH, SWITCH_WIDTH


cdef class Widths(Decoder):
    cdef const long long[::1] suspicious
    # What each width makes of each line.
    cdef double[:, ::1] line_odds
    cdef int[:, ::1] line_breaks
    cdef unsigned char[:, ::1] tried
    # The best widths of the line scanned last, and those voted for most near a line, by column.
    cdef Py_ssize_t one
    cdef Py_ssize_t two
    cdef double[81] votes
    cdef Py_ssize_t[5] common
    cdef Py_ssize_t[82] columns
    cdef double[82] scores
    @cython.final
    cdef Py_ssize_t length_of(self, Py_ssize_t line) noexcept nogil
    @cython.final
    cdef bint is_decoded(self, Py_ssize_t line, Py_ssize_t column) noexcept nogil
    @cython.final
    cdef bint convinces(self, Py_ssize_t line, Py_ssize_t column) noexcept nogil
    @cython.final
    cdef bint is_clear(self, Py_ssize_t line, Py_ssize_t column) noexcept nogil
    @cython.final
    cdef bint is_voted(self, Py_ssize_t line, Py_ssize_t column) noexcept nogil
    @cython.final
    cdef bint attempt(
        self, Py_ssize_t line, Py_ssize_t column, unsigned char outcome
    ) noexcept nogil
    @cython.final
    cdef Py_ssize_t next_telling(
        self, Py_ssize_t begin, Py_ssize_t end, Py_ssize_t before
    ) noexcept nogil
    @cython.final
    cdef bint scan(self, Py_ssize_t line) noexcept nogil
    @cython.final
    cdef Py_ssize_t vote(self, Py_ssize_t begin) noexcept nogil
    @cython.final
    cdef bint fill(self, Py_ssize_t begin) noexcept nogil
