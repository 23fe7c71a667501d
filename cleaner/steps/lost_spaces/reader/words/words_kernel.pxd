cimport cython

cdef unsigned long long MASK, BASE, INVERSE, MIXER
cdef unsigned long long WORD, LINK, ELISION
cdef long long COMPOUNDS, ELIDES
cdef unsigned int UPPER, LETTER, DIGIT, HYPHEN, BROKEN, LONE, LONE_DASH, FRENCH_LONE
cdef Py_ssize_t MAX_TOKEN, MAX_LINK, MAX_COMPOUND, MIN_COMPONENT
cdef double BROKEN_WORD, CLITIC, HYPHEN_ODDS, MAX_HYPHENATED, NUMBER, PUNCTUATION, TITLED
cdef double UNKNOWN_BASE, UNKNOWN_PER_LETTER, UNTITLED, INFINITY

cdef unsigned long long key_of(unsigned long long value, unsigned long long kind) noexcept nogil
cdef int shift_of(const unsigned int[::1] starts) noexcept nogil
cdef Py_ssize_t place_of(
    const unsigned long long[::1] entries,
    const unsigned int[::1] starts,
    int shift,
    unsigned long long key,
) noexcept nogil
cdef bint opens_title(int code) noexcept nogil
cdef bint is_ordinal(int first, int second) noexcept nogil


cdef class Words:
    cdef const unsigned long long[::1] entries
    cdef const unsigned int[::1] starts
    cdef const double[::1] values
    cdef const int[::1] characters
    cdef Py_ssize_t known_characters
    cdef int shift
    cdef long long traits
    cdef const unsigned int[::1] codes
    # The token in hand.
    cdef unsigned int[81] kind
    cdef int[81] normal
    cdef int[82] cased
    cdef int[82] changed
    cdef int[82] letters
    cdef int[82] alone
    cdef int[82] alone_dash
    cdef int[82] alone_french
    cdef unsigned long long[82] sums
    cdef unsigned long long[82] powers
    cdef unsigned long long[82] inverses
    @cython.final
    cdef bint begins_address(self, int code, Py_ssize_t place) noexcept nogil
    @cython.final
    cdef bint describe(self, Py_ssize_t start, Py_ssize_t end) noexcept nogil
    @cython.final
    cdef double share(
        self, Py_ssize_t start, Py_ssize_t end, unsigned long long kind
    ) noexcept nogil
    @cython.final
    cdef double listed(self, Py_ssize_t start, Py_ssize_t end) noexcept nogil
    @cython.final
    cdef bint is_extra(
        self, unsigned long long kind, Py_ssize_t start, Py_ssize_t end
    ) noexcept nogil
    @cython.final
    cdef double guess(self, Py_ssize_t size) noexcept nogil
    @cython.final
    cdef double word_of_letters(self, Py_ssize_t start, Py_ssize_t end) noexcept nogil
    @cython.final
    cdef double word(self, Py_ssize_t start, Py_ssize_t end) noexcept nogil
    @cython.final
    cdef bint is_number(self, Py_ssize_t start, Py_ssize_t end) noexcept nogil
    @cython.final
    cdef double hyphenated(self, Py_ssize_t start, Py_ssize_t end) noexcept nogil
    @cython.final
    cdef bint is_broken(self, Py_ssize_t start, Py_ssize_t end) noexcept nogil
    @cython.final
    cdef double compound(self, Py_ssize_t start, Py_ssize_t end) noexcept nogil
    @cython.final
    cdef double logp_of_small(self, Py_ssize_t start, Py_ssize_t end) noexcept nogil
    @cython.final
    cdef bint is_titled(self, Py_ssize_t start, Py_ssize_t end) noexcept nogil
    @cython.final
    cdef double logp_of(self, Py_ssize_t start, Py_ssize_t end) noexcept nogil
