/* piece.c - fuzz target: what leaders' programs tell each other of their ledgers, a piece at a time. */
#include "fuzz/require.h"
#include "session/ledger.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct balint_ledger *ledger = balint_ledger_new();
    struct balint_balance balance;
    uint8_t piece[BALINT_LEDGER_PIECE];
    int cursor = 0, taken = 0, told = 0;
    REQUIRE(ledger);
    while (size > 0) {
        size_t length = size < sizeof piece ? size : sizeof piece;
        if (balint_ledger_take_piece(ledger, data, length)) {
            taken++;
            REQUIRE(!balint_ledger_take_piece(ledger, data, length)); /* nothing new in it */
        }
        data += length;
        size -= length;
    }
    while (balint_ledger_piece(ledger, &cursor, piece)) {
        told++;
        REQUIRE(!balint_ledger_take_piece(ledger, piece, sizeof piece)); /* what it knows */
    }
    REQUIRE(told <= taken && (told > 0) == (taken > 0));
    balint_ledger_balance(ledger, 1000, &balance);
    balint_ledger_free(ledger);
    return 0;
}
