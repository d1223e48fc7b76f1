/* form_match.c - POSIX extended regular expressions (XEP-0122 section 3.2.4).
 *
 * The pattern is written by a stranger. It becomes a small program of fixed
 * size, and all of its states are followed at once, character by character: the
 * time is at most states times characters, there is nothing to go back to.
 * regcomp() may take memory and time without limit for such a pattern. */

#include <limits.h>
#include <string.h>

#include <xmpp/xep/form_match.h>

#define PATTERN_MOST 1000 /* octets */
#define STATES_MOST 500
#define DEPTH_MOST 100     /* of groups and alternatives */
#define ATOMS_MOST 5000    /* compiled, the empty ones included */
#define RE_DUP_END 255     /* RE_DUP_MAX */
#define WORK_MOST 10000000 /* steps for one text */

enum { OP_CHAR, OP_ANY, OP_SET, OP_SPLIT, OP_BEGIN, OP_END, OP_MATCH };

/* The next state is `a` behind this one; of OP_SPLIT also `b` behind it. */
struct state {
    int op, a, b;
    const char *set; /* OP_SET: behind its '['; OP_CHAR: the character */
};

struct pattern {
    const char *at; /* what is being compiled */
    struct state states[STATES_MOST];
    int count, depth, atoms;
    int status;
};

/* Texts from XML are valid UTF-8; a pattern of the application's own may not
 * be, but it ends at its NUL. */
static long pattern_character(const char **s)
{
    const unsigned char *u = (const unsigned char *)*s;
    int more = *u < 0xc0 ? 0 : *u < 0xe0 ? 1 : *u < 0xf0 ? 2 : 3;
    long c = more ? *u & (0x3f >> more) : *u;

    for (u++; more && (*u & 0xc0) == 0x80; more--)
        c = c << 6 | (*u++ & 0x3f);
    *s = (const char *)u;
    return c;
}

/* ---- sets -------------------------------------------------------- */

static int in_bounds(long c, long least, long most)
{
    return c >= least && c <= most;
}

static int is_class(const char *name, size_t n, long c)
{
    static const struct {
        const char *name, *bounds; /* pairs */
    } classes[] = {
        {"alnum", "azAZ09"},   {"alpha", "azAZ"},
        {"blank", "  \t\t"},   {"cntrl", "\001\037\177\177"},
        {"digit", "09"},       {"graph", "!~"},
        {"lower", "az"},       {"print", " ~"},
        {"punct", "!/:@[`{~"}, {"space", "  \t\r"},
        {"upper", "AZ"},       {"xdigit", "09afAF"},
    };

    for (size_t i = 0; i < sizeof(classes) / sizeof(classes[0]); i++) {
        if (strlen(classes[i].name) != n || memcmp(classes[i].name, name, n))
            continue;
        for (const char *b = classes[i].bounds; *b; b += 2)
            if (in_bounds(c, b[0], b[1]))
                return 1;
        return 0;
    }
    return -1;
}

/* A class such as [:alpha:]; *s is behind it. -1 if there is no such class. */
static int take_class(const char **s, long c)
{
    const char *name = *s + 2, *end = strstr(name, ":]");

    if (!end)
        return -1;
    *s = end + 2;
    return is_class(name, (size_t)(end - name), c);
}

static int take_range(const char **s, long c)
{
    long least = pattern_character(s), most = least;

    if (**s == '-' && (*s)[1] && (*s)[1] != ']') {
        ++*s;
        most = pattern_character(s);
    }
    return most < least ? -1 : in_bounds(c, least, most);
}

/* Is `c` in the set whose text begins at *s, behind the '['? *s goes behind its
 * ']'. -1 if it is not a set. */
static int take_set(const char **s, long c)
{
    int is_not = **s == '^', is_in = 0, is_first = 1;

    for (*s += is_not; **s && (**s != ']' || is_first); is_first = 0) {
        int one;

        if ((*s)[0] == '[' && ((*s)[1] == '.' || (*s)[1] == '='))
            return -1;
        one = (*s)[0] == '[' && (*s)[1] == ':' ? take_class(s, c)
                                               : take_range(s, c);
        if (one < 0)
            return -1;
        is_in |= one;
    }
    if (!**s)
        return -1;
    ++*s;
    return is_in != is_not;
}

/* ---- compiling --------------------------------------------------- */

static void compile_alternatives(struct pattern *p);

static void spoil(struct pattern *p, int status)
{
    if (!p->status)
        p->status = status;
}

static struct state *emit(struct pattern *p, int op, int a, int b)
{
    struct state *state = &p->states[p->count];

    if (p->count == STATES_MOST) {
        spoil(p, XMPP_ELIMIT);
        return &p->states[0];
    }
    *state = (struct state){op, a, b, NULL};
    p->count++;
    return state;
}

/* A split ahead of what was compiled since `begin`. Its way past all that leads
 * to `b`. Ways inside of what moves are relative, and stay right. */
static void split_ahead(struct pattern *p, int begin, int b)
{
    struct state *at = &p->states[begin];

    emit(p, OP_SPLIT, 1, b);
    if (p->status)
        return;
    memmove(at + 1, at, sizeof(*at) * (size_t)(p->count - begin - 1));
    *at = (struct state){OP_SPLIT, 1, b, NULL};
}

static void compile_set(struct pattern *p)
{
    emit(p, OP_SET, 1, 0)->set = p->at;
    if (take_set(&p->at, 0) < 0)
        spoil(p, XMPP_EARG);
}

static void compile_group(struct pattern *p)
{
    compile_alternatives(p);
    if (*p->at != ')')
        spoil(p, XMPP_EARG);
    else
        p->at++;
}

static void compile_character(struct pattern *p)
{
    if (*p->at == '\\')
        p->at++;
    emit(p, OP_CHAR, 1, 0)->set = p->at;
    if (!*p->at)
        spoil(p, XMPP_EARG); /* a backslash at the end */
    else
        pattern_character(&p->at);
}

static void compile_atom(struct pattern *p)
{
    if (++p->atoms > ATOMS_MOST)
        spoil(p, XMPP_ELIMIT);
    switch (*p->at) {
    case '.':
        p->at++;
        emit(p, OP_ANY, 1, 0);
        break;
    case '^':
        p->at++;
        emit(p, OP_BEGIN, 1, 0);
        break;
    case '$':
        p->at++;
        emit(p, OP_END, 1, 0);
        break;
    case '[':
        p->at++;
        compile_set(p);
        break;
    case '(':
        p->at++;
        compile_group(p);
        break;
    case '*':
    case '+':
    case '?':
    case '{':
        spoil(p, XMPP_EARG);
        break; /* of nothing */
    default:
        compile_character(p);
    }
}

static int repeat_count(const char **s, int fallback)
{
    int n = 0;

    if (**s < '0' || **s > '9')
        return fallback;
    for (; **s >= '0' && **s <= '9'; ++*s)
        if (n <= RE_DUP_END)
            n = n * 10 + (**s - '0');
    return n;
}

/* *, +, ? or {n,m} at p->at. INT_MAX is without limit. 0: none of them. */
static int take_repeat(struct pattern *p, int *least, int *most)
{
    *least = *p->at == '+';
    *most = *p->at == '?' ? 1 : INT_MAX;
    if (*p->at && strchr("*+?", *p->at)) {
        p->at++;
        return 1;
    }
    if (*p->at != '{')
        return 0;
    p->at++;
    *least = *most = repeat_count(&p->at, -1);
    if (*p->at == ',') {
        p->at++;
        *most = repeat_count(&p->at, INT_MAX);
    }
    if (*p->at != '}' || *least < 0 || *most < *least || *least > RE_DUP_END ||
        (*most != INT_MAX && *most > RE_DUP_END))
        spoil(p, XMPP_EARG);
    else
        p->at++;
    return 1;
}

/* The atom at `atom` once more. */
static void compile_again(struct pattern *p, const char *atom)
{
    p->at = atom;
    compile_atom(p);
}

/* x{2,4} is xxx?x?, x{2,} is xx+. One copy of x is there already. */
static void compile_repeat(struct pattern *p, const char *atom, int begin,
                           int least, int most)
{
    const char *end = p->at;
    int from = begin;

    if (most == 0)
        p->count = begin;
    for (int i = 1; i < least && !p->status; i++) {
        from = p->count;
        compile_again(p, atom);
    }
    if (most == INT_MAX) {
        if (!least)
            split_ahead(p, from, p->count - from + 2);
        emit(p, OP_SPLIT, from - p->count, 1);
        most = least;
    }
    for (int i = least; i < most && !p->status; i++) {
        if (i) {
            from = p->count;
            compile_again(p, atom);
        }
        split_ahead(p, from, p->count - from + 1);
    }
    p->at = end;
}

static void compile_piece(struct pattern *p)
{
    const char *atom = p->at;
    int begin = p->count, least, most;

    compile_atom(p);
    /* Several at once, as in a*+, are undefined; they are refused. */
    if (!p->status && take_repeat(p, &least, &most) && !p->status)
        compile_repeat(p, atom, begin, least, most);
    if (*p->at && strchr("*+?{", *p->at))
        spoil(p, XMPP_EARG);
}

static void compile_alternatives(struct pattern *p)
{
    int begin = p->count, over;

    if (++p->depth > DEPTH_MOST)
        spoil(p, XMPP_ELIMIT);
    while (!p->status && *p->at && *p->at != '|' && *p->at != ')')
        compile_piece(p);
    if (!p->status && *p->at == '|') {
        p->at++;
        split_ahead(p, begin, p->count - begin + 2);
        over = p->count;
        emit(p, OP_SPLIT, 0, 0); /* over the other alternatives */
        compile_alternatives(p);
        if (!p->status)
            p->states[over].a = p->states[over].b = p->count - over;
    }
    p->depth--;
}

/* ---- matching ---------------------------------------------------- */

/* The states in which a match may be; each is in it once. */
struct places {
    short list[STATES_MOST];
    int count;
    unsigned char has[STATES_MOST];
};

static void places_add(struct places *places, int i)
{
    if (places->has[i])
        return;
    places->has[i] = 1;
    places->list[places->count++] = (short)i;
}

static int state_takes(const struct state *state, long c)
{
    const char *s = state->set;

    if (state->op == OP_CHAR)
        return pattern_character(&s) == c;
    if (state->op == OP_SET)
        return take_set(&s, c) == 1;
    return state->op == OP_ANY;
}

/* Add the states that are reached without a character. The list grows while it
 * is walked. */
static void places_follow(const struct pattern *p, struct places *places,
                          int is_begin, int is_end)
{
    for (int n = 0; n < places->count; n++) {
        int i = places->list[n];
        const struct state *state = &p->states[i];
        int is_split = state->op == OP_SPLIT;

        if (is_split || (state->op == OP_BEGIN && is_begin) ||
            (state->op == OP_END && is_end))
            places_add(places, i + state->a);
        if (is_split)
            places_add(places, i + state->b);
    }
}

/* The cost of a set is its length. */
static long places_step(const struct pattern *p, const struct places *from,
                        long c, struct places *to)
{
    long work = 1;

    memset(to, 0, sizeof(*to));
    for (int n = 0; n < from->count; n++) {
        const struct state *state = &p->states[from->list[n]];
        const char *end = state->set;

        if (state->op == OP_SET)
            take_set(&end, 0);
        work += 1 + (state->op == OP_SET ? end - state->set : 0);
        if (state_takes(state, c))
            places_add(to, from->list[n] + state->a);
    }
    return work;
}

static int pattern_match(const struct pattern *p, const char *text)
{
    struct places now = {.count = 0}, next;
    const char *s = text;
    long work = 0;

    places_add(&now, 0);
    for (;;) {
        places_follow(p, &now, s == text, !*s);
        if (!*s)
            return now.has[p->count - 1];
        work += places_step(p, &now, pattern_character(&s), &next);
        if (work > WORK_MOST)
            return XMPP_ELIMIT;
        now = next;
    }
}

int xmpp_form_match(const char *pattern, const char *text)
{
    struct pattern p = {.at = pattern};

    if (!pattern || !text)
        return XMPP_EARG;
    if (strlen(pattern) > PATTERN_MOST)
        return XMPP_ELIMIT;
    compile_alternatives(&p);
    if (!p.status && *p.at)
        p.status = XMPP_EARG; /* a ')' too many */
    emit(&p, OP_MATCH, 0, 0);
    return p.status ? p.status : pattern_match(&p, text);
}
