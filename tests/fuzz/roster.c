/* roster.c - fuzz target: rosters, with whatever grant they carry, judged as a client does. */
#include "fuzz/identity.h"

#define NOW 1000

/* The records of one person, whose every key is fuzz_key(). */
static size_t person(enum balint_role role, const char *member, uint8_t *certificate, uint8_t *device,
                     size_t *device_length)
{
    struct balint_certificate made = {
        .group = "G", .name = "N", .role = role, .serial = UINT64_MAX, .from_s = 1, .until_s = 2 * NOW};
    memcpy(made.member, member, sizeof made.member);
    memcpy(made.key, fuzz_key()->public_half, sizeof made.key);
    *device_length = balint_device_make(fuzz_key()->public_half, fuzz_key(), device);
    return balint_certificate_make(&made, fuzz_key(), certificate);
}

/* A grant that can be read becomes one by a leader of ours, for our device, with the rest of its content. */
static void grant(struct balint_roster *roster)
{
    uint8_t certificate[BALINT_CERTIFICATE_SIZE], device[BALINT_DEVICE_SIZE], bytes[BALINT_GRANT_SIZE];
    struct balint_grant read;
    size_t device_length,
        length = roster->grant_length < 2 ? 0 : (size_t)roster->grant[0] << 8 | roster->grant[1];
    if (length == 0 || length > (size_t)roster->grant_length - 2 ||
        !balint_grant_verify(&read, roster->grant + 2, length, NULL))
        return;
    memcpy(read.device, fuzz_key()->public_half, sizeof read.device);
    read.expires_s = NOW + read.expires_s % 60000 - 1;
    length = balint_grant_make(&read, fuzz_key(), bytes);
    const struct balint_part made = {bytes, length};
    length = person(BALINT_CO_LEADER, read.granter, certificate, device, &device_length);
    const struct balint_part granter = {certificate, length}, of_granter = {device, device_length};
    roster->grant_length = (uint16_t)balint_granting_write(&made, &granter, &of_granter, roster->grant);
    REQUIRE(roster->grant_length > 0);
}

/* Its content as if it had been made here: our ROOT, our signer with our device, in time; then it is judged
 * by its entries and its grant. */
static void judge(struct balint_roster *roster, enum balint_role role)
{
    static uint8_t bytes[BALINT_ROSTER_SIZE];
    static struct balint_roster read;
    uint8_t certificate[BALINT_CERTIFICATE_SIZE], device[BALINT_DEVICE_SIZE];
    size_t device_length;
    size_t length = person(role, roster->signer, certificate, device, &device_length);
    struct balint_roster_view view = {.root = fuzz_key()->public_half,
                                      .group = "G",
                                      .now_s = NOW,
                                      .certificate = {certificate, length},
                                      .device = {device, device_length}};
    memcpy(roster->root, fuzz_key()->public_half, sizeof roster->root);
    roster->expires_s = NOW + 1;
    for (int i = 0; i < roster->count; i++)
        if (strcmp(roster->entries[i].member, roster->signer) == 0)
            memcpy(roster->entries[i].device, fuzz_key()->public_half, BALINT_KEY_SIZE);
    length = balint_roster_make(roster, fuzz_key(), bytes);
    REQUIRE(length > 0);
    enum balint_trust trust = balint_roster_verify(&read, NULL, bytes, length, &view);
    REQUIRE((unsigned)trust < BALINT_TRUSTS && trust != BALINT_TRUST_SIGNATURE);
    if (trust == BALINT_TRUST_OK) {
        REQUIRE(balint_roster_find(&read, read.signer) != NULL);
        REQUIRE(balint_is_leader(role) || read.grant_length > 0);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct balint_roster roster;
    static uint8_t bytes[BALINT_ROSTER_SIZE];
    if (!balint_roster_read(&roster, data, size))
        return 0;
    REQUIRE(balint_roster_write(&roster, bytes) == size && memcmp(bytes, data, size) == 0);
    judge(&roster, BALINT_LEADER);
    grant(&roster);
    judge(&roster, BALINT_LEADER);
    judge(&roster, BALINT_MEMBER);
    return 0;
}
