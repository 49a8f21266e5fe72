/* trust_words.c - a word and a sentence for each reason of trust.c.
 *
 * The sentence is for the person: what is wrong, what to do, without frightening anybody needlessly. Only the
 * two that mean two rosters of one evening speak of a possible fraud. Pure; any thread.
 */
#include "identity/identity.h"

#define NEW_LINK  " Ask the leader for a new invitation."
#define TRY_AGAIN " Leave and join again; if it comes back, tell the leader."
#define PHONE     " Do not speak of patients until you have agreed by telephone on how to go on."

static const struct {
    const char *name, *text;
} words[BALINT_TRUSTS] = {
    [BALINT_TRUST_OK] = {"ok", "Everything fits."},
    [BALINT_TRUST_FORM] = {"form", "What arrived cannot be read; it may come from a newer version. Update "
                                   "this program, and ask the others to do so."},
    [BALINT_TRUST_CERTIFICATE] = {"certificate",
                                  "This person's invitation is not of your group's leader." NEW_LINK},
    [BALINT_TRUST_GROUP] = {"group", "This person's invitation is for another group." NEW_LINK},
    [BALINT_TRUST_TIME] = {"time",
                           "This person's invitation is not valid today, or a clock is wrong. Compare "
                           "the clocks, or ask the leader for a new invitation."},
    [BALINT_TRUST_DEVICE] = {"device", "This device does not belong to the invitation it shows." TRY_AGAIN},
    [BALINT_TRUST_JOIN] = {"join", "What this device shows was made for somebody else." TRY_AGAIN},
    [BALINT_TRUST_ROOT] = {"root", "The list of who is in is another group's." TRY_AGAIN},
    [BALINT_TRUST_SESSION] = {"session", "The list of who is in is another evening's." TRY_AGAIN},
    [BALINT_TRUST_EXPIRED] = {"expired", "The permission shown is over, or a clock is wrong. Compare the "
                                         "clocks, or ask the leader to admit you again."},
    [BALINT_TRUST_TOO_LONG] = {"too-long", "The permission shown would last too long, or a clock is wrong. "
                                           "Compare the clocks, yours and the leader's."},
    [BALINT_TRUST_MEMBER] = {"member",
                             "The list of who is in names another leader than the one shown." TRY_AGAIN},
    [BALINT_TRUST_LISTED] = {"listed", "Who signed the list of who is in does not stand in it." TRY_AGAIN},
    [BALINT_TRUST_ROLE] = {"role", "The list of who is in was not signed by a leader." TRY_AGAIN},
    [BALINT_TRUST_GRANT] = {"grant",
                            "The deputy's permission is not one that a leader gave for this evening. Ask the "
                            "leader to name the deputy again."},
    [BALINT_TRUST_GRANT_OVER] = {"grant-over",
                                 "The deputy's permission is over, or a clock is wrong. Ask the "
                                 "leader to name the deputy again."},
    [BALINT_TRUST_SIGNATURE] = {"signature", "The signature does not fit what it should sign." TRY_AGAIN},
    [BALINT_TRUST_NOT_NAMED] = {"not-named", "The list of who is in does not name this device. Wait until a "
                                             "leader has let you in."},
    [BALINT_TRUST_STALE] = {"stale", "An older list of who is in came again; the newer one stays."},
    [BALINT_TRUST_SAME] = {"same", "Nothing has changed in who is in."},
    [BALINT_TRUST_PREVIOUS] = {"previous", "The list of who is in follows another one than yours: two people "
                                           "may be shown different groups." PHONE},
    [BALINT_TRUST_ALARM] = {"alarm", "There are two different lists of who is in: two people are shown "
                                     "different groups." PHONE},
};

const char *balint_trust_text(enum balint_trust trust)
{
    return words[(unsigned)trust < BALINT_TRUSTS ? trust : BALINT_TRUST_FORM].text;
}

const char *balint_trust_name(enum balint_trust trust)
{
    return words[(unsigned)trust < BALINT_TRUSTS ? trust : BALINT_TRUST_FORM].name;
}

bool balint_trust_alarms(enum balint_trust trust)
{
    return trust == BALINT_TRUST_PREVIOUS || trust == BALINT_TRUST_ALARM;
}
