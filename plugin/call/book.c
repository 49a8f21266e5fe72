/* book.c - see book.h. */
#include "call/book.h"

#include <string.h>

#define ROSTER_LASTS_S (12 * 60 * 60) /* a session is over then */

void balint_book_init(struct balint_book *book, const struct balint_self *self)
{
    memset(book, 0, sizeof *book);
    book->self = self;
}

static struct balint_part part_of(const void *bytes, size_t length)
{
    return (struct balint_part){bytes, length};
}

enum balint_trust balint_book_person(struct balint_book *book, const struct balint_person *person,
                                     int64_t now_s)
{
    if (person->seat < 0 || person->seat >= BALINT_SEATS || person->epoch < 0 || person->epoch > UINT32_MAX)
        return BALINT_TRUST_FORM;
    struct balint_known *known = &book->seats[person->seat];
    struct balint_part certificate = part_of(person->certificate.data, person->certificate.length);
    struct balint_part device = part_of(person->device.data, person->device.length);
    struct balint_part join = part_of(person->join.data, person->join.length);
    memset(known, 0, sizeof *known);
    enum balint_trust trust = balint_person_verify(&known->who, &certificate, &device, &join,
                                                   book->self->link.root, book->self->link.group, now_s);
    if (trust != BALINT_TRUST_OK) {
        memset(known, 0, sizeof *known);
        return trust;
    }
    known->known = true;
    known->epoch = (uint32_t)person->epoch;
    known->certificate = person->certificate;
    known->device = person->device;
    return BALINT_TRUST_OK;
}

static bool names_me(const struct balint_book *book, const struct balint_roster *roster)
{
    const struct balint_roster_entry *entry = balint_roster_find(roster, book->self->certificate.member);
    return entry && balint_same(entry->device, book->self->device.public_half, BALINT_KEY_SIZE);
}

/* Is the newest roster one of the session that we joined? */
static bool follows(const struct balint_book *book)
{
    return book->have_roster &&
           memcmp(book->roster.session, book->self->session, sizeof book->self->session) == 0;
}

/* A leader may go on with the session that was joined from a device that its roster does not name yet: such a
 * roster opens nothing (balint_book_people), it is only what the next one is built on. */
static bool may_build(const struct balint_book *book)
{
    return balint_is_leader(book->self->certificate.role);
}

/* The records of the person who signed, with the device that the roster lists: our own, or those of a seat.
 */
static bool find_signer(const struct balint_book *book, const struct balint_roster *roster,
                        struct balint_roster_view *view)
{
    const struct balint_self *self = book->self;
    const struct balint_roster_entry *entry = balint_roster_find(roster, roster->signer);
    if (!entry)
        return false;
    if (self->met && strcmp(self->certificate.member, roster->signer) == 0 &&
        balint_same(self->device.public_half, entry->device, BALINT_KEY_SIZE)) {
        view->certificate = part_of(self->certificate_bytes, self->certificate_length);
        view->device = part_of(self->device_bytes.data, self->device_bytes.length);
    }
    for (int seat = 0; seat < BALINT_SEATS && !view->certificate.bytes; seat++) {
        const struct balint_known *known = &book->seats[seat];
        if (!known->known || strcmp(known->who.certificate.member, roster->signer) != 0 ||
            !balint_same(known->who.device, entry->device, BALINT_KEY_SIZE))
            continue;
        view->certificate = part_of(known->certificate.data, known->certificate.length);
        view->device = part_of(known->device.data, known->device.length);
    }
    return view->certificate.bytes != NULL;
}

bool balint_book_removed(const struct balint_book *book, const char *member)
{
    for (int i = 0; i < BALINT_SEATS; i++)
        if (strcmp(book->removed[i], member) == 0)
            return member[0] != '\0';
    return false;
}

/* Who is named again is let in again; who is named no more was removed. With all places taken the first gives
 * way: sixteen removals are another evening's trouble. */
static void note_removed(struct balint_book *book, const struct balint_roster *next)
{
    if (!follows(book))
        memset(book->removed, 0, sizeof book->removed);
    for (int i = 0; i < BALINT_SEATS; i++)
        if (balint_roster_find(next, book->removed[i]))
            book->removed[i][0] = '\0';
    for (int i = 0; follows(book) && i < book->roster.count; i++) {
        const char *member = book->roster.entries[i].member;
        int place = 0;
        if (balint_roster_find(next, member))
            continue;
        for (int j = 0; j < BALINT_SEATS; j++)
            if (book->removed[j][0] == '\0')
                place = j;
        memcpy(book->removed[place], member, BALINT_ID_SIZE);
    }
}

enum balint_trust balint_book_roster(struct balint_book *book, const uint8_t *bytes, size_t length,
                                     int64_t now_s)
{
    struct balint_roster roster;
    uint8_t hash[BALINT_HASH_SIZE];
    struct balint_roster_view view = {
        .root = book->self->link.root,
        .group = book->self->link.group,
        .now_s = now_s,
        .newest = follows(book) ? &book->roster : NULL,
        .newest_hash = book->hash,
        .member = book->self->certificate.member,
        .own_device = book->self->device.public_half,
    };
    if (length > sizeof book->waiting.data || !balint_roster_read(&roster, bytes, length))
        return BALINT_TRUST_FORM;
    bool joined = memcmp(roster.session, book->self->session, sizeof roster.session) == 0;
    if (!joined || !find_signer(book, &roster, &view)) {
        memcpy(book->waiting.data, bytes, length);
        book->waiting.length = (uint16_t)length;
        return joined ? BALINT_TRUST_MEMBER : BALINT_TRUST_SESSION;
    }
    enum balint_trust trust = balint_roster_verify(&roster, hash, bytes, length, &view);
    if (trust == BALINT_TRUST_NOT_NAMED && may_build(book)) {
        view.member = NULL;
        view.own_device = NULL;
        trust = balint_roster_verify(&roster, hash, bytes, length, &view);
    }
    if (trust != BALINT_TRUST_OK)
        return trust;
    note_removed(book, &roster);
    book->have_roster = true;
    book->roster = roster;
    memcpy(book->hash, hash, sizeof hash);
    return BALINT_TRUST_OK;
}

enum balint_trust balint_book_waiting(struct balint_book *book, int64_t now_s)
{
    struct balint_roster_bytes waiting = book->waiting;
    book->waiting.length = 0;
    return waiting.length > 0 ? balint_book_roster(book, waiting.data, waiting.length, now_s)
                              : BALINT_TRUST_SAME;
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

/* As ROOT signed it; NULL: nothing says who sits there. */
static const char *proven_name(const struct balint_book *book, const struct balint_state_seat *seat, bool own)
{
    const struct balint_certificate *certificate = own ? &book->self->certificate : NULL;
    if (!own && seat->seat >= 0 && seat->seat < BALINT_SEATS && book->seats[seat->seat].known)
        certificate = &book->seats[seat->seat].who.certificate;
    return certificate && strcmp(certificate->member, seat->member) == 0 ? certificate->name : NULL;
}

/* Adds the mark, and cuts a name that leaves no room for it between characters. */
static void mark(char name[BALINT_NAME_SIZE])
{
    static const char unproven[] = " (not proven)";
    size_t length = strlen(name), room = BALINT_NAME_SIZE - sizeof unproven;
    if (length > room)
        for (length = room; length > 0 && ((unsigned char)name[length] & 0xc0) == 0x80;)
            length--;
    memcpy(name + length, unproven, sizeof unproven);
}

void balint_book_names(const struct balint_book *book, struct balint_state *state)
{
    for (int i = 0; i < state->seat_count; i++) {
        struct balint_state_seat *seat = &state->seats[i];
        const char *name = proven_name(book, seat, seat->seat == state->you);
        if (name)
            memcpy(seat->name, name, sizeof seat->name);
        else
            mark(seat->name);
    }
    for (int i = 0; i < state->lobby_count; i++) {
        const char *name = proven_name(book, &state->lobby[i], false);
        if (name) /* what is not proven there is told as standing */
            memcpy(state->lobby[i].name, name, sizeof state->lobby[i].name);
    }
}

/* Is the person on this seat the one that the roster names, with this device, in this session, and by the
 * name that ROOT signed? Leaders act by names: a server that exchanged two would choose whom they mean. */
static bool is_in(const struct balint_book *book, const struct balint_state_seat *seat)
{
    const struct balint_known *known = &book->seats[seat->seat];
    const struct balint_roster_entry *entry = balint_roster_find(&book->roster, seat->member);
    return entry && known->known && known->epoch == seat->epoch &&
           strcmp(known->who.certificate.member, seat->member) == 0 &&
           strcmp(known->who.certificate.name, seat->name) == 0 &&
           known->who.certificate.serial >= entry->serial &&
           balint_roster_role_ok(&book->roster, entry, known->who.certificate.role) &&
           balint_same(known->who.device, entry->device, BALINT_KEY_SIZE) &&
           memcmp(known->who.join.session, book->roster.session, BALINT_SESSION_SIZE) == 0;
}

const struct balint_identified *balint_book_who(const struct balint_book *book,
                                                const struct balint_state *state, int seat)
{
    const struct balint_state_seat *there = balint_state_seat_of(state, seat);
    if (seat < 0 || seat >= BALINT_SEATS || !there || !state->admitted || !book->have_roster ||
        !names_me(book, &book->roster) || !is_in(book, there))
        return NULL;
    return &book->seats[seat].who;
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

bool balint_book_leads(const struct balint_book *book)
{
    const struct balint_self *self = book->self;
    const struct balint_roster_entry *own = follows(book) && names_me(book, &book->roster)
                                                ? balint_roster_find(&book->roster, self->certificate.member)
                                                : NULL;
    return self->met && (balint_is_leader(self->certificate.role) ||
                         (own && balint_is_leader(own->role) &&
                          balint_roster_role_ok(&book->roster, own, self->certificate.role)));
}

/* ---- the next roster */

static struct balint_roster_entry *find_entry(struct balint_roster *roster, const char *member)
{
    for (int i = 0; i < roster->count; i++)
        if (strcmp(roster->entries[i].member, member) == 0)
            return &roster->entries[i];
    return NULL;
}

/* Puts one person into a roster, or renews the entry. True when that said something new. A deputy stays one
 * with the same device and invitation. */
static bool put_entry(struct balint_roster *roster, const struct balint_certificate *certificate,
                      const uint8_t device[BALINT_KEY_SIZE])
{
    struct balint_roster_entry entry = {.role = certificate->role, .serial = certificate->serial};
    struct balint_roster_entry *old = find_entry(roster, certificate->member);
    memcpy(entry.member, certificate->member, sizeof entry.member);
    memcpy(entry.device, device, sizeof entry.device);
    if (old) {
        bool same = balint_same(old->device, entry.device, BALINT_KEY_SIZE) && old->serial == entry.serial &&
                    balint_roster_role_ok(roster, old, entry.role);
        if (!same)
            *old = entry;
        return !same;
    }
    if (roster->count == BALINT_SEATS)
        return false;
    roster->entries[roster->count++] = entry;
    return true;
}

/* The grant in a roster that is being made goes, and with it what it raised. */
static void end_deputy(struct balint_roster *roster)
{
    for (int i = 0; i < roster->count; i++) /* the one above a member's certificate */
        if (roster->entries[i].role == BALINT_CO_LEADER &&
            balint_roster_role_ok(roster, &roster->entries[i], BALINT_MEMBER))
            roster->entries[i].role = BALINT_MEMBER;
    roster->grant_length = 0;
}

/* The newest roster's successor as it begins: the same people, by this process. */
static struct balint_roster begin_roster(const struct balint_book *book, int64_t now_s)
{
    const struct balint_self *self = book->self;
    struct balint_roster roster = {0};
    if (follows(book))
        roster = book->roster;
    roster.epoch++;
    if (follows(book))
        memcpy(roster.previous, book->hash, sizeof roster.previous);
    else
        roster.expires_s = now_s + ROSTER_LASTS_S;
    memcpy(roster.root, self->link.root, sizeof roster.root);
    memcpy(roster.session, self->session, sizeof roster.session);
    memset(roster.signer, 0, sizeof roster.signer);
    memcpy(roster.signer, self->certificate.member, sizeof roster.signer);
    return roster;
}

/* Signs it. A grant that nobody would believe any more (its time is over, its granter's invitation was taken
 * back, its deputy came with another device) is left out; a deputy's own roster is none without it. */
static size_t end_roster(const struct balint_book *book, struct balint_roster *roster, int64_t now_s,
                         uint8_t bytes[BALINT_ROSTER_SIZE])
{
    const struct balint_self *self = book->self;
    const struct balint_roster_view view = {.root = self->link.root,
                                            .group = self->link.group,
                                            .now_s = now_s,
                                            .newest = follows(book) ? &book->roster : NULL};
    if (roster->grant_length > 0 && balint_roster_deputy(roster, &view) != BALINT_TRUST_OK)
        end_deputy(roster);
    const struct balint_roster_entry *own = find_entry(roster, self->certificate.member);
    return own && balint_is_leader(own->role) ? balint_roster_make(roster, &self->device, bytes) : 0;
}

size_t balint_book_successor(const struct balint_book *book, uint32_t seats, int64_t now_s,
                             uint8_t bytes[BALINT_ROSTER_SIZE])
{
    const struct balint_self *self = book->self;
    struct balint_roster roster = begin_roster(book, now_s);
    bool news = put_entry(&roster, &self->certificate, self->device.public_half);
    for (int i = 0; i < BALINT_SEATS; i++)
        if (seats & 1u << i && book->seats[i].known)
            news |= put_entry(&roster, &book->seats[i].who.certificate, book->seats[i].who.device);
    return news ? end_roster(book, &roster, now_s, bytes) : 0;
}

/* ---- a deputy */

/* What is known of somebody with the device that an entry names. */
static const struct balint_known *known_of(const struct balint_book *book,
                                           const struct balint_roster_entry *entry)
{
    for (int seat = 0; seat < BALINT_SEATS; seat++) {
        const struct balint_known *known = &book->seats[seat];
        if (known->known && strcmp(known->who.certificate.member, entry->member) == 0 &&
            balint_same(known->who.device, entry->device, BALINT_KEY_SIZE))
            return known;
    }
    return NULL;
}

static bool put_grant(const struct balint_self *self, struct balint_roster *roster,
                      struct balint_roster_entry *entry)
{
    struct balint_grant grant = {.epoch = roster->epoch, .expires_s = roster->expires_s};
    uint8_t bytes[BALINT_GRANT_SIZE];
    memcpy(grant.session, roster->session, sizeof grant.session);
    memcpy(grant.member, entry->member, sizeof grant.member);
    memcpy(grant.device, entry->device, sizeof grant.device);
    memcpy(grant.granter, self->certificate.member, sizeof grant.granter);
    const struct balint_part made = part_of(bytes, balint_grant_make(&grant, &self->device, bytes));
    const struct balint_part certificate = part_of(self->certificate_bytes, self->certificate_length);
    const struct balint_part device = part_of(self->device_bytes.data, self->device_bytes.length);
    roster->grant_length =
        (uint16_t)(made.length == 0 ? 0 : balint_granting_write(&made, &certificate, &device, roster->grant));
    entry->role = BALINT_CO_LEADER;
    return roster->grant_length > 0;
}

size_t balint_book_deputy(const struct balint_book *book, const char *member, bool on, int64_t now_s,
                          uint8_t bytes[BALINT_ROSTER_SIZE], const char **why)
{
    struct balint_roster roster = begin_roster(book, now_s);
    struct balint_roster_entry *entry = find_entry(&roster, member);
    const struct balint_known *known = entry ? known_of(book, entry) : NULL;
    bool is =
        entry && entry->role == BALINT_CO_LEADER && balint_roster_role_ok(&roster, entry, BALINT_MEMBER);
    *why = NULL;
    if (!book->self->met || !balint_is_leader(book->self->certificate.role))
        *why = "A deputy is named by who leads by invitation: ask a leader.";
    else if (strcmp(member, book->self->certificate.member) == 0 ||
             (known && balint_is_leader(known->who.certificate.role)))
        *why = "This person leads by invitation already.";
    else if (!follows(book) || !names_me(book, &book->roster) || !entry || (on && !is && !known))
        *why = "Only somebody who is in can be deputy: admit that person first.";
    else if (on && !is && known->who.certificate.role != BALINT_MEMBER)
        *why = "An observer listens only, and cannot be deputy: name a member.";
    if (*why || on == is)
        return 0;
    end_deputy(&roster);
    if (on && !put_grant(book->self, &roster, entry)) {
        *why = "The grant could not be signed: try again.";
        return 0;
    }
    return end_roster(book, &roster, now_s, bytes);
}

size_t balint_book_without(const struct balint_book *book, const char *member, int64_t now_s,
                           uint8_t bytes[BALINT_ROSTER_SIZE])
{
    struct balint_roster roster = begin_roster(book, now_s);
    int kept = 0;
    if (strcmp(member, book->self->certificate.member) == 0)
        return 0;
    put_entry(&roster, &book->self->certificate, book->self->device.public_half);
    for (int i = 0; i < roster.count; i++)
        if (strcmp(roster.entries[i].member, member) != 0)
            roster.entries[kept++] = roster.entries[i];
    bool named = kept < roster.count;
    roster.count = kept;
    return named ? end_roster(book, &roster, now_s, bytes) : 0;
}
