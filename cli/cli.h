/*
 * cli.h - what the commands share
 */
#ifndef DX_CLI_H
#define DX_CLI_H

#include <dxsim/plugin.h>
#include <dxsim/scenario.h>

/* Exit statuses, for scripts. */
enum {
    CLI_DONE = 0,
    CLI_EXPECTATION_FAILED = 1,
    CLI_USAGE = 2,
    CLI_REFUSED = 3, /* the scenario */
    CLI_OUTPUT = 4,  /* could not be written */
    CLI_BUDGET = 5,
    CLI_MODEL = 6,
    CLI_PLOT = 7, /* data complete, a plot could not be drawn */
};

/* The commands; argv[0] is the verb. */
int cmd_explain(int argc, char **argv);
/* Under explain: argv[0] is what is explained. */
int cmd_explain_bgp(int argc, char **argv);
int cmd_explain_policy(int argc, char **argv);
int cmd_merge(int argc, char **argv);
int cmd_models(int argc, char **argv);
int cmd_plot(int argc, char **argv);
int cmd_report(int argc, char **argv);
int cmd_run(int argc, char **argv);
int cmd_schema(int argc, char **argv);
int cmd_sweep(int argc, char **argv);
int cmd_validate(int argc, char **argv);
int cmd_verify(int argc, char **argv);

/* Text for standard output; main() checks that it arrived. */
void cli_print(const char *text);
/* A line that begins with a path: "PATH: ..." */
void cli_print_of(const char *path, const char *format, ...) G_GNUC_PRINTF(2, 3);
/* One line on standard error: "dxsim: ...". */
void cli_complain(const char *format, ...) G_GNUC_PRINTF(1, 2);

/* Options of a verb. False: there is nothing more to do, and @status says how it ended. */
bool cli_parse(int argc, char **argv, const GOptionEntry *entries, const char *arguments,
               const char *description, int *status);

/* The same for a message that begins with its place, FILE:LINE:COLUMN. */
void cli_complain_at(const GError *error);

/* What several verbs take. */
#define CLI_OPTION_PLUGIN(plugins)                                                                           \
    {                                                                                                        \
        "plugin", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, plugins, "More models, of your own; repeatable",        \
            "FILE.so"                                                                                        \
    }
#define CLI_OPTION_SET(settings)                                                                             \
    {                                                                                                        \
        "set", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, settings,                                                  \
            "Change the scenario before it is read; repeatable", "PATH=VALUE"                                \
    }

/* Before anything is read. Returns CLI_DONE, or the status to end with, and has said why. @paths: may be
 * NULL. */
int cli_load_plugins(char *const *paths);
/* With the models that come along, to the end of the process. */
const DxPlugins *cli_plugins(void);
const DxModel *const *cli_models(void);

/* Is each "PATH=VALUE"? If not, it has been said. @settings: may be NULL. */
bool cli_check_settings(char *const *settings);

/* A scenario, changed by @settings (NULL: not) before it is read; or NULL with its problems printed. @sha256
 * (transfer full) may be NULL. */
DxScenario *cli_read_scenario(const char *path, char *const *settings, char **sha256);

/* The same in steps: the text of a file (NULL: it has been said why), the folder of files it names (NULL: none), and
 * the scenario. */
GString *cli_read_text(const char *path);
char *cli_dir_of(const char *path);
DxScenario *cli_read_scenario_in(const char *dir, const char *path, const GString *text, char *const *settings);

/* One line each, on standard error. */
void cli_print_problems(const DxProblems *problems);

/* Exit status for an error of the library. */
int cli_status_of(const GError *error);

#endif
