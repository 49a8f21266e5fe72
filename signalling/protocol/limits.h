/* limits.h - every limit of the wire, in one place.
 *
 * Those marked * can be raised by a setting of the server (a test bench has many clients on one address);
 * the others are part of the protocol.
 */
#ifndef BALINT_LIMITS_H
#define BALINT_LIMITS_H

#define BALINT_MESSAGE_SIZE       16384 /* bytes of one message to the server */
#define BALINT_STATE_SIZE         32768 /* bytes of one message to a client: a state is whole */
#define BALINT_HELLO_MS           5000 /* from the open socket to a complete hello, resume or request of a founder */
#define BALINT_PING_MS            3000 /* a client's ping period; after two misses it opens a second socket */
#define BALINT_SILENT_MS          20000 /* * the server gives up a socket that has said nothing for so long */
#define BALINT_RATE_PER_S         60    /* * messages a second of one client … */
#define BALINT_RATE_BURST         400   /* * … after a burst of so many (candidates of fifteen links) */
#define BALINT_ABUSE              20 /* errors of the sender's own making within BALINT_ABUSE_MS close the socket */
#define BALINT_ABUSE_MS           10000
#define BALINT_QUEUE_BYTES        262144 /* * queued to one client; one that does not drain is dropped */
#define BALINT_CONNECTIONS_PER_IP 200    /* * a district may share an address */
#define BALINT_CANDIDATES         100    /* per link, generation and side; the next one is refused */
#define BALINT_CERTIFICATE_SIZE   512    /* bytes, before base64url */
#define BALINT_DEVICE_SIZE        256
#define BALINT_JOIN_SIZE          256
#define BALINT_TOKEN_SIZE         96
#define BALINT_ROSTER_SIZE        4096
#define BALINT_GRANTING_SIZE      768 /* a deputy's grant, with the records of who granted it */
#define BALINT_SIGNATURE_SIZE     64
#define BALINT_RESUME_SIZE        32
#define BALINT_ENVELOPE_SIZE      256
#define BALINT_KEY_SIZE           32  /* an Ed25519 or X25519 public key */
#define BALINT_HASH_SIZE          32  /* SHA-256 */
#define BALINT_PASS_SIZE          192 /* a leader's look at who is at the door … */
#define BALINT_LOOK_S             60  /* … and how long it lasts */
#define BALINT_NONCE_SIZE         32
#define BALINT_MINT_MAX           16 /* certificates in one mint */

#endif
