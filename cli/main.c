/*
 * main - the command: a table of verbs
 */
#include "cli.h"
#include "watch.h"
#include <dxsim/output.h>
#include <dxsim/models.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#ifndef DXSIM_VERSION
#define DXSIM_VERSION "unknown"
#endif

#define SCENARIO_MAX_BYTES (64u << 20) /* the reader refuses more; no need to read it all first */

typedef struct {
    const char *name, *summary;
    int (*run)(int argc, char **argv);
} Command;

static const Command commands[] = {
    { "run", "simulate a scenario, print a table, write results", cmd_run },
    { "validate", "check scenarios without running them", cmd_validate },
    { "explain", "every value and where it came from, every hop and what it costs", cmd_explain },
    { "plot", "draw figures of a finished run, or of several", cmd_plot },
    { "sweep", "many runs of a scenario: load, size, failures; searches", cmd_sweep },
    { "merge", "shards of a sweep become the whole", cmd_merge },
    { "report", "a finished run, or a sweep, as one HTML file", cmd_report },
    { "verify", "is an output directory complete, and as it was written?", cmd_verify },
    { "models", "what models there are, and what each takes and counts", cmd_models },
    { "schema", "the format of a scenario, as a JSON Schema for editors", cmd_schema },
};

/* -- what the commands share ------------------------------------------------------------------------- */

void cli_print(const char *text)
{
    fputs(text, stdout);
}

void cli_print_of(const char *path, const char *format, ...)
{
    g_autofree char *shown = dx_error_printable(path);
    va_list arguments;

    printf("%s: ", shown);
    va_start(arguments, format);
    vprintf(format, arguments);
    va_end(arguments);
    cli_print("\n");
}

void cli_complain(const char *format, ...)
{
    g_autofree char *text = NULL, *shown = NULL;
    va_list arguments;

    va_start(arguments, format);
    text = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    shown = dx_error_printable(text);
    fflush(stdout);
    fprintf(stderr, "dxsim: %s\n", shown);
}

void cli_complain_at(const GError *error)
{
    g_autofree char *shown = dx_error_printable(error->message);

    fflush(stdout);
    fprintf(stderr, "%s\n", shown);
}

bool cli_parse(int argc, char **argv, const GOptionEntry *entries, const char *arguments,
               const char *description, int *status)
{
    gboolean help = FALSE;
    const GOptionEntry help_entry[] = {
        { "help", 'h', 0, G_OPTION_ARG_NONE, &help, "Show this help", NULL },
        { NULL, 0, 0, G_OPTION_ARG_NONE, NULL, NULL, NULL },
    };
    g_autoptr(GOptionContext) context = g_option_context_new(arguments);
    const bool is_verb = strcmp(argv[0], "bgp") && strcmp(argv[0], "policy");
    g_autofree char *program = g_strconcat("dxsim ", is_verb ? "" : "explain ", argv[0], NULL);
    g_autoptr(GError) error = NULL;

    g_set_prgname(program);
    g_option_context_set_help_enabled(context, FALSE);
    g_option_context_set_description(context, description);
    g_option_context_add_main_entries(context, entries, NULL);
    g_option_context_add_main_entries(context, help_entry, NULL);
    if (!g_option_context_parse(context, &argc, &argv, &error)) {
        cli_complain("%s; see \"%s --help\"", error->message, program);
        *status = CLI_USAGE;
        return false;
    }
    if (help) {
        g_autofree char *text = g_option_context_get_help(context, TRUE, NULL);

        cli_print(text);
        *status = CLI_DONE;
    }
    return !help;
}

static DxPlugins *plugins;

int cli_load_plugins(char *const *paths)
{
    for (; paths && *paths; paths++) {
        g_autoptr(GError) error = NULL;

        if (!**paths) {
            cli_complain("--plugin: name a file, such as ./my-model.so");
            return CLI_USAGE;
        }
        if (!plugins)
            plugins = dx_plugins_new(dx_builtin_models);
        if (!dx_plugins_load(plugins, *paths, &error)) {
            cli_complain("--plugin: %s", error->message);
            return CLI_MODEL;
        }
    }
    return CLI_DONE;
}

const DxPlugins *cli_plugins(void)
{
    return plugins;
}

const DxModel *const *cli_models(void)
{
    return plugins ? dx_plugins_models(plugins) : dx_builtin_models;
}

bool cli_check_settings(char *const *settings)
{
    for (; settings && *settings; settings++)
        if (!strchr(*settings, '=') || **settings == '=') {
            cli_complain("--set: \"%s\" is not PATH=VALUE, such as links.dx1.rate=\"10 Gbps\"", *settings);
            return false;
        }
    return true;
}

/* One byte more than is allowed, so that the reader sees that it is too long. NULL: see errno. */
static GString *read_text(const char *path)
{
    FILE *file = fopen(path, "re");
    GString *text;
    char block[65536];
    size_t n;
    int failure;

    if (!file)
        return NULL;
    text = g_string_new(NULL);
    while (text->len <= SCENARIO_MAX_BYTES && (n = fread(block, 1, sizeof block, file)) > 0)
        g_string_append_len(text, block, (gssize)n);
    failure = ferror(file) ? errno : 0;
    fclose(file);
    if (failure)
        g_string_free(g_steal_pointer(&text), TRUE);
    errno = failure;
    return text;
}

/* Text from a pipe stands in no folder. */
static bool is_regular(const char *path)
{
    return g_file_test(path, G_FILE_TEST_IS_REGULAR);
}

void cli_print_problems(const DxProblems *problems)
{
    fflush(stdout);
    for (guint i = 0; i < problems->list->len; i++) {
        g_autofree char *line = dx_problem_text(g_ptr_array_index(problems->list, i));

        fprintf(stderr, "%s\n", line);
    }
    if (problems->n_found > problems->list->len)
        cli_complain("%u more problems are not shown", problems->n_found - problems->list->len);
}

GString *cli_read_text(const char *path)
{
    GString *text = read_text(path);

    if (!text) {
        g_autofree char *shown = dx_error_printable(path);

        fprintf(stderr, "%s: error: %s [DX1001]\n", shown, g_strerror(errno));
    }
    return text;
}

char *cli_dir_of(const char *path)
{
    return is_regular(path) ? g_path_get_dirname(path) : NULL;
}

DxScenario *cli_read_scenario_in(const char *dir, const char *path, const GString *text, char *const *settings)
{
    DxProblems *problems = dx_problems_new();
    DxScenario *scenario = dx_scenario_read_in(dir, path, text->str, text->len, cli_models(),
                                               (const char *const *)settings, problems);

    cli_print_problems(problems);
    dx_problems_free(problems);
    return scenario;
}

DxScenario *cli_read_scenario(const char *path, char *const *settings, char **sha256)
{
    GString *text = cli_read_text(path);
    g_autofree char *dir = cli_dir_of(path);
    DxScenario *scenario;

    if (!text)
        return NULL;
    scenario = cli_read_scenario_in(dir, path, text, settings);
    if (scenario && sha256)
        *sha256 = dx_sha256(text->str, text->len);
    g_string_free(text, TRUE);
    return scenario;
}

int cli_status_of(const GError *error)
{
    if (error->domain != DX_ERROR)
        return CLI_MODEL;
    switch ((DxError)error->code) {
    case DX_ERROR_SYNTAX:
    case DX_ERROR_RANGE:
    case DX_ERROR_UNKNOWN:
    case DX_ERROR_REFERENCE:
    case DX_ERROR_TOPOLOGY:
    case DX_ERROR_LIMIT:
        return CLI_REFUSED;
    case DX_ERROR_IO:
        return CLI_OUTPUT;
    case DX_ERROR_BUDGET:
        return CLI_BUDGET;
    case DX_ERROR_PLOT:
        return CLI_PLOT;
    case DX_ERROR_MODEL:
        break;
    }
    return CLI_MODEL;
}

/* -- main -------------------------------------------------------------------------------------------- */

static void print_help(void)
{
    cli_print("dxsim - what a hybrid-cloud link does to your traffic, frame by frame\n"
              "\n"
              "Usage: dxsim COMMAND [OPTIONS] ...\n"
              "\n");
    for (size_t i = 0; i < G_N_ELEMENTS(commands); i++) {
        g_autofree char *line = g_strdup_printf("  %-10s %s\n", commands[i].name, commands[i].summary);

        cli_print(line);
    }
    cli_print("\n"
              "  --version  print the version\n"
              "  --help     print this; \"dxsim run --help\" explains one command\n"
              "\n"
              "Examples:\n"
              "  dxsim run scenarios/robinhood-microburst.json -o out\n"
              "                         run it; table here, CSV files and plots in out/\n"
              "  dxsim validate scenarios/*.json\n"
              "                         is there anything wrong with these files, and where?\n"
              "\n"
              "Exit status: 0 done, all expectations met; 1 an expectation failed; 2 usage;\n"
              "3 scenario refused; 4 output could not be written; 5 out of budget; 6 a model\n"
              "failed, or a plugin; 7 data complete, but a plot could not be drawn.\n");
}

static int dispatch(int argc, char **argv)
{
    if (argc < 2) {
        cli_complain("which command? See \"dxsim --help\"");
        return CLI_USAGE;
    }
    if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h") || !strcmp(argv[1], "help")) {
        print_help();
        return CLI_DONE;
    }
    if (!strcmp(argv[1], "--version")) {
        cli_print("dxsim " DXSIM_VERSION "\n");
        return CLI_DONE;
    }
    for (size_t i = 0; i < G_N_ELEMENTS(commands); i++)
        if (!strcmp(argv[1], commands[i].name))
            return commands[i].run(argc - 1, argv + 1);
    cli_complain("there is no command \"%s\"; see \"dxsim --help\"", argv[1]);
    return CLI_USAGE;
}

/* A closed standard stream must not become the number of the next file that is opened. What it is opened to
 * fails when it is used the wrong way round, so that nothing is lost unseen. */
static void occupy_standard_streams(void)
{
    for (int fd = 0; fd < 3; fd++)
        if (fcntl(fd, F_GETFD) < 0 && errno == EBADF && open("/dev/null", fd ? O_RDONLY : O_WRONLY) != fd)
            _exit(CLI_OUTPUT);
}

int main(int argc, char **argv)
{
    int status;

    occupy_standard_streams();
    /* both come back as errors of write(), with a name of a file to them */
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN);
    status = dispatch(argc, argv);
    dx_plugins_free(plugins);
    if (fflush(stdout) || ferror(stdout) || fclose(stdout)) {
        cli_complain("standard output: %s", g_strerror(errno ? errno : EIO));
        status = CLI_OUTPUT;
    }
    if (cli_signal()) { /* tidied up: die as the sender meant it, so that a shell sees it */
        signal(cli_signal(), SIG_DFL);
        raise(cli_signal());
    }
    return status;
}
