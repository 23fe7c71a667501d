cimport cython

from cleaner.steps.lost_spaces.reader.tokens_kernel cimport Tokens

cdef double BEAM_ODDS, GIVE_UP, INFINITY
cdef Py_ssize_t BEAM_STATES
cdef int MISSING, FULL


cdef class Decoder(Tokens):
    # The lines of a stretch and their tokens.
    cdef const long long[::1] line_places
    cdef const long long[::1] firsts
    cdef const int[::1] token_starts
    cdef const int[::1] token_ends
    cdef const int[::1] token_numbers
    # Paths, and room for them.
    cdef int[:, ::1] nodes
    cdef double[::1] gains
    cdef Py_ssize_t traced
    # States of paths, and those reached from them.
    cdef Py_ssize_t[5] state_place
    cdef int[5] state_breaks
    cdef Py_ssize_t[5] state_node
    cdef double[5] state_odds
    cdef Py_ssize_t[400] reached_place
    cdef Py_ssize_t[400] reached_from
    cdef Py_ssize_t[400] reached_seam
    cdef double[400] reached_odds
    cdef Py_ssize_t[5] kept
    cdef int[5] kept_breaks
    cdef Py_ssize_t[5] kept_node
    # What was found: the odds of the path, how many breaks, its last node; a token without seams.
    cdef double best_odds
    cdef int best_breaks
    cdef Py_ssize_t best_node
    cdef readonly Py_ssize_t missing_start
    cdef readonly Py_ssize_t missing_end
    @cython.final
    cdef Py_ssize_t token_at(
        self, Py_ssize_t first, Py_ssize_t after, Py_ssize_t limit
    ) noexcept nogil
    @cython.final
    cdef Py_ssize_t prune(self, Py_ssize_t reached, double floor) noexcept nogil
    @cython.final
    cdef bint step(self, Py_ssize_t kept) noexcept nogil
    @cython.final
    cdef int decode(self, Py_ssize_t line, Py_ssize_t width, bint traced) noexcept nogil
    @cython.final
    cdef int decode_scoring(self, Py_ssize_t line, Py_ssize_t width) noexcept nogil
