cimport cython

from cleaner.steps.lost_spaces.reader.words.words_kernel cimport Words

cdef unsigned long long CLITIC
cdef long long COMPOUNDS, ELIDES, IS_ENGLISH, IS_FRENCH, LOW_QUOTED, STRANGE
cdef unsigned int APOSTROPHE, CLOSING, DASH, DIGIT, EDGE, JOINER, LETTER, LOWER, MARK
cdef unsigned int OPENING, OPENING_AFTER, UPPER
cdef Py_ssize_t MAX_TOKEN
cdef double ACRONYM_SEAM, ARTICLE, CAPITALS_SEAM, CASE_SEAM, DASH_SEAM, DIGIT_SEAM, HYPHEN_SEAM
cdef double IMPOSSIBLE, LAST_RESORT, LONE_DASH_SEAM, LONE_SEAM, MIN_ODDS, MIN_WORD, MISSHAPEN
cdef double OPENING_SEAM, OWNER_SEAM, PUNCTUATION_SEAM, QUOTED_SEAM, SYMBOL_SEAM, INFINITY

cdef bint stands_behind_a(int code) noexcept nogil
cdef bint stands_behind_an(int code) noexcept nogil


cdef class Seams(Words):
    # The seams found: places from the start of the stretch, log10 odds.
    cdef int[80] places
    cdef double[80] odds
    @cython.final
    cdef double case_surface(self, Py_ssize_t place, Py_ssize_t end) noexcept nogil
    @cython.final
    cdef bint is_year(self, Py_ssize_t place, Py_ssize_t end) noexcept nogil
    @cython.final
    cdef bint may_open(self, Py_ssize_t place) noexcept nogil
    @cython.final
    cdef double surface(self, Py_ssize_t place, Py_ssize_t start, Py_ssize_t end) noexcept nogil
    @cython.final
    cdef double behind_closing(
        self, Py_ssize_t place, Py_ssize_t start, Py_ssize_t end
    ) noexcept nogil
    @cython.final
    cdef bint is_misshapen(self, Py_ssize_t start, Py_ssize_t end) noexcept nogil
    @cython.final
    cdef double form(
        self, Py_ssize_t place, Py_ssize_t start, Py_ssize_t end, bint cased
    ) noexcept nogil
    @cython.final
    cdef bint is_listed(self, Py_ssize_t start, Py_ssize_t end) noexcept nogil
    @cython.final
    cdef bint has_word(self, Py_ssize_t place, Py_ssize_t start, Py_ssize_t end) noexcept nogil
    @cython.final
    cdef double lone(
        self, double surface, Py_ssize_t start, Py_ssize_t end
    ) noexcept nogil
    @cython.final
    cdef Py_ssize_t score_letters(
        self, Py_ssize_t first, Py_ssize_t last, Py_ssize_t start
    ) noexcept nogil
    @cython.final
    cdef Py_ssize_t score(self, Py_ssize_t start, Py_ssize_t end) noexcept nogil
    @cython.final
    cdef double best_seam(self, Py_ssize_t start, Py_ssize_t end) noexcept nogil
