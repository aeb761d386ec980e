// One population to integrate: what goes in, what comes out. Plain pointers in canonical units (h, nmol, nM).
#pragma once
#include <cstdint>

namespace nightdose {

// How one person's integration ended; the Python side has a sentence for each.
enum Outcome : std::int32_t { DONE = 0, STEP_COLLAPSED = 1, NOT_FINITE = 2, TOO_MANY_STEPS = 3 };

struct Population {
  std::int64_t people;
  const double* initial;       // (people, STATES) at time 0
  const double* parameters;    // (people, PARAMETERS)
  const double* typical;       // (people, STATES) size below which a relative error is not asked for
  const std::int64_t* offset;  // (people + 1) first event of each person
  const double* event_time;    // (events,) h, ascending within a person
  const std::int32_t* event_state;  // (events,) state that the amount is added to
  const double* event_amount;       // (events,)
  std::int64_t times;
  const double* time;  // (times,) h, ascending; a value at an event's time is taken just before the event
  std::int64_t columns;
  const std::int32_t* column;  // (columns,) index into states, then quantities
  double tolerance;            // relative, of the local error of every state
  double* out;                 // (people, times, columns)
  std::int32_t* outcome;       // (people,)
  std::int64_t* steps;         // (people,) steps tried
  bool (*stopped)(void*);      // asked now and then: true = leave the rest undone
  void* stopping;              // handed to it
};

struct Sizes {
  int states, parameters, quantities;
  const char* fingerprint;  // of the equations that the kernel was generated from
};

namespace base { void integrate(const Population&); Sizes sizes(); }
#ifdef NIGHTDOSE_HAS_WIDE
namespace avx2 { void integrate(const Population&); }
namespace avx512 { void integrate(const Population&); }
#endif

}  // namespace nightdose
