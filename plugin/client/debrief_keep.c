/* debrief_keep.c - see debrief_keep.h. */
#include "client/debrief_keep.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "client/debrief_page.h"
#include "client/secret_file.h"

static char *base_of(const char *file)
{
    GString *base = g_string_new(NULL);
    if (strncmp(file, "~/", 2) == 0) {
        g_string_append(base, g_get_home_dir());
        file++;
    }
    g_string_append(base, file);
    if (g_str_has_suffix(base->str, ".json") || g_str_has_suffix(base->str, ".pdf"))
        g_string_truncate(base, (gsize)(strrchr(base->str, '.') - base->str));
    return g_string_free(base, FALSE);
}

static bool write_new(const char *path, const void *bytes, size_t length, char why[BALINT_WHY])
{
    char *fresh = g_strdup_printf("%s.%d.new", path, (int)getpid());
    bool ok = balint_secret_write(path, fresh, bytes, length, false);
    int error = errno;
    g_free(fresh);
    if (ok)
        return true;
    if (error == EEXIST)
        return balint_why(why, "debrief: %s is there already and stays as it is; give another name", path);
    return balint_why(why, "debrief: %s cannot be written (%s); give another place", path, strerror(error));
}

bool balint_debrief_keep(const struct balint_debrief *debrief, const char *file, char why[BALINT_WHY])
{
    struct balint_sheet *sheet = g_new0(struct balint_sheet, 1);
    char *base = base_of(file);
    char *json_path = g_strconcat(base, ".json", NULL), *pdf_path = g_strconcat(base, ".pdf", NULL);
    balint_debrief_sheet(debrief, "Without names and without content; kept because a leader chose to.",
                         sheet);
    char *text = balint_debrief_json(debrief);
    GByteArray *page = balint_debrief_page(sheet);
    bool ok = false;
    if (base[0] == '\0' || g_str_has_suffix(base, "/"))
        balint_why(why, "debrief: a file's name is missing; write debrief keep FILE");
    else if (text == NULL || page == NULL)
        balint_why(why, "debrief: the page could not be drawn");
    else if (write_new(json_path, text, strlen(text), why)) {
        ok = write_new(pdf_path, page->data, page->len, why);
        if (!ok)
            unlink(json_path);
    }
    if (ok)
        balint_why(why, "debrief: kept in %s and %s, readable by you alone", json_path, pdf_path);
    if (page != NULL)
        g_byte_array_unref(page);
    free(text);
    g_free(json_path);
    g_free(pdf_path);
    g_free(base);
    g_free(sheet);
    return ok;
}
