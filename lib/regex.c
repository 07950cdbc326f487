/*
 * regex - regular expressions over AS paths
 *
 * A small program for a machine that is in many states at once (Thompson). The expression is read by descent:
 *
 *   alternatives = sequence { "|" sequence }        repeated = atom { "*" | "+" | "?" }
 *   sequence = { repeated }                         atom = "(" alternatives ")" | "[" set "]" | "^" "$" "_"
 * "." char
 */
#include <dxsim/regex.h>

#include <string.h>

#define PROGRAM_MAX (4 * DX_REGEX_MAX)
#define DEPTH_MAX   32

typedef enum { OP_SET, OP_SPLIT, OP_JUMP, OP_BEGIN, OP_END, OP_MATCH } Op;

typedef struct {
    Op op;
    uint16_t to, other; /* OP_JUMP, OP_SPLIT */
    uint16_t set;       /* OP_SET */
} Instruction;

typedef struct {
    uint32_t bits[4]; /* of ASCII */
} Set;

struct DxRegex {
    unsigned n, n_sets;
    Instruction program[PROGRAM_MAX];
    Set sets[DX_REGEX_MAX];
};

/* -- reading ----------------------------------------------------------------------------------------- */

typedef struct {
    DxRegex *regex;
    const char *text, *at;
    unsigned depth;
    GError **error;
} Reader;

static bool fail(Reader *reader, const char *what)
{
    g_set_error(reader->error, DX_ERROR, DX_ERROR_SYNTAX, "%s, at character %u", what,
                (unsigned)(reader->at - reader->text) + 1);
    return false;
}

/* Room for what @from to the end becomes when @n instructions are put before it; targets move along. */
static bool insert(Reader *reader, unsigned from, unsigned n)
{
    DxRegex *regex = reader->regex;

    if (regex->n + n > PROGRAM_MAX) {
        g_set_error(reader->error, DX_ERROR, DX_ERROR_LIMIT, "the expression is too long");
        return false;
    }
    memmove(&regex->program[from + n], &regex->program[from], (regex->n - from) * sizeof *regex->program);
    regex->n += n;
    for (unsigned i = from + n; i < regex->n; i++) {
        Instruction *instruction = &regex->program[i];

        if (instruction->op == OP_JUMP || instruction->op == OP_SPLIT) {
            instruction->to = (uint16_t)(instruction->to + n);
            instruction->other = (uint16_t)(instruction->other + n);
        }
    }
    return true;
}

static bool append(Reader *reader, Instruction instruction)
{
    const unsigned at = reader->regex->n;

    if (!insert(reader, at, 1))
        return false;
    reader->regex->program[at] = instruction;
    return true;
}

static void set_add(Set *set, unsigned c)
{
    set->bits[c / 32] |= 1u << c % 32;
}

static bool set_has(const Set *set, unsigned char c)
{
    return c < 128 && (set->bits[c / 32] >> c % 32 & 1);
}

static bool append_set(Reader *reader, Set set)
{
    DxRegex *regex = reader->regex;

    regex->sets[regex->n_sets] = set; /* one per character at most */
    return append(reader, (Instruction){ .op = OP_SET, .set = (uint16_t)regex->n_sets++ });
}

static bool read_alternatives(Reader *reader);

/* Behind the "[". */
static bool read_set(Reader *reader)
{
    const bool is_negated = *reader->at == '^';
    Set set = { { 0 } };
    bool is_first = true;

    for (reader->at += is_negated; is_first || *reader->at != ']'; is_first = false) {
        const unsigned char from = (unsigned char)*reader->at;
        unsigned char to = from;

        if (!from)
            return fail(reader, "\"[\" without \"]\"");
        if (reader->at[1] == '-' && reader->at[2] && reader->at[2] != ']') {
            reader->at += 2;
            to = (unsigned char)*reader->at;
        }
        if (from >= 128 || to >= 128 || to < from)
            return fail(reader, "a range that is none");
        for (unsigned c = from; c <= to; c++)
            set_add(&set, c);
        reader->at++;
    }
    reader->at++;
    for (unsigned i = 0; is_negated && i < 4; i++)
        set.bits[i] = ~set.bits[i];
    return append_set(reader, set);
}

/* "_": the start, the end, or a character between two numbers. */
static bool append_boundary(Reader *reader)
{
    const unsigned at = reader->regex->n;
    Set set = { { 0 } };

    for (const char *c = " ,{}()"; *c; c++)
        set_add(&set, (unsigned char)*c);
    return append(reader,
                  (Instruction){ .op = OP_SPLIT, .to = (uint16_t)(at + 1), .other = (uint16_t)(at + 3) }) &&
           append(reader, (Instruction){ .op = OP_BEGIN }) &&
           append(reader, (Instruction){ .op = OP_JUMP, .to = (uint16_t)(at + 7) }) &&
           append(reader,
                  (Instruction){ .op = OP_SPLIT, .to = (uint16_t)(at + 4), .other = (uint16_t)(at + 6) }) &&
           append(reader, (Instruction){ .op = OP_END }) &&
           append(reader, (Instruction){ .op = OP_JUMP, .to = (uint16_t)(at + 7) }) &&
           append_set(reader, set);
}

static bool read_character(Reader *reader)
{
    Set set = { { 0 } };

    if (*reader->at == '\\' && !*++reader->at)
        return fail(reader, "\"\\\" with nothing behind it");
    if ((unsigned char)*reader->at >= 128)
        return fail(reader, "a character that no AS path has");
    set_add(&set, (unsigned char)*reader->at++);
    return append_set(reader, set);
}

static bool read_atom(Reader *reader)
{
    switch (*reader->at) {
    case '(':
        if (++reader->depth > DEPTH_MAX)
            return fail(reader, "brackets nested too deeply");
        reader->at++;
        if (!read_alternatives(reader))
            return false;
        if (*reader->at != ')')
            return fail(reader, "\"(\" without \")\"");
        reader->at++;
        reader->depth--;
        return true;
    case '[':
        reader->at++;
        return read_set(reader);
    case '^':
        reader->at++;
        return append(reader, (Instruction){ .op = OP_BEGIN });
    case '$':
        reader->at++;
        return append(reader, (Instruction){ .op = OP_END });
    case '_':
        reader->at++;
        return append_boundary(reader);
    case '.':
        reader->at++;
        return append_set(reader, (Set){ { UINT32_MAX, UINT32_MAX, UINT32_MAX, UINT32_MAX } });
    case '*':
    case '+':
    case '?':
        return fail(reader, "nothing to repeat");
    case '{':
        return fail(reader, "counts are not known here; a brace itself is \"\\{\"");
    default:
        return read_character(reader);
    }
}

/* What stands from @from on, as often as @mark says. */
static bool repeat(Reader *reader, unsigned from, char mark)
{
    DxRegex *regex = reader->regex;

    if (mark == '+')
        return append(
            reader, (Instruction){ .op = OP_SPLIT, .to = (uint16_t)from, .other = (uint16_t)(regex->n + 1) });
    if (!insert(reader, from, 1))
        return false;
    if (mark == '*' && !append(reader, (Instruction){ .op = OP_JUMP, .to = (uint16_t)from }))
        return false;
    regex->program[from] =
        (Instruction){ .op = OP_SPLIT, .to = (uint16_t)(from + 1), .other = (uint16_t)regex->n };
    return true;
}

static bool read_sequence(Reader *reader)
{
    while (*reader->at && *reader->at != '|' && *reader->at != ')') {
        const unsigned from = reader->regex->n;

        if (!read_atom(reader))
            return false;
        for (; *reader->at == '*' || *reader->at == '+' || *reader->at == '?'; reader->at++)
            if (!repeat(reader, from, *reader->at))
                return false;
    }
    return true;
}

/*  from: SPLIT a, b   a: ... JUMP end   b: ...   end: */
static bool read_alternatives(Reader *reader)
{
    DxRegex *regex = reader->regex;
    const unsigned from = regex->n;
    unsigned jump;

    if (!read_sequence(reader))
        return false;
    if (*reader->at != '|')
        return true;
    if (++reader->depth > DEPTH_MAX)
        return fail(reader, "too many alternatives");
    reader->at++;
    if (!insert(reader, from, 1))
        return false;
    jump = regex->n;
    if (!append(reader, (Instruction){ .op = OP_JUMP }))
        return false;
    regex->program[from] =
        (Instruction){ .op = OP_SPLIT, .to = (uint16_t)(from + 1), .other = (uint16_t)(jump + 1) };
    if (!read_alternatives(reader))
        return false;
    reader->depth--;
    regex->program[jump].to = (uint16_t)regex->n;
    return true;
}

DxRegex *dx_regex_new(const char *text, GError **error)
{
    DxRegex *regex;
    Reader reader;
    bool is_read;

    if (strlen(text) > DX_REGEX_MAX) {
        g_set_error(error, DX_ERROR, DX_ERROR_LIMIT,
                    "an expression of %u characters; at most %u are accepted", (unsigned)strlen(text),
                    (unsigned)DX_REGEX_MAX);
        return NULL;
    }
    regex = g_new0(DxRegex, 1);
    reader = (Reader){ .regex = regex, .text = text, .at = text, .error = error };
    is_read = read_alternatives(&reader);
    if (is_read && *reader.at)
        is_read = fail(&reader, "\")\" without \"(\"");
    if (!is_read || !append(&reader, (Instruction){ .op = OP_MATCH })) {
        dx_regex_free(regex);
        return NULL;
    }
    return regex;
}

void dx_regex_free(DxRegex *regex)
{
    g_free(regex);
}

/* -- matching ---------------------------------------------------------------------------------------- */

/* The states it is in, each once. */
typedef struct {
    unsigned n;
    uint16_t states[PROGRAM_MAX];
    uint32_t is_in[PROGRAM_MAX / 32];
} States;

/* @at and all that can be reached from there without a character. */
static void add(const DxRegex *regex, States *states, unsigned from, bool is_begin, bool is_end)
{
    uint16_t open[2 * PROGRAM_MAX];
    unsigned n = 0;

    open[n++] = (uint16_t)from;
    while (n) {
        const unsigned at = open[--n];
        const Instruction *instruction = &regex->program[at];

        if (states->is_in[at / 32] >> at % 32 & 1)
            continue;
        states->is_in[at / 32] |= 1u << at % 32;
        states->states[states->n++] = (uint16_t)at;
        if (instruction->op == OP_JUMP || instruction->op == OP_SPLIT)
            open[n++] = instruction->to;
        if (instruction->op == OP_SPLIT)
            open[n++] = instruction->other;
        if ((instruction->op == OP_BEGIN && is_begin) || (instruction->op == OP_END && is_end))
            open[n++] = (uint16_t)(at + 1);
    }
}

bool dx_regex_matches(const DxRegex *regex, const char *text)
{
    States now = { .n = 0 }, next;

    for (const char *at = text;; at++) {
        add(regex, &now, 0, at == text, !*at);
        next.n = 0;
        memset(next.is_in, 0, sizeof next.is_in);
        for (unsigned i = 0; i < now.n; i++) {
            const Instruction *instruction = &regex->program[now.states[i]];

            if (instruction->op == OP_MATCH)
                return true;
            if (*at && instruction->op == OP_SET &&
                set_has(&regex->sets[instruction->set], (unsigned char)*at))
                add(regex, &next, now.states[i] + 1u, false, !at[1]);
        }
        if (!*at)
            return false;
        now = next;
    }
}
