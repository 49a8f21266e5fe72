/* devices.c - see devices.h. */
#include "call/devices.h"

#include <stdio.h>
#include <string.h>

static bool read_line(const char *line, size_t length, struct balint_met *met)
{
    const char *space = memchr(line, ' ', length);
    size_t id = space ? (size_t)(space - line) : 0;
    if (id == 0 || id >= sizeof met->member)
        return false;
    memset(met, 0, sizeof *met);
    memcpy(met->member, line, id);
    return balint_id_ok(met->member) &&
           balint_unbase64(space + 1, length - id - 1, met->device, sizeof met->device) == BALINT_KEY_SIZE;
}

int balint_devices_read(struct balint_devices *devices, const char *text)
{
    int number = 0, damaged = 0;
    memset(devices, 0, sizeof *devices);
    while (text && *text) {
        struct balint_met met;
        size_t length = strcspn(text, "\n");
        number++;
        if (length > 0 && text[0] != '#') {
            if (read_line(text, length, &met))
                balint_devices_add(devices, met.member, met.device);
            else if (!damaged)
                damaged = number;
        }
        text += length + (text[length] == '\n');
    }
    return damaged;
}

bool balint_devices_add(struct balint_devices *devices, const char *member,
                        const uint8_t device[BALINT_KEY_SIZE])
{
    if (strlen(member) >= BALINT_ID_SIZE || balint_devices_find(devices, member, device) == BALINT_ACQUAINTED)
        return false;
    if (devices->count == BALINT_DEVICES) {
        devices->count--;
        memmove(devices->met, devices->met + 1, (size_t)devices->count * sizeof *devices->met);
    }
    struct balint_met *met = &devices->met[devices->count++];
    memset(met, 0, sizeof *met);
    strcpy(met->member, member);
    memcpy(met->device, device, sizeof met->device);
    return true;
}

enum balint_acquaintance balint_devices_find(const struct balint_devices *devices, const char *member,
                                             const uint8_t device[BALINT_KEY_SIZE])
{
    enum balint_acquaintance found = BALINT_NEVER_MET;
    for (int i = 0; i < devices->count; i++) {
        if (strcmp(devices->met[i].member, member) != 0)
            continue;
        if (balint_same(devices->met[i].device, device, BALINT_KEY_SIZE))
            return BALINT_ACQUAINTED;
        found = BALINT_OTHER_DEVICE;
    }
    return found;
}

void balint_devices_line(const struct balint_met *met, char line[BALINT_DEVICE_LINE + 1])
{
    char key[BALINT_BASE64_SIZE(BALINT_KEY_SIZE)];
    balint_base64(met->device, sizeof met->device, key);
    snprintf(line, BALINT_DEVICE_LINE + 1, "%s %s\n", met->member, key);
}
