/*
 * suite.h - what every test program shares: one Check suite, one main
 */
#ifndef DX_TEST_SUITE_H
#define DX_TEST_SUITE_H

#include <check.h>
#include <stdlib.h>

/* Tests of one file in one case; @seconds is the limit for each. */
static inline int suite_run(const char *name, const TTest *const *tests, size_t n, double seconds)
{
    Suite *suite = suite_create(name);
    TCase *tcase = tcase_create(name);
    SRunner *runner;
    int failed;

    tcase_set_timeout(tcase, seconds);
    for (size_t i = 0; i < n; i++)
        tcase_add_test(tcase, tests[i]);
    suite_add_tcase(suite, tcase);
    runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

/* int main that runs the tests named. */
#define SUITE_MAIN(name, seconds, ...)                                                                       \
    int main(void)                                                                                           \
    {                                                                                                        \
        const TTest *const tests[] = { __VA_ARGS__ };                                                        \
        return suite_run(name, tests, sizeof tests / sizeof *tests, seconds);                                \
    }

#endif
