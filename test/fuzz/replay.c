/*
 * replay FILE|FOLDER... - a fuzzer's function over stored inputs, in place of libFuzzer
 */
#include "fuzz.h"

static unsigned n_files;

static void replay_file(const char *path)
{
    GError *error = NULL;
    char *text;
    gsize length;

    if (!g_file_get_contents(path, &text, &length, &error)) {
        fprintf(stderr, "replay: %s\n", error->message);
        exit(2);
    }
    LLVMFuzzerTestOneInput((const uint8_t *)text, length);
    g_free(text);
    n_files++;
}

static void replay_folder(const char *path)
{
    GDir *dir = g_dir_open(path, 0, NULL);
    const char *name;

    if (!dir) {
        replay_file(path);
        return;
    }
    while ((name = g_dir_read_name(dir))) {
        char *file = g_build_filename(path, name, NULL);

        if (g_file_test(file, G_FILE_TEST_IS_REGULAR))
            replay_file(file);
        g_free(file);
    }
    g_dir_close(dir);
}

int main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++)
        replay_folder(argv[i]);
    printf("%u inputs\n", n_files);
    return n_files ? 0 : 2; /* nothing replayed is nothing shown */
}
