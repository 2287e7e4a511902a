// The kernels of one instruction set as functions of one block of float64 numbers: what the addon calls.
#include "kernel.h"
#include "entry.h"

namespace {
template <class T> struct Argument {
  static T from(double value) { return (T)value; }
};
template <> struct Argument<void *> {
  static void *from(double value) { return (void *)(uintptr_t)value; }
};

template <class... Arguments> constexpr int arity(void (*)(Arguments...)) { return sizeof...(Arguments); }
template <class... Arguments> constexpr int arity(double (*)(Arguments...)) { return sizeof...(Arguments); }

template <int... Indices> struct Positions {};
template <int Count, int... Indices> struct Counted : Counted<Count - 1, Count - 1, Indices...> {};
template <int... Indices> struct Counted<0, Indices...> { typedef Positions<Indices...> type; };

template <class... Arguments, int... Indices>
inline double apply(void (*kernel)(Arguments...), const double *block, Positions<Indices...>) {
  kernel(Argument<Arguments>::from(block[Indices])...);
  return 0;
}
template <class... Arguments, int... Indices>
inline double apply(double (*kernel)(Arguments...), const double *block, Positions<Indices...>) {
  return kernel(Argument<Arguments>::from(block[Indices])...);
}

template <auto kernel> double call(const double *block) {
  return apply(kernel, block, typename Counted<arity(kernel)>::type());
}
} // namespace

extern "C" const Entry KERNEL(entries)[] = {
#define X(name) {#name, call<&KERNEL(name)>},
    KINDLING_KERNELS(X)
#undef X
    {nullptr, nullptr}};
