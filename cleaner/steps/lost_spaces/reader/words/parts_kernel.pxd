cimport cython

from cleaner.steps.lost_spaces.reader.words.seams_kernel cimport Seams

cdef unsigned long long BEGINNING, ENCLITIC, ENDING, PREFIX, SUFFIX
cdef long long COMPOUNDS, IS_ENGLISH, STRANGE
cdef unsigned int APOSTROPHE, LETTER, UPPER
cdef Py_ssize_t FULL_SIZE, MAX_LENGTH, MAX_LISTED_LENGTH, MAX_PART, MAX_WORDS, MIN_LENGTH
cdef double CONSTANT, FAMILIAR, KNOWN, MIN_LISTED_ODDS, MIN_SPLIT_ODDS, UNKNOWN_BASE, VERY_COMMON
cdef double W_AFFIX, W_BEGINS_COMPOUNDS, W_CAPITAL, W_COMMONER_PART, W_ENDS_COMPOUNDS
cdef double W_INNER_CAPITAL, W_LENGTH, W_LISTED, W_ODDS, W_RARER_PART, W_SHORTER_PART, W_SMALL_I
cdef double W_UNLISTED, INFINITY


cdef class Parts(Seams):
    # The likeliest run of words up to each place.
    cdef double[46] run_odds
    cdef Py_ssize_t[46] run_count
    cdef double[46] run_rarest
    cdef double[46] run_commonest
    cdef Py_ssize_t[46] run_shortest
    cdef Py_ssize_t[46] run_last
    cdef double[46] run_logp
    cdef readonly double parted_odds
    @cython.final
    cdef double parting(
        self, Py_ssize_t start, Py_ssize_t end, double whole, Py_ssize_t shortest, double rarest,
        double commonest, double odds, double begins, double ends
    ) noexcept nogil
    @cython.final
    cdef bint find_run(self, Py_ssize_t start, Py_ssize_t end, bint plain) noexcept nogil
    @cython.final
    cdef double odds_of_run(
        self, Py_ssize_t start, Py_ssize_t end, double whole, double begins, double ends
    ) noexcept nogil
    @cython.final
    cdef double compounds(
        self, unsigned long long kind, Py_ssize_t start, Py_ssize_t end
    ) noexcept nogil
    @cython.final
    cdef bint is_affixed(
        self, unsigned long long kind, Py_ssize_t start, Py_ssize_t end, double other
    ) noexcept nogil
    @cython.final
    cdef double weigh_run(self, Py_ssize_t start, Py_ssize_t end, double whole) noexcept nogil
    @cython.final
    cdef double weigh_seam(
        self, Py_ssize_t start, Py_ssize_t end, Py_ssize_t place, double whole, double left,
        double right, double odds
    ) noexcept nogil
    @cython.final
    cdef double parting_of(self, Py_ssize_t start, Py_ssize_t end) noexcept nogil
    @cython.final
    cdef bint has_words(self, Py_ssize_t end) noexcept nogil
