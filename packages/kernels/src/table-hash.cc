// Which version of the table these kernels are of.
#include "kernel.h"

double KERNEL(tableHash)() { return KINDLING_TABLE_HASH; }
