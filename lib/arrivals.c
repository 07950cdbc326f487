/*
 * arrivals - a list of frames and when they are born, from a CSV file
 *
 * The file is a stranger's: it is opened below its folder only, must be a regular file of bounded size, and
 * messages about it show nothing of what it holds. Rows are kept in arrays, 10 to 15 bytes each.
 */
#include "arrivals-priv.h"
#include "csv-priv.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { TIME, SIZE, FLOW, PCP, N_COLUMNS };

static const char *const columns[] = {
    [TIME] = "time_s", [SIZE] = "size_bytes", [FLOW] = "flow", [PCP] = "pcp"
};

#define COLUMN_NAMES    "\"time_s\" and \"size_bytes\", and perhaps \"flow\" and \"pcp\""
#define SIZE_MAX_BYTES  65000
#define PCP_MAX         7
#define SECOND_DECIMALS 12

typedef struct {
    DxArrivals arrivals; /* what is handed out, which points to the arrays below */
    char *digest;
    DxTime *time_ps;
    uint16_t *size_bytes;
    uint32_t *flow;
    uint8_t *pcp;
    size_t n, room, max_rows;
    uint32_t n_flows;
    int cell[N_COLUMNS]; /* in which cell of a row; -1: there is none */
    bool has_header;
    DxCsvInput input;
} List;

/* -- cells ------------------------------------------------------------------------------------------- */

static bool refuse(GError **error, DxError code, const char *format, ...) G_GNUC_PRINTF(3, 4);

static bool refuse(GError **error, DxError code, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    if (error)
        *error = g_error_new_valist(DX_ERROR, (gint)code, format, args);
    va_end(args);
    return false;
}

/* Digits alone; what is larger than @max is one more than that. */
static bool read_whole(const char *text, uint64_t max, uint64_t *value)
{
    *value = 0;
    if (!*text)
        return false;
    for (; g_ascii_isdigit(*text); text++)
        *value = MIN(*value * 10 + (uint64_t)(*text - '0'), max + 1);
    return !*text;
}

static bool read_time(const char *text, DxTime *time_ps, GError **error)
{
    const bool is_negative = *text == '-';
    const char *digits = text + is_negative, *point = strchr(digits, '.');
    g_autofree char *seconds = point ? g_strndup(digits, (gsize)(point - digits)) : g_strdup(digits);
    uint64_t whole, fraction = 0;
    size_t n = 0;

    if (point)
        for (n = 0; n <= SECOND_DECIMALS && g_ascii_isdigit(point[1 + n]); n++)
            fraction = fraction * 10 + (uint64_t)(point[1 + n] - '0');
    if (!read_whole(seconds, DX_ARRIVALS_MAX_S, &whole) ||
        (point && (!n || n > SECOND_DECIMALS || point[1 + n])))
        return refuse(error, DX_ERROR_SYNTAX,
                      "time_s: expected seconds with at most 12 decimals, such as 0.000001200");
    for (; n < SECOND_DECIMALS; n++)
        fraction *= 10;
    if (is_negative && (whole || fraction))
        return refuse(error, DX_ERROR_RANGE, "time_s is negative");
    if (whole > DX_ARRIVALS_MAX_S || (whole == DX_ARRIVALS_MAX_S && fraction))
        return refuse(error, DX_ERROR_RANGE, "time_s is more than %u, which is 50 days", DX_ARRIVALS_MAX_S);
    *time_ps = (DxTime)whole * DX_S + (DxTime)fraction;
    return true;
}

static bool read_number(const char *text, const char *name, uint64_t min, uint64_t max, uint64_t *value,
                        GError **error)
{
    if (read_whole(text, max, value) && *value >= min && *value <= max)
        return true;
    return refuse(error, DX_ERROR_RANGE, "%s: expected a whole number from %u to %u", name, (unsigned)min,
                  (unsigned)max);
}

/* -- rows -------------------------------------------------------------------------------------------- */

static int find_column(const char *name)
{
    for (int i = 0; i < N_COLUMNS; i++)
        if (!strcmp(columns[i], name))
            return i;
    return -1;
}

static bool take_header(List *list, const char *const *cells, GError **error)
{
    list->has_header = true;
    for (unsigned i = 0; i < list->input.n_columns; i++) {
        const int column = find_column(cells[i]);

        list->input.cell = i;
        if (column < 0)
            return refuse(error, DX_ERROR_SYNTAX, "the first line names the columns: " COLUMN_NAMES);
        if (list->cell[column] >= 0)
            return refuse(error, DX_ERROR_SYNTAX, "column %s is there twice", columns[column]);
        list->cell[column] = (int)i;
    }
    list->input.cell = 0;
    for (int column = TIME; column <= SIZE; column++)
        if (list->cell[column] < 0)
            return refuse(error, DX_ERROR_SYNTAX, "column %s is missing", columns[column]);
    return true;
}

static bool make_room(List *list, GError **error)
{
    if (list->n == list->max_rows)
        return refuse(error, DX_ERROR_LIMIT, "more than %zu rows are not accepted", list->max_rows);
    if (list->n < list->room)
        return true;
    list->room = MIN(MAX(2 * list->room, 1024), list->max_rows);
    list->time_ps = g_renew(DxTime, list->time_ps, list->room);
    list->size_bytes = g_renew(uint16_t, list->size_bytes, list->room);
    if (list->cell[FLOW] >= 0)
        list->flow = g_renew(uint32_t, list->flow, list->room);
    if (list->cell[PCP] >= 0)
        list->pcp = g_renew(uint8_t, list->pcp, list->room);
    return true;
}

/* The cell of a column, which an error would be about. */
static const char *cell_of(List *list, const char *const *cells, int column)
{
    list->input.cell = (unsigned)list->cell[column];
    return cells[list->input.cell];
}

static bool take_numbers(List *list, const char *const *cells, GError **error)
{
    const size_t i = list->n;
    uint64_t value;

    if (!read_number(cell_of(list, cells, SIZE), "size_bytes", 1, SIZE_MAX_BYTES, &value, error))
        return false;
    list->size_bytes[i] = (uint16_t)value;
    list->arrivals.sum_bytes += value;
    list->arrivals.max_bytes = MAX(list->arrivals.max_bytes, (uint16_t)value);
    if (list->flow) {
        if (!read_number(cell_of(list, cells, FLOW), "flow", 0, list->n_flows - 1, &value, error))
            return false;
        list->flow[i] = (uint32_t)value;
        list->arrivals.n_flows = MAX(list->arrivals.n_flows, (uint32_t)value + 1);
    }
    if (list->pcp) {
        if (!read_number(cell_of(list, cells, PCP), "pcp", 0, PCP_MAX, &value, error))
            return false;
        list->pcp[i] = (uint8_t)value;
    }
    return true;
}

static bool take_row(const char *const *cells, unsigned row, void *data, GError **error)
{
    List *list = data;

    (void)row;
    if (!list->has_header)
        return take_header(list, cells, error);
    if (!make_room(list, error))
        return false;
    if (!read_time(cell_of(list, cells, TIME), &list->time_ps[list->n], error))
        return false;
    if (list->n && list->time_ps[list->n] < list->time_ps[list->n - 1])
        return refuse(error, DX_ERROR_RANGE, "time_s goes backwards");
    if (!take_numbers(list, cells, error))
        return false;
    list->n++;
    return true;
}

/* -- the file ---------------------------------------------------------------------------------------- */

/* A regular file of bounded size, whatever else stands in the folder; waits for nothing. */
static int open_below(const char *dir, const char *name, GError **error)
{
    const bool is_plain = *name && !strchr(name, '/');
    const int folder = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    struct stat info;
    int fd = -1, failure = EACCES;

    if (folder >= 0 && is_plain)
        fd = openat(folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (folder < 0 || is_plain)
        failure = errno;
    if (folder >= 0)
        close(folder);
    if (fd < 0) {
        refuse(error, DX_ERROR_IO, "%s", failure == ELOOP ? "it is a symbolic link" : g_strerror(failure));
        return -1;
    }
    if (fstat(fd, &info) || !S_ISREG(info.st_mode))
        refuse(error, DX_ERROR_IO, "it is no regular file");
    else if ((uint64_t)info.st_size > DX_ARRIVALS_MAX_BYTES)
        refuse(error, DX_ERROR_LIMIT, "it has more than 1 GiB");
    else
        return fd;
    close(fd);
    return -1;
}

static void list_free(List *list)
{
    g_free(list->digest);
    g_free(list->time_ps);
    g_free(list->size_bytes);
    g_free(list->flow);
    g_free(list->pcp);
    g_free(list);
}

/* No more rows will come: arrays are cut to size. */
static DxArrivals *finish(List *list, GChecksum *checksum, uint64_t file_bytes)
{
    DxArrivals *arrivals = &list->arrivals;

    list->time_ps = g_renew(DxTime, list->time_ps, list->n);
    list->size_bytes = g_renew(uint16_t, list->size_bytes, list->n);
    list->flow = list->flow ? g_renew(uint32_t, list->flow, list->n) : NULL;
    list->pcp = list->pcp ? g_renew(uint8_t, list->pcp, list->n) : NULL;
    list->digest = g_strdup(g_checksum_get_string(checksum));
    arrivals->n = list->n;
    arrivals->time_ps = list->time_ps;
    arrivals->size_bytes = list->size_bytes;
    arrivals->flow = list->flow;
    arrivals->pcp = list->pcp;
    arrivals->file_bytes = file_bytes;
    arrivals->sha256 = list->digest;
    return arrivals;
}

static bool read_list(List *list, GError **error)
{
    if (!dx__csv_read(&list->input, take_row, list, error))
        return false;
    list->input.line = list->has_header ? 2 : 1;
    list->input.column = 1;
    if (!list->has_header)
        return refuse(error, DX_ERROR_SYNTAX,
                      "the file is empty; the first line names the columns: " COLUMN_NAMES);
    if (!list->n)
        return refuse(error, DX_ERROR_SYNTAX, "there is no row behind the names of the columns");
    return true;
}

DxArrivals *dx__arrivals_read(const char *dir, const char *name, uint32_t n_flows, size_t max_rows,
                              DxArrivalsPlace *place, GError **error)
{
    const int fd = open_below(dir, name, error);
    g_autoptr(GChecksum) checksum = g_checksum_new(G_CHECKSUM_SHA256);
    List *list;
    bool is_read;
    off_t bytes;

    *place = (DxArrivalsPlace){ 0, 0 };
    if (fd < 0)
        return NULL;
    list = g_new0(List, 1);
    list->max_rows = max_rows;
    list->n_flows = n_flows;
    list->input = (DxCsvInput){ .fd = fd, .checksum = checksum };
    for (int i = 0; i < N_COLUMNS; i++)
        list->cell[i] = -1;
    is_read = read_list(list, error);
    bytes = lseek(fd, 0, SEEK_CUR);
    close(fd);
    if (is_read)
        return finish(list, checksum, bytes > 0 ? (uint64_t)bytes : 0);
    *place = (DxArrivalsPlace){ list->input.line, list->input.column };
    list_free(list);
    return NULL;
}

char *dx__arrivals_label(const char *dir, const char *name)
{
    return strcmp(dir, ".") ? g_build_filename(dir, name, NULL) : g_strdup(name);
}

DxArrivals *dx_arrivals_read(const char *dir, const char *name, uint32_t n_flows, size_t max_rows,
                             GError **error)
{
    g_autofree char *label = NULL;
    DxArrivalsPlace place;
    DxArrivals *arrivals;

    g_return_val_if_fail(dir && name && n_flows > 0 && max_rows > 0, NULL);
    arrivals = dx__arrivals_read(dir, name, n_flows, MIN(max_rows, DX_ARRIVALS_MAX), &place, error);
    if (arrivals)
        return arrivals;
    label = dx__arrivals_label(dir, name);
    if (place.column)
        g_prefix_error(error, "%s:%u:%u: ", label, place.line, place.column);
    else if (place.line)
        g_prefix_error(error, "%s:%u: ", label, place.line);
    else
        g_prefix_error(error, "%s: ", label);
    return NULL;
}

void dx_arrivals_free(DxArrivals *arrivals)
{
    if (arrivals)
        list_free((List *)(void *)((char *)arrivals - offsetof(List, arrivals)));
}
