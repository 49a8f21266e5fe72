/* layout.h - what stands on the screen of one person, as data: a list of boxes, bars and texts.
 *
 * Why data: whether a member's screen holds anything of the balance, whether a presenter who stepped back is
 * told how to return, whether a plate fits its tile, can be asked of a list and not of a picture. Painting
 * (paint.h) decides nothing. Everything is a function of the view; the same view gives the same list, and
 * only what differs between two lists is painted again.
 *
 * Who sees what is decided here once more, by the role of the person who looks, although the server has
 * already left out of a state what its recipient may not see.
 *
 * Units: pixels of the frame; sizes follow its height (720 lines are the measure). Pure; any thread.
 */
#ifndef BALINT_LAYOUT_H
#define BALINT_LAYOUT_H

#include "session/ledger.h"

struct balint_rect {
    int x, y, w, h;
};

/* What is known of the line to one person. */
enum balint_line {
    BALINT_LINE_UNKNOWN, /* nobody said: the state's `connected` speaks */
    BALINT_LINE_NONE,    /* a link is being made, no sound has come yet */
    BALINT_LINE_SOUND,   /* sound is arriving, be it silence */
    BALINT_LINE_LOST,
    BALINT_LINE_CLOSED, /* it is not proven who answers there, and so nothing is opened */
    BALINT_LINES,
};

/* One person's picture in the frame. */
struct balint_tile {
    int seat;
    struct balint_rect rect;
    enum balint_line line;
    bool no_camera; /* the own one: a plain picture stands in for a camera */
};

/* Who somebody at the door is to this leader's program. */
enum balint_door_standing {
    BALINT_DOOR_UNSAID,       /* nobody said */
    BALINT_DOOR_KNOWN,        /* was here before, with this device */
    BALINT_DOOR_NEW,          /* was not */
    BALINT_DOOR_OTHER_DEVICE, /* was here with another device */
    BALINT_DOOR_UNPROVEN,     /* nothing says that it is this person */
    BALINT_DOOR_LATER,        /* can wait until the phase ends, as this leader decided */
    BALINT_DOOR_STANDINGS,
};
struct balint_doorway {
    enum balint_door_standing standing[BALINT_SEATS]; /* by seat */
};

/* Words that travelled sealed (PROTOCOL.md, "Words"), as this person's program has them. */
#define BALINT_SAID_TEXT 121 /* bytes of one, with the final NUL */
#define BALINT_SAID_LINE 3   /* the newest words of the leaders' line */
enum balint_own_quiet {
    BALINT_QUIET_NONE,
    BALINT_QUIET_ON_ITS_WAY, /* no leader's program has taken it yet */
    BALINT_QUIET_TAKEN,
    BALINT_QUIETS,
};
struct balint_said_word {
    char name[BALINT_NAME_SIZE]; /* who said it */
    char text[BALINT_SAID_TEXT]; /* "": nothing */
};
struct balint_said {
    bool over;                 /* this person was removed: nothing is shown but the answer and the note */
    uint32_t quiet;            /* leaders: seats whose quiet signal stands, a bit each */
    enum balint_own_quiet own; /* this person's own signal */
    struct balint_said_word answer; /* a leader's private word to this person */
    int line_count;
    struct balint_said_word line[BALINT_SAID_LINE]; /* leaders: newest last */
};

struct balint_sheet; /* sheet.h */

/* Everything the screen depends on. */
struct balint_view {
    const struct balint_state *state;
    int seat;        /* who looks; must be in the state, or the state's `you` */
    int64_t now_ms;  /* session clock */
    int64_t came_ms; /* when this person came in, as far as this screen saw it; 0: not known */
    int width, height;
    int tile_count;
    struct balint_tile tiles[BALINT_SEATS];
    const struct balint_balance *balance; /* NULL: none known. Shown to leaders alone, whoever passes it */
    const struct balint_doorway *door;    /* NULL: nothing is said of who is at the door but the name */
    const struct balint_said *said;       /* NULL: nothing */
    const char *note;                 /* over everything; NULL or "": none. Lines of a key, a tab and what it
                                         does stand in a grid, where an empty line begins a column */
    bool folded;                      /* the leaders' panel is a strip */
    const struct balint_sheet *sheet; /* over the middle, for leaders alone; NULL: none */
};

/* What is drawn, by purpose; colours and weights are paint's. */
enum balint_style {
    BALINT_STYLE_RIBBON, /* boxes */
    BALINT_STYLE_PANEL,
    BALINT_STYLE_PLATE,
    BALINT_STYLE_DIM,
    BALINT_STYLE_COVER,
    BALINT_STYLE_LISTEN,
    BALINT_STYLE_CARD,
    BALINT_STYLE_NOTE,
    BALINT_STYLE_CHIP,
    BALINT_STYLE_RULE,
    BALINT_STYLE_DOT_SOUND,
    BALINT_STYLE_DOT_QUIET,
    BALINT_STYLE_BAR_MEMBER, /* bars */
    BALINT_STYLE_BAR_RECENT,
    BALINT_STYLE_BAR_LEADERS,
    BALINT_STYLE_TITLE, /* texts */
    BALINT_STYLE_NAME,
    BALINT_STYLE_PLAIN,
    BALINT_STYLE_SOFT,
    BALINT_STYLE_ACCENT,
    BALINT_STYLE_ON_CHIP,
    BALINT_STYLES,
};
/* Colour of a style, 0xAARRGGBB, not premultiplied; for bars the filled part. Any style outside is clear. */
uint32_t balint_style_colour(enum balint_style style);
bool balint_style_bold(enum balint_style style);

enum balint_kind { BALINT_BOX, BALINT_BAR, BALINT_TEXT };
enum balint_align { BALINT_ALIGN_LEFT, BALINT_ALIGN_CENTRE, BALINT_ALIGN_RIGHT };

struct balint_item {
    enum balint_kind kind;
    enum balint_style style;
    struct balint_rect rect; /* nothing is painted outside it; a text that is too long ends in … */
    int size;                /* texts: height of the letters' em; boxes and bars: radius of the corners */
    enum balint_align align; /* texts */
    int lines;               /* texts: at most so many, wrapped */
    double fill;             /* bars: 0..1 */
    int text;                /* texts: where in balint_list.text */
};

/* Items that are kept in one surface: the ribbon, the panel, a plate. Their rectangle has even corners and
 * even sides (a chroma sample covers two pixels each way), so it may reach one pixel beyond an odd frame. */
enum balint_group_id {
    BALINT_GROUP_RIBBON,
    BALINT_GROUP_PANEL,
    BALINT_GROUP_BAND, /* own state, below the tiles; for a presenter who stepped back the listening band */
    BALINT_GROUP_HINT,
    BALINT_GROUP_CARD, /* lobby, sitting out */
    BALINT_GROUP_SAID, /* words that travelled sealed */
    BALINT_GROUP_SHEET,
    BALINT_GROUP_NOTE,
    BALINT_GROUP_TILE,                                     /* + index of the tile: dimmed or covered */
    BALINT_GROUP_PLATE = BALINT_GROUP_TILE + BALINT_SEATS, /* + index of the tile */
    BALINT_GROUPS = BALINT_GROUP_PLATE + BALINT_SEATS,
};
struct balint_group {
    enum balint_group_id id;
    struct balint_rect rect;
    int first, count; /* its items */
};

#define BALINT_LIST_ITEMS 640
#define BALINT_LIST_TEXT  32768
struct balint_list {
    int group_count;
    struct balint_group groups[BALINT_GROUPS]; /* in the order of painting */
    int item_count;
    struct balint_item items[BALINT_LIST_ITEMS];
    int text_used;
    char text[BALINT_LIST_TEXT]; /* UTF-8, each ended by NUL; offset 0 is the empty text */
};

/* Makes the list of a view. Frames smaller than 160×120 get an empty one: nothing would be legible. */
void balint_layout(const struct balint_view *view, struct balint_list *list);

/* The text of an item; "" for boxes and bars. */
const char *balint_item_text(const struct balint_list *list, const struct balint_item *item);

/* Are these two items the same to the eye? */
bool balint_item_same(const struct balint_list *a, const struct balint_item *x, const struct balint_list *b,
                      const struct balint_item *y);

/* Room that the overlay keeps free of tiles. */
enum {
    BALINT_ROOM_PANEL = 1 << 0, /* the leaders' panel, on the right */
    BALINT_ROOM_BAND = 1 << 1,  /* the listening band of a presenter who stepped back, below */
    BALINT_ROOM_STRIP = 1 << 2, /* the panel, folded */
};
/* The room that the person on `seat` (BALINT_NOBODY: the state's `you`) needs. */
unsigned balint_tiles_room(const struct balint_state *state, int seat);
/* The same room with the panel folded, or as it is. */
unsigned balint_tiles_fold(unsigned room, bool folded);

/* Places `count` (cut to 0..BALINT_SEATS) tiles of 16:9 in a frame, as large as they can be, with even
 * corners and sides, clear of ribbon, panel and band. Who composes the pictures and who draws the plates both
 * call this. Returns how many were placed: 0 when the frame has no room for them. */
int balint_tiles_place(int width, int height, int count, unsigned room,
                       struct balint_rect rects[BALINT_SEATS]);

#endif
