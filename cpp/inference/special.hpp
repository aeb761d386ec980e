// Moments of a normal under one day's outcome: an interval (a category, a rating) or a Poisson count.
// Tested against SciPy, fine grids and difference quotients: tests/inference/test_moments.py.
#pragma once

#include <algorithm>
#include <cmath>

#include "../lanes.hpp"

namespace nightdose {
namespace NIGHTDOSE_ARCH {
namespace {

const double open_end = 1e100;  // where a first or a last category ends
const double log_2pi = 1.8378770664093454836;

// The Mills ratio (1 - Phi(x)) / phi(x) = t sum_i c_i s^i over t = 1 / (1 + x / 4), s = 2 t - 1, for x >= 0: a Chebyshev
// series fitted at 2,000 Chebyshev nodes, written out in powers; relative error below 2e-13.
const double mills[] = {
    4.73304765827112506e-01,  3.80942727704398520e-01,  2.42602388718655276e-01,  1.16885240785723973e-01,
    3.78479405192555796e-02,  4.72511207436274779e-03,  -2.18057304936597647e-03, -1.02195874549750824e-03,
    8.35560189954128655e-05,  1.44794646191074238e-04,  -1.17595609899525020e-06, -2.19653182864563721e-05,
    4.01690383629016307e-07,  3.61867356541757571e-06,  -3.22967886180676939e-07, -5.55080796392322891e-07,
    1.02147792581746181e-07,  5.39181189819790581e-08,  -1.42911005261978714e-08};

struct Tail { V density, upper; };  // phi(x) and 1 - Phi(x) for x >= 0

inline Tail tail_at(V x, V t) {
  const V density = 0.39894228040143267794 * exp_lanes(-0.5 * x * x);
  return {density, density * t * polynomial(mills, t + t - 1.0)};
}

inline Tail tail(V x) { return tail_at(x, 1.0 / (1.0 + 0.25 * x)); }

// The same to 1e-8 for half the work, where nothing is divided by it: expectations on an outcome's own scale.
const double mills_short[] = {
    4.73304762601970519e-01, 3.80942570237065514e-01, 2.42602530889578588e-01, 1.16888414610189451e-01, 3.78469264673199982e-02,
    4.70705612097001118e-03, -2.17801423149460629e-03, -9.79184300530808920e-04, 8.08634664298779854e-05, 9.82223013130356616e-05};

inline V short_exp(V x) {
  static const double inverse_factorial[] = {1.0, 1.0, 0.5, 1.0 / 6, 1.0 / 24, 1.0 / 120, 1.0 / 720, 1.0 / 5040, 1.0 / 40320};
  return exp_by(inverse_factorial, x);
}

inline Tail short_tail_at(V x, V t) {
  const V density = 0.39894228040143267794 * short_exp(-0.5 * x * x);
  return {density, density * t * polynomial(mills_short, t + t - 1.0)};
}

inline Tail short_tail(V x) { return short_tail_at(x, 1.0 / (1.0 + 0.25 * x)); }

// Log normaliser = log_scale + log z, and the first two derivatives of it in the cavity mean.
struct Tilted { V log_scale, z, d1, d2; };

// P(lower < eta + e < upper) for eta ~ N(m, v), e ~ N(0, noise_var); open ends are infinite. Inlined: some ask for z alone.
[[gnu::always_inline]] inline Tilted interval_moments(V lower, V upper, V m, V v, V noise_var) {
  const V inv_s = root(1.0 / (v + noise_var));
  const V far = all(37.0);  // beyond, the density is below 1e-297; the far tail is mended in `rescue`
  const V low = largest(-far, least(far, (lower - m) * inv_s));
  const V high = largest(-far, least(far, (upper - m) * inv_s));
  const VI flip = low > 0;  // work in the left tail, where differences keep their digits
  const V a = choose(flip, -high, low), b = choose(flip, -low, high);
  const V size_b = choose(b > 0, b, -b), of_a = 1.0 - 0.25 * a, of_b = 1.0 + 0.25 * size_b, both = 1.0 / (of_a * of_b);
  const Tail at_a = tail_at(-a, both * of_b), at_b = tail_at(size_b, both * of_a);
  const V z = choose(b > 0, 1.0 - at_b.upper, at_b.upper) - at_a.upper;
  const V inv_z = 1.0 / z;
  const V ratio1 = (at_a.density - at_b.density) * inv_z, ratio2 = (b * at_b.density - a * at_a.density) * inv_z;
  const V d1 = ratio1 * inv_s;
  return {all(0), z, choose(flip, -d1, d1), -(ratio2 + ratio1 * ratio1) * inv_s * inv_s};
}

// The same of a half-line: below its end, or above it. One tail is all there is to it.
[[gnu::always_inline]] inline Tilted half_line_moments(V end, bool above, V m, V v, V noise_var) {
  const V inv_s = root(1.0 / (v + noise_var)), sign = all(above ? -1.0 : 1.0);
  const V h = largest(all(-37.0), least(all(37.0), sign * (end - m) * inv_s));
  const VI inside = h > 0;
  const Tail t = tail(choose(inside, h, -h));
  const V z = choose(inside, 1.0 - t.upper, t.upper), ratio = t.density / z;
  return {all(0), z, -sign * ratio * inv_s, -ratio * (h + ratio) * inv_s * inv_s};
}

// One lane whose interval lies so far out that z underflows: all mass sits at the near end b, z ~ phi(b) / |b|.
void rescue(double lower, double upper, double m, double v, double noise_var, int k, Tilted& out) {
  const double s = std::sqrt(v + noise_var), a = (lower - m) / s, b = (upper - m) / s;
  const bool right = a > 0;
  const double c = right ? a : -b, correction = 1 - 1 / (c * c);
  out.log_scale[k] = -0.5 * c * c - std::log(c) - 0.5 * log_2pi + std::log(correction);
  out.z[k] = 1;
  const double ratio1 = -c / correction;
  out.d1[k] = (right ? -ratio1 : ratio1) / s;
  out.d2[k] = -(-c * c / correction + ratio1 * ratio1) / (s * s);
}

const double least_mass = 1e-280;  // of an interval; below, it has underflown
inline bool underflows(double z) { return !(z > least_mass); }

// A sum of logarithms with one logarithm for eight factors; a factor that is small goes in by its own.
class LogSum {
 public:
  void add(V log_scale, V factor) {
    sum_ += log_scale;
    const VI usual = (factor > 1e-30) & (factor < 1e30);
    if (any(~usual)) {
      sum_ += choose(usual, all(0), log_lanes(factor));
      factor = choose(usual, factor, all(1));
    }
    product_ *= factor;
    if (++held_ == 8) flush();
  }
  V total() {
    flush();
    return sum_;
  }

 private:
  void flush() {
    sum_ += log_lanes(product_);
    product_ = all(1);
    held_ = 0;
  }
  V sum_ = all(0), product_ = all(1);
  int held_ = 0;
};

// Nodes and weights of Gauss and Hermite's rule for N(0, 1), 11 points (Golub & Welsch 1969), positive half.
constexpr int half_nodes = 6;
const double hermite_node[half_nodes] = {
    0.00000000000000000e+00, 9.28868997381063988e-01, 1.87603502015484591e+00, 2.86512316064364514e+00,
    3.93616660712997701e+00, 5.18800122437487055e+00};
const double hermite_weight[half_nodes] = {
    3.69408369408369297e-01, 2.42240299873969972e-01, 6.61387460710577829e-02, 6.72028523553727056e-03,
    1.95671930271223597e-04, 8.12184979021490887e-07};
constexpr int count_steps = 3;  // of Newton's method to the mode; more of them change no digit that counts

// Counts: Z(m, v) = integral of Poisson(y; exp(x)) N(x; m, s^2), s^2 = v + noise_var, around the mode of the integrand.
// The mode x0 solves y - exp(x) = (x - m) / s^2; the rule is laid with the curvature there.
inline Tilted count_moments_at(double y, double log_factorial, V m, V v, V noise_var) {
  const V s2 = v + noise_var, inv = 1.0 / s2, ceiling = all(60.0);
  // the mode lies between m and log y; start at their precision-weighted middle
  const double start = std::log(y + 0.5);
  V x = (m * inv + (y + 0.5) * start) / (inv + (y + 0.5));
  x = least(x, ceiling);
  for (int i = 0; i < count_steps; ++i) {
    const V rate = exp_lanes(x);
    const V step = (all(y) - rate - (x - m) * inv) / (rate + inv);
    x = largest(-ceiling, least(ceiling, x + largest(all(-2.0), least(all(2.0), step))));
  }
  const V rate = exp_lanes(x), spread2 = 1.0 / (rate + inv), spread = root(spread2);
  // log of the integrand at x + off less that at x, and what a node's own normal takes away
  const V pull = all(y) - (x - m) * inv;
  V mass = all(hermite_weight[0]), first = all(0), second = all(0);
  for (int i = 1; i < half_nodes; ++i) {
    const double node = hermite_node[i], own = 0.5 * node * node;
    const V off = node * spread, fewer = exp_lanes(largest(all(-60.0), -off)), more = 1.0 / fewer;
    const V even = own - 0.5 * off * off * inv, odd = pull * off;
    const V right = exp_lanes(largest(all(-700.0), even + odd - rate * (more - 1.0)));
    const V left = exp_lanes(largest(all(-700.0), even - odd - rate * (fewer - 1.0)));
    const V both = hermite_weight[i] * (right + left);
    mass += both;
    first += hermite_weight[i] * off * (right - left);
    second += off * off * both;
  }
  const V top = y * x - rate - 0.5 * (x - m) * (x - m) * inv;
  const V shift = first / mass, mean = x + shift, var = second / mass - shift * shift;
  return {top - log_factorial, mass * spread * root(inv), (mean - m) * inv, (var * inv - 1.0) * inv};
}

}  // namespace
}  // namespace NIGHTDOSE_ARCH
}  // namespace nightdose
