# the call: balintcall and its pure parts
add_library(balint-call-core STATIC call/negotiation.c call/sdp.c call/candidate.c call/microphone.c call/self.c
            call/book.c call/post.c call/devices.c call/look.c call/wishes.c call/retreat.c call/watch.c)
target_link_libraries(balint-call-core PUBLIC balint-session balint-protocol balint-identity PkgConfig::CRYPTO)
add_library(balint-call STATIC call/element.c call/actions.c call/signals.c call/call.c call/call_state.c call/call_admit.c call/call_door.c call/call_look.c call/call_links.c
            call/call_act.c call/call_talk.c call/call_words.c call/call_report.c call/signaller.c call/link.c call/link_receive.c call/link_end.c call/link_bus.c
            call/verify.c call/warm.c call/send.c call/meters.c)
target_link_libraries(balint-call PUBLIC balint-call-core PkgConfig::GST PkgConfig::GSTWEBRTC PkgConfig::SOUP)
