// The hyper-parameters that an importance point stands for.
#pragma once

#include <algorithm>
#include <cmath>

#include "normal.hpp"

namespace nightdose {

// What makes hyper-parameters of prior-normal coordinates (HyperPrior of components.py); noise_fixed NaN = unknown.
struct Priors {
  double level_scale, ar_scale, noise_scale, noise_fixed;
};

// |N(0, 1)| of which as much lies below as below z of a standard normal.
inline double half_normal_quantile(double z) { return -normal_quantile(0.5 * std::max(lower_tail(-z), 1e-300)); }

// out : (4, N) level_sd, ar_sd, ar_phi, noise_sd of z : (N, dim); the formulas stand in Series.hyper of components.py.
inline void hyper_of(const double* z, size_t N, size_t dim, const Priors& prior, double* out) {
  double *level = out, *ar = out + N, *phi = out + 2 * N, *noise = out + 3 * N;
  for (size_t i = 0; i < N; ++i, z += dim) {
    level[i] = prior.level_scale * half_normal_quantile(z[0]);
    phi[i] = 0.5 - std::sin(std::asin(1 - 2 * lower_tail(z[2])) / 3);  // quantile of Beta(2, 2)
    if (!std::isnan(prior.noise_fixed)) {
      ar[i] = prior.ar_scale * half_normal_quantile(z[1]);
      noise[i] = prior.noise_fixed;
      continue;
    }
    const double radius = std::sqrt(-2 * std::log(std::max(lower_tail(-z[1]), 1e-300)));
    const double angle = 1.5707963267948966192 * lower_tail(z[3]);
    ar[i] = prior.ar_scale * radius * std::sin(angle);
    noise[i] = prior.noise_scale * radius * std::cos(angle);
  }
}

}  // namespace nightdose
