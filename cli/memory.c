/*
 * memory - how much there is, and how much we have
 *
 * Linux: /proc/self/statm, and the limits of control groups, version 2 and 1, from ours up to the root.
 */
#include "watch.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define SHARE_NUM 3
#define SHARE_DEN 4

static bool read_line(const char *path, char *text, size_t size)
{
    FILE *file = fopen(path, "re");
    bool is_read = file && fgets(text, (int)size, file);

    if (file)
        fclose(file);
    return is_read;
}

uint64_t cli_memory_used(void)
{
    static int fd = -1;
    char text[128];
    unsigned long long resident;
    ssize_t n;

    if (fd < 0 && (fd = open("/proc/self/statm", O_RDONLY | O_CLOEXEC)) < 0)
        return 0;
    n = pread(fd, text, sizeof text - 1, 0);
    if (n <= 0)
        return 0;
    text[n] = '\0';
    if (sscanf(text, "%*s %llu", &resident) != 1)
        return 0;
    return (uint64_t)resident * (uint64_t)sysconf(_SC_PAGESIZE);
}

/* The smallest limit from @group up; UINT64_MAX: none. */
static uint64_t limit_from(const char *root, const char *group, const char *file)
{
    g_autofree char *path = g_strconcat(root, group, NULL);
    uint64_t least = UINT64_MAX;

    while (strlen(path) >= strlen(root)) {
        g_autofree char *name = g_build_filename(path, file, NULL);
        char text[64];
        guint64 limit;

        if (read_line(name, text, sizeof text) &&
            g_ascii_string_to_unsigned(g_strchomp(text), 10, 1, G_MAXUINT64, &limit, NULL))
            least = MIN(least, limit);
        if (!strrchr(path, '/'))
            break;
        *strrchr(path, '/') = '\0';
    }
    return least;
}

static uint64_t group_limit(void)
{
    FILE *file = fopen("/proc/self/cgroup", "re");
    uint64_t least = UINT64_MAX;
    char line[4096];

    while (file && fgets(line, sizeof line, file)) {
        const char *group = strrchr(line, ':');

        g_strchomp(line);
        if (group && g_str_has_prefix(line, "0::"))
            least = MIN(least, limit_from("/sys/fs/cgroup", group + 1, "memory.max"));
        else if (group && strstr(line, ":memory:"))
            least = MIN(least, limit_from("/sys/fs/cgroup/memory", group + 1, "memory.limit_in_bytes"));
    }
    if (file)
        fclose(file);
    return least;
}

uint64_t cli_memory_default(void)
{
    const long pages = sysconf(_SC_PHYS_PAGES);
    const uint64_t machine = pages > 0 ? (uint64_t)pages * (uint64_t)sysconf(_SC_PAGESIZE) : UINT64_MAX;
    const uint64_t most = MIN(machine, group_limit());

    return most == UINT64_MAX ? 0 : most / SHARE_DEN * SHARE_NUM;
}
