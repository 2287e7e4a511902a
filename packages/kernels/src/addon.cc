// The Node-API addon: picks the best instruction set of this processor and hands its kernels to JavaScript.
// A kernel takes its arguments from the command block, a Float64Array that JavaScript has filled, which
// takes 30 ns a call where converting them one by one takes 100 to 250.
#include <dlfcn.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif
#include <node_api.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include "entry.h"

// KINDLING_ISAS is a list X(avx512) X(avx2) X(base), the best first, of what was built.
#define X(isa) extern "C" const Entry entries_##isa[];
KINDLING_ISAS
#undef X
extern "C" void parallel_set_threads(int threads);

namespace {
constexpr size_t kBlockLength = 32;

bool processor_runs(const char *isa) {
#if defined(__x86_64__) || defined(__i386__)
  __builtin_cpu_init();
  if (!strcmp(isa, "avx512"))
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq") &&
           __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
  if (!strcmp(isa, "avx2")) return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
#endif
  (void)isa;
  return true;
}

struct Isa {
  const char *name;
  const Entry *entries;
};
const Isa isas[] = {
#define X(isa) {#isa, entries_##isa},
    KINDLING_ISAS
#undef X
};

/// The instruction set that KINDLING_ISA names, else the best that runs here; null if the named one does not.
const Isa *choose_isa() {
  const char *wanted = getenv("KINDLING_ISA");
  if (wanted && !*wanted) wanted = nullptr;
  for (const Isa &isa : isas)
    if ((!wanted || !strcmp(wanted, isa.name)) && processor_runs(isa.name)) return &isa;
  return nullptr;
}

/// Per environment: a Node worker thread has its own command block.
struct Binding {
  double *block;
};
/// What a function of the addon is made with.
struct Callee {
  const Entry *entry;
  const Binding *binding;
};

napi_value number(napi_env env, double value) {
  napi_value result;
  napi_create_double(env, value, &result);
  return result;
}

napi_value call(napi_env env, napi_callback_info info) {
  void *data;
  napi_get_cb_info(env, info, nullptr, nullptr, nullptr, &data);
  const Callee *callee = (const Callee *)data;
  callee->binding->block[0] = callee->entry->call(callee->binding->block);
  return nullptr;
}

/// address(view): where the bytes of an array buffer view are.
napi_value address(napi_env env, napi_callback_info info) {
  size_t count = 1;
  napi_value view;
  void *data = nullptr;
  napi_get_cb_info(env, info, &count, &view, nullptr, nullptr);
  if (napi_get_typedarray_info(env, view, nullptr, nullptr, &data, nullptr, nullptr) != napi_ok)
    napi_throw_type_error(env, nullptr, "address: expected a typed array");
  return number(env, (double)(uintptr_t)data);
}

napi_value set_threads(napi_env env, napi_callback_info info) {
  size_t count = 1;
  napi_value value;
  int32_t threads = 1;
  napi_get_cb_info(env, info, &count, &value, nullptr, nullptr);
  napi_get_value_int32(env, value, &threads);
  parallel_set_threads(threads);
  return nullptr;
}

void set_function(napi_env env, napi_value object, const char *name, napi_callback callback, void *data) {
  napi_value function;
  napi_create_function(env, name, NAPI_AUTO_LENGTH, callback, data, &function);
  napi_set_named_property(env, object, name, function);
}

/// The threads of the pool live as long as the process: the code they run must not be unloaded when the
/// Node worker thread that loaded it ends.
void stay_loaded() {
  Dl_info info;
  if (dladdr((void *)&isas, &info)) dlopen(info.dli_fname, RTLD_NOW | RTLD_NODELETE);
}
/// Where malloc's own adaptation ends once a large array buffer has been freed: memory of up to 32 MB comes from the heap, whose
/// pages stay when it is freed. Mapping the pages of a tensor anew takes longer than most operations on it.
void keep_freed_pages() {
#ifdef __GLIBC__
  mallopt(M_MMAP_THRESHOLD, 32 << 20);
  mallopt(M_TRIM_THRESHOLD, 64 << 20);
#endif
}
} // namespace

NAPI_MODULE_INIT() {
  const Isa *isa = choose_isa();
  if (!isa) {
    napi_throw_error(env, nullptr, "KINDLING_ISA names an instruction set that this processor or this build does not have");
    return nullptr;
  }
  stay_loaded();
  keep_freed_pages();
  void *bytes;
  napi_value buffer, block, name, kernels;
  napi_create_arraybuffer(env, kBlockLength * sizeof(double), &bytes, &buffer);
  napi_create_typedarray(env, napi_float64_array, kBlockLength, buffer, 0, &block);
  napi_set_named_property(env, exports, "commandBlock", block);
  napi_create_string_utf8(env, isa->name, NAPI_AUTO_LENGTH, &name);
  napi_set_named_property(env, exports, "isaName", name);
  set_function(env, exports, "address", address, nullptr);
  set_function(env, exports, "setThreads", set_threads, nullptr);

  size_t entries = 0;
  while (isa->entries[entries].name) entries++;
  // Both live as long as the environment; `exports` and so the command block do too, by require's cache.
  Binding *binding = (Binding *)malloc(sizeof(Binding));
  Callee *callees = (Callee *)malloc(entries * sizeof(Callee));
  binding->block = (double *)bytes;
  napi_create_object(env, &kernels);
  for (size_t i = 0; i < entries; i++) {
    callees[i] = {isa->entries + i, binding};
    set_function(env, kernels, isa->entries[i].name, call, callees + i);
  }
  napi_set_named_property(env, exports, "kernels", kernels);
  return exports;
}
