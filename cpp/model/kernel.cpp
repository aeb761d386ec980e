// Rodas4 on several people at once: one vector lane is one person, with a clock, a step and a dose log of their own.
//
// Method: E. Hairer, G. Wanner, Solving Ordinary Differential Equations II, section IV.7 (RODAS, stiffly accurate,
// order 4, embedded order 3, six stages). Steps end exactly at every event and every output time, so nothing is
// interpolated. Every operation on a person is element-wise: the lane, the chunk and the thread cannot change a bit.
#include "kernel.hpp"

#include <cmath>
#include <limits>

#ifndef NIGHTDOSE_ARCH
#define NIGHTDOSE_ARCH base
#endif

namespace nightdose {
namespace NIGHTDOSE_ARCH {

constexpr int LANES = 4;
typedef double V __attribute__((vector_size(LANES * sizeof(double))));

// cos(x) through sin of the distance to a quarter turn; Taylor to the 21st power, error below 1e-16.
template <class R> static inline R cos_of(R x) {
  const double whole = 6755399441055744.0;  // 1.5 * 2^52: adding and taking it away rounds to a whole number
  const R turns = x * 0.15915494309189535;
  const R u = turns - ((turns + whole) - whole);
  const R distance = u < 0.0 ? -u : u;
  const R z = (0.25 - distance) * 6.283185307179586;
  const R w = z * z;
  R s = w * (1.0 / 51090942171709440000.0) - 1.0 / 121645100408832000.0;
  s = s * w + 1.0 / 355687428096000.0;
  s = s * w - 1.0 / 1307674368000.0;
  s = s * w + 1.0 / 6227020800.0;
  s = s * w - 1.0 / 39916800.0;
  s = s * w + 1.0 / 362880.0;
  s = s * w - 1.0 / 5040.0;
  s = s * w + 1.0 / 120.0;
  s = s * w - 1.0 / 6.0;
  s = s * w + 1.0;
  return s * z;
}
template <class R> static inline R sin_of(R x) { return cos_of<R>(x - 1.5707963267948966); }

#include "equations.hpp"

Sizes sizes() { return {STATES, PARAMETERS, QUANTITIES, FINGERPRINT}; }

namespace rodas4 {
constexpr double gamma = 0.25;
constexpr double at[6] = {0.0, 0.386, 0.21, 0.63, 1.0, 1.0};
constexpr double slope[4] = {0.25, -0.1043, 0.1035, -0.03620000000000023};
constexpr double a[5][4] = {{0, 0, 0, 0},
                            {1.544, 0, 0, 0},
                            {0.9466785280815826, 0.2557011698983284, 0, 0},
                            {3.314825187068521, 2.896124015972201, 0.9986419139977817, 0},
                            {1.221224509226641, 6.019134481288629, 12.53708332932087, -0.6878860361058950}};
constexpr double c[6][5] = {
    {0, 0, 0, 0, 0},
    {-5.6688, 0, 0, 0, 0},
    {-2.430093356833875, -0.2063599157091915, 0, 0, 0},
    {-0.1073529058151375, -9.594562251023355, -20.47028614809616, 0, 0},
    {7.496443313967647, -10.24680431464352, -33.99990352819905, 11.70890893206160, 0},
    {8.083246795921522, -7.981132988064893, -31.52159432874371, 16.31930543123136, -6.058818238834054}};
}  // namespace rodas4

constexpr double LONGEST = 24.0;      // h, so that a quiet body cannot step over a day
constexpr double SHORTEST = 1e-10;    // h; two times closer than this are one
constexpr std::int64_t MOST = 50000000;

// One person's place in their own log.
struct Lane {
  std::int64_t person = -1;
  std::int64_t event, last_event, next_output, steps;
  double t, step, restart, target;
  bool after_event, landing, shortened;
  double prepared[PREPARED];
};

static double next_target(const Population& job, const Lane& lane) {
  double target = lane.next_output < job.times ? job.time[lane.next_output] : lane.t;
  if (lane.event < lane.last_event && job.event_time[lane.event] < target) target = job.event_time[lane.event];
  return target;
}

// Records every output due and applies every event due at the lane's time; true when the person is finished.
static bool settle(const Population& job, Lane& lane, V* y, int k) {
  for (;;) {
    if (lane.next_output < job.times && job.time[lane.next_output] <= lane.t + SHORTEST) {
      double state[STATES], quantity[QUANTITIES];
      for (int i = 0; i < STATES; ++i) state[i] = y[i][k];
      quantities<double>(lane.t, state, lane.prepared, quantity);
      double* row = job.out + (lane.person * job.times + lane.next_output) * job.columns;
      for (std::int64_t j = 0; j < job.columns; ++j)
        row[j] = job.column[j] < STATES ? state[job.column[j]] : quantity[job.column[j] - STATES];
      ++lane.next_output;
    } else if (lane.event < lane.last_event && job.event_time[lane.event] <= lane.t + SHORTEST) {
      y[job.event_state[lane.event]][k] += job.event_amount[lane.event];
      ++lane.event;
      if (!lane.after_event) {
        lane.after_event = true;
        lane.step = lane.restart;
      }
    } else {
      break;
    }
  }
  lane.target = next_target(job, lane);
  return lane.next_output >= job.times;
}

static void leave(const Population& job, Lane& lane, Outcome outcome) {
  job.outcome[lane.person] = outcome;
  job.steps[lane.person] = lane.steps;
  double* row = job.out + lane.person * job.times * job.columns;
  for (std::int64_t i = lane.next_output * job.columns; i < job.times * job.columns; ++i)
    row[i] = std::numeric_limits<double>::quiet_NaN();
  lane.person = -1;
}

void integrate(const Population& job) {
  Lane lane[LANES];
  V y[STATES] = {}, scale[STATES], prepared[PREPARED] = {}, m[ENTRIES], dfdt[STATES], u[6][STATES], stage[STATES], b[STATES];
  for (int i = 0; i < STATES; ++i) scale[i] = V{} + 1.0;
  std::int64_t next = 0;
  int busy = 0;

  const auto fill = [&](int k) {
    while (next < job.people) {
      Lane& it = lane[k];
      it.person = next++;
      it.event = job.offset[it.person];
      it.last_event = job.offset[it.person + 1];
      it.next_output = it.steps = 0;
      it.t = 0.0;
      it.step = it.restart = 1e-3;
      it.after_event = true;
      prepare<double>(job.parameters + it.person * PARAMETERS, it.prepared);
      for (int i = 0; i < PREPARED; ++i) prepared[i][k] = it.prepared[i];
      for (int i = 0; i < STATES; ++i) {
        y[i][k] = job.initial[it.person * STATES + i];
        scale[i][k] = job.typical[it.person * STATES + i] * job.tolerance;
      }
      if (!settle(job, it, y, k)) return true;
      leave(job, it, DONE);
    }
    return false;
  };

  for (int k = 0; k < LANES; ++k) busy += fill(k);
  if (busy == 0) return;
  for (int k = 0; k < LANES; ++k)
    if (lane[k].person < 0) {  // fewer people than lanes: the spare lane repeats another and is never read
      int model = 0;
      while (lane[model].person < 0) ++model;
      for (int i = 0; i < PREPARED; ++i) prepared[i][k] = prepared[i][model];
      for (int i = 0; i < STATES; ++i) y[i][k] = y[i][model];
    }

  for (unsigned tried = 1; busy > 0; ++tried) {
    if (tried % 256 == 0 && job.stopped(job.stopping)) return;  // a millisecond's work
    V t = {}, h = V{} + 1e-3;
    for (int k = 0; k < LANES; ++k) {
      Lane& it = lane[k];
      if (it.person < 0) continue;
      const double left = it.target - it.t;
      double step = it.step < LONGEST ? it.step : LONGEST;
      it.landing = step * 1.01 >= left;
      it.shortened = false;
      if (it.landing) {
        it.shortened = step > left;
        step = left;
      } else if (2.0 * step > left) {
        it.shortened = true;
        step = 0.5 * left;
      }
      t[k] = it.t;
      h[k] = step;
    }

    const V inverse = 1.0 / h;
    minus_jacobian<V>(t, y, prepared, m);
    rates_by_time<V>(t, y, prepared, dfdt);
    factor<V>(inverse * (1.0 / rodas4::gamma), m);
    rates<V>(t, y, prepared, u[0]);
    for (int i = 0; i < STATES; ++i) u[0][i] += h * rodas4::slope[0] * dfdt[i];
    solve<V>(m, u[0]);
    for (int s = 1; s < 6; ++s) {
      if (s < 5) {
        for (int i = 0; i < STATES; ++i) {
          V sum = y[i];
          for (int j = 0; j < s; ++j) sum += rodas4::a[s][j] * u[j][i];
          stage[i] = sum;
        }
      } else {
        for (int i = 0; i < STATES; ++i) stage[i] += u[4][i];
      }
      rates<V>(t + rodas4::at[s] * h, stage, prepared, b);
      for (int i = 0; i < STATES; ++i) {
        V sum = rodas4::c[s][0] * u[0][i];
        for (int j = 1; j < s; ++j) sum += rodas4::c[s][j] * u[j][i];
        b[i] += sum * inverse;
        if (s < 4) b[i] += h * rodas4::slope[s] * dfdt[i];
      }
      solve<V>(m, b);
      for (int i = 0; i < STATES; ++i) u[s][i] = b[i];
    }

    // the sixth stage is the embedded solution; its increment is the error of order 3
    V worst = {}, poison = {};
    for (int i = 0; i < STATES; ++i) {
      const V error = u[5][i] < 0.0 ? -u[5][i] : u[5][i];
      stage[i] += u[5][i];
      const V before = y[i] < 0.0 ? -y[i] : y[i];
      const V after = stage[i] < 0.0 ? -stage[i] : stage[i];
      const V ratio = error / (scale[i] + job.tolerance * (before > after ? before : after));
      worst = ratio > worst ? ratio : worst;
      poison += stage[i] * 0.0;
    }

    for (int k = 0; k < LANES; ++k) {
      Lane& it = lane[k];
      if (it.person < 0) continue;
      ++it.steps;
      const bool finite = poison[k] == 0.0;
      const double error = finite ? (worst[k] > 1e-12 ? worst[k] : 1e-12) : 1e6;
      double factor_of = 0.9 / std::sqrt(std::sqrt(error));
      factor_of = factor_of < 0.2 ? 0.2 : factor_of > 6.0 ? 6.0 : factor_of;
      Outcome outcome = DONE;
      bool leaving = false;
      if (finite && error <= 1.0) {
        for (int i = 0; i < STATES; ++i) y[i][k] = stage[i][k];
        if (it.after_event) {
          it.restart = h[k];
          it.after_event = false;
        }
        const double wanted = h[k] * factor_of;
        it.step = it.shortened && wanted < it.step ? it.step : wanted;
        it.t = it.landing ? it.target : it.t + h[k];
        if (it.landing) leaving = settle(job, it, y, k);
      } else {
        it.step = h[k] * (factor_of < 1.0 ? factor_of : 0.5);
        if (it.step < SHORTEST) {
          leaving = true;
          outcome = finite ? STEP_COLLAPSED : NOT_FINITE;
        }
      }
      if (!leaving && it.steps >= MOST) {
        leaving = true;
        outcome = TOO_MANY_STEPS;
      }
      if (leaving) {
        leave(job, it, outcome);
        if (!fill(k)) --busy;
      }
    }
  }
}

}  // namespace NIGHTDOSE_ARCH
}  // namespace nightdose
