// One kernel as the addon calls it.
#pragma once

/// `call` reads the arguments from a block of float64 numbers and returns the kernel's number, or 0.
struct Entry {
  const char *name;
  double (*call)(const double *block);
};
