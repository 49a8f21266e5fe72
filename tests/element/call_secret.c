/* call_secret.c - nothing that can be read of a balintcall in a call shows its link or its device's key: no
 * property of the element, of its pads, or of anything inside, and no picture of the pipeline.
 */
#include "fakes/circle.h"
#include "fakes/leak.h"

#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

struct walk {
    const struct balint_circle *circle;
    int properties; /* looked at */
};

static void clean(const struct walk *walk, const char *what, const char *text)
{
    for (int i = 0; i < walk->circle->count; i++) {
        const char *leak = balint_leak(text, strlen(text), walk->circle->links[i]);
        if (leak == NULL)
            leak = balint_leak_secret(text, strlen(text), walk->circle->devices[i]);
        if (leak != NULL)
            fail_msg("%s shows %s", what, leak);
    }
}

static void clean_value(const struct walk *walk, const char *what, const GValue *value)
{
    if (g_value_fits_pointer(value) && g_value_peek_pointer(value) == NULL)
        return;
    g_autofree char *text = g_strdup_value_contents(value);
    g_autofree char *serialized = gst_value_serialize(value);
    clean(walk, what, text);
    if (serialized != NULL)
        clean(walk, what, serialized);
    if (G_VALUE_HOLDS_STRING(value))
        clean(walk, what, g_value_get_string(value));
}

static void read_all(struct walk *walk, GObject *object)
{
    guint count = 0;
    g_autofree GParamSpec **specs = g_object_class_list_properties(G_OBJECT_GET_CLASS(object), &count);
    for (guint i = 0; i < count; i++) {
        GValue value = G_VALUE_INIT;
        if (!(specs[i]->flags & G_PARAM_READABLE))
            continue;
        g_value_init(&value, specs[i]->value_type);
        g_object_get_property(object, specs[i]->name, &value);
        clean_value(walk, specs[i]->name, &value);
        g_value_unset(&value);
        walk->properties++;
    }
}

static void read_element(const GValue *item, gpointer data)
{
    GstElement *element = g_value_get_object(item);
    read_all(data, G_OBJECT(element));
    GST_OBJECT_LOCK(element);
    GList *pads = g_list_copy_deep(element->pads, (GCopyFunc)(void (*)(void))gst_object_ref, NULL);
    GST_OBJECT_UNLOCK(element);
    for (GList *pad = pads; pad != NULL; pad = pad->next)
        read_all(data, pad->data);
    g_list_free_full(pads, gst_object_unref);
}

static void test_no_readable_property_shows_the_link(void **state)
{
    struct balint_circle circle;
    struct balint_caller *callers[2];
    (void)state;
    balint_circle_begin(&circle, 2);
    balint_circle_gather(&circle, callers, 2);
    for (int i = 0; i < 2; i++) {
        struct walk walk = {.circle = &circle};
        read_all(&walk, G_OBJECT(callers[i]->call));
        assert_in_range(walk.properties, 12, 100);
        GstIterator *inside = gst_bin_iterate_recurse(GST_BIN(callers[i]->pipeline));
        assert_int_equal(gst_iterator_foreach(inside, read_element, &walk), GST_ITERATOR_DONE);
        gst_iterator_free(inside);
        assert_in_range(walk.properties, 500, 1000000); /* webrtcbin and all that is in it */
        g_autofree char *dot =
            gst_debug_bin_to_dot_data(GST_BIN(callers[i]->pipeline), GST_DEBUG_GRAPH_SHOW_FULL_PARAMS);
        assert_non_null(strstr(dot, "BalintCall"));
        clean(&walk, "the picture of the pipeline", dot);
    }
    for (int i = 0; i < 2; i++)
        balint_caller_free(callers[i]);
    balint_circle_end(&circle);
}

/* What is secret goes in and has no way out, in the element's own words. */
static void test_what_is_secret_can_only_be_written(void **state)
{
    static const char *const names[] = {"invitation", "device"};
    GstElement *call = gst_element_factory_make("balintcall", NULL);
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        GParamSpec *spec = g_object_class_find_property(G_OBJECT_GET_CLASS(call), names[i]);
        assert_non_null(spec);
        assert_int_equal(spec->flags & G_PARAM_READWRITE, G_PARAM_WRITABLE);
    }
    gst_object_unref(call);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_no_readable_property_shows_the_link),
        cmocka_unit_test(test_what_is_secret_can_only_be_written),
    };
    balint_caller_setup(&argc, &argv);
    return cmocka_run_group_tests_name("call_secret", tests, NULL, NULL);
}
