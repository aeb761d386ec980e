// Moments of a normal under one day's outcome: an interval (a category, a rating) or a Poisson count.
// Tested against SciPy, fine grids and difference quotients: tests/inference/test_moments.py.
#pragma once

#include <algorithm>
#include <cmath>

#include "../lanes.hpp"

namespace nightdose {
namespace NIGHTDOSE_ARCH {
namespace {

const double log_2pi = 1.8378770664093454836;

// Chebyshev series of the Mills ratio over t = 1 / (1 + x / 4): (1 - Phi(x)) / phi(x) = t sum_i c_i T_i(2 t - 1) for
// x >= 0, fitted at 2,000 Chebyshev nodes; relative error below 2e-13.
constexpr int mills_terms = 19;
const double mills[mills_terms] = {
    6.08140107128760321e-01, 4.71063643644870966e-01, 1.39239162274095551e-01, 3.04039930360511523e-02,
    4.34017703593194987e-03, 2.00905300182468701e-04, -6.30087337011321749e-05, -1.18459298175999556e-05,
    6.33147284163622118e-07, 3.85101746133940693e-07, -2.11874009110884994e-09, -1.29633465927640056e-08,
    -7.07032740963278595e-11, 4.87164206614547593e-10, -6.22990290960197192e-12, -1.98931146679023389e-11,
    1.15471924480760991e-12, 8.22725204192795686e-13, -1.09032444200118038e-13};

struct Tail { V density, upper; };  // phi(x) and 1 - Phi(x) for x >= 0

inline Tail tail(V x) {
  const V t = 1.0 / (1.0 + 0.25 * x), k2 = 4.0 * t - 2.0;
  V b1 = all(0), b2 = all(0);
  for (int i = mills_terms - 1; i > 0; --i) { const V b0 = k2 * b1 - b2 + mills[i]; b2 = b1; b1 = b0; }
  const V ratio = t * (0.5 * k2 * b1 - b2 + mills[0]);
  const V density = 0.39894228040143267794 * exp_lanes(-0.5 * x * x);
  return {density, density * ratio};
}

// Log normaliser = log_scale + log z, and the first two derivatives of it in the cavity mean.
struct Tilted { V log_scale, z, d1, d2; };

// P(lower < eta + e < upper) for eta ~ N(m, v), e ~ N(0, noise_var); open ends are infinite.
inline Tilted interval_moments(V lower, V upper, V m, V v, V noise_var) {
  const V inv_s = root(1.0 / (v + noise_var));
  const V far = all(37.0);  // beyond, the density is below 1e-297; the far tail is mended in `rescue`
  const V low = largest(-far, least(far, (lower - m) * inv_s));
  const V high = largest(-far, least(far, (upper - m) * inv_s));
  const VI flip = low > 0;  // work in the left tail, where differences keep their digits
  const V a = choose(flip, -high, low), b = choose(flip, -low, high);
  const Tail at_a = tail(-a), at_b = tail(choose(b > 0, b, -b));
  const V z = choose(b > 0, 1.0 - at_b.upper, at_b.upper) - at_a.upper;
  const V inv_z = 1.0 / z;
  const V ratio1 = (at_a.density - at_b.density) * inv_z, ratio2 = (b * at_b.density - a * at_a.density) * inv_z;
  const V d1 = ratio1 * inv_s;
  return {all(0), z, choose(flip, -d1, d1), -(ratio2 + ratio1 * ratio1) * inv_s * inv_s};
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

inline bool underflows(double z) { return !(z > 1e-280); }

// A sum of logarithms with one logarithm for eight factors; a factor that is small goes in by its own.
class LogSum {
 public:
  void add(V log_scale, V factor) {
    sum_ += log_scale;
    for (int k = 0; k < lanes; ++k) {
      if (factor[k] > 1e-30 && factor[k] < 1e30) continue;
      sum_[k] += std::log(factor[k]);
      factor[k] = 1;
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

// Nodes and weights of Gauss and Hermite's rule for N(0, 1), 15 points (Golub & Welsch 1969), positive half.
constexpr int half_nodes = 8;
const double hermite_node[half_nodes] = {
    0.00000000000000000e+00, 7.99129068324547998e-01, 1.60671006902872970e+00, 2.43243682700975805e+00,
    3.28908242439876641e+00, 4.19620771126901548e+00, 5.19009359130478121e+00, 6.36394788882983864e+00};
const double hermite_weight[half_nodes] = {
    3.18259518259518148e-01, 2.32462293609732251e-01, 8.94177953998443742e-02, 1.73657744921376159e-02,
    1.56735750354995598e-03, 5.64214640518902920e-05, 5.97541959792059928e-07, 8.58964989963325187e-10};

// Counts: Z(m, v) = integral of Poisson(y; exp(x)) N(x; m, s^2), s^2 = v + noise_var, around the mode of the integrand.
// The mode x0 solves y - exp(x) = (x - m) / s^2; the rule is laid with the curvature there.
inline Tilted count_moments_at(double y, double log_factorial, V m, V v, V noise_var) {
  const V s2 = v + noise_var, inv = 1.0 / s2, ceiling = all(60.0);
  // the mode lies between m and log y; start at their precision-weighted middle
  const double start = std::log(y + 0.5);
  V x = (m * inv + (y + 0.5) * start) / (inv + (y + 0.5));
  x = least(x, ceiling);
  for (int i = 0; i < 6; ++i) {
    const V rate = exp_lanes(x);
    const V step = (all(y) - rate - (x - m) * inv) / (rate + inv);
    x = largest(-ceiling, least(ceiling, x + largest(all(-2.0), least(all(2.0), step))));
  }
  const V spread = root(1.0 / (exp_lanes(x) + inv));
  auto height = [&](V at) { return y * at - exp_lanes(least(at, ceiling)) - 0.5 * (at - m) * (at - m) * inv; };
  const V top = height(x);
  V mass = all(0), first = all(0), second = all(0);
  for (int i = 0; i < half_nodes; ++i)
    for (int side = i == 0 ? 1 : -1; side <= 1; side += 2) {
      const double node = side * hermite_node[i];
      const V off = node * spread;
      const V drop = largest(all(-700.0), height(x + off) - top + 0.5 * node * node);
      const V w = hermite_weight[i] * exp_lanes(drop);
      mass += w;
      first += w * off;
      second += w * off * off;
    }
  const V shift = first / mass, mean = x + shift, var = second / mass - shift * shift;
  return {top - log_factorial, mass * spread * root(inv), (mean - m) * inv, (var * inv - 1.0) * inv};
}

}  // namespace
}  // namespace NIGHTDOSE_ARCH
}  // namespace nightdose
