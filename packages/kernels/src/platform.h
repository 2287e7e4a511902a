// What the pool needs of the system: starting a thread, sleeping on a word of memory, waking sleepers.
// Native systems in platform-native.h, WebAssembly in platform-wasm.h.
#pragma once
#include <stdint.h>

#ifdef __wasm__
#include "platform-wasm.h"
#else
#include "platform-native.h"
#endif
