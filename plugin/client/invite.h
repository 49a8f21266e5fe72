/* invite.h - `balint invite`, `revoke` and `renew`: what a leader does on the own machine.
 *
 * ROOT is made and kept here; the server is asked for TOKENs alone and never sees ROOT's secret half or a
 * SEED. One call a process, on its main thread.
 */
#ifndef BALINT_CLIENT_INVITE_H
#define BALINT_CLIENT_INVITE_H

/* `argv[0]` is the verb's name, the options follow. Prints the links (or JSON) on stdout; whatever is wrong
 * is one line on stderr, and then nothing was kept. Returns the exit status: 0 done, 1 not possible, 2 not
 * understood. */
int balint_invite_main(int argc, char **argv);
int balint_revoke_main(int argc, char **argv);
int balint_renew_main(int argc, char **argv);

#endif
