/* sdp.c - see sdp.h. */
#include "call/sdp.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static bool is_ice_text(const char *text, size_t low, size_t high)
{
    size_t length = strlen(text);
    if (length < low || length > high)
        return false;
    for (; *text; text++)
        if (!isalnum((unsigned char)*text) && *text != '+' && *text != '/')
            return false; /* RFC 8839 §5.4: ice-char */
    return true;
}

static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

bool balint_fingerprint_read(const char *text, uint8_t bytes[BALINT_HASH_SIZE])
{
    if (strlen(text) != 3 * BALINT_HASH_SIZE - 1)
        return false;
    for (int i = 0; i < BALINT_HASH_SIZE; i++) {
        int high = hex_value(text[3 * i]), low = hex_value(text[3 * i + 1]);
        if (high < 0 || low < 0 || (i < BALINT_HASH_SIZE - 1 && text[3 * i + 2] != ':'))
            return false;
        bytes[i] = (uint8_t)(high << 4 | low);
    }
    return true;
}

/* Empty, or k=v;k=v of the wire's few characters: nothing that could end an SDP line. */
static bool is_params(const char *text)
{
    for (; *text; text++)
        if (!isalnum((unsigned char)*text) && *text != '=' && *text != ';' && *text != '-')
            return false;
    return true;
}

static bool is_payload(int payload)
{
    return payload >= 96 && payload <= 127;
}

static bool is_setup(const char *setup, enum balint_side side)
{
    if (side == BALINT_OFFER)
        return strcmp(setup, "actpass") == 0; /* RFC 8842 §5.2 */
    return strcmp(setup, "active") == 0 || strcmp(setup, "passive") == 0;
}

bool balint_sdp_valid(const struct balint_sdp *sdp, enum balint_side side, const char **why)
{
    uint8_t fingerprint[BALINT_HASH_SIZE];
    const char *wrong = NULL;
    if (!is_ice_text(sdp->ufrag, 4, 32))
        wrong = "ufrag";
    else if (!is_ice_text(sdp->pwd, 22, 64))
        wrong = "pwd";
    else if (!balint_fingerprint_read(sdp->fingerprint, fingerprint))
        wrong = "fingerprint";
    else if (!is_setup(sdp->setup, side))
        wrong = "setup";
    else if (!is_payload(sdp->opus.payload))
        wrong = "opus.payload";
    else if (!is_params(sdp->opus.params))
        wrong = "opus.params";
    else if (!is_payload(sdp->vp8.payload) || sdp->vp8.payload == sdp->opus.payload)
        wrong = "vp8.payload";
    else if (!is_params(sdp->vp8.params))
        wrong = "vp8.params";
    if (why)
        *why = wrong;
    return !wrong;
}

struct text {
    char *at;
    size_t left;
    bool whole;
};

__attribute__((format(printf, 2, 3))) static void add(struct text *text, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int n = vsnprintf(text->at, text->left, format, args);
    va_end(args);
    if (n < 0 || (size_t)n >= text->left) {
        text->whole = false;
        return;
    }
    text->at += n;
    text->left -= (size_t)n;
}

/* What both m-lines have alike: RFC 8829 §5.2.1, transport and direction. */
static void add_transport(struct text *text, const struct balint_sdp *sdp, const char *mid)
{
    add(text, "c=IN IP4 0.0.0.0\r\na=mid:%s\r\na=sendrecv\r\na=rtcp-mux\r\na=rtcp-rsize\r\n", mid);
    add(text, "a=ice-ufrag:%s\r\na=ice-pwd:%s\r\na=fingerprint:sha-256 %s\r\na=setup:%s\r\n", sdp->ufrag,
        sdp->pwd, sdp->fingerprint, sdp->setup);
}

static void add_params(struct text *text, const struct balint_codec *codec)
{
    if (*codec->params)
        add(text, "a=fmtp:%d %s\r\n", codec->payload, codec->params);
}

bool balint_sdp_write(const struct balint_sdp *sdp, enum balint_side side, char *buffer, size_t size)
{
    if (!balint_sdp_valid(sdp, side, NULL))
        return false;
    struct text text = {buffer, size, true};
    add(&text, "v=0\r\no=- %lld 0 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\na=ice-options:trickle\r\n",
        (long long)sdp->generation);
    add(&text, "a=group:BUNDLE " BALINT_MID_AUDIO " " BALINT_MID_VIDEO "\r\n");
    add(&text, "m=audio 9 UDP/TLS/RTP/SAVPF %d\r\n", sdp->opus.payload);
    add_transport(&text, sdp, BALINT_MID_AUDIO);
    add(&text, "a=rtpmap:%d OPUS/48000/2\r\n", sdp->opus.payload);
    add_params(&text, &sdp->opus);
    add(&text, "m=video 9 UDP/TLS/RTP/SAVPF %d\r\n", sdp->vp8.payload);
    add_transport(&text, sdp, BALINT_MID_VIDEO);
    add(&text, "a=rtpmap:%d VP8/90000\r\na=rtcp-fb:%d nack pli\r\na=rtcp-fb:%d ccm fir\r\n", sdp->vp8.payload,
        sdp->vp8.payload, sdp->vp8.payload);
    add_params(&text, &sdp->vp8);
    return text.whole;
}

/* Copies the rest of a line after its prefix when the line has that prefix and the field is still empty (the
 * first m-line counts; bundled ones repeat it). */
static void take(const char *line, size_t length, const char *prefix, char *field, size_t size)
{
    size_t skip = strlen(prefix);
    if (length <= skip || strncmp(line, prefix, skip) != 0 || *field || length - skip >= size)
        return;
    memcpy(field, line + skip, length - skip);
    field[length - skip] = '\0';
}

static void take_codec(const char *line, size_t length, const char *name, struct balint_codec *codec)
{
    char text[64];
    int payload, end = 0;
    if (length >= sizeof text)
        return;
    memcpy(text, line, length);
    text[length] = '\0';
    if (sscanf(text, "a=rtpmap:%d %n", &payload, &end) == 1 && end > 0 && strcasecmp(text + end, name) == 0 &&
        codec->payload == 0)
        codec->payload = payload;
}

/* The m-lines seen so far, and how many of them had the right mid. */
struct medias {
    int count, mids;
    bool fit;
};

static void take_media(struct medias *medias, const char *line, size_t length)
{
    static const char *const kinds[] = {"m=audio ", "m=video "};
    static const char *const mids[] = {"a=mid:" BALINT_MID_AUDIO, "a=mid:" BALINT_MID_VIDEO};
    if (strncmp(line, "m=", 2) == 0) {
        if (medias->count >= 2 || strncmp(line, kinds[medias->count], strlen(kinds[0])) != 0)
            medias->fit = false;
        medias->count++;
    } else if (strncmp(line, "a=mid:", 6) == 0) {
        int i = medias->count - 1;
        if (i < 0 || i > 1 || length != strlen(mids[i]) || strncmp(line, mids[i], length) != 0)
            medias->fit = false;
        medias->mids++;
    }
}

bool balint_sdp_read(struct balint_sdp *sdp, enum balint_side side, const char *text)
{
    int seat = sdp->seat;
    int64_t generation = sdp->generation;
    memset(sdp, 0, sizeof *sdp);
    sdp->seat = seat;
    sdp->generation = generation;

    struct medias medias = {0, 0, true};
    for (const char *line = text; *line;) {
        size_t length = strcspn(line, "\r\n");
        take_media(&medias, line, length);
        take(line, length, "a=ice-ufrag:", sdp->ufrag, sizeof sdp->ufrag);
        take(line, length, "a=ice-pwd:", sdp->pwd, sizeof sdp->pwd);
        take(line, length, "a=fingerprint:sha-256 ", sdp->fingerprint, sizeof sdp->fingerprint);
        take(line, length, "a=setup:", sdp->setup, sizeof sdp->setup);
        take_codec(line, length, "OPUS/48000/2", &sdp->opus);
        take_codec(line, length, "VP8/90000", &sdp->vp8);
        line += length;
        line += strspn(line, "\r\n");
    }
    memcpy(sdp->opus.params, BALINT_OPUS_PARAMS, sizeof BALINT_OPUS_PARAMS);
    return medias.count == 2 && medias.mids == 2 && medias.fit && balint_sdp_valid(sdp, side, NULL);
}
