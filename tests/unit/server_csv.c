/* A cell of a CSV file: RFC 4180, and what a spreadsheet would take for a formula. */
#include "server/frame/csv.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void a_cell_is_quoted_and_harmless(void **state)
{
    (void)state;
    static const char *const cells[][2] = {
        {"", ""},
        {"Clara Moos", "Clara Moos"},
        {"Fred Au\xc3\x9f", "Fred Au\xc3\x9f"},
        {"Moos, Clara", "\"Moos, Clara\""},
        {"the \"quick\" one", "\"the \"\"quick\"\" one\""},
        {"\"", "\"\"\"\""},
        {"a\r\nb", "\"a\r\nb\""},
        {"=1+1", "'=1+1"},
        {"+49", "'+49"},
        {"-1", "'-1"},
        {"@SUM(A1)", "'@SUM(A1)"},
        {"\tx", "\"'\tx\""},
        {"\rx", "\"'\rx\""},
        {" =1", "\"' =1\""},
        {"=HYPERLINK(\"x\",\"y\")", "\"'=HYPERLINK(\"\"x\"\",\"\"y\"\")\""},
        {"a=1", "a=1"},
        /* Full-width = + - @, as keyboards for Chinese and Japanese write them. */
        {"\xef\xbc\x9d"
         "1",
         "'\xef\xbc\x9d"
         "1"},
        {"\xef\xbc\x8b"
         "1",
         "'\xef\xbc\x8b"
         "1"},
        {"\xef\xbc\x8d"
         "1",
         "'\xef\xbc\x8d"
         "1"},
        {" \xef\xbc\xa0"
         "A",
         "\"' \xef\xbc\xa0"
         "A\""},
        {"\xef\xbc\xa1", "\xef\xbc\xa1"},
        /* A spreadsheet may split at these instead of the comma, and takes no notice of quotes in mid-cell.
         */
        {"x;y", "\"x;y\""},
        {"x;=1+1;y", "\"x;'=1+1;y\""},
        {"x;;-1", "\"x;;'-1\""},
        {"x; @A1", "\"x;' @A1\""},
        {"x\t+1", "\"x\t'+1\""},
        {"x\n=1", "\"x\n'=1\""},
        {"x;\xef\xbc\x9d"
         "1",
         "\"x;'\xef\xbc\x9d"
         "1\""},
    };
    for (size_t i = 0; i < sizeof cells / sizeof cells[0]; i++) {
        char cell[BALINT_CELL_SIZE(64)];
        balint_csv_cell(cells[i][0], cell);
        assert_string_equal(cell, cells[i][1]);
        assert_true(strlen(cell) < BALINT_CELL_SIZE(strlen(cells[i][0])));
    }
    /* The longest that a cell can get. */
    char text[65], cell[BALINT_CELL_SIZE(64)];
    memset(text, '"', 64);
    text[0] = '=';
    text[64] = '\0';
    balint_csv_cell(text, cell);
    assert_int_equal(strlen(cell), 2 + 1 + 1 + 2 * 63);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_cell_is_quoted_and_harmless)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
