# voice: tests of this area
balint_test(ledger-talk unit 30 SOURCES unit/ledger_talk.c LIBS balint-session)
balint_test(ledger-balance unit 30 SOURCES unit/ledger_balance.c LIBS balint-session)
