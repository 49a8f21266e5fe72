/* scan.h - is a secret anywhere in a running process or in its files? For tests. Linux. */
#ifndef BALINT_FAKE_SCAN_H
#define BALINT_FAKE_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* Everything readable that is mapped into a process, its core in other words; the caller frees `bytes`. What
 * disappears meanwhile is left out. Larger mappings than a gigabyte (a sanitizer's shadow) are left out. */
struct balint_scan {
    unsigned char *bytes;
    size_t length, size;
};
/* Both add to what is there. False: not allowed, not there, or no memory. */
bool balint_scan_memory(struct balint_scan *scan, pid_t pid);
bool balint_scan_folder(struct balint_scan *scan, const char *folder); /* every file in it, as it is */
void balint_scan_free(struct balint_scan *scan);

/* As raw bytes, or as base64url of all that is whole: how a message would carry it behind a multiple of three
 * other bytes. */
bool balint_scan_finds(const struct balint_scan *scan, const void *secret, size_t length);

#endif
