// Python face of the simulator's kernel: checks shapes, lets other threads run, picks the widest lanes there are.
#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>

#include <chrono>
#include <stdexcept>

#include "../wide.hpp"
#include "kernel.hpp"

namespace nb = nanobind;
using Doubles1 = nb::ndarray<const double, nb::ndim<1>, nb::c_contig, nb::device::cpu>;
using Doubles2 = nb::ndarray<const double, nb::ndim<2>, nb::c_contig, nb::device::cpu>;
using Integers1 = nb::ndarray<const std::int64_t, nb::ndim<1>, nb::c_contig, nb::device::cpu>;
using Indices1 = nb::ndarray<const std::int32_t, nb::ndim<1>, nb::c_contig, nb::device::cpu>;
using Out3 = nb::ndarray<double, nb::ndim<3>, nb::c_contig, nb::device::cpu>;
using Flag = nb::ndarray<const std::uint8_t, nb::shape<1>, nb::c_contig, nb::device::cpu>;
using OutInt = nb::ndarray<std::int32_t, nb::ndim<1>, nb::c_contig, nb::device::cpu>;
using OutLong = nb::ndarray<std::int64_t, nb::ndim<1>, nb::c_contig, nb::device::cpu>;

static void expect(bool holds, const char* what) {
  if (!holds) throw std::invalid_argument(what);
}

// Has another thread raised the flag, or, in the main thread, did Ctrl-C come? Python hears of that between two of its own
// instructions only, and a run may take many seconds.
struct Stopping {
  const volatile std::uint8_t* flag;
  bool interrupted = false;  // Python has an error to raise
  std::chrono::steady_clock::time_point heard = std::chrono::steady_clock::now();

  static bool asked(void* self) {
    auto& it = *static_cast<Stopping*>(self);
    if (*it.flag) return true;
    const auto now = std::chrono::steady_clock::now();
    if (now - it.heard < std::chrono::milliseconds(100)) return false;
    it.heard = now;
    nb::gil_scoped_acquire held;
    it.interrupted = PyErr_CheckSignals() != 0;
    return it.interrupted;
  }
};

static void integrate_all(const nightdose::Population& job, bool plain) {
#ifdef NIGHTDOSE_HAS_WIDE
  using nightdose::Width;
  if (nightdose::widest() == Width::avx512 && !plain) return nightdose::avx512::integrate(job);
  if (nightdose::widest() == Width::avx2 && !plain) return nightdose::avx2::integrate(job);
#endif
  nightdose::base::integrate(job);
}

static void integrate(Doubles2 initial, Doubles2 parameters, Doubles2 typical, Integers1 offset, Doubles1 event_time,
                      Indices1 event_state, Doubles1 event_amount, Doubles1 time, Indices1 column, double tolerance,
                      bool plain, Out3 out, OutInt outcome, OutLong steps, Flag stop) {
  const auto sizes = nightdose::base::sizes();
  const auto people = static_cast<std::int64_t>(initial.shape(0));
  expect(initial.shape(1) == std::size_t(sizes.states), "initial: (people, states)");
  expect(parameters.shape(0) == std::size_t(people) && parameters.shape(1) == std::size_t(sizes.parameters),
         "parameters: (people, parameters)");
  expect(typical.shape(0) == std::size_t(people) && typical.shape(1) == std::size_t(sizes.states),
         "typical: (people, states)");
  expect(offset.shape(0) == std::size_t(people) + 1, "offset: (people + 1)");
  const auto events = static_cast<std::int64_t>(event_time.shape(0));
  expect(event_state.shape(0) == std::size_t(events) && event_amount.shape(0) == std::size_t(events), "events differ in length");
  expect(offset.data()[0] == 0 && offset.data()[people] == events, "offset does not cover the events");
  for (std::int64_t i = 0; i < people; ++i) expect(offset.data()[i] <= offset.data()[i + 1], "offset must not fall");
  for (std::int64_t i = 0; i < events; ++i)
    expect(event_state.data()[i] >= 0 && event_state.data()[i] < sizes.states, "event_state out of range");
  const auto columns = static_cast<std::int64_t>(column.shape(0));
  for (std::int64_t i = 0; i < columns; ++i)
    expect(column.data()[i] >= 0 && column.data()[i] < sizes.states + sizes.quantities, "column out of range");
  expect(out.shape(0) == std::size_t(people) && out.shape(1) == time.shape(0) && out.shape(2) == std::size_t(columns),
         "out: (people, times, columns)");
  expect(outcome.shape(0) == std::size_t(people) && steps.shape(0) == std::size_t(people), "outcome, steps: (people)");
  Stopping stopping{stop.data()};
  const nightdose::Population job{people, initial.data(), parameters.data(), typical.data(), offset.data(),
                                  event_time.data(), event_state.data(), event_amount.data(),
                                  static_cast<std::int64_t>(time.shape(0)), time.data(), columns, column.data(), tolerance,
                                  out.data(), outcome.data(), steps.data(), &Stopping::asked, &stopping};
  {
    nb::gil_scoped_release released;
    integrate_all(job, plain);
  }
  if (stopping.interrupted) throw nb::python_error();
}

NB_MODULE(_model, m) {
  m.doc() = "Compiled kernel of nightdose.model: generated equations, Rodas4, one person per vector lane";
  m.attr("INTERFACE") = 2;  // counted up with every change of what is called here: simulate.py asks for it
  m.def("integrate", &integrate);
  m.def("sizes", [] {
    const auto s = nightdose::base::sizes();
    return nb::make_tuple(s.states, s.parameters, s.quantities);
  });
  m.def("fingerprint", [] { return nightdose::base::sizes().fingerprint; });
  m.def("lanes", [] {
    static const char* const names[] = {"base", "avx2", "avx512"};
    return names[int(nightdose::widest())];
  });
}
