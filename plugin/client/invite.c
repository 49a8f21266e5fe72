/* invite.c - `balint invite`: certificates signed here, tokens from the server, links on the screen.
 *
 * Order, so that nothing is ever half-done: everything that can be judged is judged first; ROOT is on disk
 * before the server hears of it; what the server refuses leaves no trace here; the record of whom it was made
 * for is written before the first link is shown. SEEDs are wiped once they stand in the links.
 */
#include "client/invite.h"
#include "client/founder_client.h"
#include "client/invite_options.h"
#include "client/keys.h"
#include "client/own_server.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define MEMBER_LETTERS 12

/* One person of this run. */
struct invited {
    struct balint_issued issued;
    uint8_t seed[BALINT_SEED_SIZE];
    char link[BALINT_LINK_SIZE];
};

/* A run of either verb. */
struct run {
    const struct balint_invite_options *options;
    struct balint_keys keys;
    struct balint_server_address server;
    char data[PATH_MAX]; /* of the server on this machine, when that is the one that is meant; else empty */
    struct invited *people;
    int count;
    char why[BALINT_WHY];
};

/* Which server: said, or the one on this machine when its folder was said, or remembered, or the one that
 * runs here. Only a server of this machine's own folder is ever given a `group add`. */
static bool find_server(struct run *run)
{
    const struct balint_invite_options *options = run->options;
    char data[PATH_MAX];
    bool own = balint_own_data(options->data, data, run->why);
    if (options->data != NULL && !own)
        return false;
    run->server.ca = options->ca;
    if (options->data != NULL)
        strcpy(run->data, data);
    if (options->server != NULL)
        return balint_address_read(&run->server, options->server, "--server", run->why);
    if (options->data == NULL && run->keys.server[0] != '\0')
        return balint_address_read(&run->server, run->keys.server, "the remembered server", run->why);
    if (!own)
        return balint_why(run->why, "Where is the group's server? Say --server HOST:PORT.");
    strcpy(run->data, data);
    return balint_own_address(data, &run->server, run->why);
}

/* 12 of a-z 0-9; bytes that would favour some letters are thrown away. */
static bool make_member(char member[BALINT_ID_SIZE])
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789";
    size_t made = 0;
    while (made < MEMBER_LETTERS) {
        uint8_t byte;
        if (!balint_random(&byte, 1))
            return false;
        if (byte < 252)
            member[made++] = letters[byte % 36];
    }
    member[made] = '\0';
    return true;
}

static bool make_people(struct run *run)
{
    const struct balint_invite_options *options = run->options;
    run->count = options->count == 0 ? 1 : options->count;
    run->people = calloc((size_t)run->count, sizeof *run->people);
    for (int i = 0; run->people != NULL && i < run->count; i++) {
        struct balint_issued *issued = &run->people[i].issued;
        int fits = options->count == 0
                       ? snprintf(issued->name, sizeof issued->name, "%s", options->name)
                       : snprintf(issued->name, sizeof issued->name, "%s %d", options->name, i + 1);
        issued->role = options->role;
        issued->serial = 1;
        issued->from_s = options->from_s;
        issued->until_s = options->until_s;
        if (fits < 0 || !make_member(issued->member) ||
            !balint_random(run->people[i].seed, sizeof run->people[i].seed))
            return balint_why(run->why,
                              "This system gives no random numbers, so no key can be made. Try again "
                              "later.");
    }
    return run->people != NULL ||
           balint_why(run->why, "There is not enough memory. Close other programs and try again.");
}

static bool make_certificate(struct run *run, const struct invited *person,
                             struct balint_certificate_bytes *bytes)
{
    struct balint_certificate certificate = {.role = person->issued.role,
                                             .serial = person->issued.serial,
                                             .from_s = person->issued.from_s,
                                             .until_s = person->issued.until_s};
    struct balint_key key;
    strcpy(certificate.group, run->options->group);
    strcpy(certificate.member, person->issued.member);
    strcpy(certificate.name, person->issued.name);
    bool ok = balint_key_of_person(&key, person->seed, run->keys.root.public_half);
    memcpy(certificate.key, key.public_half, sizeof certificate.key);
    balint_wipe(&key, sizeof key);
    bytes->length = ok ? (uint16_t)balint_certificate_make(&certificate, &run->keys.root, bytes->data) : 0;
    return bytes->length > 0 ||
           balint_why(run->why, "The certificate cannot be made. Use shorter names and other dates.");
}

static bool make_link(struct run *run, struct invited *person, const struct balint_token_bytes *token)
{
    struct balint_link link = {.tls = run->server.tls, .token_length = token->length};
    strcpy(link.server, run->server.server);
    strcpy(link.group, run->options->group);
    memcpy(link.token, token->data, token->length);
    memcpy(link.seed, person->seed, sizeof link.seed);
    memcpy(link.root, run->keys.root.public_half, sizeof link.root);
    bool ok = balint_link_write(&link, person->link, sizeof person->link);
    balint_wipe(&link, sizeof link);
    balint_wipe(person->seed, sizeof person->seed);
    return ok ||
           balint_why(run->why, "The server's token cannot be used. Update balint-server and this program.");
}

/* Up to BALINT_MINT_MAX people from `first`, in one request. */
static bool mint(struct run *run, int first, struct balint_asked *asked)
{
    static struct balint_certificate_bytes certificates[BALINT_MINT_MAX];
    struct balint_token_bytes tokens[BALINT_MINT_MAX];
    int count = run->count - first < BALINT_MINT_MAX ? run->count - first : BALINT_MINT_MAX;
    *asked = (struct balint_asked){.answer = BALINT_ANSWER_NONE};
    for (int i = 0; i < count; i++)
        if (!make_certificate(run, &run->people[first + i], &certificates[i]))
            return false;
    balint_ask_mint(&run->server, run->options->group, certificates, count, &run->keys.root, tokens, asked);
    if (asked->answer != BALINT_ANSWER_DONE)
        return balint_why(run->why, "%s", asked->why);
    for (int i = 0; i < count; i++)
        if (!make_link(run, &run->people[first + i], &tokens[i]))
            return false;
    return true;
}

/* The code for founding: said, or from the server on this machine. */
static bool find_code(struct run *run, char code[BALINT_ID_SIZE])
{
    const struct balint_invite_options *options = run->options;
    if (options->found != NULL) {
        strcpy(code, options->found);
        return true;
    }
    if (run->data[0] != '\0')
        return balint_own_group_add(run->data, options->group, code, run->why);
    return balint_why(
        run->why,
        "The server knows no group \"%s\" with this key. If it is not founded yet, run `balint-server group "
        "add` on "
        "the server and give the code with --found CODE; else use the machine where it was founded.",
        options->group);
}

/* Registers ROOT. Only a request that may have arrived leaves a new ROOT on the disk. */
static bool found(struct run *run)
{
    char code[BALINT_ID_SIZE];
    struct balint_asked asked = {.answer = BALINT_ANSWER_NONE};
    if (find_code(run, code)) {
        balint_ask_found(&run->server, run->options->group, code, &run->keys.root, &asked);
        balint_why(run->why, "%s", asked.why);
    }
    if (asked.answer == BALINT_ANSWER_DONE) {
        run->keys.made = false; /* for good, whatever happens next */
        balint_address_write(&run->server, run->keys.server, sizeof run->keys.server);
        return balint_keys_save(&run->keys, run->why);
    }
    if (asked.answer == BALINT_ANSWER_REFUSED || !asked.sent)
        balint_keys_forget(&run->keys);
    return false;
}

/* May it be that the server has no ROOT for this group? It does not tell that from another one. */
static bool not_founded(const struct balint_asked *asked)
{
    return asked->answer == BALINT_ANSWER_REFUSED && strcmp(asked->code, "wrong-signature") == 0;
}

/* What to do after a failure that left the new ROOT on the disk; always false. */
static bool new_is_kept(struct run *run)
{
    size_t length = strlen(run->why);
    snprintf(run->why + length, sizeof run->why - length,
             " The new key is kept here, and may be the group's already: give the same command again.");
    return false;
}

/* A new ROOT in the place of one that was lost or stolen. The old one counts until the server has said that
 * the new one does. Was it cut off in between, the same command once more finds its code used; then the first
 * link shows which of the two the server has. */
static bool replace(struct run *run)
{
    static struct balint_certificate_bytes certificate;
    struct balint_token_bytes token;
    struct balint_asked asked, first;
    char kept[PATH_MAX];
    bool fresh = run->keys.made;
    balint_ask_found(&run->server, run->options->group, run->options->found, &run->keys.root, &asked);
    bool ok = asked.answer == BALINT_ANSWER_DONE, refused = asked.answer == BALINT_ANSWER_REFUSED;
    balint_why(run->why, "%s", asked.why);
    if (refused && !fresh) { /* an earlier run may have used the code up; then the new ROOT signs already */
        refused = false;
        if (make_certificate(run, &run->people[0], &certificate)) { /* the same is made once more below */
            balint_ask_mint(&run->server, run->options->group, &certificate, 1, &run->keys.root, &token,
                            &first);
            ok = first.answer == BALINT_ANSWER_DONE;
            refused = not_founded(&first); /* any other refusal is of the certificate, by who has this ROOT */
            balint_why(run->why, "%s", refused ? asked.why : first.why);
        }
    }
    bool drop = !ok && (refused || (fresh && !asked.sent));
    if (drop)
        balint_keys_drop_new(&run->keys);
    balint_address_write(&run->server, run->keys.server, sizeof run->keys.server);
    if (!ok || !balint_keys_replace(&run->keys, time(NULL), kept, run->why))
        return drop ? false : new_is_kept(run);
    fprintf(stderr, "The group has a new key. All older links have ended, this leader's too: make new links "
                    "for everybody.\n");
    if (kept[0] != '\0')
        fprintf(stderr, "The old key is kept in %s.\n", kept);
    return true;
}

/* A new ROOT is registered first. One that is here already is tried first: perhaps an earlier run was cut off
 * between the server's answer and the first link, and a code works only once. */
static bool ask_server(struct run *run)
{
    struct balint_asked asked;
    if (run->options->new_root ? !replace(run) : run->keys.made && !found(run))
        return false;
    for (int first = 0; first < run->count; first += BALINT_MINT_MAX)
        if (!mint(run, first, &asked) &&
            (first > 0 || !not_founded(&asked) || !found(run) || !mint(run, first, &asked)))
            return false;
    return true;
}

static bool keep(struct run *run)
{
    balint_address_write(&run->server, run->keys.server, sizeof run->keys.server);
    for (int i = 0; i < run->count; i++)
        if (!balint_keys_add(&run->keys, &run->people[i].issued))
            return balint_why(run->why,
                              "There are too many invitations of this group. Move %s/group.json away.",
                              run->keys.folder);
    return balint_keys_save(&run->keys, run->why);
}

static json_t *json_time(int64_t time_s)
{
    char text[32];
    time_t time = (time_t)time_s;
    struct tm when;
    gmtime_r(&time, &when);
    strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &when);
    return json_string(text);
}

static bool show(struct run *run)
{
    bool ok = true;
    json_t *list = run->options->json ? json_array() : NULL;
    for (int i = 0; i < run->count; i++) {
        const struct invited *person = &run->people[i];
        if (!run->options->json)
            ok = ok && printf("%s\n", person->link) > 0;
        else
            ok = ok &&
                 json_array_append_new(
                     list, json_pack("{s:s, s:s, s:s, s:s, s:o, s:o}", "name", person->issued.name, "role",
                                     balint_role_name(person->issued.role), "member", person->issued.member,
                                     "link", person->link, "from", json_time(person->issued.from_s), "until",
                                     json_time(person->issued.until_s))) == 0;
    }
    if (list != NULL)
        ok = ok && json_dumpf(list, stdout, JSON_INDENT(1)) == 0 && printf("\n") > 0;
    json_decref(list);
    ok = fflush(stdout) == 0 && ok;
    return ok || balint_why(run->why, "The links cannot be written out. Revoke them and make new ones.");
}

/* One line on stderr; whatever a server sent cannot steer the terminal. */
static int say(const char *verb, const char *why, int status)
{
    fprintf(stderr, "balint %s: ", verb);
    for (const char *c = why; *c != '\0'; c++)
        fputc((unsigned char)*c < ' ' || *c == 0x7f ? ' ' : *c, stderr);
    fputc('\n', stderr);
    return status;
}

int balint_invite_main(int argc, char **argv)
{
    struct balint_invite_options options;
    struct run run = {.options = &options};
    if (!balint_invite_options_read(argc, argv, BALINT_VERB_INVITE, time(NULL), &options, run.why))
        return say("invite", run.why, 2);
    if (options.help) {
        balint_invite_options_help(stdout, BALINT_VERB_INVITE);
        return 0;
    }
    bool open = options.new_root ? balint_keys_open_new(&run.keys, options.group, run.why)
                                 : balint_keys_open_asking(&run.keys, options.group, true,
                                                           options.passphrase_file, run.why);
    bool ok = open && find_server(&run);
    if (open && !ok && options.new_root && run.keys.made)
        balint_keys_drop_new(&run.keys);
    else if (open && !ok && !options.new_root)
        balint_keys_forget(&run.keys);
    ok = ok && make_people(&run) && ask_server(&run) && keep(&run) && show(&run);
    if (run.people != NULL)
        balint_wipe(run.people, (size_t)run.count * sizeof *run.people);
    free(run.people);
    if (open)
        balint_keys_close(&run.keys);
    return ok ? 0 : say("invite", run.why, 1);
}

/* The one person who is meant; `again`: to be invited again. NULL with `why`. */
static struct balint_issued *find_person(struct run *run, bool again)
{
    const struct balint_invite_options *options = run->options;
    struct balint_issued *found_one = NULL;
    const char *last = "";
    int matches = 0, revoked = 0;
    for (int i = 0; i < run->keys.count; i++) {
        struct balint_issued *issued = &run->keys.issued[i];
        if (options->member != NULL ? strcmp(issued->member, options->member) != 0
                                    : strcmp(issued->name, options->name) != 0)
            continue;
        if (issued->revoked && options->member == NULL) {
            revoked++;
            last = issued->member;
            continue;
        }
        found_one = issued;
        matches++;
    }
    if (matches == 1)
        return found_one;
    if (matches > 1)
        balint_why(run->why,
                   "%d people of that name were invited. Say whom with --member M (%s is the last one).",
                   matches, found_one->member);
    else if (revoked > 0)
        balint_why(run->why,
                   again ? "That invitation was revoked. If the person shall come back, say --member %s."
                         : "That invitation was revoked before; nothing is left to do.",
                   last);
    else
        balint_why(run->why, "Nobody of that %s was invited from this machine. Check it in %s/group.json.",
                   options->member != NULL ? "id" : "name", run->keys.folder);
    return NULL;
}

/* The next serial of a person. Renewals count in Unix seconds: a co-leader's list may be older than the
 * leader's, and yet what either does later must stand above what the other did before. */
static uint64_t next_serial(const struct balint_issued *issued)
{
    uint64_t now_s = (uint64_t)time(NULL);
    return issued->serial >= now_s ? issued->serial + 1 : now_s;
}

static bool revoke(struct run *run)
{
    struct balint_asked asked;
    struct balint_issued *issued = find_person(run, false);
    if (issued == NULL)
        return false;
    /* Also what another machine, whose clock may be ahead, renewed just now. */
    uint64_t last = next_serial(issued) + BALINT_INVITE_SKEW;
    balint_ask_revoke(&run->server, run->options->group, issued->member, last + 1, &run->keys.root, &asked);
    if (asked.answer != BALINT_ANSWER_DONE)
        return balint_why(run->why, "%s", asked.why);
    issued->revoked = true;
    issued->serial = last;
    return balint_keys_save(&run->keys, run->why);
}

/* The same person with a new key: made and written down first, then what is older ends, and only then is the
 * link shown. Cut off anywhere, it can be done again. */
static bool renew(struct run *run)
{
    struct balint_asked asked;
    struct balint_issued *issued = find_person(run, true);
    run->people = issued != NULL ? calloc(1, sizeof *run->people) : NULL;
    if (run->people == NULL)
        return issued == NULL ? false
                              : balint_why(run->why, "There is not enough memory. Close other programs.");
    struct invited *person = run->people;
    run->count = 1;
    person->issued = *issued;
    person->issued.serial = next_serial(issued);
    person->issued.from_s = run->options->from_s;
    person->issued.until_s = run->options->until_s;
    person->issued.revoked = false;
    if (!balint_random(person->seed, sizeof person->seed))
        return balint_why(run->why,
                          "This system gives no random numbers, so no key can be made. Try again later.");
    bool made = mint(run, 0, &asked);
    for (int i = 0; i < 3 && !made && strcmp(asked.code, "serial-taken") == 0; i++) {
        person->issued.serial++; /* a renewal of this very second, whose answer or record was lost */
        made = mint(run, 0, &asked);
    }
    if (!made)
        return false;
    *issued = person->issued;
    if (!balint_keys_save(&run->keys, run->why))
        return false;
    balint_ask_revoke(&run->server, run->options->group, issued->member, issued->serial, &run->keys.root,
                      &asked);
    if (asked.answer != BALINT_ANSWER_DONE)
        return balint_why(run->why,
                          "The old link may still work, so no new one is shown. Renew once more. (%s)",
                          asked.why);
    if (!show(run))
        return false;
    fputs("The older links of this person no longer work. Send this one, to that person alone.\n", stderr);
    return true;
}

/* Both verbs on one person who was invited before. */
static int on_person(int argc, char **argv, enum balint_invite_verb verb, bool (*act)(struct run *run))
{
    struct balint_invite_options options;
    struct run run = {.options = &options};
    if (!balint_invite_options_read(argc, argv, verb, time(NULL), &options, run.why))
        return say(argv[0], run.why, 2);
    if (options.help) {
        balint_invite_options_help(stdout, verb);
        return 0;
    }
    bool open = balint_keys_open_asking(&run.keys, options.group, false, options.passphrase_file, run.why);
    bool ok = open && find_server(&run) && act(&run);
    if (run.people != NULL)
        balint_wipe(run.people, (size_t)run.count * sizeof *run.people);
    free(run.people);
    if (open)
        balint_keys_close(&run.keys);
    return ok ? 0 : say(argv[0], run.why, 1);
}

int balint_revoke_main(int argc, char **argv)
{
    return on_person(argc, argv, BALINT_VERB_REVOKE, revoke);
}

int balint_renew_main(int argc, char **argv)
{
    return on_person(argc, argv, BALINT_VERB_RENEW, renew);
}
