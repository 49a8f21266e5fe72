/* candidate.c - see candidate.h. */
#include "call/candidate.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const char *const kinds[] = {"host", "srflx", "prflx", "relay"};

/* Takes the next word of a line into `word`; false at the end, or when it is longer than `size` - 1. */
static bool next_word(const char **line, char *word, size_t size)
{
    while (**line == ' ')
        (*line)++;
    size_t length = strcspn(*line, " \r\n");
    if (length == 0 || length >= size)
        return false;
    memcpy(word, *line, length);
    word[length] = '\0';
    *line += length;
    return true;
}

static bool next_number(const char **line, int64_t low, int64_t high, int64_t *number)
{
    char word[16];
    if (!next_word(line, word, sizeof word) || strspn(word, "0123456789") != strlen(word))
        return false;
    *number = strtoll(word, NULL, 10);
    return *number >= low && *number <= high;
}

static bool is_foundation(const char *text)
{
    size_t length = strlen(text);
    if (length < 1 || length > 32)
        return false;
    for (; *text; text++)
        if (!isalnum((unsigned char)*text) && *text != '+' && *text != '/')
            return false; /* ice-char */
    return true;
}

static bool is_kind(const char *text)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (strcmp(text, kinds[i]) == 0)
            return true;
    return false;
}

/* After the kind: "raddr A" and "rport P" belong to us, other pairs are extensions. */
static bool read_tail(struct balint_candidate *candidate, const char *line)
{
    char key[33];
    while (next_word(&line, key, sizeof key)) {
        int64_t number = 0;
        char value[65];
        if (strcmp(key, "rport") == 0) {
            if (!next_number(&line, 0, 65535, &number))
                return false;
            candidate->related_port = (int)number;
        } else if (!next_word(&line, value, sizeof value)) {
            return false;
        } else if (strcmp(key, "raddr") == 0) {
            memcpy(candidate->related_address, value, sizeof value);
        }
    }
    return true;
}

bool balint_candidate_read(struct balint_candidate *candidate, const char *line, int mline)
{
    memset(candidate, 0, sizeof *candidate);
    candidate->mline = mline;
    if (strncmp(line, "a=", 2) == 0)
        line += 2;
    if (strncmp(line, "candidate:", 10) != 0)
        return false;
    line += 10;

    int64_t component = 0, port = 0;
    char transport[16], typ[4];
    if (!next_word(&line, candidate->foundation, sizeof candidate->foundation) ||
        !is_foundation(candidate->foundation) || !next_number(&line, 1, 2, &component) ||
        !next_word(&line, transport, sizeof transport) ||
        !next_number(&line, 1, 4294967295, &candidate->priority) ||
        !next_word(&line, candidate->address, sizeof candidate->address) ||
        !next_number(&line, 0, 65535, &port) || !next_word(&line, typ, sizeof typ) ||
        strcmp(typ, "typ") != 0 || !next_word(&line, candidate->kind, sizeof candidate->kind) ||
        !is_kind(candidate->kind))
        return false;
    if (strcasecmp(transport, "udp") != 0 && strcasecmp(transport, "tcp") != 0)
        return false;
    for (int i = 0; i < 3; i++)
        candidate->protocol[i] = (char)tolower((unsigned char)transport[i]);
    candidate->component = (int)component;
    candidate->port = (int)port;
    return read_tail(candidate, line);
}

/* Numeric, and neither "any" nor multicast: an ICE agent must not be made to spray those. */
static bool is_reachable(const char *address)
{
    struct in_addr four;
    struct in6_addr six;
    if (inet_pton(AF_INET, address, &four) == 1) {
        uint32_t a = ntohl(four.s_addr);
        return a >> 24 != 0 && a >> 28 < 14; /* not 0.0.0.0/8, 224.0.0.0/4, 240.0.0.0/4 */
    }
    if (inet_pton(AF_INET6, address, &six) == 1)
        return !IN6_IS_ADDR_UNSPECIFIED(&six) && !IN6_IS_ADDR_MULTICAST(&six);
    return false;
}

bool balint_candidate_usable(const struct balint_candidate *candidate)
{
    return strcmp(candidate->protocol, "udp") == 0 && candidate->component == 1 && candidate->priority >= 1 &&
           candidate->priority <= 4294967295 && candidate->port >= 1 && candidate->port <= 65535 &&
           is_foundation(candidate->foundation) && is_kind(candidate->kind) &&
           is_reachable(candidate->address);
}

bool balint_candidate_write(const struct balint_candidate *candidate, char *line, size_t size)
{
    if (!balint_candidate_usable(candidate))
        return false;
    int n = snprintf(line, size, "candidate:%s %d UDP %lld %s %d typ %s", candidate->foundation,
                     candidate->component, (long long)candidate->priority, candidate->address,
                     candidate->port, candidate->kind);
    if (n < 0 || (size_t)n >= size)
        return false;
    /* Optional, for diagnosis alone: left out unless it is an address. */
    if (is_reachable(candidate->related_address)) {
        int m = snprintf(line + n, size - (size_t)n, " raddr %s rport %d", candidate->related_address,
                         candidate->related_port);
        if (m < 0 || (size_t)m >= size - (size_t)n)
            return false;
    }
    return true;
}
