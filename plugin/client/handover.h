/* handover.h - `balint export` and `balint import`: a group's key, from a leader to a co-leader, in a sealed
 * file.
 *
 * Who holds ROOT can invite and revoke. The file is of use only with its passphrase, which travels another
 * way. One call a process, on its main thread.
 */
#ifndef BALINT_CLIENT_HANDOVER_H
#define BALINT_CLIENT_HANDOVER_H

/* `argv[0]` is the verb's name. Whatever is wrong is one line on stderr, and then nothing was kept. Returns
 * the exit status: 0 done, 1 not possible, 2 not understood. */
int balint_export_main(int argc, char **argv);
int balint_import_main(int argc, char **argv);

#endif
