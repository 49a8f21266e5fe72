/* devices.h - the devices a leader's program has met: who was admitted in an evening may come back by
 * `admit-all`, everybody else is looked at first.
 *
 * A person is a member's id and a device's public key, as certificate and device record prove them. The list
 * is text between evenings: a line for each device, "MEMBER KEY" (the key in base64url), the oldest first.
 * Nothing in it is secret. Pure; one owner.
 */
#ifndef BALINT_CALL_DEVICES_H
#define BALINT_CALL_DEVICES_H

#include "identity/identity.h"

#define BALINT_DEVICES     512 /* kept; of more the oldest are forgotten, and asked about again */
#define BALINT_DEVICE_LINE (BALINT_ID_SIZE + BALINT_BASE64_SIZE(BALINT_KEY_SIZE) + 1)

struct balint_met {
    char member[BALINT_ID_SIZE];
    uint8_t device[BALINT_KEY_SIZE];
};
struct balint_devices {
    int count;
    struct balint_met met[BALINT_DEVICES]; /* the oldest first */
};

enum balint_acquaintance {
    BALINT_ACQUAINTED,   /* this person, with this device */
    BALINT_OTHER_DEVICE, /* this person, with another device only */
    BALINT_NEVER_MET,
};

/* Reads such a text into `devices`, which it empties first (NULL is the empty text). Returns 0, or the number
 * of the first line that is damaged; the others are taken all the same. Empty lines and what follows a # are
 * skipped. */
int balint_devices_read(struct balint_devices *devices, const char *text);
/* Adds a device. True when it was not there before. */
bool balint_devices_add(struct balint_devices *devices, const char *member,
                        const uint8_t device[BALINT_KEY_SIZE]);
enum balint_acquaintance balint_devices_find(const struct balint_devices *devices, const char *member,
                                             const uint8_t device[BALINT_KEY_SIZE]);
/* The line of one device, with its line end. */
void balint_devices_line(const struct balint_met *met, char line[BALINT_DEVICE_LINE + 1]);

#endif
