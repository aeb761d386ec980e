// Importance points: the hyper-parameters that a point stands for, and the log density of the mixture that laid it.
#pragma once

#include <algorithm>
#include <cmath>
#include <vector>

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

// A mixture of K normals, each in C copies of other widths. centres : (K, dim); unroots : (K, dim, dim) inverses of the lower
// triangular roots; constants : (K, C) what does not depend on z; widths : (C,).
struct Normals {
  size_t K, dim, C;
  const double *centres, *unroots, *constants, *widths;
};

// out : (N,) log sum over components and copies of exp(constant - |unroot (z - centre)|^2 / (2 width^2)).
inline void log_density(const Normals& mix, const double* z, size_t N, double* out) {
  std::vector<double> logs(mix.K * mix.C);
  for (size_t i = 0; i < N; ++i, z += mix.dim) {
    double top = -std::numeric_limits<double>::infinity();
    for (size_t k = 0; k < mix.K; ++k) {
      const double *centre = mix.centres + k * mix.dim, *row = mix.unroots + k * mix.dim * mix.dim;
      double square = 0;
      for (size_t a = 0; a < mix.dim; ++a, row += mix.dim) {
        double x = 0;
        for (size_t b = 0; b <= a; ++b) x += row[b] * (z[b] - centre[b]);
        square += x * x;
      }
      for (size_t c = 0; c < mix.C; ++c) {
        const double at = mix.constants[k * mix.C + c] - 0.5 * square / (mix.widths[c] * mix.widths[c]);
        logs[k * mix.C + c] = at;
        top = std::max(top, at);
      }
    }
    double sum = 0;
    for (const double at : logs)
      if (at > top - 40) sum += std::exp(at - top);  // the others would change no digit
    out[i] = top + std::log(sum);
  }
}

}  // namespace nightdose
