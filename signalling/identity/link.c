/* link.c - the invitation link: https://host[:port]/join/GROUP#1.TOKEN.SEED.ROOT, to and from text.
 *
 * Why the secrets stand behind the #: a fragment is never sent to a server, so it reaches no log. The group's
 * name is percent-encoded (RFC 3986 §2.1) in the path. Whatever is wrong with a link is told to a person in
 * one sentence with what to do, never with a piece of the link in it. Pure; any thread.
 */
#include "identity/identity.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#define AGAIN " Copy the whole link from the invitation again."
#define ASK   " Ask the leader for a new one."

static bool refuse(const char **why, const char *sentence)
{
    if (why != NULL)
        *why = sentence;
    return false;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_alnum(char c)
{
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static int hex_value(char c)
{
    return is_digit(c)              ? c - '0'
           : (c >= 'a' && c <= 'f') ? c - 'a' + 10
           : (c >= 'A' && c <= 'F') ? c - 'A' + 10
                                    : -1;
}

/* Splits host[:port] and judges both. `host_length` leaves out brackets and port. */
static bool server_ok(const char *server, size_t length, size_t *host_length)
{
    size_t host = 0;
    if (length > 0 && server[0] == '[') { /* an IPv6 address */
        while (++host < length && server[host] != ']')
            if (hex_value(server[host]) < 0 && server[host] != ':' && server[host] != '.')
                return false;
        if (host == length || host < 3)
            return false;
        *host_length = ++host;
    } else {
        for (; host < length && server[host] != ':'; host++)
            if (!is_alnum(server[host]) && server[host] != '.' && server[host] != '-')
                return false;
        if (host == 0 || server[0] == '.' || server[0] == '-')
            return false;
        *host_length = host;
    }
    if (host == length)
        return true;
    unsigned port = 0;
    if (server[host] != ':' || length - host < 2 || length - host > 6)
        return false;
    for (size_t i = host + 1; i < length; i++) {
        if (!is_digit(server[i]))
            return false;
        port = port * 10 + (unsigned)(server[i] - '0');
    }
    return port > 0 && port <= 65535;
}

/* localhost, ::1 and 127.0.0.0/8, each spelled out: "127.example.org" is a name that somebody may own. */
static bool is_loopback(const char *host, size_t length)
{
    if ((length == 9 && strncasecmp(host, "localhost", 9) == 0) ||
        (length == 5 && memcmp(host, "[::1]", 5) == 0))
        return true;
    int dots = 0, digits = 0, number = 0, first = -1;
    for (size_t i = 0; i <= length; i++) {
        if (i < length && is_digit(host[i])) {
            number = number * 10 + host[i] - '0';
            if (++digits > 3)
                return false;
        } else {
            if (digits == 0 || number > 255 || (i < length && host[i] != '.'))
                return false;
            if (first < 0)
                first = number;
            dots += i < length;
            digits = number = 0;
        }
    }
    return dots == 3 && first == 127;
}

bool balint_group_ok(const char *group)
{
    /* "." and ".." mean something else in a path, however they are written. */
    return balint_name_ok(group) && strcmp(group, ".") != 0 && strcmp(group, "..") != 0;
}

void balint_group_encode(const char *group, char text[BALINT_GROUP_TEXT_SIZE])
{
    static const char hex[] = "0123456789ABCDEF";
    for (; *group != '\0'; group++) {
        unsigned char c = (unsigned char)*group;
        if (is_alnum(*group) || (c < 0x80 && strchr("-._~", c) != NULL)) {
            *text++ = *group;
        } else {
            *text++ = '%';
            *text++ = hex[c >> 4];
            *text++ = hex[c & 15];
        }
    }
    *text = '\0';
}

bool balint_group_decode(const char *text, size_t length, char group[BALINT_NAME_SIZE])
{
    char name[BALINT_NAME_SIZE];
    size_t made = 0;
    for (size_t i = 0; i < length; i++) {
        char c = text[i];
        if (c == '%') {
            int high = length - i < 3 ? -1 : hex_value(text[i + 1]);
            int low = high < 0 ? -1 : hex_value(text[i + 2]);
            if (low < 0)
                return false;
            c = (char)(high << 4 | low);
            i += 2;
        }
        if (c == '\0' || made + 1 == sizeof name)
            return false;
        name[made++] = c;
    }
    name[made] = '\0';
    if (!balint_group_ok(name))
        return false;
    memcpy(group, name, made + 1);
    return true;
}

/* One dot-separated part of the fragment as bytes; `*at` moves behind it. Returns the length or -1. */
static int next_part(const char **at, bool last, uint8_t *bytes, size_t cap)
{
    size_t length = strcspn(*at, ".");
    if ((*at)[length] != (last ? '\0' : '.'))
        return -1;
    int made = balint_unbase64(*at, length, bytes, cap);
    *at += length + !last;
    return made;
}

static bool parse_fragment(struct balint_link *link, const char *text, const char **why)
{
    if (strncmp(text, "1.", 2) != 0) {
        if (is_digit(text[0]))
            return refuse(why, "This invitation was made by a newer Balint Circle than this one. Update this "
                               "program and open the link again.");
        return refuse(why, "The part of the link after # is not an invitation." AGAIN);
    }
    text += 2;
    int token = next_part(&text, false, link->token, sizeof link->token);
    if (token <= 0)
        return refuse(why, "The link is damaged in its first part after #." AGAIN);
    link->token_length = (uint16_t)token;
    if (next_part(&text, false, link->seed, sizeof link->seed) != sizeof link->seed)
        return refuse(why, "The link is damaged in its second part after #." AGAIN);
    if (next_part(&text, true, link->root, sizeof link->root) != sizeof link->root)
        return refuse(why, "The end of the link is damaged or missing." AGAIN);
    return true;
}

/* Reads scheme and server; `*at` moves to the path. */
static bool parse_server(struct balint_link *link, const char **at, const char **why)
{
    const char *text = *at;
    link->tls = strncasecmp(text, "https://", 8) == 0;
    if (!link->tls && strncasecmp(text, "http://", 7) != 0)
        return refuse(why, "This is not an invitation link: it does not begin with https://." AGAIN);
    text += link->tls ? 8 : 7;
    size_t length = strcspn(text, "/?#"), host = 0;
    if (length >= sizeof link->server)
        return refuse(why, "The server's name in the link is too long." ASK);
    if (!server_ok(text, length, &host))
        return refuse(why, "The link does not name a server (https://host or https://host:port)." ASK);
    if (!link->tls && !is_loopback(text, host))
        return refuse(why, "This link is not encrypted (http), which is only for trying things on one's own "
                           "machine. Ask the leader for an https link.");
    memcpy(link->server, text, length);
    link->server[length] = '\0';
    *at = text + length;
    return true;
}

static bool parse(struct balint_link *link, const char *text, const char **why)
{
    if (text == NULL || text[0] == '\0')
        return refuse(why, "There is no invitation link. Copy the whole link that the leader sent.");
    if (strnlen(text, BALINT_LINK_SIZE) == BALINT_LINK_SIZE)
        return refuse(why,
                      "This is too long for an invitation link. Copy the link alone, without other text.");
    for (const char *c = text; *c != '\0'; c++)
        if ((unsigned char)*c <= ' ' || *c == 0x7f)
            return refuse(why, "The link has a blank or a line break in it. Copy it as one piece.");
    if (!parse_server(link, &text, why))
        return false;
    if (strncmp(text, "/join/", 6) != 0)
        return refuse(why, "This is not an invitation link: /join/ is missing after the server." AGAIN);
    text += 6;
    size_t group = strcspn(text, "/?#");
    if (text[group] == '\0')
        return refuse(why, "The part of the link after # is missing." AGAIN);
    if (text[group] != '#')
        return refuse(why, "There is something between the group's name and # in the link." AGAIN);
    if (!balint_group_decode(text, group, link->group))
        return refuse(why, "The group's name in the link is damaged." AGAIN);
    return parse_fragment(link, text + group + 1, why);
}

bool balint_link_parse(struct balint_link *link, const char *text, const char **why)
{
    struct balint_link read = {0};
    bool ok = parse(&read, text, why);
    if (ok)
        *link = read;
    balint_wipe(&read, sizeof read);
    return ok;
}

bool balint_server_ok(const char *server, bool tls, const char **why)
{
    size_t length = strnlen(server, sizeof((struct balint_link *)0)->server), host = 0;
    if (length == sizeof((struct balint_link *)0)->server || !server_ok(server, length, &host))
        return refuse(why, "This does not name a server. Write HOST, HOST:PORT or https://HOST:PORT.");
    if (!tls && !is_loopback(server, host))
        return refuse(why, "Without encryption (http) only a server on this machine can be reached. Write "
                           "https://HOST:PORT.");
    return true;
}

bool balint_link_write(const struct balint_link *link, char *text, size_t size)
{
    char group[BALINT_GROUP_TEXT_SIZE], token[BALINT_BASE64_SIZE(BALINT_TOKEN_SIZE)];
    char seed[BALINT_BASE64_SIZE(BALINT_SEED_SIZE)], root[BALINT_BASE64_SIZE(BALINT_KEY_SIZE)];
    if (!balint_server_ok(link->server, link->tls, NULL) || !balint_group_ok(link->group) ||
        link->token_length == 0 || link->token_length > sizeof link->token)
        return false;
    balint_group_encode(link->group, group);
    balint_base64(link->token, link->token_length, token);
    balint_base64(link->seed, sizeof link->seed, seed);
    balint_base64(link->root, sizeof link->root, root);
    int made = snprintf(text, size, "%s://%s/join/%s#1.%s.%s.%s", link->tls ? "https" : "http", link->server,
                        group, token, seed, root);
    balint_wipe(seed, sizeof seed);
    balint_wipe(token, sizeof token);
    return made > 0 && (size_t)made < size;
}
