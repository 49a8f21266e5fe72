/* book.c - see book.h. */
#include "call/book.h"

#include <string.h>

#define ROSTER_LASTS_S (12 * 60 * 60) /* a session is over then */

void balint_book_init(struct balint_book *book, const struct balint_self *self)
{
    memset(book, 0, sizeof *book);
    book->self = self;
}

bool balint_book_person(struct balint_book *book, const struct balint_person *person, int64_t now_s)
{
    if (person->seat < 0 || person->seat >= BALINT_SEATS || person->epoch < 0 || person->epoch > UINT32_MAX)
        return false;
    struct balint_known known = {.known = true, .epoch = (uint32_t)person->epoch};
    struct balint_device device;
    bool good = balint_certificate_read(&known.certificate, person->certificate.data,
                                        person->certificate.length, book->self->link.root) &&
                strcmp(known.certificate.group, book->self->link.group) == 0 &&
                now_s <= known.certificate.until_s &&
                balint_device_read(&device, person->device.data, person->device.length);
    if (good)
        memcpy(known.device, device.key, sizeof known.device);
    else
        known.known = false;
    book->seats[person->seat] = known;
    return good;
}

static bool names_me(const struct balint_book *book, const struct balint_roster *roster)
{
    const struct balint_roster_entry *entry = balint_roster_find(roster, book->self->certificate.member);
    return entry && balint_same(entry->device, book->self->device.public_half, BALINT_KEY_SIZE);
}

/* A leader may go on with the session that was joined from a device that its roster does not name yet: such a
 * roster opens nothing (balint_book_people), it is only what the next one is built on. */
static bool may_build_on(const struct balint_book *book, const struct balint_roster *roster)
{
    return balint_is_leader(book->self->certificate.role) &&
           memcmp(roster->session, book->self->session, sizeof roster->session) == 0;
}

enum balint_taken balint_book_roster(struct balint_book *book, const uint8_t *bytes, size_t length,
                                     int64_t now_s)
{
    struct balint_roster roster;
    uint8_t hash[BALINT_HASH_SIZE];
    if (!balint_roster_read(&roster, bytes, length) || !balint_hash(bytes, length, hash) ||
        !balint_same(roster.root, book->self->link.root, BALINT_KEY_SIZE))
        return BALINT_WRONG;
    bool same_session =
        book->have_roster && memcmp(roster.session, book->roster.session, sizeof roster.session) == 0;
    if (same_session) {
        if (roster.epoch < book->roster.epoch)
            return BALINT_STALE;
        if (roster.epoch == book->roster.epoch)
            return balint_same(hash, book->hash, sizeof hash) ? BALINT_STALE : BALINT_ALARM;
    } else if (now_s > roster.expires_s || (!names_me(book, &roster) && !may_build_on(book, &roster))) {
        return BALINT_WRONG;
    }
    book->have_roster = true;
    book->roster = roster;
    memcpy(book->hash, hash, sizeof hash);
    return BALINT_TAKEN;
}

static void put_role(const struct balint_book *book, struct balint_state_seat *seat)
{
    const struct balint_roster_entry *entry =
        book->have_roster ? balint_roster_find(&book->roster, seat->member) : NULL;
    if (entry)
        seat->role = entry->role;
    else if (balint_is_leader(seat->role))
        seat->role = BALINT_MEMBER;
}

void balint_book_roles(const struct balint_book *book, struct balint_state *state)
{
    for (int i = 0; i < state->seat_count; i++)
        put_role(book, &state->seats[i]);
}

/* Is the person on this seat the one that the roster names, with this device? */
static bool is_in(const struct balint_book *book, const struct balint_state_seat *seat)
{
    const struct balint_known *known = &book->seats[seat->seat];
    const struct balint_roster_entry *entry = balint_roster_find(&book->roster, seat->member);
    return entry && known->known && known->epoch == seat->epoch &&
           strcmp(known->certificate.member, seat->member) == 0 &&
           known->certificate.serial >= entry->serial && known->certificate.role == entry->role &&
           balint_same(known->device, entry->device, BALINT_KEY_SIZE);
}

int balint_book_people(const struct balint_book *book, const struct balint_state *state,
                       struct balint_peer_view *people)
{
    int count = 0;
    if (!state->admitted || !book->have_roster || !names_me(book, &book->roster))
        return 0;
    for (int i = 0; i < state->seat_count && count < BALINT_SEATS; i++) {
        const struct balint_state_seat *seat = &state->seats[i];
        if (seat->seat < 0 || seat->seat >= BALINT_SEATS || seat->seat == state->you || !is_in(book, seat))
            continue;
        people[count] =
            (struct balint_peer_view){.seat = seat->seat, .epoch = seat->epoch, .connected = seat->connected};
        memcpy(people[count++].member, seat->member, sizeof seat->member);
    }
    return count;
}

bool balint_book_must_begin(const struct balint_book *book, const struct balint_state *state)
{
    return book->self->met && balint_is_leader(book->self->certificate.role) && !state->admitted &&
           !state->led;
}

/* Puts one person into a roster, or renews the entry. True when that said something new. */
static bool put_entry(struct balint_roster *roster, const struct balint_certificate *certificate,
                      const uint8_t device[BALINT_KEY_SIZE])
{
    struct balint_roster_entry entry = {.role = certificate->role, .serial = certificate->serial};
    memcpy(entry.member, certificate->member, sizeof entry.member);
    memcpy(entry.device, device, sizeof entry.device);
    for (int i = 0; i < roster->count; i++) {
        struct balint_roster_entry *old = &roster->entries[i];
        if (strcmp(old->member, entry.member) != 0)
            continue;
        if (balint_same(old->device, entry.device, BALINT_KEY_SIZE) && old->role == entry.role &&
            old->serial == entry.serial)
            return false;
        *old = entry;
        return true;
    }
    if (roster->count == BALINT_SEATS)
        return false;
    roster->entries[roster->count++] = entry;
    return true;
}

size_t balint_book_successor(const struct balint_book *book, uint32_t seats, int64_t now_s,
                             uint8_t bytes[BALINT_ROSTER_SIZE])
{
    const struct balint_self *self = book->self;
    struct balint_roster roster = {0};
    bool follows =
        book->have_roster && memcmp(book->roster.session, self->session, sizeof self->session) == 0;
    if (follows)
        roster = book->roster;
    roster.epoch++;
    if (follows)
        memcpy(roster.previous, book->hash, sizeof roster.previous);
    else
        roster.expires_s = now_s + ROSTER_LASTS_S;
    memcpy(roster.root, self->link.root, sizeof roster.root);
    memcpy(roster.session, self->session, sizeof roster.session);
    memset(roster.signer, 0, sizeof roster.signer);
    memcpy(roster.signer, self->certificate.member, sizeof roster.signer);
    roster.signature_length = 0;

    bool news = put_entry(&roster, &self->certificate, self->device.public_half);
    for (int i = 0; i < BALINT_SEATS; i++)
        if (seats & 1u << i && book->seats[i].known)
            news |= put_entry(&roster, &book->seats[i].certificate, book->seats[i].device);
    return news ? balint_roster_write(&roster, bytes) : 0;
}
