# session: tests of this area
foreach(part IN ITEMS floor phases formats choice case round after-room sitting-out step-back state snapshot evening)
  string(REPLACE "-" "_" file ${part})
  balint_test(session-${part} unit 120 SOURCES unit/session_${file}.c LIBS balint-session)
endforeach()
balint_test(session-rights unit 120 SOURCES unit/session_rights.c unit/session_expected.c LIBS balint-session)
foreach(part IN ITEMS admission deputy seats people lock forward look frame requests snapshot evening)
  balint_test(room-${part} unit 180 SOURCES unit/room_${part}.c unit/room_support.c LIBS balint-room)
endforeach()
