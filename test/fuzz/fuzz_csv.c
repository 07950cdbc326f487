/*
 * fuzz_csv - any bytes as a CSV file of one to four columns
 */
#include <dxsim/csv.h>
#include <dxsim/error.h>
#include "fuzz.h"

#include <sys/mman.h>
#include <unistd.h>

typedef struct {
    unsigned n_columns, last_row;
    size_t n_bytes;
} Seen;

static bool on_row(const char *const *cells, unsigned row, void *data, GError **error)
{
    Seen *seen = data;

    (void)error;
    CHECK(row >= seen->last_row); /* a bare CR ends a row, and no line */
    seen->last_row = row;
    for (unsigned i = 0; i < seen->n_columns; i++) {
        CHECK(g_utf8_validate(cells[i], -1, NULL));
        CHECK(strlen(cells[i]) <= 64u << 10);
        seen->n_bytes += strlen(cells[i]);
    }
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static int fd = -1;
    static char path[64];
    Seen seen = { .n_columns = size ? data[0] % 4 + 1u : 1 };
    GError *error = NULL;
    bool is_read;

    if (fd < 0) {
        fd = memfd_create("fuzz.csv", MFD_CLOEXEC);
        CHECK(fd >= 0);
        g_snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    }
    if (size) {
        data++;
        size--;
    }
    CHECK(ftruncate(fd, 0) == 0);
    CHECK(pwrite(fd, data, size, 0) == (ssize_t)size);
    is_read = dx_csv_read(path, seen.n_columns, on_row, &seen, &error);
    CHECK(is_read == (error == NULL));
    CHECK(seen.n_bytes <= size); /* nothing is made up */
    if (error) {
        CHECK(error->domain == DX_ERROR);
        CHECK(error->code == DX_ERROR_SYNTAX || error->code == DX_ERROR_LIMIT);
        CHECK(g_str_has_prefix(error->message, path));
        check_line(error->message);
        g_error_free(error);
    }
    return 0;
}
