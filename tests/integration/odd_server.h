/* odd_server.h - what may answer at a port instead of a balint-server, as a child process on a free port. */
#ifndef BALINT_INTEGRATION_ODD_SERVER_H
#define BALINT_INTEGRATION_ODD_SERVER_H

#include <sys/types.h>

enum balint_odd {
    BALINT_ODD_WEB,       /* a web server: 404 */
    BALINT_ODD_BANNER,    /* speaks first, something else */
    BALINT_ODD_CLOSES,    /* hangs up at once */
    BALINT_ODD_MUTE,      /* takes the connection and says nothing */
    BALINT_ODD_WEBSOCKET, /* another WebSocket service, without our subprotocol */
    BALINT_ODD_GARBLED,   /* our subprotocol, but answers with something unknown */
    BALINT_ODD_OTHER,     /* our subprotocol, answers with a message of ours that answers something else */
    BALINT_ODD_STALE,     /* our subprotocol, answers another request than the one that was asked */
    BALINT_ODD_LEAVES,    /* our subprotocol, hangs up at the first message */
    BALINT_ODD_LOSES, /* stands between and breaks both lines instead of passing on the client's third write
                       */
    BALINT_ODD_SWALLOWS, /* … passes it on and breaks both lines when the answer comes */
    BALINT_ODD_BUSY,     /* … passes it on and says "unavailable" instead of the answer */
    BALINT_ODD_ENDS,     /* … passes it on and says goodbye instead of the answer */
    BALINT_ODD_ENDS_2ND, /* the same from the second connection on; the first is passed on as it is */
};

struct balint_odd_server {
    pid_t pid;
    char address[32]; /* HOST:PORT */
};
/* `port`: where the real server is, for those that stand between. */
void balint_odd_start(struct balint_odd_server *server, enum balint_odd odd, int port);
void balint_odd_stop(struct balint_odd_server *server);

#endif
