/*
 * json-scan - is this strict JSON, and where does each value stand?
 *
 * One pass, no recursion, nothing allocated but the marks. Every limit is enforced here, so that cJSON only
 * ever sees text that can be read in one way:
 *
 *        '{'       '"'       ':'                      '}' ']'
 *   VALUE --> KEY_OR_END --> COLON --> VALUE --> SEPARATOR --> SEPARATOR, one level up
 *     | '['                    ^                  |   |
 *     +---> ITEM_OR_END        +------ KEY <------+   +--> VALUE       after ',' in { and [
 *
 * RFC 8259 grammar; strings after RFC 7493 (I-JSON) section 2.1.
 */
#include "json-priv.h"

#include <string.h>

#define END (-1) /* of the document, where a byte is expected */

typedef enum { WANT_VALUE, WANT_ITEM_OR_END, WANT_KEY, WANT_KEY_OR_END, WANT_COLON, WANT_SEPARATOR } Want;

typedef struct {
    const char *text;
    gsize length, at;
    Want want;
    uint32_t key;                  /* of the member whose value is next, or DX_JSON_NO_KEY */
    gsize open[DX_JSON_MAX_DEPTH]; /* brackets not closed yet */
    unsigned depth;
    GArray *marks;
    gsize error_at;
    GError **error;
} Scan;

static int byte_at(const Scan *scan, gsize at)
{
    return at < scan->length ? (unsigned char)scan->text[at] : END;
}

static int peek(const Scan *scan)
{
    return byte_at(scan, scan->at);
}

static bool is_digit(int c)
{
    return c >= '0' && c <= '9';
}

static bool is_word(int c)
{
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '$';
}

static bool in_object(const Scan *scan)
{
    return scan->depth > 0 && scan->text[scan->open[scan->depth - 1]] == '{';
}

static bool in_array(const Scan *scan)
{
    return scan->depth > 0 && !in_object(scan);
}

void dx__json_seek(DxJsonPlace *place, const char *text, gsize at)
{
    const char *newline;

    while (place->at < at && (newline = memchr(text + place->at, '\n', at - place->at))) {
        place->at = place->line_start = (gsize)(newline - text) + 1;
        place->line++;
    }
    place->at = at;
}

static unsigned line_of(const Scan *scan, gsize at)
{
    DxJsonPlace place = DX_JSON_PLACE_INIT;

    dx__json_seek(&place, scan->text, at);
    return place.line;
}

/* --- What went wrong, and what was probably meant --- */

G_GNUC_PRINTF(4, 5) static bool fail(Scan *scan, gsize at, DxError code, const char *format, ...)
{
    g_autofree char *message = NULL;
    va_list args;

    va_start(args, format);
    message = g_strdup_vprintf(format, args);
    va_end(args);
    scan->error_at = at;
    g_set_error_literal(scan->error, DX_ERROR, (int)code, message);
    return false;
}

/* The word at the scanner, or "" */
static void get_word(const Scan *scan, char word[32])
{
    gsize n = 0;

    while (n < 31 && is_word(byte_at(scan, scan->at + n))) {
        word[n] = scan->text[scan->at + n];
        n++;
    }
    word[n] = '\0';
}

/* The code point at the scanner, or (gunichar)-1, -2 where it is not UTF-8 */
static gunichar get_code_point(const Scan *scan)
{
    return g_utf8_get_char_validated(scan->text + scan->at, (gssize)(scan->length - scan->at));
}

/* What stands at the scanner, for "expected this, found that" */
static char *describe(const Scan *scan)
{
    const int c = peek(scan);
    char word[32];
    gunichar point;

    get_word(scan, word);
    if (c == END)
        return g_strdup("the end of the document");
    if (c == '"')
        return g_strdup("a string");
    if (*word)
        return g_strdup_printf("\"%s\"", word);
    if (c > 0x20 && c < 0x7f)
        return g_strdup_printf(c == '\\' ? "\"\\%c\"" : "\"%c\"", c);
    point = c ? get_code_point(scan) : 0;
    if (point > 0x10ffff)
        return g_strdup_printf("the byte 0x%02x, which is not UTF-8", (unsigned)c);
    return g_strdup_printf("U+%04X", point);
}

/* What somebody who wrote this may need to know, or NULL */
static const char *hint_for(const Scan *scan)
{
    const int c = peek(scan);

    if (c == '/' || c == '#')
        return "JSON has no comments, use a \"$comment\" key";
    if (c == '\'' || c == '`')
        return "strings take double quotes";
    if (c >= 0x80) {
        gunichar point = get_code_point(scan);

        if (point >= 0x2018 && point <= 0x201f)
            return "strings take plain double quotes, not typographic ones";
        if (point == 0xfeff)
            return "a byte order mark (BOM) does not belong here";
        if (point <= 0x10ffff && g_unichar_isspace(point))
            return "only plain spaces, tabs and line breaks may stand between values";
    }
    return NULL;
}

static bool fail_end(Scan *scan)
{
    gsize open;

    if (scan->depth == 0)
        return fail(scan, scan->at, DX_ERROR_SYNTAX, "the document is empty");
    open = scan->open[scan->depth - 1];
    return fail(scan, scan->at, DX_ERROR_SYNTAX, "the document ends before the \"%c\" of line %u is closed",
                scan->text[open], line_of(scan, open));
}

static bool fail_hint(Scan *scan, const char *expected, const char *hint)
{
    g_autofree char *found = describe(scan);

    return fail(scan, scan->at, DX_ERROR_SYNTAX, "expected %s, found %s%s%s", expected, found,
                hint ? ": " : "", hint ? hint : "");
}

static bool fail_found(Scan *scan, const char *expected)
{
    return peek(scan) == END ? fail_end(scan) : fail_hint(scan, expected, hint_for(scan));
}

static bool fail_trailing_comma(Scan *scan)
{
    return fail(scan, scan->at, DX_ERROR_SYNTAX, "trailing comma before \"%c\"", scan->text[scan->at]);
}

static bool fail_value(Scan *scan)
{
    static const struct {
        const char *word, *hint;
    } words[] = {
        { "nan", "JSON has no NaN" },
        { "inf", "JSON has no infinity" },
        { "infinity", "JSON has no infinity" },
        { "true", "true is written in lower case" },
        { "false", "false is written in lower case" },
        { "null", "null is written in lower case" },
        { "none", "write null" },
        { "nil", "write null" },
        { "undefined", "write null" },
        { "yes", "write true" },
        { "no", "write false" },
    };
    char word[32];

    if (peek(scan) == ']' && in_array(scan))
        return fail_trailing_comma(scan);
    if (peek(scan) == '+')
        return fail_hint(scan, "a value", "a number takes no plus sign");
    if (peek(scan) == '.')
        return fail_hint(scan, "a value", "a number needs a digit before the point");
    get_word(scan, word);
    for (gsize i = 0; i < G_N_ELEMENTS(words); i++)
        if (g_ascii_strcasecmp(word, words[i].word) == 0)
            return fail_hint(scan, "a value", words[i].hint);
    if (*word)
        return fail_hint(scan, "a value", "a string needs double quotes");
    return fail_found(scan, "a value");
}

static bool fail_separator(Scan *scan)
{
    const char *expected = in_object(scan) ? "\",\" or \"}\"" : "\",\" or \"]\"";
    const int c = peek(scan);

    if (c == '}' || c == ']') {
        const gsize open = scan->open[scan->depth - 1];

        return fail(scan, scan->at, DX_ERROR_SYNTAX, "the \"%c\" of line %u is closed by \"%c\"",
                    scan->text[open], line_of(scan, open), c);
    }
    if (c == '"' || c == '{' || c == '[' || c == '-' || is_digit(c))
        return fail_hint(scan, expected, "a comma is missing");
    if (is_word(c))
        return fail_hint(scan, expected, "a comma is missing, or quotes around the value");
    return fail_found(scan, expected);
}

/* --- Strings: each step returns how many bytes of UTF-8 it stands for, 0 on failure --- */

static unsigned scan_code_point(Scan *scan, gunichar point, gsize written)
{
    /* RFC 7493: the last two of each plane, and U+FDD0 to U+FDEF, will never be characters */
    if ((point & 0xfffe) == 0xfffe || (point >= 0xfdd0 && point <= 0xfdef))
        return fail(scan, scan->at, DX_ERROR_SYNTAX, "U+%04X in a string is not a character", point);
    scan->at += written;
    return (unsigned)g_unichar_to_utf8(point, NULL);
}

/* Four hexadecimal digits at @at, or -1 */
static int get_hex4(const Scan *scan, gsize at)
{
    int unit = 0;

    for (gsize i = 0; i < 4; i++) {
        const int c = byte_at(scan, at + i);
        const int digit = c == END ? -1 : g_ascii_xdigit_value((char)c);

        if (digit < 0)
            return -1;
        unit = unit * 16 + digit;
    }
    return unit;
}

static unsigned scan_unicode_escape(Scan *scan)
{
    const int unit = get_hex4(scan, scan->at + 2);
    int low;

    if (unit < 0)
        return fail(scan, scan->at, DX_ERROR_SYNTAX, "\\u takes four hexadecimal digits");
    if (unit == 0)
        return fail(scan, scan->at, DX_ERROR_SYNTAX, "\\u0000 is not accepted in a string");
    if (unit < 0xd800 || unit > 0xdfff)
        return scan_code_point(scan, (gunichar)unit, 6);
    if (unit < 0xdc00 && byte_at(scan, scan->at + 6) == '\\' && byte_at(scan, scan->at + 7) == 'u') {
        low = get_hex4(scan, scan->at + 8);
        if (low >= 0xdc00 && low <= 0xdfff)
            return scan_code_point(
                scan, 0x10000u + ((gunichar)(unit - 0xd800) << 10) + (gunichar)(low - 0xdc00), 12);
    }
    return fail(scan, scan->at, DX_ERROR_SYNTAX, "\\u%04x is half of a surrogate pair", (unsigned)unit);
}

static unsigned scan_escape(Scan *scan)
{
    const int c = byte_at(scan, scan->at + 1);

    switch (c) {
    case '"':
    case '\\':
    case '/':
    case 'b':
    case 'f':
    case 'n':
    case 'r':
    case 't':
        scan->at += 2;
        return 1;
    case 'u':
        return scan_unicode_escape(scan);
    default:
        return fail(scan, scan->at, DX_ERROR_SYNTAX,
                    "a backslash in a string is followed by one of \" \\ / b f n r t u");
    }
}

static unsigned scan_control(Scan *scan)
{
    const int c = peek(scan);

    if (c == '\n' || c == '\r')
        return fail(scan, scan->at, DX_ERROR_SYNTAX,
                    "the string does not end on its line: add a quote, or write \\n for a line break");
    if (c == '\t')
        return fail(scan, scan->at, DX_ERROR_SYNTAX, "a tab in a string is written \\t");
    return fail(scan, scan->at, DX_ERROR_SYNTAX, "control character U+%04X in a string", (unsigned)c);
}

static unsigned scan_utf8(Scan *scan)
{
    const gunichar point = get_code_point(scan);

    if (point > 0x10ffff)
        return fail(scan, scan->at, DX_ERROR_SYNTAX, "the byte 0x%02x in a string is not UTF-8",
                    (unsigned)peek(scan));
    return scan_code_point(scan, point, (gsize)g_unichar_to_utf8(point, NULL));
}

static bool scan_string(Scan *scan, const char *what, unsigned max_bytes)
{
    const gsize start = scan->at++;
    unsigned n_bytes = 0, n;

    for (;;) {
        const int c = peek(scan);

        if (c == '"') {
            scan->at++;
            return true;
        }
        if (c == END)
            return fail(scan, start, DX_ERROR_SYNTAX, "%s without a closing quote", what);
        if (c == '\\')
            n = scan_escape(scan);
        else if (c < 0x20)
            n = scan_control(scan);
        else if (c >= 0x80)
            n = scan_utf8(scan);
        else
            n = 1, scan->at++;
        if (n == 0)
            return false;
        n_bytes += n;
        if (n_bytes > max_bytes)
            return fail(scan, start, DX_ERROR_LIMIT, "%s longer than %u bytes", what, max_bytes);
    }
}

/* --- Numbers and words --- */

static bool scan_digits(Scan *scan, const char *where)
{
    g_autofree char *expected = NULL;

    if (is_digit(peek(scan))) {
        while (is_digit(peek(scan)))
            scan->at++;
        return true;
    }
    expected = g_strdup_printf("a digit %s", where);
    return fail_hint(scan, expected, NULL);
}

static bool fail_number_tail(Scan *scan)
{
    if (peek(scan) == '.')
        return fail(scan, scan->at, DX_ERROR_SYNTAX, "a decimal point does not belong here");
    if (peek(scan) == '_')
        return fail(scan, scan->at, DX_ERROR_SYNTAX, "digits are not grouped by \"_\"");
    return fail(scan, scan->at, DX_ERROR_SYNTAX,
                "letters after a number: a value with a unit is a string, as \"10 Gbps\"");
}

static bool scan_number(Scan *scan)
{
    const gsize start = scan->at;

    if (peek(scan) == '-')
        scan->at++;
    if (peek(scan) == '0') {
        scan->at++;
        if (is_digit(peek(scan)))
            return fail(scan, start, DX_ERROR_SYNTAX, "a number takes no leading zero");
        if (peek(scan) == 'x' || peek(scan) == 'X')
            return fail(scan, start, DX_ERROR_SYNTAX, "numbers are decimal, not hexadecimal");
    } else if (!scan_digits(scan, "after the minus sign")) {
        return false;
    }
    if (peek(scan) == '.') {
        scan->at++;
        if (!scan_digits(scan, "after the decimal point"))
            return false;
    }
    if (peek(scan) == 'e' || peek(scan) == 'E') {
        scan->at++;
        if (peek(scan) == '+' || peek(scan) == '-')
            scan->at++;
        if (!scan_digits(scan, "in the exponent"))
            return false;
    }
    if (scan->at - start > DX_JSON_MAX_NUMBER)
        return fail(scan, start, DX_ERROR_LIMIT, "number longer than %d characters", DX_JSON_MAX_NUMBER);
    return is_word(peek(scan)) || peek(scan) == '.' ? fail_number_tail(scan) : true;
}

static bool scan_word(Scan *scan)
{
    char word[32];

    get_word(scan, word);
    if (strcmp(word, "true") != 0 && strcmp(word, "false") != 0 && strcmp(word, "null") != 0)
        return fail_value(scan);
    scan->at += strlen(word);
    return true;
}

/* --- Structure --- */

static bool open_bracket(Scan *scan, Want want)
{
    if (scan->depth == DX_JSON_MAX_DEPTH)
        return fail(scan, scan->at, DX_ERROR_LIMIT, "nested deeper than %d levels", DX_JSON_MAX_DEPTH);
    scan->open[scan->depth++] = scan->at++;
    scan->want = want;
    return true;
}

static bool close_bracket(Scan *scan)
{
    scan->depth--;
    scan->at++;
    scan->want = WANT_SEPARATOR;
    return true;
}

static bool mark_value(Scan *scan)
{
    const DxJsonMark mark = { scan->key, (uint32_t)scan->at };

    if (scan->marks->len == DX_JSON_MAX_VALUES)
        return fail(scan, scan->at, DX_ERROR_LIMIT, "more than %u values", DX_JSON_MAX_VALUES);
    g_array_append_val(scan->marks, mark);
    scan->key = DX_JSON_NO_KEY;
    return true;
}

static bool scan_value(Scan *scan)
{
    const int c = peek(scan);

    if (c == END)
        return fail_end(scan);
    if (!mark_value(scan))
        return false;
    scan->want = WANT_SEPARATOR;
    if (c == '"')
        return scan_string(scan, "string", DX_JSON_MAX_STRING);
    if (c == '{')
        return open_bracket(scan, WANT_KEY_OR_END);
    if (c == '[')
        return open_bracket(scan, WANT_ITEM_OR_END);
    if (c == '-' || is_digit(c))
        return scan_number(scan);
    return scan_word(scan);
}

static bool scan_key(Scan *scan)
{
    if (peek(scan) == '}')
        return fail_trailing_comma(scan);
    if (is_word(peek(scan)))
        return fail_hint(scan, "a key", "keys take double quotes");
    if (peek(scan) != '"')
        return fail_found(scan, "a key");
    scan->key = (uint32_t)scan->at;
    scan->want = WANT_COLON;
    return scan_string(scan, "key", DX_JSON_MAX_KEY);
}

static bool scan_colon(Scan *scan)
{
    if (peek(scan) != ':')
        return fail_found(scan, "\":\" after the key");
    scan->at++;
    scan->want = WANT_VALUE;
    return true;
}

static bool scan_separator(Scan *scan)
{
    const int close = in_object(scan) ? '}' : ']';

    if (peek(scan) == close)
        return close_bracket(scan);
    if (peek(scan) != ',')
        return fail_separator(scan);
    scan->at++;
    scan->want = in_object(scan) ? WANT_KEY : WANT_VALUE;
    return true;
}

static bool scan_step(Scan *scan)
{
    switch (scan->want) {
    case WANT_ITEM_OR_END:
        return peek(scan) == ']' ? close_bracket(scan) : scan_value(scan);
    case WANT_VALUE:
        return scan_value(scan);
    case WANT_KEY_OR_END:
        return peek(scan) == '}' ? close_bracket(scan) : scan_key(scan);
    case WANT_KEY:
        return scan_key(scan);
    case WANT_COLON:
        return scan_colon(scan);
    case WANT_SEPARATOR:
    default:
        return scan_separator(scan);
    }
}

static void skip_space(Scan *scan)
{
    int c = peek(scan);

    while (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
        scan->at++;
        c = peek(scan);
    }
}

/* Text that an editor saved in another encoding, told by its first bytes */
static bool check_encoding(Scan *scan)
{
    const int a = byte_at(scan, 0), b = byte_at(scan, 1), c = byte_at(scan, 2), d = byte_at(scan, 3);

    if (a == 0xef && b == 0xbb && c == 0xbf)
        return fail(scan, 0, DX_ERROR_SYNTAX,
                    "the document starts with a byte order mark (BOM): save it as UTF-8 without BOM");
    if ((a == 0xff && b == 0xfe) || (a == 0xfe && b == 0xff) || (a == 0 && c == 0) || (b == 0 && d == 0))
        return fail(scan, 0, DX_ERROR_SYNTAX, "the document is in UTF-16 or UTF-32: save it as UTF-8");
    return true;
}

bool dx__json_scan(const char *text, gsize length, GArray *marks, gsize *error_at, GError **error)
{
    Scan scan = { .text = text, .length = length, .key = DX_JSON_NO_KEY, .marks = marks, .error = error };
    bool good;

    if (length > DX_JSON_MAX_BYTES)
        return fail(&scan, 0, DX_ERROR_LIMIT, "%" G_GSIZE_FORMAT " bytes are more than the limit of %u",
                    length, DX_JSON_MAX_BYTES);
    good = check_encoding(&scan);
    if (good)
        skip_space(&scan);
    while (good && !(scan.want == WANT_SEPARATOR && scan.depth == 0)) {
        good = scan_step(&scan);
        if (good)
            skip_space(&scan);
    }
    if (good && scan.at < length)
        good = fail_hint(&scan, "the end of the document", hint_for(&scan));
    *error_at = scan.error_at;
    return good;
}
