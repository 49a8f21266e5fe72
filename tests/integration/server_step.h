/* server_step.h - what somebody does in a written evening over real sockets, and the request that it is.
 *
 * For one test program, as attended.h is. One thread.
 */
#ifndef BALINT_TEST_SERVER_STEP_H
#define BALINT_TEST_SERVER_STEP_H

#include "integration/attended.h"

enum kind { COME, ADMIT, DEPUTY, ACT, PHASE, FORMAT };
struct step {
    int who;
    enum kind kind;
    enum balint_type type; /* of ACT */
    int of;                /* whom it is about; ANNA stands for nobody in messages without a seat */
    int value;
    const char *phase; /* or format */
};
#define NONE (-1)
#define ARRIVES(who)                                                                                         \
    {who, COME, 0, NONE, 0, NULL},                                                                           \
    {                                                                                                        \
        ANNA, ADMIT, 0, NONE, 0, NULL                                                                        \
    }
#define DOES(who, word, value)                                                                               \
    {                                                                                                        \
        who, ACT, BALINT_MSG_##word, NONE, value, NULL                                                       \
    }
#define ABOUT(who, word, of, value)                                                                          \
    {                                                                                                        \
        who, ACT, BALINT_MSG_##word, of, value, NULL                                                         \
    }
#define LEADS_TO(who, phase)                                                                                 \
    {                                                                                                        \
        who, PHASE, 0, NONE, 0, phase                                                                        \
    }
#define CHOOSES(who, format)                                                                                 \
    {                                                                                                        \
        who, FORMAT, 0, NONE, 0, format                                                                      \
    }

static struct balint_roster_entry *entry_of(struct balint_roster *roster, const char *member)
{
    for (int i = 0; i < roster->count; i++)
        if (strcmp(roster->entries[i].member, member) == 0)
            return &roster->entries[i];
    fail_msg("%s is not in the roster", member);
    return NULL;
}

/* The leader makes a member deputy, or takes it back. */
static void make_deputy(const struct balint_test_person *leader, const struct balint_test_person *deputy,
                        bool on, struct balint_roster *roster)
{
    const struct balint_test_invitation *own = leader->invitation;
    struct balint_grant grant = {.epoch = roster->epoch, .expires_s = roster->expires_s};
    uint8_t bytes[BALINT_GRANT_SIZE], device[BALINT_DEVICE_SIZE];
    entry_of(roster, deputy->invitation->member)->role = on ? BALINT_CO_LEADER : BALINT_MEMBER;
    roster->grant_length = 0;
    if (!on)
        return;
    memcpy(grant.session, roster->session, sizeof grant.session);
    memcpy(grant.device, deputy->device.public_half, sizeof grant.device);
    strcpy(grant.member, deputy->invitation->member);
    strcpy(grant.granter, own->member);
    const struct balint_part made = {bytes, balint_grant_make(&grant, &leader->device, bytes)};
    const struct balint_part certificate = {own->bytes.data, own->bytes.length};
    const struct balint_part of_device = {device,
                                          balint_device_make(leader->device.public_half, &own->key, device)};
    roster->grant_length = (uint16_t)balint_granting_write(&made, &certificate, &of_device, roster->grant);
    assert_true(roster->grant_length > 0);
}

/* The request of a step, but COME. */
static void make_request(struct evening *evening, const struct step *step, struct balint_message *request)
{
    struct balint_test_person *by = &evening->people[step->who];
    struct balint_roster roster;
    *request = (struct balint_message){.type = step->type, .act = {BALINT_NOBODY, step->value}};
    switch (step->kind) {
    case ACT:
        if (step->of != NONE)
            request->act.seat = evening->people[step->of].seat;
        break;
    case PHASE:
        request->type = BALINT_MSG_PHASE;
        request->act.value = balint_person_phase(by, step->phase);
        break;
    case FORMAT:
        request->type = BALINT_MSG_FORMAT;
        strcpy(request->choice.format, step->phase);
        break;
    case COME:
        break;
    case ADMIT:
    case DEPUTY:
        assert_true(balint_person_make_roster(by, &roster));
        if (step->kind == DEPUTY)
            make_deputy(by, &evening->people[step->of], step->value != 0, &roster);
        request->type = BALINT_MSG_ADMIT;
        request->admit.roster.length = (uint16_t)balint_roster_write(&roster, request->admit.roster.data);
        break;
    }
}

#endif
