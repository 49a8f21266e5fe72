/* room_pulse.c - see room_pulse.h. */
#include "room_pulse.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cmocka.h>

#define NOISES 8

static GstElement *noises[NOISES];
static int noise_count;

/* ---- PulseAudio */

static void on_line(struct demo_process *process, const char *line)
{
    (void)process, (void)line;
}

/* Runs pactl and gives the first word it says, which for load-module is the module's number. */
bool pulse_ask(const char *words, char said[16])
{
    char command[512], line[64] = "";
    snprintf(command, sizeof command, "pactl %s 2>&1", words);
    FILE *out = popen(command, "r");
    assert_non_null(out);
    if (fgets(line, sizeof line, out) != NULL && said != NULL)
        sscanf(line, "%15s", said);
    while (fgets(line, sizeof line, out) != NULL) {
    }
    return pclose(out) == 0;
}

void pulse_add_sink(const char *name, char module[16])
{
    char words[256];
    snprintf(words, sizeof words,
             "load-module module-null-sink sink_name=%s rate=48000 channels=1 norewinds=1", name);
    assert_true(pulse_ask(words, module));
}

/* What the loudspeaker plays comes back into the microphone. */
void pulse_add_echo(const char *name, const char *volume, const char *latency_ms)
{
    char words[256];
    snprintf(words, sizeof words, "set-sink-volume ears_%s %s", name, volume);
    assert_true(pulse_ask(words, NULL));
    snprintf(words, sizeof words,
             "load-module module-loopback source=ears_%s.monitor sink=mic_%s latency_msec=%s", name, name,
             latency_ms);
    assert_true(pulse_ask(words, NULL));
}

void pulse_begin(struct world *world)
{
    char words[256], cli[256];
    const char *socket = world_path(world, "pulse.socket"), *folder = world_path(world, "pulse");
    snprintf(words, sizeof words, "module-native-protocol-unix auth-anonymous=1 socket=%s", socket);
    assert_int_equal(g_mkdir_with_parents(folder, 0700), 0);
    snprintf(cli, sizeof cli, "module-cli-protocol-unix socket=%s", world_path(world, "cli"));
    setenv("PULSE_RUNTIME_PATH", folder, 1);
    setenv("PULSE_STATE_PATH", folder, 1);
    setenv("XDG_CONFIG_HOME", folder, 1);
    const char *config = world_path(world, "pulse.conf");
    assert_true(g_file_set_contents(config, "flat-volumes = no\nrealtime-scheduling = no\n", -1, NULL));
    setenv("PULSE_CONFIG", config, 1);
    const char *argv[] = {"/usr/bin/pulseaudio",
                          "--daemonize=no",
                          "--exit-idle-time=-1",
                          "--system=false",
                          "--use-pid-file=no",
                          "-n",
                          "-L",
                          words,
                          "-L",
                          cli,
                          NULL};
    struct program *daemon = &world->programs[world->count++]; /* listened to, and ended, as the others */
    assert_true(demo_process_start(&daemon->process, argv, world_path(world, "pulse.log"), on_line, NULL));
    snprintf(words, sizeof words, "unix:%s", socket);
    setenv("PULSE_SERVER", words, 1);
    int64_t until = demo_now_ms() + WORLD_WAIT_MS;
    while (!pulse_ask("info", NULL)) {
        if (demo_now_ms() > until)
            fail_msg("pulseaudio did not start");
        world_go_on(world, 100);
    }
}

/* The number of the first stream ("source-outputs", "sink-inputs") of a device ("sources", "sinks"). */
void pulse_stream_of(const char *streams, const char *devices, const char *device, char number[16])
{
    char command[400];
    snprintf(command, sizeof command,
             "pactl list short %s | awk -v s=$(pactl list short %s | "
             "awk '$2==\"%s\" {print $1}') '$2==s {print $1}'",
             streams, devices, device);
    FILE *out = popen(command, "r");
    assert_non_null(out);
    assert_int_equal(fscanf(out, "%15s", number), 1);
    pclose(out);
}

/* PulseAudio ends a stream whose device is gone and that has nowhere to go; this is how it is told to. */
void pulse_kill_stream(const struct world *world, const char *kind, const char *number)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    snprintf(address.sun_path, sizeof address.sun_path, "%s", world_path(world, "cli"));
    int line = socket(AF_UNIX, SOCK_STREAM, 0);
    assert_int_equal(connect(line, (struct sockaddr *)&address, sizeof address), 0);
    assert_true(dprintf(line, "kill-%s %s\n", kind, number) > 0);
    shutdown(line, SHUT_WR);
    char answer[256];
    while (read(line, answer, sizeof answer) > 0) {
    }
    close(line);
}

/* ---- sound */

GstElement *pulse_parse(const char *text)
{
    GError *error = NULL;
    GstElement *pipeline = gst_parse_launch(text, &error);
    if (error != NULL)
        fail_msg("%s", error->message);
    /* The system's time: that of one device would be the others' as well. */
    GstClock *clock = gst_system_clock_obtain();
    gst_pipeline_use_clock(GST_PIPELINE(pipeline), clock);
    gst_object_unref(clock);
    return pipeline;
}

/* A microphone's noise, from now on. */
void pulse_add_noise(const char *sink, const char *volume)
{
    char text[192];
    snprintf(text, sizeof text,
             "audiotestsrc is-live=true wave=white-noise volume=%s ! audio/x-raw,rate=48000,channels=1 ! "
             "pulsesink device=%s",
             volume, sink);
    assert_true(noise_count < NOISES);
    noises[noise_count] = pulse_parse(text);
    gst_element_set_state(noises[noise_count++], GST_STATE_PLAYING);
}

void pulse_still(void)
{
    for (int i = 0; i < noise_count; i++)
        gst_element_set_state(noises[i], GST_STATE_NULL);
}

void pulse_end(void)
{
    pulse_still();
    while (noise_count > 0)
        gst_object_unref(noises[--noise_count]);
}

/* How far Anna's microphone has heard. */
int64_t pulse_position_ms(GstElement *player)
{
    gint64 ns = 0;
    GstElement *out = gst_bin_get_by_name(GST_BIN(player), "out0");
    if (!gst_element_query_position(out, GST_FORMAT_TIME, &ns))
        ns = 0;
    gst_object_unref(out);
    return ns / 1000000;
}

void pulse_play_until(struct world *world, GstElement *player, int64_t ms)
{
    int64_t until = demo_now_ms() + WORLD_WAIT_MS + ms;
    while (pulse_position_ms(player) < ms) {
        if (demo_now_ms() > until)
            fail_msg("the sound does not play: it has come to %d ms", (int)pulse_position_ms(player));
        world_go_on(world, 20);
    }
}

void pulse_play_out(struct world *world, GstElement *player)
{
    GstBus *bus = gst_element_get_bus(player);
    GstMessage *message = NULL;
    int64_t until = demo_now_ms() + 2 * WORLD_WAIT_MS;
    while ((message = gst_bus_pop_filtered(bus, GST_MESSAGE_EOS | GST_MESSAGE_ERROR)) == NULL &&
           demo_now_ms() < until)
        world_go_on(world, 20);
    assert_non_null(message);
    assert_int_equal(GST_MESSAGE_TYPE(message), GST_MESSAGE_EOS);
    gst_message_unref(message);
    gst_object_unref(bus);
    gst_element_set_state(player, GST_STATE_NULL);
    gst_object_unref(player);
}
