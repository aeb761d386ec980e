// Python face of the inference kernels.
#include <nanobind/nanobind.h>
NB_MODULE(_inference, m) { m.doc() = "Compiled kernels of nightdose.inference"; }
